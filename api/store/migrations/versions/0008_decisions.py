"""Who reads a sign-up, what was decided about it, what was asked, and what is hidden."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and make the tables."""
    op.add_column("sign_up", sa.Column("asked_at", UtcDateTime(), nullable=True))
    op.add_column("sign_up", sa.Column("hidden_at", UtcDateTime(), nullable=True))
    op.create_table(
        "sign_up_lock",
        sa.Column("sign_up_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_sign_up_lock_sign_up_id_sign_up"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_sign_up_lock_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sign_up_id", name=op.f("pk_sign_up_lock")),
    )
    op.create_table(
        "sign_up_decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sign_up_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_sign_up_decision_sign_up_id_sign_up"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_decision")),
    )
    op.create_index(
        op.f("ix_sign_up_decision_sign_up_id"), "sign_up_decision", ["sign_up_id"], unique=False
    )
