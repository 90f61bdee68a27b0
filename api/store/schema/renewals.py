"""What became of promises on the register: check-ins, reminders, doubts, changes of names."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata, one_of

# What a signatory said a year on. Entries are named by their files, for some have no sign-up. What
# they did and what stopped them is sealed; the states and days are what the register says anyway.
check_in = Table(
    "check_in",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("until_before", Text, nullable=False),
    Column("until_after", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("by_staff", Boolean, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("written_at", UtcDateTime),
    Column("delete_after", UtcDateTime, index=True),
    # A promise is renewed once a period, whatever two requests at once would like.
    UniqueConstraint("pledge", "who", "until_before"),
)

keeping_link = Table(
    "keeping_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    one_of("purpose", "check_in", "manage"),
)

# Each reminder once: the row comes with its letter, in one transaction.
reminder = Table(
    "reminder",
    metadata,
    Column("pledge", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("until", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("way", Text, nullable=False),
    Column("letter_id", Text),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("posted_at", UtcDateTime),
    one_of("kind", "first", "second", "past"),
    one_of("way", "letter", "post"),
)

# New sentences for an entry, sealed until somebody has read them.
promise_change = Table(
    "promise_change",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("delete_after", UtcDateTime, index=True),
    one_of("state", "waiting", "accepted", "refused", "replaced"),
    Index(None, "state", "created_at"),
)

# What visitors say of a promise: a month and numbers. Nothing here could be about who said it.
was_it_true = Table(
    "was_it_true",
    metadata,
    Column("month", Text, primary_key=True),
    Column("pledge", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("commitment", Text, primary_key=True),
    Column("yes", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("looked_at", Integer, nullable=False),
    CheckConstraint("length(month) = 7", name="month"),
)

_OPEN_DOUBT = text("closed_at is null")

doubt = Table(
    "doubt",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("outcome", Text),
    Index(
        None,
        "pledge",
        "who",
        unique=True,
        sqlite_where=_OPEN_DOUBT,
        postgresql_where=_OPEN_DOUBT,
    ),
)

# A name changed, or two entries become one. `before` is the files as they were, which are public.
register_change = Table(
    "register_change",
    metadata,
    Column("id", Text, primary_key=True),
    Column("pledge", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("into", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("written_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    one_of("kind", "rename", "merge"),
)
