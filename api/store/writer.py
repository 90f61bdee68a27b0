"""One thread through which every write goes, several jobs to a commit when they come together.

A commit waits for the disk; sixty-four jobs that wait together pay for one wait. A job is settled
only after its commit. If a group fails, each of its jobs is tried alone, so that one bad job
harms no other. Knows no table but `audit`, whose lines it chains.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Table

from api.store import audit, schema
from api.store.errors import StoreUnavailable, translate_error

Row: TypeAlias = tuple[Table, Mapping[str, Any]]
Act: TypeAlias = Callable[[Connection], Any]

GROUP_SIZE = 64
WAITING = 5_000
"""More jobs than this in the queue, and a new one is refused at once rather than kept waiting."""

BUSY_SECONDS = 1.0
CLOSE_SECONDS = 20.0
"""How long `close` waits; a server that hangs must not keep the process from ending."""

_ORDER = {table: place for place, table in enumerate(schema.metadata.sorted_tables)}


class Job:
    """Something to write and somebody who waits for it: rows, or an act of its own transaction.

    `upkeep` is done instead with the engine, outside a transaction, while nothing else writes.
    """

    __slots__ = ("abandoned", "act", "future", "loop", "rows", "upkeep")

    def __init__(
        self,
        *,
        rows: Sequence[Row] = (),
        act: Act | None = None,
        upkeep: Callable[[Engine], None] | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.rows = rows
        self.act = act
        self.upkeep = upkeep
        self.loop = loop
        self.abandoned = False
        """Whether whoever waited was told that nothing was kept: then it is not begun any more."""
        self.future: asyncio.Future[Any] | Future[Any] = loop.create_future() if loop else Future()

    @property
    def is_alone(self) -> bool:
        """Whether it shares no commit with others."""
        return self.act is not None or self.upkeep is not None


Outcome: TypeAlias = tuple[Job, Any, BaseException | None]


class Writer:
    """The thread and its queue. `close` lets what is queued finish first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._grouped_at = -BUSY_SECONDS
        self._thread = threading.Thread(target=self._run, name="kith-writer", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether inserts came together just now: many callers at once."""
        return monotonic() - self._grouped_at < BUSY_SECONDS

    def submit(self, job: Job) -> None:
        """Queue a job; raise `StoreUnavailable` when closing, or when too many wait."""
        with self._gate:
            if self._closed or self._queue.qsize() >= WAITING:
                raise StoreUnavailable()
            self._queue.put(job)

    def close(self) -> None:
        """Refuse new jobs, finish the queued ones, end the thread."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        for jobs in self._groups():
            group = [job for job in jobs if not job.abandoned]
            if not group:
                continue
            if group[0].act is None and len(group) > 1:
                self._grouped_at = monotonic()
            _resolve_all(self._together(group))

    def _groups(self) -> Iterator[list[Job]]:
        """Jobs in the order they came, as many as wait together; an act always alone."""
        group: list[Job] = []
        while True:
            try:
                job = self._queue.get(block=not group)
            except queue.Empty:
                yield group
                group = []
                continue
            if group and (job is None or job.is_alone):
                yield group
                group = []
            if job is None:
                return
            group.append(job)
            if job.is_alone or len(group) == GROUP_SIZE:
                yield group
                group = []

    def _together(self, group: list[Job]) -> list[Outcome]:
        if len(group) == 1:
            return [self._alone(group[0])]
        try:
            with self._engine.begin() as connection:
                insert_rows(connection, [row for job in group for row in job.rows])
        except Exception as error:
            unavailable = translate_error(error)
            if isinstance(unavailable, StoreUnavailable):
                return [(job, None, type(unavailable)()) for job in group]
            return [self._alone(job) for job in group]
        return [(job, None, None) for job in group]

    def _alone(self, job: Job) -> Outcome:
        try:
            if job.upkeep is not None:
                return job, job.upkeep(self._engine), None
            with self._engine.begin() as connection:
                if job.act is not None:
                    return job, job.act(connection), None
                insert_rows(connection, job.rows)
                return job, None, None
        except Exception as error:
            return job, None, translate_error(error)


def insert_rows(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert rows a table at a time, tables before those that point at them.

    For use inside an act too. Rows of a table that name different columns go in turns.
    """
    groups: dict[tuple[Table, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for table, row in rows:
        groups.setdefault((table, tuple(row)), []).append(row)
    for (table, _), rows_of_table in sorted(groups.items(), key=lambda group: _ORDER[group[0][0]]):
        lines = (
            audit.link_lines(connection, rows_of_table) if table is schema.audit else rows_of_table
        )
        connection.execute(table.insert(), lines)


def _resolve_all(outcomes: list[Outcome]) -> None:
    """Resolve the futures of all jobs, with one call to each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome[0].loop is None:
            _resolve([outcome])
        else:
            loops.setdefault(outcome[0].loop, []).append(outcome)
    for loop, of_loop in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, of_loop)
        except RuntimeError:
            continue  # the loop is closed: nobody waits any more, and the rows are committed


def _resolve(outcomes: list[Outcome]) -> None:
    for job, result, error in outcomes:
        if job.future.done():
            continue  # whoever waited was cancelled
        if error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)
