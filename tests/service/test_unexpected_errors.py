"""A fault of our own: one answer that says nothing, one line in the log that says where."""

import logging
from typing import Any, Never

import pytest
from litestar.testing import TestClient

from api.context import Context
from api.features.signposting import routes
from api.features.signposting.bodies import SignpostingRequest
from api.store import schema
from tests.service.conftest import CANARY, MARY, ORIGIN, logged

FORM = {**MARY, "idempotency_key": f"{CANARY}-1"}
Client = TestClient[Any]


@pytest.fixture
def faulty(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Client:
    """A service whose rule for requests raises an error that quotes the request."""

    async def fall_over(body: SignpostingRequest, *args: object, **options: object) -> Never:
        raise RuntimeError(f"cannot keep {body.name}") from ValueError(body.reach_at)

    monkeypatch.setattr(routes, "submit_request", fall_over)
    caplog.set_level(logging.DEBUG)
    return client


def test_a_program_is_told_a_number_to_ask_about(
    faulty: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.post("/api/signposting-requests", json=MARY)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert CANARY not in answer.text.casefold()
    assert_one_line(caplog, answer.headers["x-request-id"], "/api/signposting-requests")


def test_a_person_is_shown_a_page_in_the_frame(
    faulty: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.post("/ask", data=FORM, headers={"origin": ORIGIN})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-request-id"] in answer.text
    assert "Something broke on our side" in answer.text
    assert CANARY not in answer.text.casefold()
    assert_one_line(caplog, answer.headers["x-request-id"], "/ask")


def test_nothing_of_it_is_kept(faulty: Client, context: Context) -> None:
    faulty.post("/api/signposting-requests", json=MARY)
    for table in (schema.signposting_request, schema.letter, schema.audit, schema.repeat):
        select = table.select()
        assert not context.database.read_now(lambda connection: connection.execute(select).all())  # noqa: B023
    for file in context.settings.data.rglob("*"):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes().lower()


def assert_one_line(caplog: pytest.LogCaptureFixture, request_id: str, route: str) -> None:
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.name for record in faults] == ["kith.request"]
    line = faults[0].getMessage()
    assert f"method=POST route={route} status=500" in line
    assert f"request={request_id}" in line
    assert 'error="RuntimeError from ValueError at ' in line
    assert "routes.py" in line
    assert faults[0].exc_info is None
    assert len([record for record in caplog.records if request_id in record.getMessage()]) == 1
    assert CANARY not in logged(caplog)
