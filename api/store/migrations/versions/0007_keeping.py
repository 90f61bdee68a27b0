"""Check-ins, reminders, what visitors say of promises, and names that change on a register."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "check_in",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("until_before", sa.Text(), nullable=False),
        sa.Column("until_after", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=True),
        sa.Column("delete_after", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint(
            "pledge", "who", "until_before", name=op.f("uq_check_in_pledge_who_until_before")
        ),
    )
    op.create_index(op.f("ix_check_in_delete_after"), "check_in", ["delete_after"])
    op.create_table(
        "keeping_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "purpose in ('check_in', 'manage')",
            name=op.f("ck_keeping_link_purpose"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_keeping_link")),
    )
    op.create_index(op.f("ix_keeping_link_expires_at"), "keeping_link", ["expires_at"])
    op.create_table(
        "reminder",
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind in ('first', 'second', 'past')",
            name=op.f("ck_reminder_kind"),
        ),
        sa.CheckConstraint(
            "way in ('letter', 'post')",
            name=op.f("ck_reminder_way"),
        ),
        sa.PrimaryKeyConstraint("pledge", "who", "until", "kind", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_created_at"), "reminder", ["created_at"])
    op.create_table(
        "promise_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("delete_after", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'accepted', 'refused', 'replaced')",
            name=op.f("ck_promise_change_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_change")),
    )
    op.create_index(op.f("ix_promise_change_delete_after"), "promise_change", ["delete_after"])
    op.create_index(
        op.f("ix_promise_change_state_created_at"), "promise_change", ["state", "created_at"]
    )
    op.create_table(
        "was_it_true",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(month) = 7",
            name=op.f("ck_was_it_true_month"),
        ),
        sa.PrimaryKeyConstraint(
            "month", "pledge", "who", "commitment", name=op.f("pk_was_it_true")
        ),
    )
    op.create_table(
        "doubt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    op.create_index(
        op.f("ix_doubt_pledge_who"),
        "doubt",
        ["pledge", "who"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "register_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("into", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind in ('rename', 'merge')",
            name=op.f("ck_register_change_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index(op.f("ix_register_change_created_at"), "register_change", ["created_at"])
