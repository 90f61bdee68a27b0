"""The service is killed while it invalidates many: it goes on where it was, and nobody is twice."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.context import Context, assemble_context
from api.features.pledges.bulk import job, matching
from api.features.pledges.bulk.conditions import Conditions
from api.releases.current_release import CurrentRelease
from api.settings import from_environ
from api.staff import people
from api.store import audit, keys
from api.store.database import Database
from api.store.migrate import migrate
from tests.api.pledges.many_sign_ups import make_sign_up
from tests.service.conftest import ORIGIN, PLEDGE, tries
from tests.support.kith_process import KITH, Started

pytestmark = [pytest.mark.xdist_group("bulk_killed"), pytest.mark.deep]

OVER = "select count(*) from invalidation where turn is null"
TWICE = """select count(*) from (
    select subject from audit where action = 'sign_up.rejected' group by subject having count(*) > 1
)"""


def query_store(file: Path, question: str) -> int:
    with closing(sqlite3.connect(file, timeout=20)) as store:
        return int(store.execute(question).fetchone()[0])


def became(state: str) -> str:
    return f"select count(*) from invalidation_member where state = '{state}'"  # noqa: S608


def staff_context(project: Path, data: Path, database: Database) -> Context:
    settings = from_environ(project, {"KITH_DATA": str(data)})
    encryption, now = keys.open_encryption(settings, database), datetime.now(UTC)
    context = assemble_context(settings, database, encryption, CurrentRelease(project), lambda: now)
    staff = database.write_now(
        lambda connection: people.add(
            connection,
            "Jo",
            f"jo{now:%f}@example.org",
            ["coordinator"],
            context.as_actor("operator"),
        )
    )
    return context.as_actor(f"staff {staff.id}")


def kill_at(project: Path, data: Path, question: str, number: int = 1) -> None:
    """Serve until a question is answered by so much, then kill it whatever it is doing."""
    service = Started(project, data, program=KITH, KITH_BASE_URL=ORIGIN).wait_until_alive()
    try:
        for _ in tries(60, 0.002):
            if query_store(data / "kith.sqlite3", question) >= number:
                break
        service.kill()
    finally:
        service.end()


@pytest.mark.parametrize(
    ("flood", "kills"),
    [
        pytest.param(800, 1, id="one kill"),
        pytest.param(2_000, 2, id="two kills"),
    ],
)
def test_a_killed_service_goes_on_with_the_job_and_with_its_undoing(
    built_project: Path, tmp_path: Path, flood: int, kills: int
) -> None:
    data, draw = tmp_path / "var", random.Random(4)  # noqa: S311 - to be repeated
    data.mkdir()
    file, url = data / "kith.sqlite3", f"sqlite:///{data / 'kith.sqlite3'}"
    migrate(url)
    with Database(url) as database:
        context = staff_context(built_project, data, database)
        rows = [make_sign_up(context, number, pledge=PLEDGE)[1] for number in range(flood)]
        database.insert_now(rows)
        conditions = Conditions(states=("held",))
        matches = database.read_now(
            lambda connection: matching.find_matches(
                connection, conditions, context.encryption, context.now
            )
        )
        job_id = job.start(
            conditions, context.now, matches.fingerprint, job.JobReasons("made_up"), context
        )
    for life in range(kills):
        kill_at(
            built_project,
            data,
            became("done"),
            life * flood // kills + draw.randrange(1, flood // 4),
        )
        assert query_store(file, became("done")) % 100 == 0, "a batch is whole or not at all"
    assert 0 < query_store(file, became("done")) < flood
    kill_at(built_project, data, OVER)
    assert query_store(file, TWICE) == 0
    assert query_store(file, "select count(*) from sign_up_decision") == flood
    assert query_store(file, "select count(*) from sign_up where state = 'rejected'") == flood

    with Database(url) as database:
        job.undo(job_id, staff_context(built_project, data, database))
    kill_at(built_project, data, became("undone"), draw.randrange(flood // 8, flood // 2))
    assert 0 < query_store(file, became("undone")) < flood
    kill_at(built_project, data, OVER)
    assert query_store(file, "select count(*) from sign_up where state = 'held'") == flood
    assert query_store(file, "select count(*) from sign_up_decision where undone_at is null") == 0
    with Database(url) as database:
        staff_context(built_project, data, database)  # which gives it the key of the trail
        assert database.read_now(audit.verify) is None
