"""What staff wrote into entries in the browser, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ACTIONS = "action in ('added', 'changed', 'ended', 'reopened', 'removed')"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "entry_revision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after_digest", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_entry_revision_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_revision")),
        sa.UniqueConstraint("reference", name=op.f("uq_entry_revision_reference")),
    )
    op.create_index(op.f("ix_entry_revision_activity"), "entry_revision", ["activity"])
    op.create_index(op.f("ix_entry_revision_created_at"), "entry_revision", ["created_at"])
