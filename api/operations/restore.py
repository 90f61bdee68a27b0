"""Restores a backup into an empty database, and its content; nothing is served before it is whole.

Who was erased after the backup was made is erased again, by the ledger beside the keys and by the
days that have passed. Letters that waited in the backup are held, for they were sent since.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec
from sqlalchemy import Connection

from api.content_files.atomic_write import alone, put_in_place
from api.jobs import status_store
from api.mail.store import hold_restored
from api.operations import archive
from api.operations.archive import BadBackup, End, Manifest
from api.security.encryption import Encryption, read_keys
from api.settings import Settings
from api.store import audit, audit_heads, dump, erasure_ledger, keys, last_seen
from api.store.writer import insert_rows
from catalogue.progress import Progress
from catalogue.read import load

NOT_EMPTY = (
    "There is something in the database already. Restore into an empty one: stop the service and "
    "move the database's files away, or name another database."
)


class Restored(msgspec.Struct):
    """What was restored, or would be."""

    manifest: Manifest
    missing_keys: tuple[str, ...] = ()
    rows: int = 0
    files_changed: tuple[str, ...] = ()
    erased_again: int = 0
    letters_held: int = 0


def look(file: Path, identity: str, settings: Settings, progress: Progress) -> Restored:
    """Read a backup to its end and say what restoring it would do. Changes nothing.

    Raises `BadBackup`. Missing keys are in the result.
    """
    manifest, members = _open(file, identity)
    restored = Restored(manifest, _missing_keys(manifest, settings))
    changed = []
    for path, content in _checked(members, manifest, progress):
        if path.parts[0] == load.CONTENT:
            there = settings.project / path
            if not there.is_file() or there.read_bytes() != content:
                changed.append(str(path))
        else:
            restored.rows += len(msgspec.msgpack.decode(content))
    restored.files_changed = tuple(changed)
    restored.erased_again = sum(map(len, erasure_ledger.read(settings.erasure_ledger).values()))
    return restored


def restore(
    file: Path, identity: str, settings: Settings, now: datetime, actor: str, progress: Progress
) -> Restored:
    """Restore a backup. Raises `BadBackup`, `EncryptionError`, `StoreTooNew`; nothing is changed.

    The content is put in place last but for the commit of the database.
    """
    manifest, members = _open(file, identity)
    restored = Restored(manifest, _missing_keys(manifest, settings))
    if restored.missing_keys:
        raise BadBackup(f"Missing keys: {', '.join(restored.missing_keys)}.")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not dump.is_empty(settings.database_url):
        raise BadBackup(NOT_EMPTY)
    with (
        tempfile.TemporaryDirectory(dir=settings.data, prefix=".restoring") as aside,
        dump.filling(settings.database_url, manifest.revision) as connection,
    ):
        for path, content in _checked(members, manifest, progress):
            if path.parts[0] == load.CONTENT:
                written = Path(aside) / path
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_bytes(content)
            else:
                rows = msgspec.msgpack.decode(content)
                dump.insert(connection, path.parts[1], manifest.columns[path.parts[1]], rows)
                restored.rows += len(rows)
        _finish(connection, restored, settings, now, actor)
        restored.files_changed = _put_content(Path(aside), settings.project)
    last_seen.forget(settings.data)
    audit_heads.note_restored(settings.data, manifest.audit_lines, now)
    return restored


def _finish(
    connection: Connection, restored: Restored, settings: Settings, now: datetime, actor: str
) -> None:
    """Make the restored rows fit to be served, before they are committed."""
    encryption = Encryption(read_keys(settings))
    keys.expect_keys(connection, encryption, settings)
    if chain := keys.find_chain_key(connection, encryption):
        audit.use_key(connection, chain)
    restored.letters_held = hold_restored(connection)
    restored.erased_again = erasure_ledger.replay(connection, settings.erasure_ledger)
    # Days have passed since the backup, and no clock has jumped.
    status_store.resume_rounds(connection, now)
    line = audit.new_event(
        "installation.restored",
        None,
        actor=actor,
        at=now,
        backup_of=f"{restored.manifest.made_at:%Y-%m-%d %H:%M}",
        letters_held=restored.letters_held,
    )
    insert_rows(connection, [line])


def _open(file: Path, identity: str) -> tuple[Manifest, Iterator[tuple[str, bytes]]]:
    members = archive.members(file, identity)
    name, content = next(members, ("", b""))
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError:
        manifest = None
    if name != archive.MANIFEST or manifest is None or manifest.format != archive.FORMAT:
        raise BadBackup("This is no backup that this version of Kith can read.")
    return manifest, members


def _missing_keys(manifest: Manifest, settings: Settings) -> tuple[str, ...]:
    here = {key.id for key in read_keys(settings)}
    return tuple(key_id for key_id in manifest.key_ids if key_id not in here)


def _checked(
    members: Iterator[tuple[str, bytes]], manifest: Manifest, progress: Progress
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the files of a backup, and hold that all are there. Raises `BadBackup`."""
    rows, files, end = dict.fromkeys(manifest.columns, 0), 0, None
    for name, content in members:
        path = PurePosixPath(name)
        progress("Restoring", sum(rows.values()) + files, 0)
        if name == archive.END:
            end = msgspec.json.decode(content, type=End)
            continue
        if path.is_absolute() or ".." in path.parts or len(path.parts) < 2:
            raise BadBackup("There is a path in the backup that leads out of it.")
        if path.parts[0] == load.CONTENT:
            files += 1
        elif path.parts[0] == "rows" and path.parts[1] in rows:
            rows[path.parts[1]] += len(msgspec.msgpack.decode(content))
        else:
            raise BadBackup("There is something in the backup that this version does not know.")
        yield path, content
    if end is None or end.rows != rows or end.files != files:
        raise BadBackup("The backup is not whole.")


def _put_content(aside: Path, project: Path) -> tuple[str, ...]:
    """Put the content of the backup in place; what stands there besides is left."""
    changed = []
    with alone(project):
        for file in sorted(aside.rglob("*")):
            path = file.relative_to(aside)
            there = project / path
            content = file.read_bytes() if file.is_file() else b""
            if not file.is_file() or (there.is_file() and there.read_bytes() == content):
                continue
            there.parent.mkdir(parents=True, exist_ok=True)
            put_in_place(there, content)
            changed.append(path.as_posix())
    shutil.rmtree(aside / load.CONTENT, ignore_errors=True)
    return tuple(changed)
