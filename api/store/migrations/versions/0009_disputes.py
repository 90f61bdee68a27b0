"""What people say is not right about a published promise."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "dispute",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("sign_up_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delete_after", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state in ('open', 'settled')", name=op.f("ck_dispute_state")),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_dispute_sign_up_id_sign_up"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_sign_up_id"), "dispute", ["sign_up_id"], unique=False)
    op.create_index(op.f("ix_dispute_delete_after"), "dispute", ["delete_after"], unique=False)
    op.create_index(
        op.f("ix_dispute_state_created_at"), "dispute", ["state", "created_at"], unique=False
    )
