"""A connection that says no request is refused or cut off, and keeps nobody else from an answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import uvicorn
from litestar.types import Receive, Scope, Send
from uvicorn.server import ServerState

from api.http import connection_limits
from api.http.problems import Problem

pytestmark = pytest.mark.anyio

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
GET = b"GET / HTTP/1.1\r\nhost: x\r\n"


async def answer_soon(scope: Scope, receive: Receive, send: Send) -> None:
    """Let the wire say on what it has to say, then answer."""
    await asyncio.sleep(0)
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"fine\n", "more_body": False})


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    monkeypatch.setattr(connection_limits, "HEAD_SECONDS", 0.2)
    app: Any = answer_soon
    config = uvicorn.Config(
        app, http=connection_limits.LimitedProtocol, log_config=None, access_log=False
    )
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: connection_limits.LimitedProtocol(config, ServerState(), {}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()
        await server.wait_closed()


async def test_a_request_is_answered_and_the_next_on_the_same_connection(
    connection: Connection,
) -> None:
    reader, writer = connection
    for _ in range(2):
        writer.write(GET + b"\r\n")
        assert (await reader.readuntil(b"fine\n")).startswith(b"HTTP/1.1 200 OK\r\n")


async def test_what_is_no_request_gets_a_problem_and_is_hung_up_on(connection: Connection) -> None:
    reader, writer = connection
    writer.write(b"canary\r\n\r\n")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    problem = msgspec.json.decode(body, type=Problem, strict=True)
    assert (problem.status, problem.type) == (400, "urn:kith:malformed")
    assert f"x-request-id: {problem.request_id}".encode() in head
    assert b"canary" not in body


async def test_a_caller_who_says_nothing_is_hung_up_on(connection: Connection) -> None:
    reader, _ = connection
    assert await reader.read() == b""


async def test_a_caller_who_never_ends_the_headers_is_hung_up_on(connection: Connection) -> None:
    reader, writer = connection
    writer.write(GET)
    assert await reader.read() == b""


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"], ids=["without end", "ended"])
async def test_headers_that_are_too_long_are_refused(connection: Connection, end: bytes) -> None:
    reader, writer = connection
    writer.write(GET + b"x: " + b"y" * connection_limits.HEAD_BYTES + end)
    assert b" 431 " in await reader.readline()


async def test_a_whole_request_is_answered_though_what_follows_is_none(
    connection: Connection,
) -> None:
    reader, writer = connection
    writer.write(GET + b"\r\n" + b"canary\r\n\r\n")
    received = await reader.read()
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.endswith(b"fine\n")
