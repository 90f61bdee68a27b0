"""The erasure ledger: a file of the ids of erased records, kept beside the keys.

A backup still holds who was erased after it was made. So each id is written here, and on the disk,
before the record is erased, and every start erases again what a restored database brought back.
A line is a moment, a table and a random id: nothing of a person.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from api.store import erasure
from api.store.columns import utc_text
from catalogue.model.personal_data import BACKUPS

KEPT = 2 * BACKUPS
"""Longer than any backup."""


def append(file: Path, now: datetime, ids: Mapping[str, Sequence[str]]) -> None:
    """Write ids by table, and return once they are on the disk."""
    lines = [
        f"{utc_text(now)} {table} {row_id}\n" for table, some in ids.items() for row_id in some
    ]
    if not lines:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as writing:
        writing.write("".join(lines))
        writing.flush()
        os.fsync(writing.fileno())
    _flush_folder(file.parent)


def read(file: Path) -> dict[str, list[str]]:
    """Return the ids by table. A line that a crash cut short is none."""
    ids_by_table: dict[str, list[str]] = {}
    if not file.exists():
        return ids_by_table
    for line in file.read_text(encoding="ascii").splitlines():
        parts = line.split(" ")
        if len(parts) == 3 and parts[1] in erasure.TABLES:
            ids_by_table.setdefault(parts[1], []).append(parts[2])
    return ids_by_table


def shorten(file: Path, now: datetime) -> None:
    """Take out what no backup can hold any more."""
    if not file.exists():
        return
    lines = file.read_text(encoding="ascii").splitlines(keepends=True)
    oldest = utc_text(now - KEPT)
    left = [line for line in lines if line >= oldest]
    if len(left) < len(lines):
        aside = file.with_name(f".{file.name}.short")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as writing:
            writing.write("".join(left))
            writing.flush()
            os.fsync(writing.fileno())
        aside.replace(file)
        _flush_folder(file.parent)


def replay(connection: Connection, file: Path) -> int:
    """Erase again what the ledger names; return how many records are there."""
    return sum(erasure.erase(connection, table, ids) for table, ids in read(file).items())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
