"""Background jobs: repeated, nightly, each on its own, and ended together."""

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest

from api.jobs.scheduler import Scheduler

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # half past eleven in London

    def __call__(self) -> datetime:
        return self.now


class Job:
    """Counts its runs; answers what it is told to, or fails."""

    def __init__(self, *answers: object) -> None:
        self.runs = 0
        self._answers = list(answers)
        self._ran = asyncio.Semaphore(0)

    async def __call__(self) -> object:
        self.runs += 1
        self._ran.release()
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def wait(self) -> None:
        await asyncio.wait_for(self._ran.acquire(), 10)


async def test_a_job_that_fails_is_run_again_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing, other = Job(ValueError("Mary Smith"), ValueError("Mary Smith")), Job()
    jobs = Scheduler(Clock())
    jobs.every(0.001, failing, name="failing")
    jobs.every(0.001, other, name="other")
    async with jobs.running():
        for _ in range(3):
            await failing.wait()
            await other.wait()
    errors = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(errors) == 2
    assert all(line.startswith("failing failed after ") for line in errors)
    assert all(line.endswith("ValueError") for line in errors)
    assert "Mary" not in caplog.text


async def test_a_run_that_did_something_is_logged_with_its_duration(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    job = Job(True, False)
    jobs = Scheduler(Clock())
    jobs.every(0.001, job, name="letters")
    async with jobs.running():
        for _ in range(3):
            await job.wait()
    (line,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"letters ran for \d+\.\d\d s", line)


async def test_a_job_is_woken_before_its_time_and_nothing_asked_meanwhile_is_missed() -> None:
    wake = asyncio.Event()
    jobs = Scheduler(Clock())
    runs = asyncio.Semaphore(0)
    first = True

    async def job() -> None:
        nonlocal first
        if first:
            wake.set()  # asked for while it runs
        first = False
        runs.release()

    jobs.every(3600, job, name="woken", wake=wake)
    async with jobs.running():
        await asyncio.wait_for(runs.acquire(), 10)
        await asyncio.wait_for(runs.acquire(), 10)
        wake.set()
        await asyncio.wait_for(runs.acquire(), 10)


async def test_jobs_end_when_the_body_ends() -> None:
    has_ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            has_ended.set()

    jobs = Scheduler(Clock())
    jobs.every(1, endless, name="endless")
    other = Job()
    jobs.every(3600, other, name="other")
    async with jobs.running():
        await other.wait()
    assert has_ended.is_set()


async def test_what_a_job_does_at_the_end_is_done_before_it_is_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps = []
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        has_begun.set()
        await may_end.wait()
        steps.append("job")

    async def finish() -> None:
        may_end.set()
        await asyncio.sleep(0)
        steps.append("end")

    async def fail() -> None:
        raise ValueError

    jobs = Scheduler(Clock())
    jobs.every(3600, job, name="letters", at_end=finish)
    jobs.every(3600, Job(), name="failing", at_end=fail)
    async with jobs.running():
        await asyncio.wait_for(has_begun.wait(), 10)
    assert steps == ["job", "end"]
    assert "failing failed after" in caplog.text


async def test_a_nightly_job_runs_once_a_day_of_london_in_order() -> None:
    clock = Clock()
    jobs = Scheduler(clock)
    first, second, not_at_start = Job(), Job(), Job()
    jobs.nightly(first, name="first")
    jobs.nightly(second, name="second")
    jobs.nightly(not_at_start, name="build", at_start=False)
    await jobs.run_nightly_jobs()
    await jobs.run_nightly_jobs()
    assert (first.runs, second.runs, not_at_start.runs) == (1, 1, 0)
    clock.now += timedelta(hours=1)  # past midnight in London, not yet in UTC
    await jobs.run_nightly_jobs()
    await jobs.run_nightly_jobs()
    assert (first.runs, second.runs, not_at_start.runs) == (2, 2, 1)


async def test_a_days_work_that_was_missed_or_failed_is_done_at_the_next_look() -> None:
    clock = Clock()
    jobs = Scheduler(clock)
    refusing, failing, other = Job(False, True), Job(OSError()), Job()
    for number, job in enumerate((refusing, failing, other)):
        jobs.nightly(job, name=str(number))
    for _ in range(3):
        await jobs.run_nightly_jobs()
    assert (refusing.runs, failing.runs, other.runs) == (2, 2, 1)
    clock.now += timedelta(days=3)  # the machine slept
    await jobs.run_nightly_jobs()
    await jobs.run_nightly_jobs()
    assert (refusing.runs, failing.runs, other.runs) == (3, 3, 2)


async def test_nightly_jobs_run_at_the_start() -> None:
    jobs = Scheduler(Clock())
    job = Job()
    jobs.nightly(job, name="nightly")
    async with jobs.running():
        await job.wait()


async def test_a_job_whose_own_wait_was_cancelled_is_run_again() -> None:
    job = Job()
    first = True

    async def cancelled_inside() -> object:
        nonlocal first
        if first:
            first = False
            raise asyncio.CancelledError
        return await job()

    jobs = Scheduler(Clock())
    jobs.every(0.001, cancelled_inside, name="content sync")
    async with jobs.running():
        await job.wait()
        await job.wait()


async def test_each_job_says_when_it_last_succeeded_and_whether_that_is_too_long_ago() -> None:
    clock = Clock()
    jobs = Scheduler(clock)
    job = Job(None, ValueError(), False)
    jobs.nightly(job, name="retention")

    def last_result() -> tuple[datetime | None, str | None]:
        (status,) = jobs.statuses
        return status.succeeded_at, status.error

    assert last_result() == (None, None)
    await jobs.run_nightly_jobs()
    succeeded_at = clock()
    assert last_result() == (succeeded_at, None)
    clock.now += timedelta(days=1)
    await jobs.run_nightly_jobs()
    assert last_result() == (succeeded_at, "ValueError")
    await jobs.run_nightly_jobs()
    assert last_result() == (succeeded_at, "refused")
    (status,) = jobs.statuses
    assert status.failed_at == clock()
    assert not status.is_late(clock())
    assert status.is_late(clock() + timedelta(hours=3))
    await jobs.run_nightly_jobs()
    assert last_result() == (clock(), None)


async def test_a_repeated_job_is_late_after_ten_minutes_without_a_success() -> None:
    clock = Clock()
    jobs = Scheduler(clock)
    jobs.every(0.001, failing := Job(*[OSError()] * 1000), name="content sync")
    async with jobs.running():
        await failing.wait()
    (status,) = jobs.statuses
    assert (status.succeeded_at, status.error) == (None, "OSError")
    assert not status.is_late(clock() + timedelta(minutes=10))
    assert status.is_late(clock() + timedelta(minutes=11))
