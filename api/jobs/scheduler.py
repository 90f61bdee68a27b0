"""Runs the service's background jobs beside its requests: some every few seconds, some once a day.

A job that fails is logged and tried again; it never stops another. What a job does and how long
that took is logged by the job's name, never with what it worked on.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from time import perf_counter

import msgspec

from catalogue.outputs.formatting import LOCAL

LOOK_EVERY_SECONDS = 60.0
"""How often the date is looked at."""

Job = Callable[[], Awaitable[object]]

logger = logging.getLogger("kith.jobs")


class _Repeated(msgspec.Struct, frozen=True):
    name: str
    seconds: float
    job: Job
    wake: asyncio.Event | None


class _Nightly(msgspec.Struct):
    name: str
    job: Job
    done_on: date | None


class Scheduler:
    """Holds all jobs of one process; `running` runs them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._repeated: list[_Repeated] = []
        self._nightly: list[_Nightly] = []

    def every(
        self, seconds: float, job: Job, *, name: str, wake: asyncio.Event | None = None
    ) -> None:
        """Run a job at the start, and again so many seconds after each end.

        Args:
            seconds: The pause. After a failure it is the same.
            job: Its answer is true where there was something to do: then its duration is logged.
            name: What the log calls it.
            wake: Ends a pause early where it is set. It is cleared before the job is run.
        """
        self._repeated.append(_Repeated(name, seconds, job, wake))

    def nightly(self, job: Job, *, name: str, at_start: bool = True) -> None:
        """Run a job when the date changes (London), in the order in which jobs were added.

        Args:
            job: It raises, or answers False, where it is not done: then it is run again at the
                next look. A day that was missed is made up for by the next run.
            name: What the log calls it.
            at_start: Run it also when the service starts.
        """
        self._nightly.append(_Nightly(name, job, None if at_start else self._today()))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all jobs as long as the body runs; at its end they are cancelled and awaited."""
        loops = [self._repeat(repeated) for repeated in self._repeated]
        loops.append(self._repeat(_Repeated("nightly", LOOK_EVERY_SECONDS, self.look, None)))
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def look(self) -> None:
        """Run the nightly jobs that are still to be done today."""
        today = self._today()
        for nightly in self._nightly:
            if nightly.done_on != today and await _run(nightly.name, nightly.job, logging.INFO):
                nightly.done_on = today

    async def _repeat(self, repeated: _Repeated) -> None:
        wake = repeated.wake or asyncio.Event()
        while True:
            wake.clear()
            await _run(repeated.name, repeated.job, logging.DEBUG)
            with suppress(TimeoutError):
                async with asyncio.timeout(repeated.seconds):
                    await wake.wait()

    def _today(self) -> date:
        return self._clock().astimezone(LOCAL).date()


async def _run(name: str, job: Job, level: int) -> bool:
    """Run a job once and log it; say whether it is done."""
    began = perf_counter()
    try:
        result = await job()
    except Exception as error:  # whatever it is, the other jobs and the next run go on
        seconds = perf_counter() - began
        logger.error("%s failed after %.2f s: %s", name, seconds, type(error).__name__)
        return False
    level = logging.INFO if result else level
    logger.log(level, "%s ran for %.2f s", name, perf_counter() - began)
    return result is not False
