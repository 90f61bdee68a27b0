"""Connectors, the links to their own page, and what they pointed to."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _connector()
    _link()
    _signpost()


def _connector() -> None:
    op.create_table(
        "connector",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sign_up_id", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("completed_on", sa.Text(), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector")),
        sa.UniqueConstraint("sign_up_id", name=op.f("uq_connector_sign_up_id")),
        sa.CheckConstraint(
            "completed_by in ('self', 'trainer')", name=op.f("ck_connector_completed_by")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_connector_sign_up_id_sign_up"),
            ondelete="CASCADE",
        ),
    )


def _link() -> None:
    op.create_table(
        "connector_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("pointing_hash", sa.Text(), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_connector_link")),
        sa.UniqueConstraint("pointing_hash", name=op.f("uq_connector_link_pointing_hash")),
        sa.ForeignKeyConstraint(
            ["connector_id"],
            ["connector.id"],
            name=op.f("fk_connector_link_connector_id_connector"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_connector_link_connector_id"), "connector_link", ["connector_id"])
    op.create_index(op.f("ix_connector_link_expires_at"), "connector_link", ["expires_at"])


def _signpost() -> None:
    op.create_table(
        "signpost",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.CheckConstraint("how in ('card', 'talk', 'nothing')", name=op.f("ck_signpost_how")),
        sa.CheckConstraint("length(id) = 32", name=op.f("ck_signpost_id")),
        sa.CheckConstraint("length(day) = 10", name=op.f("ck_signpost_day")),
        sa.ForeignKeyConstraint(
            ["connector_id"],
            ["connector.id"],
            name=op.f("fk_signpost_connector_id_connector"),
            ondelete="SET NULL",
        ),
    )
    op.create_index(op.f("ix_signpost_day"), "signpost", ["day"])
    op.create_index(op.f("ix_signpost_connector_id"), "signpost", ["connector_id"])
