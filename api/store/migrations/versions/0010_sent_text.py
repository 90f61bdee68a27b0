"""The entry as it stood when a visitor said what is wrong about it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; for what was said before it stays empty."""
    op.add_column("correction", sa.Column("sent_text", sa.LargeBinary(), nullable=True))
