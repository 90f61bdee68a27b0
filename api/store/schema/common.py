"""What every feature writes beside its own rows: letters, repeats, the audit trail."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata, one_of

letter = Table(
    "letter",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text),
    Column("sealed", LargeBinary),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("last_error", Text),
    Column("recipient_lookup", Text),
    one_of("state", "queued", "sending", "sent", "failed"),
    Index(None, "state", "next_attempt_at"),
)

repeat = Table(
    "repeat",
    metadata,
    Column("route", Text, primary_key=True),
    Column("key_digest", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, index=True),
    Column("detail", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)
