"""The file of postcodes: SQLite, written whole by an import, only read by everybody else.

A postcode is written without its space (an outward code stands beside them where only its middle
was given), a position in hundred-thousandths of a degree (about a
metre). The file holds nothing about anybody, is no part of the database, and may be lost.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from threading import Lock

from catalogue.model.geo import Point

KITH = 0x4B495448  # marks a file as ours, in SQLite's place for it
FORMAT = 1
STEPS = 100_000  # in a degree
AT_ONCE = 2_000  # rows
INWARD = 3  # signs of a postcode's second half

PostcodeRow = tuple[str, int, int]
"""A postcode without its space, latitude and longitude in steps."""

_TABLES = f"""
pragma journal_mode = off;
pragma synchronous = off;
pragma application_id = {KITH};
pragma user_version = {FORMAT};
create table postcode (
  code text primary key, latitude integer not null, longitude integer not null
) without rowid;
create table outward (
  code text primary key, latitude real not null, longitude real not null
) without rowid;
create table about (stamp text not null);
"""
_ADD = "insert or ignore into postcode values (?, ?, ?)"
_MIDDLES = f"""
insert or ignore into outward
select substr(code, 1, length(code) - {INWARD}) as half, avg(latitude), avg(longitude)
from postcode where code glob '*[0-9][A-Z][A-Z]' group by half
union all
select code, latitude, longitude from postcode where code not glob '*[0-9][A-Z][A-Z]'
"""  # noqa: S608 - a number of ours


class UnreadablePostcodes(Exception):
    """There is a file, but no import wrote it, or it is broken; the reason is in words."""


class PostcodesNotWritten(Exception):
    """The file could not be written; the reason is in words."""


def write(file: Path, postcodes: Iterable[PostcodeRow]) -> int:
    """Write all postcodes into a new file, put it in place, and return how many there are.

    A postcode that comes twice counts once. Where `postcodes` raises, the earlier file is kept.
    Raises PostcodesNotWritten.
    """
    new_file = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(new_file)) as connection:
            count = _fill(connection, postcodes)
        with new_file.open("rb") as stored_file:
            os.fsync(stored_file.fileno())
        new_file.replace(file)
    except (sqlite3.Error, OSError) as error:
        raise PostcodesNotWritten(f"{file} cannot be written: {error}.") from error
    finally:
        with suppress(OSError):
            new_file.unlink(missing_ok=True)
    return count


def _fill(connection: sqlite3.Connection, postcodes: Iterable[PostcodeRow]) -> int:
    connection.executescript(_TABLES)
    digest, remaining = hashlib.blake2b(digest_size=8), iter(postcodes)
    while batch := list(islice(remaining, AT_ONCE)):
        connection.executemany(_ADD, batch)
        digest.update(repr(batch).encode())
    connection.execute(_MIDDLES)
    connection.execute("insert into about values (?)", (digest.hexdigest(),))
    connection.commit()
    (count,) = connection.execute("select count(*) from postcode").fetchone()
    return int(count)


class Postcodes:
    """A file of postcodes that is open for reading. Any number of threads may ask at once."""

    def __init__(self, file: Path) -> None:
        """Open it. Raises UnreadablePostcodes."""
        try:
            self._connection = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._lock = Lock()
            self.stamp = self._stamp()
        except sqlite3.Error as error:
            raise UnreadablePostcodes(f"{file} cannot be read as a file of postcodes.") from error

    def point(self, postcode: str) -> Point | None:
        """Return where a whole postcode lies, written in capitals without a space."""
        row = self._one("select latitude, longitude from postcode where code = ?", postcode)
        return Point(row[0] / STEPS, row[1] / STEPS) if row else None

    def middles(self) -> dict[str, Point]:
        """Return the middles of all outward codes."""
        with self._lock:
            rows = self._connection.execute("select code, latitude, longitude from outward")
            return {
                code: Point(latitude / STEPS, longitude / STEPS, about=True)
                for code, latitude, longitude in rows.fetchall()
            }

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _stamp(self) -> str:
        (application_id,) = self._one("pragma application_id") or (0,)
        (version,) = self._one("pragma user_version") or (0,)
        if (application_id, version) != (KITH, FORMAT):
            raise sqlite3.DatabaseError("another program's, or another version's")
        (stamp,) = self._one("select stamp from about") or ("",)
        return str(stamp)

    def _one(self, sql: str, *parameters: str) -> tuple[float, ...] | None:
        with self._lock:
            row: tuple[float, ...] | None = self._connection.execute(sql, parameters).fetchone()
        return row


def open_postcodes(file: Path | None) -> Postcodes | None:
    """Open a file of postcodes; None where none was imported. Raises UnreadablePostcodes."""
    return Postcodes(file) if file is not None and file.is_file() else None
