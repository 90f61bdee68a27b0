"""Sign-ups to pledges, their links, who reads them, what was decided, what is disputed."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, text

from api.store.columns import SlugList, UtcDateTime
from api.store.schema.base import metadata, one_of

_STANDING = text("state in ('awaiting_confirmation', 'confirmed', 'published')")
"""Sign-ups that count; whoever lapsed, was refused or withdrew may sign again."""

sign_up = Table(
    "sign_up",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("pledge", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("signer_kind", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text),
    Column("public_name", Text),
    Column("commitments", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("contact_lookup", Text, index=True),
    Column("canonical_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decision_why", Text),
    Column("entry_path", Text),
    Column("asked_at", UtcDateTime),
    Column("hidden_at", UtcDateTime),
    Column("delete_after", UtcDateTime, index=True),
    Column("text_sha256", Text),
    Column("held_why", Text),
    Column("flags", SlugList),
    Column("source_lookup", Text),
    one_of(
        "state",
        "awaiting_confirmation",
        "confirmed",
        "published",
        "rejected",
        "withdrawn",
        "lapsed",
        "held",
    ),
    one_of("signer_kind", "organisation", "person"),
    # Nobody signs a wording twice, whatever two requests at once would like.
    Index(
        None,
        "pledge",
        "version",
        "canonical_key",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    Index(
        None,
        "pledge",
        "version",
        "contact_lookup",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    Index(None, "state", "created_at"),
)

confirmation_token = Table(
    "confirmation_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column(
        "sign_up_id", Text, ForeignKey("sign_up.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("spent_at", UtcDateTime),
)

# Who reads a sign-up just now; nobody else decides about it until then.
sign_up_lock = Table(
    "sign_up_lock",
    metadata,
    Column("sign_up_id", Text, ForeignKey("sign_up.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)

# What was decided, and the state before it: what undoing needs. Words to a signer are sealed.
sign_up_decision = Table(
    "sign_up_decision",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "sign_up_id", Text, ForeignKey("sign_up.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("act", Text, nullable=False),
    Column("code", Text),
    Column("sealed", LargeBinary),
    Column("before", Text, nullable=False),
    Column("letter_id", Text),
    Column("actor", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)

# Somebody says that an entry is not theirs or not true; what they wrote is sealed.
dispute = Table(
    "dispute",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("sign_up_id", Text, ForeignKey("sign_up.id", ondelete="CASCADE"), index=True),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delete_after", UtcDateTime, nullable=False, index=True),
    one_of("state", "open", "settled"),
    Index(None, "state", "created_at"),
)
