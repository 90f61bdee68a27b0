"""A body that does not come, comes late or comes in pieces, on the bare interface to the server."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.types import Message, Receive, Scope

from api.http import problems, protection
from api.http.protection import Protection
from api.settings import from_environ
from tests.api.test_protection import submit

SAID: Scope = {
    "type": "http",
    "method": "POST",
    "path": "/api/asked",
    "raw_path": b"/api/asked",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"2")],
}  # type: ignore[assignment]


async def raw_answer(guarded: Protection, receive: Receive) -> list[Any]:
    """Ask on the bare interface; return all that was sent."""
    messages: list[Any] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await guarded({**SAID}, receive, send)  # type: ignore[arg-type]
    return messages


@pytest.fixture
def guarded(tmp_path: Path) -> Protection:
    app = Litestar([submit], exception_handlers=problems.handlers(), logging_config=None)
    return Protection(app, from_environ(tmp_path, {}))


@pytest.mark.anyio
async def test_a_body_that_does_not_come_is_not_waited_for(
    guarded: Protection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "BODY_SECONDS", 0.05)

    async def silence() -> Any:
        await asyncio.Event().wait()

    start, body = await raw_answer(guarded, silence)
    assert start["status"] == 408
    assert (
        msgspec.json.decode(body["body"], type=problems.Problem).type == "urn:kith:request-timeout"
    )


@pytest.mark.anyio
async def test_a_caller_who_hangs_up_is_no_fault_of_ours(
    guarded: Protection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    messages: list[Any] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b"{", "more_body": True},
    ]

    async def half_said() -> Any:
        return messages.pop()

    start, _ = await raw_answer(guarded, half_said)
    assert start["status"] == 400
    assert [record.levelname for record in caplog.records if record.name == "kith.request"] == [
        "INFO"
    ]


@pytest.mark.anyio
async def test_a_server_need_not_say_that_nothing_follows(guarded: Protection) -> None:
    async def all_at_once() -> Any:
        return {"type": "http.request", "body": b'{"name":"Mary"}'}

    start, _ = await raw_answer(guarded, all_at_once)
    assert start["status"] == 201


@pytest.mark.anyio
async def test_a_request_that_keeps_the_server_from_ending_is_told_so(guarded: Protection) -> None:
    requested = asyncio.Event()

    async def silence() -> Any:
        requested.set()
        await asyncio.Event().wait()

    answering = asyncio.create_task(raw_answer(guarded, silence))
    await requested.wait()
    answering.cancel()  # as uvicorn does when its time to stop is over
    start, body = await answering
    assert start["status"] == 503
    assert (b"retry-after", b"5") in start["headers"]
    assert b"starting again" in body["body"]
