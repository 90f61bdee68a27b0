"""The store's interface for the rest of the service: insert rows, write, read.

`await insert(rows)` is the fast path: rows of many callers share one commit. `await write(act)`
runs a function in a transaction of its own. Both return after the commit, never before. `read` runs
a function on a connection that cannot write. The `_now` methods block: they are for commands.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar, cast

from sqlalchemy import Connection, ExceptionContext, event

from api.store import audit
from api.store.engines import (
    READERS,
    WAL_BYTES,
    checkpoint,
    limit_reading,
    reading_engine,
    wal_bytes,
    writing_engine,
)
from api.store.errors import StoreUnavailable, is_damage, translate_error
from api.store.writer import Job, Row, Writer

__all__ = ["Database", "Row"]

PATIENCE_SECONDS = 8.0
"""How long a request waits for the database, which may hang without a word."""
READ_SECONDS = 20.0
"""The longest that SQLite works on one reading of a request; it keeps the WAL from shrinking."""
WAL_WAIT_SECONDS = 0.2
_READER = "kith-reader"

T = TypeVar("T")


class Database:
    """The database of the process; migrate it first (`api.store.migrate`). A context manager.

    Every method raises `UniqueViolation` when a unique constraint refuses a row, and
    `StoreUnavailable` when the database is locked, full or gone; in both cases nothing was stored.
    What an `act` or a `query` raises comes through, and its transaction is rolled back.

    With `patience_seconds` whoever waits for longer gets `StoreUnavailable`; what was not begun by
    then is not done. A write that was under way may still be kept.
    """

    def __init__(self, url: str, *, patience_seconds: float | None = None) -> None:
        self._url = url
        self._patience_seconds = patience_seconds
        self.is_damaged = False
        """Whether a statement met a damaged page; set back by whoever has checked all pages."""
        self._writing = writing_engine(url)
        self._reading = reading_engine(url)
        for engine in (self._writing, self._reading):
            event.listen(engine, "handle_error", self._notice_damage)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix=_READER)
        self._writer = Writer(self._writing)

    async def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows of any tables in one transaction, which other callers may share."""
        job = Job(rows=rows, loop=asyncio.get_running_loop())
        self._writer.submit(job)
        await self._wait(job)

    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in a transaction of its own, in the writer's thread: it must not block."""
        job = Job(act=act, loop=asyncio.get_running_loop())
        self._writer.submit(job)
        return cast("T", await self._wait(job))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` in a reader's thread; it sees one snapshot of the database."""
        loop = asyncio.get_running_loop()
        deadline = asyncio.timeout(self._patience_seconds)
        try:
            async with deadline:
                return await loop.run_in_executor(self._readers, self._query, query)
        except TimeoutError:
            if deadline.expired():
                raise StoreUnavailable from None
            raise

    def insert_now(self, rows: Sequence[Row]) -> None:
        """Insert, and block until the commit; not from inside a running event loop."""
        self._wait_now(Job(rows=rows))

    def write_now(self, act: Callable[[Connection], T]) -> T:
        """Write, and block until the commit; not from inside a running event loop."""
        return cast("T", self._wait_now(Job(act=act)))

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on one of the readers' connections, and block until it has ended."""
        if self._patience_seconds is None or threading.current_thread().name.startswith(_READER):
            return self._query(query)
        reading = self._readers.submit(self._query, query)
        return self._result(reading, self._patience_seconds)

    def _query(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._reading.begin() as connection:
                if self._patience_seconds is not None:
                    limit_reading(connection, READ_SECONDS)
                return query(connection)
        except Exception as error:
            translated = translate_error(error, reading=True)
            if translated is error:
                raise
            raise translated from None

    def chain_audit_with(self, key: audit.ChainKey) -> None:
        """Chain and verify the audit trail under a key from now on."""
        for engine in (self._writing, self._reading):
            audit.use_key(engine, key)

    def shrink_wal_now(self) -> bool:
        """On SQLite, empty a WAL that has grown too large; return False if a reader prevents it."""
        if wal_bytes(self._url) <= WAL_BYTES:
            return True
        self._wait_now(Job(upkeep=lambda engine: checkpoint(engine, WAL_WAIT_SECONDS)))
        return wal_bytes(self._url) <= WAL_BYTES

    def empty_wal_now(self) -> None:
        """On SQLite, write what the WAL holds into the file and empty it: erased rows leave it."""
        if self._writing.dialect.name == "sqlite":
            self._wait_now(Job(upkeep=checkpoint))

    @property
    def busy(self) -> bool:
        """Return whether inserts come so fast that several share a commit."""
        return self._writer.busy

    def close(self) -> None:
        """Finish the queued jobs, then close the connections."""
        self._writer.close()
        self._readers.shutdown(wait=self._patience_seconds is None, cancel_futures=True)
        self._reading.dispose()
        self._writing.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _notice_damage(self, context: ExceptionContext) -> None:
        if is_damage(context.original_exception):
            self.is_damaged = True

    async def _wait(self, job: Job) -> object:
        deadline = asyncio.timeout(self._patience_seconds)
        try:
            async with deadline:
                return await cast("asyncio.Future[object]", job.future)
        except TimeoutError:
            if not deadline.expired():
                raise
            job.abandoned = True
            raise StoreUnavailable from None

    def _wait_now(self, job: Job) -> object:
        self._writer.submit(job)
        try:
            return self._result(cast("Future[object]", job.future), self._patience_seconds)
        except StoreUnavailable:
            job.abandoned = True
            raise

    @staticmethod
    def _result(future: "Future[T]", seconds: float | None) -> T:
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise
            future.cancel()
            raise StoreUnavailable from None
