"""Disputes of published promises as the store keeps them: what was said, and how to ask, sealed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from api.store import database, schema

KEPT_OPEN = timedelta(days=365)
KEPT_SETTLED = timedelta(days=90)

_dispute = schema.dispute


class DisputeText(msgspec.Struct, frozen=True):
    """What somebody wrote, and where they can be asked; only the team reads it."""

    words: str
    reach_at: str


class Dispute(msgspec.Struct, frozen=True):
    """Somebody says that an entry is not theirs, or not true. `sign_up_id` is what it came from."""

    id: str
    pledge: str
    who: str
    sign_up_id: str | None
    sealed: bytes | None
    created_at: datetime


def dispute_row(new: Dispute) -> database.Row:
    """Return the row of a new dispute."""
    values = msgspec.structs.asdict(new)
    return _dispute, {**values, "state": "open", "delete_after": new.created_at + KEPT_OPEN}


def open_disputes(connection: Connection, most: int) -> list[Dispute]:
    """Return disputes that nobody has settled, the oldest first."""
    wanted = select(_dispute).where(_dispute.c.state == "open").order_by(_dispute.c.created_at)
    return [_read(one) for one in connection.execute(wanted.limit(most))]


def of_sign_up(connection: Connection, sign_up_id: str) -> Sequence[Dispute]:
    """Return the open disputes about one sign-up."""
    wanted = select(_dispute).where(_dispute.c.sign_up_id == sign_up_id, _dispute.c.state == "open")
    return [_read(one) for one in connection.execute(wanted.order_by(_dispute.c.created_at))]


def of_entry(connection: Connection, pledge: str, who: str) -> Sequence[Dispute]:
    """Return the open disputes about an entry that has no sign-up."""
    wanted = select(_dispute).where(*_about_entry(pledge, who)).order_by(_dispute.c.created_at)
    return [_read(one) for one in connection.execute(wanted)]


def settle_of_entry(connection: Connection, pledge: str, who: str, now: datetime) -> int:
    """Call the open disputes about an entry without a sign-up settled; return how many were."""
    return _settle(connection, _about_entry(pledge, who), now)


def settle_of_sign_up(connection: Connection, sign_up_id: str, now: datetime) -> int:
    """Call the open disputes about a sign-up settled; return how many were."""
    which = (_dispute.c.sign_up_id == sign_up_id, _dispute.c.state == "open")
    return _settle(connection, which, now)


def _about_entry(pledge: str, who: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _dispute.c.pledge == pledge,
        _dispute.c.who == who,
        _dispute.c.sign_up_id.is_(None),
        _dispute.c.state == "open",
    )


def _settle(connection: Connection, which: tuple[ColumnElement[bool], ...], now: datetime) -> int:
    values = {"state": "settled", "delete_after": now + KEPT_SETTLED}
    return connection.execute(update(_dispute).where(*which).values(**values)).rowcount


def count_open(connection: Connection) -> int:
    """Count what nobody has settled."""
    wanted = select(func.count()).where(_dispute.c.state == "open")
    return connection.execute(wanted).scalar_one()


def _read(found: Row[Any]) -> Dispute:
    return Dispute(**{name: getattr(found, name) for name in Dispute.__struct_fields__})
