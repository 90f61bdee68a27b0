"""Notes outside the database how much was in it, so that a start sees when data has gone.

A database file that is put back, or whose `-wal` file is lost, opens without a word and has less in
it than before. Every acknowledged record has a line in the audit trail, whose number only grows.
"""

import os
import secrets
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, inspect, make_url

from api.store import audit, schema
from api.store.engines import first_damage, reading_engine
from api.store.errors import StoreDamaged, translate_error

NAME = "database-last-seen.json"


class DataLost(Exception):
    """The database holds less than it did; the message says what to do, and holds no content."""


class LastSeen(msgspec.Struct, frozen=True):
    """How many audit lines a database held at a moment. `database` is a digest of its address."""

    database: str
    audit_lines: int
    at: datetime


def expect_sound(url: str, data: Path) -> None:
    """Look at a database before it is opened for work; it may not be there yet. Changes nothing.

    Raises `DataLost` if there was more in it, `StoreDamaged` if its pages are not sound,
    `StoreUnavailable` if it cannot be reached.
    """
    lines = _count_lines(url)
    before = read_note(data)
    if before is None or before.database != _digest(url) or lines >= before.audit_lines:
        return
    raise DataLost(
        f"Data is gone: the database held {before.audit_lines} audit lines on "
        f"{before.at:%Y-%m-%d %H:%M} UTC and holds {lines} now. Put back what is missing (for "
        "SQLite the file whose name ends in -wal belongs to it) or restore the newest backup. "
        f"If it is meant to be so, delete {data / NAME} and start again. Nothing was changed."
    )


def count_lines(connection: Connection) -> int:
    """Return the number of the last audit line."""
    return audit.head(connection)[0]


def read_note(data: Path) -> LastSeen | None:
    """Return what was noted last; None where nothing was, or the note cannot be read."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=LastSeen)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write_note(url: str, data: Path, audit_lines: int, now: datetime) -> bool:
    """Note how much is in the database; return whether that is more than was noted."""
    before = read_note(data)
    note = LastSeen(_digest(url), audit_lines, now)
    if before and before.database == note.database and before.audit_lines >= audit_lines:
        return False
    aside = data / f".{NAME}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(note))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(data / NAME)
    finally:
        aside.unlink(missing_ok=True)
    return True


def forget(data: Path) -> None:
    """Forget what was noted: for whoever puts an older database in place on purpose."""
    (data / NAME).unlink(missing_ok=True)


def _count_lines(url: str) -> int:
    """Count the audit lines of a database that may not be there. Raises StoreDamaged."""
    file = make_url(url).database or ""
    if url.startswith("sqlite") and not Path(file).exists():
        return 0
    engine = reading_engine(url)
    try:
        return _count_if_sound(engine)
    except StoreDamaged:
        raise
    except Exception as error:
        refusal = translate_error(error, reading=True)
        if refusal is error:
            raise
        raise refusal from None
    finally:
        engine.dispose()


def _count_if_sound(engine: Engine) -> int:
    with engine.begin() as connection:
        if first_damage(connection):
            raise StoreDamaged
        return count_lines(connection) if inspect(connection).has_table(schema.audit.name) else 0


def _digest(url: str) -> str:
    """Return what tells databases apart, without their password."""
    address = make_url(url)
    where = f"{address.host}:{address.port}/{address.database}?{address.query.get('host', '')}"
    return sha256(where.encode()).hexdigest()[:16]
