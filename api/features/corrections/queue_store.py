"""What waits for a reviewer of corrections, and what was decided: never a visitor's words.

A page goes on after a row, not after a number of rows: what is decided meanwhile shifts nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, or_, select

from api.features.corrections import store
from api.features.corrections.store import OPEN, Correction
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
SHOWN = 50
"""Corrections on a page."""
OPENED_LATELY = timedelta(minutes=30)

_correction = schema.correction
_audit = schema.audit


class CorrectionQueuePart(msgspec.Struct, frozen=True):
    """Some corrections, and what else waits by activity; `after` is where the next page begins."""

    found: tuple[Correction, ...]
    waiting: Mapping[str, int]
    after: str


def page(
    connection: Connection, state: str, activity: str = "", after: str = ""
) -> CorrectionQueuePart:
    """Return what is in a state: what waits the oldest first, what is decided the latest first.

    An `activity` narrows it; `after` is the reference of the last row before, unknown ones begin
    at the beginning.
    """
    wanted = select(_correction).where(_correction.c.state.in_(STATES[state]))
    if activity:
        wanted = wanted.where(_correction.c.activity == activity)
    ordered = _after(connection, wanted, state in DECIDED, after)
    rows = connection.execute(ordered.limit(SHOWN + 1)).all()
    found = tuple(store.read(row) for row in rows[:SHOWN])
    return CorrectionQueuePart(
        found=found,
        waiting=_waiting(connection, {one.activity for one in found}),
        after=found[-1].reference if len(rows) > SHOWN else "",
    )


def counts(connection: Connection) -> dict[str, int]:
    """Return how many there are in each of `STATES`."""
    wanted = select(_correction.c.state, func.count().label("number")).group_by(_correction.c.state)
    by_state = {row.state: row.number for row in connection.execute(wanted)}
    return {name: sum(by_state.get(one, 0) for one in of) for name, of in STATES.items()}


def others(connection: Connection, of: Correction) -> list[Correction]:
    """Return what else waits about the same activity, the oldest first, at most a page of it."""
    same = (_correction.c.activity == of.activity, _correction.c.id != of.id)
    wanted = select(_correction).where(*same, _correction.c.state.in_(OPEN))
    oldest = wanted.order_by(_correction.c.created_at, _correction.c.id).limit(SHOWN)
    return [store.read(row) for row in connection.execute(oldest)]


def readers(
    connection: Connection, references: Sequence[str], now: datetime, but: str
) -> dict[str, tuple[str, datetime]]:
    """Return who else (`but` is one's own name in the trail) opened which of these lately, when."""
    wanted = (
        select(_audit.c.subject, _audit.c.actor, _audit.c.at)
        .where(
            _audit.c.subject.in_(references),
            _audit.c.action == "correction.read",
            _audit.c.actor != but,
            _audit.c.at > now - OPENED_LATELY,
        )
        .order_by(_audit.c.seq)
    )
    return {row.subject: (row.actor, row.at) for row in connection.execute(wanted)}


def _after(connection: Connection, wanted: Select[Any], decided: bool, after: str) -> Select[Any]:
    """Return the query in its order, from below the row of a reference on."""
    at = _correction.c.decided_at if decided else _correction.c.created_at
    last = select(at, _correction.c.id).where(_correction.c.reference == after)
    row = connection.execute(last).first() if after else None
    if row is not None and row[0] is not None:
        further = at < row[0] if decided else at > row[0]
        wanted = wanted.where(or_(further, and_(at == row[0], _correction.c.id > row[1])))
    return wanted.order_by(at.desc() if decided else at, _correction.c.id)


def _waiting(connection: Connection, activities: set[str]) -> dict[str, int]:
    wanted = (
        select(_correction.c.activity, func.count().label("number"))
        .where(_correction.c.state.in_(OPEN), _correction.c.activity.in_(activities))
        .group_by(_correction.c.activity)
    )
    return {row.activity: row.number for row in connection.execute(wanted)}
