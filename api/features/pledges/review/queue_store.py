"""What waits for a reviewer, and what was decided lately: the public half only."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.store import SignUp
from api.store import schema

WAITING = ("confirmed", "held")
DECIDED = ("published", "rejected", "withdrawn")
SHOWN = 50
"""Sign-ups on a page."""

_sign_up = schema.sign_up


class SignUpQueuePart(msgspec.Struct, frozen=True):
    """Some of the sign-ups that were asked for; `more` says whether there are others after them."""

    sign_ups: tuple[SignUp, ...]
    more: bool


def waiting(connection: Connection, page: int) -> SignUpQueuePart:
    """Return what waits, the oldest first. Pages count from 1."""
    return _page(connection, _in(WAITING).order_by(_sign_up.c.created_at, _sign_up.c.id), page)


def decided(connection: Connection, page: int) -> SignUpQueuePart:
    """Return what was decided, the latest first."""
    latest = (_sign_up.c.decided_at.desc(), _sign_up.c.id)
    return _page(connection, _in(DECIDED).order_by(*latest), page)


def disputed(connection: Connection) -> list[tuple[Dispute, SignUp | None]]:
    """Return the open disputes, the oldest first, each with the sign-up it is about."""
    found = dispute_store.open_disputes(connection, SHOWN)
    wanted = _sign_up.c.id.in_({one.sign_up_id for one in found if one.sign_up_id})
    rows = connection.execute(select(_sign_up).where(wanted))
    by_id = {row.id: store.sign_up_from_row(row) for row in rows}
    return [(one, by_id.get(one.sign_up_id or "")) for one in found]


def count_waiting(connection: Connection) -> int:
    """Count what waits for staff: it is read, or an answer is awaited."""
    wanted = select(func.count()).where(_sign_up.c.state.in_(WAITING))
    return connection.execute(wanted).scalar_one() + dispute_store.count_open(connection)


def _in(states: Sequence[str]) -> Select[Any]:
    return select(_sign_up).where(_sign_up.c.state.in_(states))


def _page(connection: Connection, wanted: Select[Any], page: int) -> SignUpQueuePart:
    rows = connection.execute(wanted.limit(SHOWN + 1).offset((page - 1) * SHOWN)).all()
    return SignUpQueuePart(
        tuple(store.sign_up_from_row(row) for row in rows[:SHOWN]), len(rows) > SHOWN
    )
