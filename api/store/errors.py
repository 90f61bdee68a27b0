"""What the store can refuse, and how a driver's exception is read as one of these."""

import re
import sqlite3
from typing import Any

import psycopg
from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.errors import Conflict, Unavailable
from api.store.schema import metadata


class UniqueViolation(Conflict):
    """A unique constraint refused a row; `constraint` is its name in the schema."""

    code = "already-there"
    sentence = "This is already there."

    def __init__(self, table: str, constraint: str) -> None:
        self.table = table
        self.constraint = constraint
        super().__init__()


class StoreUnavailable(Unavailable):
    """The database is locked, full, gone or stopping: nothing of the transaction was kept."""

    code = "store-unavailable"


class StoreDamaged(StoreUnavailable):
    """The database holds pages that are not what was written: a backup has to be restored."""

    code = "store-unavailable"


class StoreFault(Exception):
    """A statement of ours that the database cannot take. Names the rule, never a value.

    PostgreSQL quotes the failing row in its message, so that message stops here.
    """


class StoreTooNew(Exception):
    """The database was migrated by a later Kith than this one; the message says both revisions."""


def translate_error(error: Exception, *, reading: bool = False) -> Exception:
    """Translate a driver's exception; one that no driver raised comes back as it is.

    A database that refuses to be written to is unavailable, but to a reader it is a fault of ours:
    readers' connections are opened so that they cannot write.
    """
    if isinstance(error, PoolTimeout):
        return StoreUnavailable()
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, sqlite3.Error | psycopg.Error):
        return error
    if isinstance(error, IntegrityError):
        return _already_there(original) or _fault(original)
    if is_damage(original):
        return StoreDamaged()
    if reading and _is_read_only(original):
        return _fault(original)
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return StoreUnavailable() if is_lost or _is_passing(original) else _fault(original)


def is_damage(original: object) -> bool:
    """Return whether a driver's exception says that pages of the database are damaged."""
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "") or ""
        return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
    return isinstance(original, psycopg.Error) and original.sqlstate in ("XX001", "XX002")


def _is_read_only(original: object) -> bool:
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorname", "") == "SQLITE_READONLY"
    return isinstance(original, psycopg.Error) and original.sqlstate == _READ_ONLY


def _fault(original: Exception) -> StoreFault:
    if isinstance(original, psycopg.Error):
        return StoreFault(f"{type(original).__name__} ({original.sqlstate})")
    return StoreFault(f"{type(original).__name__}: {original}")


def _is_passing(original: sqlite3.Error | psycopg.Error) -> bool:
    """Whether the same statement may work later. A missing table or a syntax error never will."""
    if isinstance(original, psycopg.Error):
        passing = isinstance(original, psycopg.OperationalError | psycopg.InterfaceError)
        return passing or original.sqlstate == _READ_ONLY
    return (getattr(original, "sqlite_errorname", "") or "").startswith(_PASSING)


_PASSING = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
    "SQLITE_PROTOCOL",
    "SQLITE_INTERRUPT",
    "SQLITE_NOMEM",
)
_READ_ONLY = "25006"  # PostgreSQL: read_only_sql_transaction


def _already_there(original: object) -> UniqueViolation | None:
    if isinstance(original, sqlite3.IntegrityError):
        match = re.fullmatch(r"UNIQUE constraint failed: (\w+\.\w+(?:, \w+\.\w+)*)", str(original))
        return _from_columns(match[1].split(", ")) if match else None
    if isinstance(original, psycopg.errors.UniqueViolation):
        return UniqueViolation(original.diag.table_name or "", original.diag.constraint_name or "")
    return None


def _from_columns(columns: list[str]) -> UniqueViolation:
    """SQLite names the columns only: find the constraint that has exactly these."""
    table_name = columns[0].partition(".")[0]
    names = {column.partition(".")[2] for column in columns}
    return UniqueViolation(table_name, _constraint_name(metadata.tables[table_name], names))


def _constraint_name(table: Table, names: set[str]) -> str:
    unique: list[Any] = [table.primary_key]
    unique += [
        constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
    ]
    unique += [index for index in table.indexes if index.unique]
    return next(
        (
            str(constraint.name)
            for constraint in unique
            if {column.name for column in constraint.columns} == names
        ),
        "",
    )
