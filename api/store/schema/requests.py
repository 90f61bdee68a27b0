"""What people ask for and say: requests, gaps, corrections; and entries that staff wrote."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text

from api.store.columns import SlugList, UtcDateTime
from api.store.schema.base import metadata, one_of

signposting_request = Table(
    "signposting_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("who_asks", Text, nullable=False),
    Column("place", Text),
    Column("needs", SlugList, nullable=False),
    Column("sealed", LargeBinary),
    Column("contact_lookup", Text, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delete_after", UtcDateTime, index=True),
    Column("closed_at", UtcDateTime),
    Column("outcome", Text),
    one_of("state", "received", "assigned", "answered", "closed", "no_match"),
    one_of("who_asks", "self", "someone_else"),
    Index(None, "state", "created_at"),
)


# Names off the closed lists, a month and a number: nothing here could be about a person.
gap = Table(
    "gap",
    metadata,
    Column("month", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("need", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint("length(month) = 7", name="month"),
)

# What a visitor says is wrong. Their words are sealed. `sent_text` and `before_text` are the entry
# when it was sent and when it was mended, which is public.
correction = Table(
    "correction",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("activity", Text, nullable=False, index=True),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_digest", Text),
    Column("sent_text", LargeBinary),
    Column("seen_digest", Text),
    Column("before_text", LargeBinary),
    Column("before_digest", Text),
    Column("after_digest", Text),
    Column("decided_at", UtcDateTime),
    Column("delete_after", UtcDateTime, index=True),
    one_of("state", "received", "held", "accepted", "rejected", "undone"),
    Index(None, "state", "created_at"),
)

# An entry that staff wrote in the browser. `before` is its file until then, which is public: none
# where it was new; `after_digest` is "" where it was taken off. Kept while it can be undone.
entry_revision = Table(
    "entry_revision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("activity", Text, nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("before", LargeBinary),
    Column("after_digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("written_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    one_of("action", "added", "changed", "ended", "reopened", "removed"),
)
