"""`kith doctor` and what it reads: one plain sentence of what is wrong, one of what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api import cli
from api.context import utc_now
from api.jobs import status_store
from api.jobs.scheduler import JobStatus
from api.settings import from_environ
from api.store.database import Database
from api.store.migrate import migrate

DAY = timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path) -> Database:
    """The database of a project folder with default settings, migrated."""
    url = from_environ(tmp_path, {}).database_url
    migrate(url)
    return Database(url)


def examined(project: Path) -> Result:
    return CliRunner().invoke(cli.main, ["--project", str(project), "doctor"])


def test_all_is_well_where_jobs_succeed(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    sync = JobStatus("content sync", now, DAY, succeeded_at=now)
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, [sync]))
    result = examined(tmp_path)
    assert result.exit_code == 0, result.output
    assert "ok     background jobs" in result.output
    assert "WRONG" not in result.output


def test_a_job_that_fails_is_named_with_its_last_success(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    letters = JobStatus("outbox", now, DAY, succeeded_at=now)
    sync = JobStatus("content sync", now, DAY, now - DAY, now, "StoreFault")
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, [letters, sync]))
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert (
        f'"content sync" fails (StoreFault); its last success was: {now - DAY:%Y-%m-%d %H:%M}'
        in (result.output)
    )
    assert "Read the log" in result.output


def test_jobs_that_all_stand_still_are_said_once(place: Database, tmp_path: Path) -> None:
    then = utc_now() - timedelta(hours=1)
    stale = [JobStatus(name, then, DAY, succeeded_at=then) for name in ("outbox", "rebuild")]
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, stale))
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert result.output.count("No background job has succeeded since") == 1


def test_a_place_without_a_database_is_said_and_none_is_made(tmp_path: Path) -> None:
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert "WRONG  database: The database cannot be opened or read." in result.output
    assert "WRONG  background jobs: Unknown: " in result.output
    assert not [*tmp_path.iterdir()]


def test_what_another_process_recorded_later_is_kept(store: Database) -> None:
    now = utc_now()
    for succeeded_at, failed_at in ((now, None), (now - DAY, now - DAY / 2), (None, now + DAY)):
        status = JobStatus("retention", now, DAY, succeeded_at, failed_at, "OSError")
        store.write_now(lambda c: status_store.record_statuses(c, [status]))  # noqa: B023
        (job,) = store.read_now(status_store.recorded_jobs)
        assert job.succeeded_at == now
        assert job.error == ("OSError" if failed_at == now + DAY else None)
