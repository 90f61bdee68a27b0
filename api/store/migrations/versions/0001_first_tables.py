"""The first tables: requests, sign-ups, their letters, the audit trail, gaps."""

import sqlalchemy as sa
from alembic import op

from api.store.columns import SlugList, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let nobody change or delete a line of the audit trail."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "gap",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", "kind", "month", name=op.f("pk_gap")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_letter_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(
        op.f("ix_letter_state_next_attempt_at"),
        "letter",
        ["state", "next_attempt_at"],
        unique=False,
    )
    op.create_table(
        "repeat",
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("route", "key_digest", name=op.f("pk_repeat")),
    )
    op.create_index(op.f("ix_repeat_created_at"), "repeat", ["created_at"], unique=False)
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("signer_kind", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("public_name", sa.Text(), nullable=True),
        sa.Column("commitments", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_lookup", sa.Text(), nullable=True),
        sa.Column("canonical_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_why", sa.Text(), nullable=True),
        sa.Column("entry_path", sa.Text(), nullable=True),
        sa.Column("delete_after", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "signer_kind in ('organisation', 'person')", name=op.f("ck_sign_up_signer_kind")
        ),
        sa.CheckConstraint(
            "state in ('awaiting_confirmation', 'confirmed', 'published', 'rejected', "
            "'withdrawn', 'lapsed', 'held')",
            name=op.f("ck_sign_up_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("reference", name=op.f("uq_sign_up_reference")),
    )
    op.create_index(op.f("ix_sign_up_contact_lookup"), "sign_up", ["contact_lookup"], unique=False)
    op.create_index(op.f("ix_sign_up_delete_after"), "sign_up", ["delete_after"], unique=False)
    standing = sa.text("state in ('awaiting_confirmation', 'confirmed', 'published')")
    for column in ("canonical_key", "contact_lookup"):
        op.create_index(
            op.f(f"ix_sign_up_pledge_{column}"),
            "sign_up",
            ["pledge", column],
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        )
    op.create_index(
        op.f("ix_sign_up_state_created_at"), "sign_up", ["state", "created_at"], unique=False
    )
    op.create_table(
        "signposting_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("who_asks", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("needs", SlugList(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_lookup", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delete_after", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('received', 'assigned', 'answered', 'closed', 'no_match')",
            name=op.f("ck_signposting_request_state"),
        ),
        sa.CheckConstraint(
            "who_asks in ('self', 'someone_else')", name=op.f("ck_signposting_request_who_asks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signposting_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_signposting_request_reference")),
    )
    op.create_index(
        op.f("ix_signposting_request_contact_lookup"),
        "signposting_request",
        ["contact_lookup"],
        unique=False,
    )
    op.create_index(
        op.f("ix_signposting_request_delete_after"),
        "signposting_request",
        ["delete_after"],
        unique=False,
    )
    op.create_index(
        op.f("ix_signposting_request_state_created_at"),
        "signposting_request",
        ["state", "created_at"],
        unique=False,
    )
    op.create_table(
        "confirmation_token",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("sign_up_id", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("spent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_confirmation_token_sign_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_confirmation_token")),
    )
    op.create_index(
        op.f("ix_confirmation_token_expires_at"), "confirmation_token", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_confirmation_token_sign_up_id"), "confirmation_token", ["sign_up_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_audit_postgresql()
    else:
        _keep_audit_sqlite()


def _keep_audit_sqlite() -> None:
    for change in ("update", "delete"):
        op.execute(
            f"create trigger audit_no_{change} before {change} on audit "
            "begin select raise(abort, 'the audit trail is append only'); end"
        )


def _keep_audit_postgresql() -> None:
    op.execute(
        "create function audit_refuses() returns trigger language plpgsql as "
        "$$ begin raise exception 'the audit trail is append only'; end $$"
    )
    op.execute(
        "create trigger audit_no_change before update or delete or truncate on audit "
        "for each statement execute function audit_refuses()"
    )
