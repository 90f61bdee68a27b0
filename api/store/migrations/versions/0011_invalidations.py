"""Many sign-ups invalidated at once, and where a sign-up came from, as a keyed digest."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and make the tables."""
    op.add_column("sign_up", sa.Column("source_lookup", sa.Text(), nullable=True))
    op.create_table(
        "invalidation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("refused_why", sa.Text(), nullable=True),
        sa.Column("removed_why", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state in ('running', 'finished', 'cancelled', 'undoing', 'undone')",
            name=op.f("ck_invalidation_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invalidation")),
        sa.UniqueConstraint("turn", name=op.f("uq_invalidation_turn")),
    )
    op.create_index(op.f("ix_invalidation_created_at"), "invalidation", ["created_at"])
    op.create_table(
        "invalidation_member",
        sa.Column("invalidation_id", sa.Text(), nullable=False),
        sa.Column("sign_up_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'locked', 'moved', 'undone', 'busy', 'left')",
            name=op.f("ck_invalidation_member_state"),
        ),
        sa.ForeignKeyConstraint(
            ["invalidation_id"],
            ["invalidation.id"],
            name=op.f("fk_invalidation_member_invalidation_id_invalidation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_invalidation_member_sign_up_id_sign_up"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "invalidation_id", "sign_up_id", name=op.f("pk_invalidation_member")
        ),
    )
    op.create_index(
        op.f("ix_invalidation_member_sign_up_id"), "invalidation_member", ["sign_up_id"]
    )
    op.create_index(
        op.f("ix_invalidation_member_invalidation_id_state"),
        "invalidation_member",
        ["invalidation_id", "state"],
    )
