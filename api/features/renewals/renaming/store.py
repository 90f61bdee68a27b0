"""The SQL for renamed and merged entries: each change with its files before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, or_, select, update

from api.store import database, schema

_change = schema.register_change

Files = Mapping[str, str | None]
"""Text by path below the project; None where no file exists."""


class WrittenFiles(msgspec.Struct, frozen=True):
    """What a change writes, and whether the sign-up of the old entry moves to the new one.

    Stored as JSON in the column `after`.
    """

    files: dict[str, str | None]
    sign_up_moves: bool


class RegisterChange(msgspec.Struct, frozen=True):
    """A rename of `old_slug` to `new_slug`, or a merge of the one entry into the other."""

    id: str
    pledge: str
    old_slug: str
    new_slug: str
    kind: str
    before: dict[str, str | None]
    after: WrittenFiles
    created_at: datetime
    written_at: datetime | None
    undone_at: datetime | None


def change_row(change: RegisterChange) -> database.Row:
    """Return the row of a change whose files are about to be written."""
    row = msgspec.structs.asdict(change)
    row["who"], row["into"] = row.pop("old_slug"), row.pop("new_slug")
    row["before"] = msgspec.json.encode(change.before)
    row["after"] = msgspec.json.encode(change.after)
    return _change, row


def find_change(connection: Connection, change_id: str) -> RegisterChange | None:
    """Return a change by its id."""
    row = connection.execute(select(_change).where(_change.c.id == change_id)).first()
    return _to_change(row) if row else None


def changes_of_entry(connection: Connection, pledge: str, slug: str) -> list[RegisterChange]:
    """Return the changes from or to an entry that were not undone, the newest first."""
    query = (
        select(_change)
        .where(
            _change.c.pledge == pledge,
            or_(_change.c.into == slug, _change.c.who == slug),
            _change.c.undone_at.is_(None),
        )
        .order_by(_change.c.created_at.desc())
    )
    return [_to_change(row) for row in connection.execute(query)]


def current_slug(connection: Connection, pledge: str, slug: str) -> str:
    """Return the slug that an entry has now, after every change that was not undone."""
    query = select(_change.c.who, _change.c.into).where(
        _change.c.pledge == pledge, _change.c.written_at.is_not(None), _change.c.undone_at.is_(None)
    )
    for old, new in connection.execute(query.order_by(_change.c.created_at)):
        slug = new if old == slug else slug
    return slug


def was_merged_away(connection: Connection, pledge: str, slug: str) -> bool:
    """Say whether an entry was merged into another, so that rows under its slug are kept."""
    query = select(_change.c.id).where(
        _change.c.pledge == pledge,
        _change.c.who == slug,
        _change.c.kind == "merge",
        _change.c.undone_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None


def unfinished_changes(connection: Connection) -> list[RegisterChange]:
    """Return the changes that are recorded but whose files are not known to be written."""
    query = select(_change).where(_change.c.written_at.is_(None), _change.c.undone_at.is_(None))
    return [_to_change(row) for row in connection.execute(query)]


def mark_change(
    connection: Connection,
    change_id: str,
    column: Literal["written_at", "undone_at"],
    now: datetime,
) -> bool:
    """Set a time that is not set yet; say whether this call set it."""
    statement = update(_change).where(_change.c.id == change_id, _change.c[column].is_(None))
    return connection.execute(statement.values({column: now})).rowcount == 1


def _to_change(row: Row[Any]) -> RegisterChange:
    return RegisterChange(
        id=row.id,
        pledge=row.pledge,
        old_slug=row.who,
        new_slug=row.into,
        kind=row.kind,
        before=msgspec.json.decode(row.before, type=dict[str, str | None]),
        after=msgspec.json.decode(row.after, type=WrittenFiles),
        created_at=row.created_at,
        written_at=row.written_at,
        undone_at=row.undone_at,
    )
