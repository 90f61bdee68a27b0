"""Connectors, the links to their own pages, and that somebody was pointed on."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata, one_of

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
    Column("created_at", UtcDateTime, nullable=False),
    Column("completed_on", Text),
    Column("completed_by", Text),
    Column("reminded_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    one_of("completed_by", "self", "trainer"),
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
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
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
    one_of("how", "card", "talk", "nothing"),
    CheckConstraint("length(id) = 32", name="id"),
    CheckConstraint("length(day) = 10", name="day"),
)
