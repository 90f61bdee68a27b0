"""Every table of the service, and which of its columns hold what is personal.

Only `migrations/` makes them; a test holds that both say the same. Rules of the house: ids are
text from `references.new_id()`; moments are UTC; everything personal lies in `sealed`, one blob a
record (`api.vault`), and goes when `delete_after` has passed; `*_lookup` is a keyed digest.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from api.store.columns import Moment, Words

REVISION = "0009"
"""The migration this schema is: a store of any other revision is migrated or refused."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _one_of(column: str, *words: str) -> CheckConstraint:
    return CheckConstraint(f"{column} in ({', '.join(repr(word) for word in words)})", name=column)


signposting_request = Table(
    "signposting_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("who_asks", Text, nullable=False),
    Column("place", Text),
    Column("needs", Words, nullable=False),
    Column("sealed", LargeBinary),
    Column("contact_lookup", Text, index=True),
    Column("created_at", Moment, nullable=False),
    Column("delete_after", Moment, index=True),
    Column("closed_at", Moment),
    Column("outcome", Text),
    _one_of("state", "received", "assigned", "answered", "closed", "no_match"),
    _one_of("who_asks", "self", "someone_else"),
    Index(None, "state", "created_at"),
)

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
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("decided_at", Moment),
    Column("decision_why", Text),
    Column("entry_path", Text),
    Column("asked_at", Moment),
    Column("hidden_at", Moment),
    Column("delete_after", Moment, index=True),
    Column("text_sha256", Text),
    Column("held_why", Text),
    Column("flags", Words),
    _one_of(
        "state",
        "awaiting_confirmation",
        "confirmed",
        "published",
        "rejected",
        "withdrawn",
        "lapsed",
        "held",
    ),
    _one_of("signer_kind", "organisation", "person"),
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
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("spent_at", Moment),
)

# Who reads a sign-up just now; nobody else decides about it until then.
sign_up_lock = Table(
    "sign_up_lock",
    metadata,
    Column("sign_up_id", Text, ForeignKey("sign_up.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
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
    Column("decided_at", Moment, nullable=False),
    Column("undone_at", Moment),
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
    Column("created_at", Moment, nullable=False),
    Column("delete_after", Moment, nullable=False, index=True),
    _one_of("state", "open", "settled"),
    Index(None, "state", "created_at"),
)

letter = Table(
    "letter",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text),
    Column("sealed", LargeBinary),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("next_attempt_at", Moment),
    Column("lease_until", Moment),
    Column("sent_at", Moment),
    Column("last_error", Text),
    _one_of("state", "queued", "sending", "sent", "failed"),
    Index(None, "state", "next_attempt_at"),
)

repeat = Table(
    "repeat",
    metadata,
    Column("route", Text, primary_key=True),
    Column("key_digest", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, index=True),
    Column("detail", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
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

# What a visitor says is wrong. Their words are sealed; `before_text` is the entry, which is public.
correction = Table(
    "correction",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("activity", Text, nullable=False, index=True),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("sent_digest", Text),
    Column("seen_digest", Text),
    Column("before_text", LargeBinary),
    Column("before_digest", Text),
    Column("after_digest", Text),
    Column("decided_at", Moment),
    Column("delete_after", Moment, index=True),
    _one_of("state", "received", "held", "accepted", "rejected", "undone"),
    Index(None, "state", "created_at"),
)

# Who works here. Nobody is deleted, for the audit trail names them; who has left is disabled.
staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("email_lookup", Text, nullable=False, unique=True),
    Column("roles", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("second_factor", LargeBinary),
    Column("second_factor_since", Moment),
    Column("second_factor_step", Integer, nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column(
        "staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("spent_at", Moment),
)

staff_login = Table(
    "staff_login",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column(
        "staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("device", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("proven_at", Moment),
    Column("wrong_codes", Integer, nullable=False),
    Column("ended_at", Moment),
)

# Who keeps a connector's promise; who they are stands in their sign-up.
connector = Table(
    "connector",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "sign_up_id",
        Text,
        ForeignKey("sign_up.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("created_at", Moment, nullable=False),
    Column("completed_on", Text),
    Column("completed_by", Text),
    Column("reminded_at", Moment),
    Column("left_at", Moment),
    _one_of("completed_by", "self", "trainer"),
)

connector_link = Table(
    "connector_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("pointing_hash", Text, nullable=False, unique=True),
    Column(
        "connector_id",
        Text,
        ForeignKey("connector.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

# That somebody was pointed on: names off the closed lists and a day. No column is about a person.
signpost = Table(
    "signpost",
    metadata,
    Column("id", Text, primary_key=True),
    Column("day", Text, nullable=False, index=True),
    Column("area", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("connector_id", Text, ForeignKey("connector.id", ondelete="SET NULL"), index=True),
    _one_of("how", "card", "talk", "nothing"),
    CheckConstraint("length(id) = 32", name="id"),
    CheckConstraint("length(day) = 10", name="day"),
)

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
    Column("created_at", Moment, nullable=False),
    Column("written_at", Moment),
    Column("delete_after", Moment, index=True),
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
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    _one_of("purpose", "check_in", "manage"),
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
    Column("created_at", Moment, nullable=False, index=True),
    Column("posted_at", Moment),
    _one_of("kind", "first", "second", "past"),
    _one_of("way", "letter", "post"),
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
    Column("created_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("delete_after", Moment, index=True),
    _one_of("state", "waiting", "accepted", "refused", "replaced"),
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
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
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
    Column("created_at", Moment, nullable=False, index=True),
    Column("written_at", Moment),
    Column("undone_at", Moment),
    _one_of("kind", "rename", "merge"),
)
