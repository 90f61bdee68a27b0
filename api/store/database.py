"""The store's interface for the rest of the service: insert rows, write, read.

`await insert(rows)` is the fast path: rows of many callers share one commit. `await write(act)`
runs a function in a transaction of its own. Both return after the commit, never before. `read` runs
a function on a connection that cannot write. The `_now` methods block: they are for commands.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar, cast

from sqlalchemy import Connection

from api.store.engines import READERS, reading_engine, writing_engine
from api.store.errors import translate_error
from api.store.writer import Job, Row, Writer

__all__ = ["Database", "Row"]

T = TypeVar("T")


class Database:
    """The database of the process; migrate it first (`api.store.migrate`). A context manager.

    Every method raises `UniqueViolation` when a unique constraint refuses a row, and
    `StoreUnavailable` when the database is locked, full or gone; in both cases nothing was stored.
    What an `act` or a `query` raises comes through, and its transaction is rolled back.
    """

    def __init__(self, url: str) -> None:
        self._writing = writing_engine(url)
        self._reading = reading_engine(url)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="kith-reader")
        self._writer = Writer(self._writing)

    async def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows of any tables in one transaction, which other callers may share."""
        job = Job(rows=rows, loop=asyncio.get_running_loop())
        self._writer.submit(job)
        await cast("asyncio.Future[None]", job.future)

    async def write(self, act: Callable[[Connection], T]) -> T:
        """Run `act` in a transaction of its own, in the writer's thread: it must not block."""
        job = Job(act=act, loop=asyncio.get_running_loop())
        self._writer.submit(job)
        return await cast("asyncio.Future[T]", job.future)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` in a reader's thread; it sees one snapshot of the database."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.read_now, query)

    def insert_now(self, rows: Sequence[Row]) -> None:
        """Insert, and block until the commit; not from inside a running event loop."""
        self._wait(Job(rows=rows))

    def write_now(self, act: Callable[[Connection], T]) -> T:
        """Write, and block until the commit; not from inside a running event loop."""
        return cast("T", self._wait(Job(act=act)))

    def read_now(self, query: Callable[[Connection], T]) -> T:
        """Run `query` in this thread, on one of the readers' connections."""
        try:
            with self._reading.begin() as connection:
                return query(connection)
        except Exception as error:
            translated = translate_error(error)
            if translated is error:
                raise
            raise translated from None

    @property
    def busy(self) -> bool:
        """Return whether inserts come so fast that several share a commit."""
        return self._writer.busy

    def close(self) -> None:
        """Finish the queued jobs, then close the connections."""
        self._writer.close()
        self._readers.shutdown()
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

    def _wait(self, job: Job) -> object:
        self._writer.submit(job)
        return cast("Future[object]", job.future).result()
