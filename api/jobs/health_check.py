"""Looks every few seconds whether the service can work; `/readyz` says what it found last.

It really writes, into the database and beside it, because a disk may be full or read-only without
any request having met it yet. Nobody who asks makes it write.
"""

import asyncio
import errno
import logging
import os
import secrets
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec

from api.context import Context
from api.errors import Unavailable
from api.jobs import health_store
from api.jobs.scheduler import Scheduler
from api.mail.store import count_backlog
from api.store import last_seen
from api.store.errors import StoreFault

CHECK_EVERY_SECONDS = 10.0
SHRINK_EVERY_SECONDS = 30.0
TRUSTED_FOR_SECONDS = 60.0
"""After this an old result says nothing: the check itself hangs."""
DISK_SECONDS = 5.0
FILE_BYTES = 64 * 1024
OUTBOX_LATE_AFTER = timedelta(minutes=15)  # a queue older than this means letters do not go out

Store = Literal["ok", "unavailable"]
Disk = Literal["ok", "full", "read-only", "unavailable"]
Letters = Literal["ok", "late", "unknown"]

logger = logging.getLogger("kith.health")


class Health(msgspec.Struct, frozen=True):
    """What one check found. `failed_letters` is None where the store cannot say."""

    store: Store
    disk: Disk
    outbox: Letters
    failed_letters: int | None

    @property
    def is_ready(self) -> bool:
        """Whether requests can be taken."""
        return self.store == "ok" and self.disk == "ok"


class LogTooLarge(Exception):
    """A reader that does not end keeps the write-ahead log from being emptied."""


class HealthCheck:
    """One for the process. `check` is a background job; `last` is what it found last."""

    def __init__(self) -> None:
        self.scheduler: Scheduler | None = None
        """Whose jobs are reported; None where none run."""
        self._last: Health | None = None
        self._checked_at = 0.0

    @property
    def last(self) -> Health | None:
        """What was found last; None before the first check, and when that is too long ago."""
        is_old = monotonic() - self._checked_at > TRUSTED_FOR_SECONDS
        return None if is_old else self._last

    async def check(self, context: Context) -> None:
        """Look at the disk and the database."""
        disk, (store, outbox, failed) = await asyncio.gather(
            _disk(context.settings.data), _store(context, context.clock())
        )
        health = Health(store, disk, outbox, failed)
        if health.is_ready != (self._last is None or self._last.is_ready):
            logger.error("ready=%s store=%s disk=%s", health.is_ready, store, disk)
        self._last, self._checked_at = health, monotonic()


async def note_what_is_there(context: Context) -> None:
    """Note beside the database how much is in it, for the next start."""
    url, data = context.settings.database_url, context.settings.data
    audit_lines = await context.database.read(last_seen.count_lines)
    await asyncio.to_thread(last_seen.write_note, url, data, audit_lines, context.clock())


async def shrink_wal(context: Context) -> None:
    """Empty a write-ahead log that has grown too large. Raises `LogTooLarge`."""
    if not await asyncio.to_thread(context.database.shrink_wal_now):
        raise LogTooLarge


async def _store(context: Context, now: datetime) -> tuple[Store, Letters, int | None]:
    database = context.database
    try:
        await database.write(health_store.insert_filler)
        await database.write(health_store.delete_fillers)
        await database.read(health_store.read_a_row_of_each_table)
        if database.is_damaged:
            await database.read(health_store.expect_sound)
            database.is_damaged = False
        letters = await database.read(count_backlog)
    except (Unavailable, StoreFault):
        return "unavailable", "unknown", None
    late = letters.oldest_at and now - letters.oldest_at > OUTBOX_LATE_AFTER
    return "ok", "late" if late else "ok", letters.failed


async def _disk(folder: Path) -> Disk:
    try:
        async with asyncio.timeout(DISK_SECONDS):
            await _in_thread(folder)
    except TimeoutError:
        return "unavailable"
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return "full"
        return "read-only" if error.errno in (errno.EROFS, errno.EACCES) else "unavailable"
    return "ok"


def _in_thread(folder: Path) -> Awaitable[None]:
    return asyncio.to_thread(write_file, folder)


def write_file(folder: Path) -> None:
    """Write a small file to the disk and delete it again. Raises OSError."""
    file = folder / f".health-{os.getpid()}"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as writing:
            writing.write(secrets.token_bytes(FILE_BYTES))
            writing.flush()
            os.fsync(writing.fileno())
    finally:
        file.unlink(missing_ok=True)
