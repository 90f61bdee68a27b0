"""What the store does when the disk is full, somebody else writes, or two people are quicker."""

import asyncio
import sqlite3
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, select, text, update

from api.security.references import make, new_id
from api.store import audit, engines, schema
from api.store import database as databases
from api.store.database import Database
from api.store.errors import StoreFault, StoreUnavailable, UniqueViolation
from api.store.writer import Job, Writer
from tests.api.conftest import Clock
from tests.api.test_store import count, request_rows

pytestmark = pytest.mark.anyio


@pytest.fixture
def impatient(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A store that waits a twentieth of a second for a lock rather than five seconds."""
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    with Database(sqlite_url) as opened_database:
        yield opened_database


async def test_a_lock_of_somebody_else_is_waited_for(
    tmp_path: Path, database: Database, clock: Clock
) -> None:
    """Read, then write, while another lets its lock go: without IMMEDIATE this fails at once."""
    other = sqlite3.connect(tmp_path / "kith.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    insert = asyncio.ensure_future(
        database.write(
            lambda c: (
                c.execute(select(schema.gap)).all(),
                c.execute(schema.gap.insert(), _gap()).rowcount,
            )
        )
    )
    await database.read(count(schema.gap))
    assert not insert.done()
    other.execute("commit")
    assert await insert == ([], 1)
    other.close()


def _gap() -> dict[str, Any]:
    return {"area": "zz1", "kind": "lunch", "need": "", "month": "2026-11", "count": 1}


async def test_a_lock_that_stays_is_unavailable_and_later_all_is_well(
    tmp_path: Path, impatient: Database, clock: Clock
) -> None:
    other = sqlite3.connect(tmp_path / "kith.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    jobs = [impatient.insert(request_rows(clock())) for _ in range(5)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    other.execute("rollback")
    other.close()
    await impatient.insert(request_rows(clock()))
    assert await impatient.read(count(schema.signposting_request)) == 1


async def test_a_full_disk_keeps_nothing_by_halves_and_goes_on_when_there_is_room(
    database: Database, clock: Clock
) -> None:
    pages = await database.write(lambda c: c.exec_driver_sql("pragma page_count").scalar())
    await database.write(lambda c: c.exec_driver_sql(f"pragma max_page_count={pages}").all())
    rows = [row for _ in range(1_000) for row in request_rows(clock())]
    await database.insert(request_rows(clock()))
    with pytest.raises(StoreUnavailable):
        await database.insert(rows)
    count_kept = await database.read(count(schema.signposting_request))
    assert await database.read(count(schema.audit)) == count_kept
    await database.write(lambda c: c.exec_driver_sql("pragma max_page_count=100000").all())
    await database.insert(request_rows(clock()))
    assert await database.read(audit.verify) is None


async def test_nobody_is_answered_before_the_commit(
    tmp_path: Path, database: Database, clock: Clock
) -> None:
    committed: list[int] = []
    answered: list[bool] = []

    def note(connection: Connection) -> None:
        committed.append(1)

    event.listen(Engine, "commit", note)

    async def insert_request() -> None:
        await database.insert(request_rows(clock()))
        answered.append(bool(committed))

    try:
        await asyncio.gather(*(insert_request() for _ in range(10)))
    finally:
        event.remove(Engine, "commit", note)
    assert answered == [True] * 10


async def test_jobs_that_wait_together_share_a_commit(sqlite_url: str, clock: Clock) -> None:
    engine = engines.writing_engine(sqlite_url)
    commits: list[int] = []
    event.listen(engine, "commit", lambda connection: commits.append(1))
    gate = threading.Event()
    writer = Writer(engine)
    blocking_job = Job(act=lambda connection: gate.wait(5))
    jobs = [Job(rows=request_rows(clock())) for _ in range(100)]
    for job in [blocking_job, *jobs]:
        writer.submit(job)
    gate.set()
    writer.close()
    assert all(job.future.exception() is None for job in jobs)
    assert len(commits) == 3  # the act, 64 jobs, 36 jobs
    engine.dispose()


async def test_too_many_waiting_jobs_are_turned_away_at_once(
    sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.writer.WAITING", 3)
    engine = engines.writing_engine(sqlite_url)
    gate = threading.Event()
    writer = Writer(engine)
    writer.submit(Job(act=lambda connection: gate.wait(5)))
    with pytest.raises(StoreUnavailable):
        submit_until_refused(writer, clock)
    gate.set()
    writer.close()
    engine.dispose()


def submit_until_refused(writer: Writer, clock: Clock) -> None:
    for _ in range(5):
        writer.submit(Job(rows=request_rows(clock())))


async def test_one_token_is_spent_once_however_many_try(store: Database, clock: Clock) -> None:
    sign_up_id = new_id()
    await store.insert([*_sign_up(sign_up_id, clock)])
    tokens = schema.confirmation_token

    def spend(connection: Connection) -> int:
        unspent = update(tokens).where(tokens.c.token_hash == "h", tokens.c.spent_at.is_(None))
        return connection.execute(unspent.values(spent_at=clock())).rowcount

    assert sum(await asyncio.gather(*(store.write(spend) for _ in range(50)))) == 1


def _sign_up(sign_up_id: str, clock: Clock) -> list[Any]:
    token = {
        "token_hash": "h",
        "sign_up_id": sign_up_id,
        "created_at": clock(),
        "expires_at": clock(),
    }
    row = {
        "id": sign_up_id,
        "reference": make("P"),
        "pledge": "stay-connected",
        "version": "1",
        "state": "awaiting_confirmation",
        "signer_kind": "person",
        "kind": "taxi",
        "commitments": "[]",
        "canonical_key": "k",
        "created_at": clock(),
    }
    return [(schema.confirmation_token, token), (schema.sign_up, row)]


async def test_rows_may_come_in_any_order_and_with_different_columns(
    store: Database, clock: Clock
) -> None:
    rows = [*request_rows(clock()), *_sign_up(new_id(), clock), *request_rows(clock())]
    rows[0][1]["place"] = "seaport"
    await store.insert(rows)
    assert await store.read(count(schema.confirmation_token)) == 1
    assert await store.read(count(schema.audit)) == 2


async def test_what_is_taken_is_named_by_its_constraint(store: Database) -> None:
    await store.insert([(schema.gap, _gap())])
    with pytest.raises(UniqueViolation) as violation:
        await store.insert([(schema.gap, _gap())])
    assert (violation.value.table, violation.value.constraint) == ("gap", "pk_gap")


async def test_two_processes_share_one_chain(store_url: str, clock: Clock) -> None:
    with Database(store_url) as first_store, Database(store_url) as other:
        jobs = [store.insert(request_rows(clock())) for store in (first_store, other) * 30]
        await asyncio.gather(*jobs)
        assert await first_store.read(audit.verify) is None
        assert (await other.read(audit.head))[0] == 60


async def test_a_reader_cannot_write(store: Database) -> None:
    with pytest.raises(StoreFault, match=r"readonly|ReadOnly"):
        await store.read(lambda connection: connection.execute(schema.gap.insert(), _gap()))


async def test_an_error_of_ours_shows_no_value(store: Database) -> None:
    with pytest.raises(StoreFault, match=r"NOT NULL|NotNull") as fault:
        await store.insert([(schema.gap, {**_gap(), "area": "canary", "kind": None})])
    trace = "".join(traceback.format_exception(fault.value))
    assert "canary" not in trace.replace('"area": "canary"', "")


async def test_who_gives_up_waiting_harms_nobody(database: Database, clock: Clock) -> None:
    impatient = asyncio.ensure_future(database.insert(request_rows(clock())))
    await asyncio.sleep(0)
    impatient.cancel()
    await database.insert(request_rows(clock()))
    assert await database.read(count(schema.signposting_request)) == 2


async def test_a_moment_needs_a_time_zone(database: Database, clock: Clock) -> None:
    with pytest.raises(Exception, match="time zone"):
        await database.insert(request_rows(clock().replace(tzinfo=None)))


@pytest.mark.postgres
async def test_a_server_that_was_restarted_is_found_again(
    postgres_url: str, postgres_server: str, clock: Clock
) -> None:
    with Database(postgres_url) as store:
        await store.insert(request_rows(clock()))
        _end_connections(create_engine(postgres_server.format(name="postgres")))
        await store.insert(request_rows(clock()))
        assert await store.read(count(schema.signposting_request)) == 2


def _end_connections(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"


async def test_a_reading_of_a_request_that_does_not_end_is_ended(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "READ_SECONDS", 0.05)
    with Database(sqlite_url, patience_seconds=30) as store:
        with pytest.raises(StoreUnavailable):
            await store.read(lambda connection: connection.exec_driver_sql(ENDLESS).scalar())
        monkeypatch.setattr(databases, "READ_SECONDS", 30)
        assert await store.read(count(schema.gap)) == 0


def test_the_log_is_cut_to_its_limit_when_the_last_reader_has_ended(
    sqlite_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (engines, databases):
        monkeypatch.setattr(module, "WAL_BYTES", 100_000)
    log = tmp_path / "kith.sqlite3-wal"
    with Database(sqlite_url) as store:
        assert store.shrink_wal_now()
        reader = sqlite3.connect(tmp_path / "kith.sqlite3", isolation_level=None)
        reader.execute("begin")
        reader.execute("select * from gap").fetchall()
        for _ in range(20):
            store.insert_now([row for _ in range(50) for row in request_rows(clock())])
        assert log.stat().st_size > 200_000
        assert not store.shrink_wal_now()
        reader.execute("commit")
        reader.close()
        assert store.shrink_wal_now()
        assert log.stat().st_size <= 100_000
        assert store.read_now(count(schema.signposting_request)) == 1_000


def test_the_log_is_emptied_on_the_connection_that_writes(
    sqlite_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite can lose what is committed while another connection empties the log."""
    with Database(sqlite_url) as store:
        store.insert_now(request_rows(clock()))
        connected: list[object] = []
        monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: connected.append(1))
        store.empty_wal_now()
        assert (tmp_path / "kith.sqlite3-wal").stat().st_size == 0
        assert not connected
