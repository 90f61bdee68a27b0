"""Makes a backup while the service runs: one moment of the database and of the content.

The keys are never in it; it names those it needs. Whoever holds the secret of the recipient and the
keys can restore it, a thief of one of the two reads no record.
"""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, select

from api.content_files.atomic_write import alone
from api.operations import archive
from api.operations.archive import Archive, BadBackup, End, Manifest
from api.settings import Settings
from api.store import audit, dump, keys, schema
from api.store.database import Database
from api.store.migrate import revision
from catalogue.model.personal_data import BACKUPS
from catalogue.progress import Progress
from catalogue.read import load

NAME = "kith-{:%Y%m%dT%H%M%SZ}.age"
_NAMES = "kith-*.age"
_NOTE = "backup"


def backup(
    folder: Path, recipients: tuple[str, ...], settings: Settings, now: datetime, progress: Progress
) -> Path:
    """Write a backup into a folder, delete those that are too old, and return the new one.

    Raises `BadBackup`; the folder then is as it was.
    """
    if not recipients:
        raise BadBackup("Say to whom it is encrypted: --recipient, or KITH_BACKUP_RECIPIENT.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / NAME.format(now.astimezone(UTC))
    archive.write(file, recipients, lambda into: _fill(into, settings, now, progress))
    with Database(settings.database_url) as database:
        database.write_now(lambda connection: _note(connection, file.name, now))
    _delete_old(folder, now)
    return file


def _fill(into: Archive, settings: Settings, now: datetime, progress: Progress) -> None:
    # Decisions change content and database under the same lock, so the two agree in a backup.
    with ExitStack() as stack:
        with alone(settings.project):
            files = _content(settings.project)
            connection = stack.enter_context(dump.snapshot(settings.database_url))
        into.add(archive.MANIFEST, msgspec.json.encode(_manifest(connection, now)))
        for name, content in files.items():
            into.add(name, content)
        rows = _add_rows(into, connection, progress)
        into.add(archive.END, msgspec.json.encode(End(rows, len(files))))


def _content(project: Path) -> dict[str, bytes]:
    """Return every file of the content by its path below the project: it is text, and small."""
    folder = project / load.CONTENT
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink()]
    return {file.relative_to(project).as_posix(): file.read_bytes() for file in files}


def _manifest(connection: Connection, now: datetime) -> Manifest:
    current = revision(connection)
    if current != schema.REVISION:
        raise BadBackup(
            f"The database is at revision {current}, and this Kith makes backups of "
            f"{schema.REVISION}. Start the service once, or use the version that runs here."
        )
    lines, head = audit.head(connection)
    return Manifest(
        format=archive.FORMAT,
        made_at=now,
        revision=schema.REVISION,
        key_ids=tuple(keys.uses(connection)),
        audit_lines=lines,
        audit_head=head,
        columns={str(table.name): tuple(map(str, table.columns.keys())) for table in dump.tables()},
    )


def _add_rows(into: Archive, connection: Connection, progress: Progress) -> dict[str, int]:
    counts = {}
    tables = dump.tables()
    for place, table in enumerate(tables):
        progress("Saving", place, len(tables))
        name = str(table.name)
        counts[name] = 0
        for number, rows in enumerate(dump.chunks(connection, table)):
            into.add(f"rows/{name}/{number:06}", msgspec.msgpack.encode(rows))
            counts[name] += len(rows)
    return counts


def _note(connection: Connection, name: str, now: datetime) -> None:
    table = schema.installation
    connection.execute(delete(table).where(table.c.name == _NOTE))
    connection.execute(table.insert().values(name=_NOTE, value=name, changed_at=now))


def last_backup(connection: Connection) -> datetime | None:
    """Return when the newest backup was made; None if none ever was."""
    table = schema.installation
    return connection.execute(select(table.c.changed_at).where(table.c.name == _NOTE)).scalar()


def _delete_old(folder: Path, now: datetime) -> None:
    """Delete backups of ours past their time: who was erased meanwhile is in them."""
    oldest = NAME.format((now - BACKUPS).astimezone(UTC) - timedelta(seconds=1))
    for file in folder.glob(_NAMES):
        if file.name < oldest:
            file.unlink()
