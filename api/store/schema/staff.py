"""Who works here, the links they sign in by, and their logins."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from api.store.columns import SlugList, UtcDateTime
from api.store.schema.base import metadata

# Who works here. Nobody is deleted, for the audit trail names them; who has left is disabled.
staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("email_lookup", Text, nullable=False, unique=True),
    Column("roles", SlugList, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("second_factor", LargeBinary),
    Column("second_factor_since", UtcDateTime),
    Column("second_factor_step", Integer, nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column(
        "staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("spent_at", UtcDateTime),
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
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Column("proven_at", UtcDateTime),
    Column("wrong_codes", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
)

# Who tried to sign in and from where: a digest of the network, for a month.
sign_in_event = Table(
    "sign_in_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("staff_id", Text),
    Column("source_lookup", Text),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# What lets somebody in whose phone is lost. Each once: a code that was used is deleted.
recovery_code = Table(
    "recovery_code",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column(
        "staff_id", Text, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("created_at", UtcDateTime, nullable=False),
)
