"""What visitors say of promises, as the store keeps it: a month and numbers, and doubts they raise.

Counted by signatory, commitment and month. Nothing here could be about who said it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store import database, schema

_visits = schema.was_it_true
_doubt = schema.doubt


class Visits(msgspec.Struct, frozen=True):
    """What visitors have said of one commitment; staff have not looked at `unseen` of the noes."""

    commitment: str
    yes: int
    no: int
    unseen: int


class Doubt(msgspec.Struct, frozen=True):
    """Three visitors have said no: somebody should look."""

    id: str
    pledge: str
    who: str
    opened_at: datetime


def count_visit(
    connection: Connection, month: str, pledge: str, who: str, commitment: str, answer: str
) -> None:
    """Count one visitor's answer, whoever else counts at this moment."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    one = {"yes": int(answer == "yes"), "no": int(answer == "no")}
    key = {"month": month, "pledge": pledge, "who": who, "commitment": commitment}
    more = {name: _visits.c[name] + times for name, times in one.items()}
    new = insert(_visits).values(**key, **one, looked_at=0)
    connection.execute(new.on_conflict_do_update(index_elements=[*_visits.primary_key], set_=more))


def visits(connection: Connection, pledge: str, names: Sequence[str], since: str) -> list[Visits]:
    """Return what visitors have said of an entry under all its names, by commitment."""
    wanted = (
        select(
            _visits.c.commitment,
            func.sum(_visits.c.yes).label("yes"),
            func.sum(_visits.c.no).label("no"),
            func.sum(_visits.c.no - _visits.c.looked_at).label("unseen"),
        )
        .where(_of(_visits, pledge, *names), _visits.c.month >= since)
        .group_by(_visits.c.commitment)
        .order_by(_visits.c.commitment)
    )
    return [
        Visits(row.commitment, int(row.yes), int(row.no), int(row.unseen))
        for row in connection.execute(wanted)
    ]


def open_doubt(connection: Connection, pledge: str, names: Sequence[str]) -> str | None:
    """Return the id of an open doubt about an entry, under any of its names."""
    wanted = select(_doubt.c.id).where(_of(_doubt, pledge, *names), _doubt.c.closed_at.is_(None))
    found: str | None = connection.execute(wanted.limit(1)).scalar()
    return found


def doubts(connection: Connection) -> list[Doubt]:
    """Return the open doubts, the oldest first."""
    wanted = select(_doubt).where(_doubt.c.closed_at.is_(None)).order_by(_doubt.c.opened_at)
    return [Doubt(row.id, row.pledge, row.who, row.opened_at) for row in connection.execute(wanted)]


def doubt_row(new: Doubt) -> database.Row:
    """Return the row of a doubt."""
    return _doubt, msgspec.structs.asdict(new)


def doubt(connection: Connection, doubt_id: str) -> Doubt | None:
    """Return an open doubt."""
    wanted = select(_doubt).where(_doubt.c.id == doubt_id, _doubt.c.closed_at.is_(None))
    row = connection.execute(wanted).first()
    return Doubt(row.id, row.pledge, row.who, row.opened_at) if row else None


def close_doubts(
    connection: Connection, pledge: str, names: Sequence[str], outcome: str, now: datetime
) -> None:
    """Close the open doubts about an entry, and call all answers so far looked at."""
    closed = update(_doubt).where(_of(_doubt, pledge, *names), _doubt.c.closed_at.is_(None))
    connection.execute(closed.values(closed_at=now, outcome=outcome))
    seen = update(_visits).where(_of(_visits, pledge, *names))
    connection.execute(seen.values(looked_at=_visits.c.no))


def _of(table: Any, pledge: str, *names: str) -> Any:
    return and_(table.c.pledge == pledge, table.c.who.in_(names))
