"""`/readyz` tells the truth on a bad day of disk or database, and callers get 503, never 500."""

import errno
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from litestar.types import ASGIApp

from api import context as contexts
from api.context import Context
from api.jobs import health_check
from api.jobs.health_check import HealthCheck
from tests.api.conftest import Clock, postgres_server, postgres_url
from tests.service.conftest import MARY, ORIGIN, opened_context, service, settings_of

__all__ = ["postgres_server", "postgres_url"]

pytestmark = pytest.mark.anyio

LINK = "/confirm/nothing-but-a-guess"
"""A page that reads the database."""


async def ready(app: ASGIApp, context: Context) -> dict[str, Any]:
    """Check the health as the background job does, and return what a caller is told."""
    await context.state.get(HealthCheck).check(context)
    answer = await call(app, "GET", "/readyz")
    body: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if body["status"] == "ok" else 503)
    assert ("retry-after" in answer.headers) == (body["status"] != "ok")
    return body


async def call(app: ASGIApp, method: str, path: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as caller:
        return await caller.request(method, path, **options)


async def assert_turned_away(app: ASGIApp) -> None:
    """Hold that whoever asks for help is told to come back, by program and by page."""
    for accept in ("application/json", "text/html"):
        headers = {"accept": accept}
        answer = await call(app, "POST", "/api/signposting-requests", json=MARY, headers=headers)
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["retry-after"]) > 0


async def assert_taken(app: ASGIApp) -> None:
    answer = await call(app, "POST", "/api/signposting-requests", json=MARY)
    assert answer.status_code == 201, answer.text


async def test_nothing_is_said_to_be_well_that_was_not_looked_at(
    app: ASGIApp, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (await call(app, "GET", "/readyz")).json()
    assert (body["status"], body["store"]) == ("not ready", "unknown")
    assert (await ready(app, context))["status"] == "ok"
    monkeypatch.setattr(health_check, "TRUSTED_FOR_SECONDS", -1)  # the check hangs since
    body = (await call(app, "GET", "/readyz")).json()
    assert (body["status"], body["store"]) == ("not ready", "unknown")


async def test_who_asks_makes_it_write_nothing(app: ASGIApp, context: Context) -> None:
    await ready(app, context)

    onlooker = sqlite3.connect(context.settings.data / "kith.sqlite3", isolation_level=None)

    def version() -> object:
        return onlooker.execute("pragma data_version").fetchone()

    before = version()
    for _ in range(20):
        assert (await call(app, "GET", "/readyz")).status_code == 200
    assert version() == before
    await ready(app, context)
    assert version() != before
    onlooker.close()
    assert not [*context.settings.data.glob(".health*")]


async def test_a_full_database_is_said_and_over_when_there_is_room(
    app: ASGIApp, context: Context
) -> None:
    await context.database.write(lambda c: c.exec_driver_sql("pragma max_page_count=1").all())
    while (await call(app, "POST", "/api/signposting-requests", json=MARY)).status_code == 201:
        pass  # until what was free inside it is used up
    assert (await ready(app, context))["store"] == "unavailable"
    await assert_turned_away(app)
    await context.database.write(lambda c: c.exec_driver_sql("pragma max_page_count=99999").all())
    assert (await ready(app, context))["store"] == "ok"
    await assert_taken(app)


async def test_a_full_disk_is_said(app: ASGIApp, context: Context) -> None:
    file = context.settings.data / f".health-{os.getpid()}"
    file.symlink_to("/dev/full")
    body = await ready(app, context)
    assert (body["status"], body["store"], body["disk"]) == ("not ready", "ok", "full")
    assert (await ready(app, context))["status"] == "ok"


async def test_a_read_only_database_is_said_and_turns_callers_away(
    app: ASGIApp, context: Context
) -> None:
    await context.database.write(lambda c: c.exec_driver_sql("pragma query_only=on"))
    assert (await ready(app, context))["store"] == "unavailable"
    await assert_turned_away(app)
    context.database._writing.dispose()  # the next connection may write
    assert (await ready(app, context))["status"] == "ok"


async def test_damaged_pages_are_said_and_turn_callers_away(app: ASGIApp, context: Context) -> None:
    await assert_taken(app)
    await context.database.write(lambda c: c.exec_driver_sql("pragma secure_delete=off").all())
    checkpoint = "pragma wal_checkpoint(truncate)"
    with context.database._writing.connect() as connection:
        connection.connection.driver_connection.execute(checkpoint)  # type: ignore[union-attr]
    context.database._writing.dispose()
    context.database._reading.dispose()
    file = context.settings.data / "kith.sqlite3"
    with file.open("r+b") as pages:
        pages.seek(4096)
        pages.write(os.urandom(file.stat().st_size - 4096))
    assert (await ready(app, context))["store"] == "unavailable"
    await assert_turned_away(app)
    for path in (LINK, "/staff", "/api/gaps"):
        answer = await call(app, "GET", path, headers={"accept": "text/html"})
        assert answer.status_code < 500 or answer.status_code == 503, path


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
async def test_a_file_that_cannot_be_written_turns_callers_away(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    async def fail(*args: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("api.features.signposting.routes.submit_request", fail)
    await assert_turned_away(app)


@pytest.mark.postgres
@pytest.mark.deep
async def test_a_read_only_postgres_is_said_and_turns_callers_away(
    built_project: Path, tmp_path: Path, clock: Clock, postgres_url: str
) -> None:
    settings = settings_of(built_project, tmp_path / "var", KITH_DATABASE_URL=postgres_url)
    with opened_context(settings, clock) as context:
        app = service(context)
        await assert_taken(app)
        with read_only(postgres_url):
            assert (await ready(app, context))["store"] == "unavailable"
            await assert_turned_away(app)
        assert (await ready(app, context))["status"] == "ok"
        await assert_taken(app)


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Let a database take no writes, on connections old and new."""
    plain = url.replace("+psycopg", "")
    name = psycopg.conninfo.conninfo_to_dict(plain)["dbname"]

    def order(value: str) -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("set default_transaction_read_only = off")
            setting = f"alter database {name} set default_transaction_read_only = {value}"
            connection.execute(setting)
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid() and datname = current_database()"
            )

    order("on")
    try:
        yield
    finally:
        order("off")


@pytest.mark.postgres
@pytest.mark.deep
async def test_a_frozen_postgres_is_said_within_seconds_and_turns_callers_away(
    built_project: Path,
    tmp_path: Path,
    clock: Clock,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contexts, "PATIENCE_SECONDS", 1.0)
    settings = settings_of(built_project, tmp_path / "var", KITH_DATABASE_URL=postgres_url)
    with opened_context(settings, clock) as context:
        app = service(context)
        await assert_taken(app)
        assert (await ready(app, context))["status"] == "ok"
        with frozen(postgres_url):
            assert (await ready(app, context))["store"] == "unavailable"
            await assert_turned_away(app)
            answer = await call(app, "GET", LINK)
            assert answer.status_code == 503
        assert (await ready(app, context))["status"] == "ok"
        await assert_taken(app)


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Stop the server's processes that serve a database, without ending them."""
    query = (
        "select pid from pg_stat_activity "
        "where pid <> pg_backend_pid() and datname = current_database()"
    )
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        processes = [row[0] for row in connection.execute(query)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
