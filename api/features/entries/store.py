"""What staff wrote into entries, as the store keeps it: the file before, while undo lasts."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from api.store import database, schema

Action = Literal["added", "changed", "ended", "reopened", "removed"]
SHOWN = 20

_revision = schema.entry_revision


class EntryRevision(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one entry's file.

    `before` is None where there was no file, `after_digest` "" where there is none any more. Until
    `written_at` it is only about to be written.
    """

    id: str
    reference: str
    activity: str
    path: str
    action: Action
    actor: str
    before: bytes | None
    after_digest: str
    created_at: datetime
    written_at: datetime | None = None
    undone_at: datetime | None = None


def revision_row(revision: EntryRevision) -> database.Row:
    """Return the row of a change that is about to be written."""
    return _revision, msgspec.structs.asdict(revision)


def find(connection: Connection, reference: str) -> EntryRevision | None:
    """Return the change of a reference."""
    row = connection.execute(select(_revision).where(_revision.c.reference == reference)).first()
    return _read(row) if row else None


def of_activity(connection: Connection, slug: str) -> list[EntryRevision]:
    """Return the latest changes of an entry, the newest first."""
    query = select(_revision).where(
        _revision.c.activity == slug, _revision.c.written_at.is_not(None)
    )
    ordered = query.order_by(_revision.c.created_at.desc(), _revision.c.id).limit(SHOWN)
    return [_read(row) for row in connection.execute(ordered)]


def newest(connection: Connection) -> list[EntryRevision]:
    """Return the latest changes of all entries, the newest first."""
    query = select(_revision).where(_revision.c.written_at.is_not(None))
    ordered = query.order_by(_revision.c.created_at.desc(), _revision.c.id).limit(SHOWN)
    return [_read(row) for row in connection.execute(ordered)]


def unfinished(connection: Connection, slug: str) -> list[EntryRevision]:
    """Return the changes of an entry that were noted, and may be written or not."""
    query = select(_revision).where(_revision.c.activity == slug, _revision.c.written_at.is_(None))
    return [_read(row) for row in connection.execute(query)]


def mark_written(connection: Connection, revision_id: str, now: datetime) -> bool:
    """Note that a change stands in the file; say whether this call did."""
    query = update(_revision).where(_revision.c.id == revision_id, _revision.c.written_at.is_(None))
    return connection.execute(query.values(written_at=now)).rowcount == 1


def mark_undone(connection: Connection, revision_id: str, now: datetime) -> bool:
    """Note that a change was taken back; say whether this call did."""
    query = update(_revision).where(_revision.c.id == revision_id, _revision.c.undone_at.is_(None))
    return connection.execute(query.values(undone_at=now)).rowcount == 1


def forget(connection: Connection, revision_id: str) -> None:
    """Delete a change that never was written."""
    connection.execute(delete(_revision).where(_revision.c.id == revision_id))


def _read(row: Row[Any]) -> EntryRevision:
    return EntryRevision(**row._mapping)
