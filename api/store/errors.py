"""What the store can refuse, and how a driver's exception is read as one of these."""

import re
import sqlite3
from typing import Any

import psycopg
from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
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


class StoreFault(Exception):
    """A statement of ours that the database cannot take. Names the rule, never a value.

    PostgreSQL quotes the failing row in its message, so that message stops here.
    """


class StoreTooNew(Exception):
    """The database was migrated by a later Kith than this one; the message says both revisions."""


def translate_error(error: Exception) -> Exception:
    """Translate a driver's exception; one that no driver raised comes back as it is."""
    if isinstance(error, PoolTimeout):
        return StoreUnavailable()
    if not isinstance(error, DBAPIError):
        return error
    if isinstance(error, IntegrityError):
        return _already_there(error.orig) or _fault(error)
    if error.connection_invalidated or _is_passing(error):
        return StoreUnavailable()
    return _fault(error)


def _fault(error: DBAPIError) -> StoreFault:
    original = error.orig
    if isinstance(original, psycopg.Error):
        return StoreFault(f"{type(original).__name__} ({original.sqlstate})")
    return StoreFault(f"{type(original).__name__}: {original}")


def _is_passing(error: DBAPIError) -> bool:
    """Whether the same statement may work later. A missing table or a syntax error never will."""
    if isinstance(error.orig, sqlite3.OperationalError):
        name = getattr(error.orig, "sqlite_errorname", "")
        return name.startswith(
            ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
        )
    return isinstance(error, OperationalError | InterfaceError)


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
