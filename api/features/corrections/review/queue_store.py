"""What waits for a reviewer of corrections, and what was decided: never a visitor's words.

A page goes on after a row, not after a number of rows: what is decided meanwhile shifts nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, select

from api.features.corrections import store
from api.features.corrections.review.history import READ
from api.features.corrections.store import OPEN, Correction
from api.moderation.queue_store import Queue
from api.store import schema

STATES: Mapping[str, tuple[str, ...]] = {
    "waiting": OPEN,
    "held": ("held",),
    "undone": ("undone",),
    "accepted": ("accepted",),
    "rejected": ("rejected",),
}
"""What the queue can be narrowed to, and the states in each."""
DECIDED = ("accepted", "rejected")
READ_WITHIN = timedelta(minutes=30)

_QUEUE = Queue(schema.correction, store.read)
_correction = schema.correction
_audit = schema.audit


class CorrectionQueuePart(msgspec.Struct, frozen=True):
    """Some corrections, and what else waits by activity; `after` is where the next page begins."""

    corrections: tuple[Correction, ...]
    waiting: Mapping[str, int]
    after: str


def page(
    connection: Connection, state: str, activity: str = "", after: str = ""
) -> CorrectionQueuePart:
    """Return what is in a state: what waits the oldest first, what is decided the latest first.

    An `activity` narrows it; `after` is the reference of the last row before, unknown ones begin
    at the beginning.
    """
    filters = (_correction.c.activity == activity,) if activity else ()
    page_found = _QUEUE.page(
        connection, STATES[state], *filters, decided=state in DECIDED, after=after
    )
    return CorrectionQueuePart(
        corrections=page_found.records,
        waiting=_waiting(connection, {correction.activity for correction in page_found.records}),
        after=page_found.records[-1].reference if page_found.more else "",
    )


def counts(connection: Connection) -> dict[str, int]:
    """Return how many there are in each of `STATES`."""
    by_state = _QUEUE.count_by_state(connection)
    return {
        name: sum(by_state.get(state, 0) for state in states) for name, states in STATES.items()
    }


def count_open(connection: Connection) -> int:
    """Count what waits for a decision."""
    return _QUEUE.count(connection, OPEN)


def list_others(connection: Connection, of: Correction) -> tuple[Correction, ...]:
    """Return what else waits about the same activity, the oldest first, at most a page of it."""
    same_activity = (_correction.c.activity == of.activity, _correction.c.id != of.id)
    return _QUEUE.page(connection, OPEN, *same_activity).records


def readers(
    connection: Connection, references: Sequence[str], now: datetime, but: str
) -> dict[str, tuple[str, datetime]]:
    """Return who else (`but` is one's own name in the trail) opened which of these lately, when."""
    query = (
        select(_audit.c.subject, _audit.c.actor, _audit.c.at)
        .where(
            _audit.c.subject.in_(references),
            _audit.c.action == READ,
            _audit.c.actor != but,
            _audit.c.at > now - READ_WITHIN,
        )
        .order_by(_audit.c.seq)
    )
    return {row.subject: (row.actor, row.at) for row in connection.execute(query)}


def _waiting(connection: Connection, activities: set[str]) -> dict[str, int]:
    query = (
        select(_correction.c.activity, func.count().label("number"))
        .where(_correction.c.state.in_(OPEN), _correction.c.activity.in_(activities))
        .group_by(_correction.c.activity)
    )
    return {row.activity: row.number for row in connection.execute(query)}
