"""What visitors say is wrong about an activity, until somebody has decided."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_digest", sa.Text(), nullable=True),
        sa.Column("seen_digest", sa.Text(), nullable=True),
        sa.Column("before_text", sa.LargeBinary(), nullable=True),
        sa.Column("before_digest", sa.Text(), nullable=True),
        sa.Column("after_digest", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("delete_after", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state in ('received', 'held', 'accepted', 'rejected', 'undone')",
            name=op.f("ck_correction_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("reference", name=op.f("uq_correction_reference")),
    )
    op.create_index(op.f("ix_correction_activity"), "correction", ["activity"], unique=False)
    op.create_index(
        op.f("ix_correction_delete_after"), "correction", ["delete_after"], unique=False
    )
    op.create_index(
        op.f("ix_correction_state_created_at"), "correction", ["state", "created_at"], unique=False
    )
