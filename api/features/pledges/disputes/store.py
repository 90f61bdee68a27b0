"""SQL for disputes of published promises; their text and how to reach the writer are encrypted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from api.store import database, schema
from catalogue.model.personal_data import kept_for

KEPT_OPEN = kept_for("dispute_open")
KEPT_SETTLED = kept_for("dispute")

_dispute = schema.dispute


class DisputeText(msgspec.Struct, frozen=True):
    """What somebody wrote and how to reach them; encrypted, only the team reads it."""

    words: str
    reach_at: str


class Dispute(msgspec.Struct, frozen=True):
    """A dispute about the entry `who` (its slug) of a pledge.

    `sign_up_id` is the sign-up that the entry was published from, None where an editor wrote it.
    """

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


def open_disputes(connection: Connection, limit: int) -> list[Dispute]:
    """Return at most `limit` unsettled disputes, the oldest first."""
    query = select(_dispute).where(_dispute.c.state == "open").order_by(_dispute.c.created_at)
    return [_from_row(row) for row in connection.execute(query.limit(limit))]


def of_sign_up(connection: Connection, sign_up_id: str) -> Sequence[Dispute]:
    """Return the open disputes about one sign-up."""
    query = select(_dispute).where(_dispute.c.sign_up_id == sign_up_id, _dispute.c.state == "open")
    return [_from_row(row) for row in connection.execute(query.order_by(_dispute.c.created_at))]


def of_entry(connection: Connection, pledge: str, slug: str) -> Sequence[Dispute]:
    """Return the open disputes about an entry that has no sign-up."""
    query = select(_dispute).where(*_about_entry(pledge, slug)).order_by(_dispute.c.created_at)
    return [_from_row(row) for row in connection.execute(query)]


def settle_of_entry(connection: Connection, pledge: str, slug: str, now: datetime) -> int:
    """Mark the open disputes about an entry without a sign-up as settled; return how many."""
    return _settle(connection, _about_entry(pledge, slug), now)


def settle_of_sign_up(connection: Connection, sign_up_id: str, now: datetime) -> int:
    """Mark the open disputes about a sign-up as settled; return how many."""
    conditions = (_dispute.c.sign_up_id == sign_up_id, _dispute.c.state == "open")
    return _settle(connection, conditions, now)


def _about_entry(pledge: str, slug: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _dispute.c.pledge == pledge,
        _dispute.c.who == slug,
        _dispute.c.sign_up_id.is_(None),
        _dispute.c.state == "open",
    )


def _settle(
    connection: Connection, conditions: tuple[ColumnElement[bool], ...], now: datetime
) -> int:
    values = {"state": "settled", "delete_after": now + KEPT_SETTLED}
    return connection.execute(update(_dispute).where(*conditions).values(**values)).rowcount


def count_open(connection: Connection) -> int:
    """Return how many disputes nobody has settled."""
    query = select(func.count()).where(_dispute.c.state == "open")
    return connection.execute(query).scalar_one()


def _from_row(row: Row[Any]) -> Dispute:
    return Dispute(**{name: getattr(row, name) for name in Dispute.__struct_fields__})
