"""Many sign-ups invalidated at once: the job, and each sign-up it takes in turn."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata, one_of

# What was asked for is sealed, for names and domains stand in it. `turn` is 1 while it is at work,
# so that no two are; whoever ends it takes that away.
invalidation = Table(
    "invalidation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("turn", Integer, unique=True),
    Column("refused_why", Text),
    Column("removed_why", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    Column("undone_by", Text),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    one_of("state", "running", "finished", "cancelled", "undoing", "undone"),
)

# `stage` is what the sign-up was when it was counted. What became of it is the row's state, so that
# there is no counter that could drift from the truth.
invalidation_member = Table(
    "invalidation_member",
    metadata,
    Column(
        "invalidation_id",
        Text,
        ForeignKey("invalidation.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "sign_up_id",
        Text,
        ForeignKey("sign_up.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("stage", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decision_id", Text),
    one_of("state", "waiting", "done", "locked", "moved", "undone", "busy", "left"),
    Index(None, "invalidation_id", "state"),
)
