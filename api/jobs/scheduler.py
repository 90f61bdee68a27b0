"""Runs the service's background jobs beside its requests: some every few seconds, some once a day.

A job that fails, in whatever way, is logged and run again later; it never stops another. The log
holds the job's name and duration, never the data it worked on. `statuses` says when each succeeded.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from time import perf_counter

import msgspec

from catalogue.outputs.formatting import LOCAL

DATE_CHECK_SECONDS = 60.0
"""How often the scheduler checks whether the date has changed."""
END_SECONDS = 10.0
"""How long a job's `at_end` may take."""

RECORD_EVERY_SECONDS = 60.0
"""How often the state of all jobs is written to the database (`status_store`)."""
LATE_AFTER = timedelta(minutes=10)
"""A repeated job that did not succeed for so long is late, or for ten times its pause."""
NIGHTLY_LATE_AFTER = timedelta(hours=26)

Job = Callable[[], Awaitable[object]]

logger = logging.getLogger("kith.jobs")


class JobStatus(msgspec.Struct):
    """How the runs of a job ended. `since` is when the scheduler was given it."""

    name: str
    since: datetime
    late_after: timedelta
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    error: str | None = None
    """The type of the last failure; None after a success."""

    def is_late(self, now: datetime) -> bool:
        """Return whether it should have succeeded since."""
        return now - (self.succeeded_at or self.since) > self.late_after


class _RepeatedJob(msgspec.Struct, frozen=True):
    name: str
    seconds: float
    job: Job
    wake: asyncio.Event | None = None
    at_end: Job | None = None


class _NightlyJob(msgspec.Struct):
    name: str
    job: Job
    done_on: date | None


class Scheduler:
    """All jobs of one process; `running` runs them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._repeated: list[_RepeatedJob] = []
        self._nightly: list[_NightlyJob] = []
        self._statuses: dict[str, JobStatus] = {}

    @property
    def statuses(self) -> tuple[JobStatus, ...]:
        """How each job stands, in the order in which they were added."""
        return tuple(self._statuses.values())

    def every(
        self,
        seconds: float,
        job: Job,
        *,
        name: str,
        wake: asyncio.Event | None = None,
        at_end: Job | None = None,
        endless: bool = False,
    ) -> None:
        """Run a job at the start, and again after a pause.

        Args:
            seconds: The pause between two runs, also after a failure.
            job: Returns something true if there was work to do: then its duration is logged.
            name: What the log calls it.
            wake: Ends the pause early when set. It is cleared before each run.
            at_end: Run when the service stops, before the jobs are cancelled.
            endless: It runs until it is cancelled, so it has no last success.
        """
        self._repeated.append(_RepeatedJob(name, seconds, job, wake, at_end))
        if not endless:
            self._add_status(name, max(LATE_AFTER, timedelta(seconds=10 * seconds)))

    def nightly(self, job: Job, *, name: str, at_start: bool = True) -> None:
        """Run a job when the date changes (London), in the order in which jobs were added.

        Args:
            job: Raises or returns False if it failed: then it runs again at the next check. A day
                that was missed is made up for by the next run.
            name: What the log calls it.
            at_start: Run it also when the service starts.
        """
        self._nightly.append(_NightlyJob(name, job, None if at_start else self._today()))
        self._add_status(name, NIGHTLY_LATE_AFTER)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all jobs as long as the body runs; at its end they are cancelled and awaited."""
        loops = [self._repeat(job) for job in self._repeated]
        nightly = _RepeatedJob("nightly", DATE_CHECK_SECONDS, self.run_nightly_jobs)
        tasks = [asyncio.create_task(loop) for loop in (*loops, self._repeat(nightly))]
        try:
            yield
        finally:
            await asyncio.gather(*(self._run_at_end(job) for job in self._repeated))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def run_nightly_jobs(self) -> None:
        """Run the nightly jobs that were not done today."""
        today = self._today()
        for nightly in self._nightly:
            if nightly.done_on != today and await self._run(
                nightly.name, nightly.job, logging.INFO
            ):
                nightly.done_on = today

    async def _repeat(self, repeated: _RepeatedJob) -> None:
        wake = repeated.wake or asyncio.Event()
        while True:
            wake.clear()
            await self._run(repeated.name, repeated.job, logging.DEBUG)
            with suppress(TimeoutError):
                async with asyncio.timeout(repeated.seconds):
                    await wake.wait()

    def _today(self) -> date:
        return self._clock().astimezone(LOCAL).date()

    async def _run_at_end(self, repeated: _RepeatedJob) -> None:
        if repeated.at_end is None:
            return
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._run(repeated.name, repeated.at_end, logging.DEBUG)
        except TimeoutError:
            logger.error("%s did not end within %.0f s", repeated.name, END_SECONDS)

    async def _run(self, name: str, job: Job, level: int) -> bool:
        """Run a job once, log it and note how it ended; return whether it succeeded."""
        started_at = perf_counter()
        try:
            result = await job()
        except asyncio.CancelledError as error:
            if _is_cancelled():
                raise
            return self._failed(
                name, started_at, error
            )  # of something it awaited: no end of the job
        except Exception as error:  # whatever it is, the other jobs and the next run go on
            return self._failed(name, started_at, error)
        level = logging.INFO if result else level
        logger.log(level, "%s ran for %.2f s", name, perf_counter() - started_at)
        if result is False and name in self._nightly_names:
            self._note_failure(name, "refused")
        elif status := self._statuses.get(name):
            status.succeeded_at, status.error = self._clock(), None
        return result is not False

    def _failed(self, name: str, started_at: float, error: BaseException) -> bool:
        seconds = perf_counter() - started_at
        logger.error("%s failed after %.2f s: %s", name, seconds, type(error).__name__)
        self._note_failure(name, type(error).__name__)
        return False

    def _note_failure(self, name: str, error: str) -> None:
        if status := self._statuses.get(name):
            status.failed_at, status.error = self._clock(), error

    @property
    def _nightly_names(self) -> set[str]:
        return {nightly.name for nightly in self._nightly}

    def _add_status(self, name: str, late_after: timedelta) -> None:
        self._statuses[name] = JobStatus(name, self._clock(), late_after)


def _is_cancelled() -> bool:
    """Return whether it is this task that is cancelled, rather than something it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
