"""A clock that is a year ahead for a while erases nothing, reminds nobody and forgets no key."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from litestar.types import ASGIApp
from sqlalchemy import select

from api import cli
from api import context as contexts
from api.app import schedule_jobs
from api.context import Context
from api.jobs.scheduler import Scheduler
from api.jobs.steady_clock import ClockJumped, steadily
from api.releases import build_process
from api.store import schema
from tests.api.conftest import Clock
from tests.api.test_retention import request_row
from tests.service.conftest import MARY, ORIGIN

pytestmark = pytest.mark.anyio

YEAR = timedelta(days=366)
COUNT = 12


@pytest.fixture
def jobs(context: Context, app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """The jobs of the service, without the build of a new day."""

    async def built(root: object) -> tuple[bool, str]:
        return True, ""

    monkeypatch.setattr(build_process, "build", built)
    return schedule_jobs(context)


@pytest.fixture
async def caller(app: ASGIApp) -> Any:
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def ask(caller: httpx.AsyncClient, number: int) -> str:
    key = {"idempotency-key": f"number-{number:04}"}
    answer = await caller.post("/api/signposting-requests", json=MARY, headers=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def failures(jobs: Scheduler) -> dict[str, str]:
    return {status.name: status.error for status in jobs.statuses if status.error}


def all_rows(context: Context) -> dict[str, int]:
    """Count the rows of each table but the jobs' own, and what is still sealed."""
    tables = [table for table in schema.metadata.sorted_tables if table.name != "background_job"]
    counts = {
        table.name: len(context.database.read_now(lambda c: c.execute(select(table)).all()))  # noqa: B023
        for table in tables
    }
    request = schema.signposting_request
    sealed = select(request.c.id).where(request.c.sealed.is_not(None))
    return counts | {"sealed": len(context.database.read_now(lambda c: c.execute(sealed).all()))}


async def test_a_year_ahead_for_a_while_changes_nothing(
    caller: httpx.AsyncClient, context: Context, clock: Clock, jobs: Scheduler
) -> None:
    await jobs.run_nightly_jobs()
    await context.database.insert(
        [request_row(number, context.encryption, clock, 30) for number in range(COUNT)]
    )
    references = [await ask(caller, number) for number in range(COUNT)]
    before = all_rows(context)
    clock.now += YEAR
    await jobs.run_nightly_jobs()
    await jobs.run_nightly_jobs()
    assert failures(jobs) == {"retention": "ClockJumped", "renewals": "ClockJumped"}
    assert [await ask(caller, number) for number in range(COUNT)] == references
    assert all_rows(context) == before
    clock.now -= YEAR
    clock.advance(days=1)
    await jobs.run_nightly_jobs()
    assert failures(jobs) == {}
    assert all_rows(context) == before


async def test_a_service_that_was_off_for_days_goes_on_when_a_person_says_so(
    context: Context, clock: Clock, jobs: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_DATA", str(context.settings.data))
    monkeypatch.setattr(contexts, "utc_now", clock)

    def kith(*words: str, answer: str | None = None) -> Result:
        arguments = ["--project", str(context.project), *words]
        return CliRunner().invoke(cli.main, arguments, input=answer)

    await jobs.run_nightly_jobs()
    clock.advance(days=3)
    await jobs.run_nightly_jobs()
    stopped = {"retention": "ClockJumped", "renewals": "ClockJumped"}
    assert failures(jobs) == stopped
    refused = kith("erase")
    assert refused.exit_code == 1
    assert "The last round was at 2026-11-22 09:30 UTC" in refused.output
    assert "kith jobs resume" in refused.output
    result = kith("jobs", "resume", answer="n\n")
    assert "Is it Wednesday 25 November 2026, 09:30 UTC now?" in result.output
    await jobs.run_nightly_jobs()
    assert failures(jobs) == stopped
    resumed = kith("jobs", "resume", answer="y\n")
    assert "renewals, retention" in resumed.output, resumed.output
    await jobs.run_nightly_jobs()
    assert failures(jobs) == {}
    assert kith("erase").exit_code == 0


async def test_connectors_are_not_reminded_by_a_clock_that_jumped(
    context: Context, clock: Clock
) -> None:
    runs = []

    async def write_letters() -> None:
        runs.append(clock())

    letters = steadily(context, "letters to connectors", write_letters)
    await letters()
    clock.advance(days=400)
    with pytest.raises(ClockJumped):
        await letters()
    clock.now -= timedelta(days=398.5)
    await letters()
    assert len(runs) == 2
