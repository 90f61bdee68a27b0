"""What exactly was signed, why a sign-up is held, what staff should look at; again by wording."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import SlugList

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDING = sa.text("state in ('awaiting_confirmation', 'confirmed', 'published')")


def upgrade() -> None:
    """Add the columns, and let whoever signed a wording sign a later one too."""
    op.add_column("sign_up", sa.Column("text_sha256", sa.Text(), nullable=True))
    op.add_column("sign_up", sa.Column("held_why", sa.Text(), nullable=True))
    op.add_column("sign_up", sa.Column("flags", SlugList(), nullable=True))
    for column in ("canonical_key", "contact_lookup"):
        op.drop_index(op.f(f"ix_sign_up_pledge_{column}"), "sign_up")
        op.create_index(
            op.f(f"ix_sign_up_pledge_version_{column}"),
            "sign_up",
            ["pledge", "version", column],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )
