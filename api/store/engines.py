"""Makes the SQLAlchemy engines: one to write through, one to read through, on either database.

Knows the pragmas and time limits. Statement parameters never reach a message or a log.
"""

import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

READERS = 4
"""Connections that read at once; more wait their turn."""

BUSY_MS = 5_000
WAL_BYTES = 64 * 1024 * 1024
"""What the WAL of SQLite is cut to; only a reader that does not end keeps more of it."""
_POOL_SECONDS = 5
PROGRESS_STEPS = 100_000  # of SQLite's machine: some milliseconds
STATEMENT_MS = 10_000
"""The longest that PostgreSQL works on one statement of a request (`allow_long_statements`)."""


def writing_engine(url: str, busy_ms: int | None = None) -> Engine:
    """One connection. On SQLite every transaction begins as `IMMEDIATE`.

    A deferred one that reads first and writes later meets "database is locked" at once, whatever
    the time limit (cpython #124510).
    """
    engine = _engine(make_url(url), connections=1)
    if engine.dialect.name == "sqlite":
        _make_private_file(make_url(url))
        event.listen(engine, "connect", partial(_set_up_sqlite, busy_ms=busy_ms or BUSY_MS))
        event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(url: str) -> Engine:
    """A small pool whose connections refuse to write."""
    engine = _engine(make_url(url), connections=READERS)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite_reader)
        event.listen(engine, "begin", _begin_deferred)
        return engine
    return engine.execution_options(postgresql_readonly=True)


def wal_bytes(url: str) -> int:
    """Return the size of the WAL of a SQLite database; 0 where there is none."""
    file = Path(f"{make_url(url).database}-wal")
    return file.stat().st_size if url.startswith("sqlite") and file.exists() else 0


def checkpoint(engine: Engine, wait_seconds: float = BUSY_MS / 1000) -> None:
    """Write the WAL of a SQLite database into its file and cut it to nothing, if nobody reads.

    `engine` must be the one that writes, and nothing may be under way on it. SQLite before 3.51.3
    can lose committed transactions if one connection writes while another makes checkpoints (its
    "WAL-reset bug"), so a process does both on one connection.
    """
    with closing(engine.raw_connection()) as pooled:
        driver: Any = pooled.driver_connection
        driver.execute(f"PRAGMA busy_timeout={round(wait_seconds * 1000)}").close()
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            driver.execute(f"PRAGMA busy_timeout={BUSY_MS}").close()


def first_damage(connection: Connection) -> str | None:
    """Return the first fault that the quick check of SQLite finds; None where all is sound.

    PostgreSQL looks after its own pages.
    """
    if connection.dialect.name != "sqlite":
        return None
    report = str(connection.exec_driver_sql("pragma quick_check(1)").scalar())
    return None if report == "ok" else report.splitlines()[0]


def _engine(url: URL, *, connections: int) -> Engine:
    connect_args: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
    if url.get_backend_name() == "postgresql":
        connect_args = {
            "connect_timeout": _POOL_SECONDS,
            "options": f"-c lock_timeout={BUSY_MS} -c statement_timeout={STATEMENT_MS}",
            "tcp_user_timeout": STATEMENT_MS,  # a host that has gone without a word
        }
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=url.get_backend_name() == "postgresql",
        connect_args=connect_args,
        hide_parameters=True,
    )


def allow_long_statements(connection: Connection) -> None:
    """Let the statements of this transaction take their time: a migration, a nightly round."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("set local statement_timeout = 0")


def limit_reading(connection: Connection, seconds: float) -> None:
    """Interrupt what SQLite does on this connection after some seconds from now."""
    if connection.dialect.name == "sqlite":
        deadline = monotonic() + seconds
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: monotonic() > deadline, PROGRESS_STEPS)


def _make_private_file(url: URL) -> None:
    """Create the database file for its owner alone; SQLite gives `-wal` and `-shm` its mode.

    One that is there is not opened: closing it would let go of the locks of this process on it.
    """
    if not url.database:
        raise ValueError("Kith needs a database file: SQLite in memory cannot be shared.")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _set_up_sqlite(connection: sqlite3.Connection, _record: object, *, busy_ms: int) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={busy_ms}",
        "journal_mode=WAL",
        f"journal_size_limit={WAL_BYTES}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _set_up_sqlite_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", "trusted_schema=OFF", "query_only=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
