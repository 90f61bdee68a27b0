"""Names changed and entries merged, as the store keeps them: the files before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select, update

from api.store import database, schema

_change = schema.register_change

Files = Mapping[str, str | None]
"""Text by path below the project; None where no file stands."""


class Written(msgspec.Struct, frozen=True):
    """What a change writes, and whether the sign-up of the entry that goes moves to the other."""

    files: dict[str, str | None]
    sign_up_moves: bool


class Renaming(msgspec.Struct, frozen=True):
    """One change: `who` got the name `into`, or went into the entry `into`."""

    id: str
    pledge: str
    who: str
    into: str
    kind: str
    before: dict[str, str | None]
    after: Written
    created_at: datetime
    written_at: datetime | None
    undone_at: datetime | None


def row_of(new: Renaming) -> database.Row:
    """Return the row of a change that is about to be written."""
    row = msgspec.structs.asdict(new)
    row |= {"before": msgspec.json.encode(new.before), "after": msgspec.json.encode(new.after)}
    return _change, row


def find(connection: Connection, change_id: str) -> Renaming | None:
    """Return one change."""
    row = connection.execute(select(_change).where(_change.c.id == change_id)).first()
    return _read(row) if row else None


def about(connection: Connection, pledge: str, who: str) -> list[Renaming]:
    """Return the changes that led to an entry and stand, the newest first."""
    mine = or_(_change.c.into == who, _change.c.who == who)
    wanted = (
        select(_change)
        .where(_change.c.pledge == pledge, mine, _change.c.undone_at.is_(None))
        .order_by(_change.c.created_at.desc())
    )
    return [_read(row) for row in connection.execute(wanted)]


def stands_as(connection: Connection, pledge: str, who: str) -> str:
    """Return the name that an entry goes by after all changes that stand, whatever their number."""
    wanted = select(_change.c.who, _change.c.into).where(
        _change.c.pledge == pledge, _change.c.written_at.is_not(None), _change.c.undone_at.is_(None)
    )
    for old, new in connection.execute(wanted.order_by(_change.c.created_at)):
        who = new if old == who else who
    return who


def went_into_another(connection: Connection, pledge: str, who: str) -> bool:
    """Say whether a name is of an entry that went into another one, so that its rows lie there."""
    same = (_change.c.pledge == pledge, _change.c.who == who, _change.c.kind == "merge")
    wanted = select(_change.c.id).where(*same, _change.c.undone_at.is_(None))
    return connection.execute(wanted.limit(1)).first() is not None


def begun(connection: Connection) -> list[Renaming]:
    """Return the changes whose files were never seen to be written: a crash came between."""
    wanted = select(_change).where(_change.c.written_at.is_(None), _change.c.undone_at.is_(None))
    return [_read(row) for row in connection.execute(wanted)]


def mark(connection: Connection, change_id: str, column: str, now: datetime) -> bool:
    """Note when it was written or undone; say whether this was the first to note it."""
    first = update(_change).where(_change.c.id == change_id, _change.c[column].is_(None))
    return connection.execute(first.values({column: now})).rowcount == 1


def _read(row: Row[Any]) -> Renaming:
    return Renaming(
        id=row.id,
        pledge=row.pledge,
        who=row.who,
        into=row.into,
        kind=row.kind,
        before=msgspec.json.decode(row.before, type=dict[str, str | None]),
        after=msgspec.json.decode(row.after, type=Written),
        created_at=row.created_at,
        written_at=row.written_at,
        undone_at=row.undone_at,
    )
