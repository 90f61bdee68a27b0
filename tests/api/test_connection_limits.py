"""A connection that says no request is refused or cut off, and keeps nobody else from an answer."""

import asyncio
import socket
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


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\nhost: x\r\n", 400),
        (b"GET / HTTP/1.0\r\nhost: x\r\nhost: y\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\n", 200),
        (b"GET / HTTP/1.0\r\n", 200),
    ],
)
async def test_a_request_names_one_host(
    connection: Connection, request_head: bytes, status: int
) -> None:
    reader, writer = connection
    writer.write(request_head + b"\r\n")
    assert f" {status} ".encode() in await reader.readline()


class WatchedProtocol(connection_limits.LimitedProtocol):
    """Says when each connection has gone."""

    gone: asyncio.Semaphore

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.release()


LONG = 8 * 1024 * 1024


async def answer_at_length(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-length", str(LONG).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for left in range(LONG, 0, -65536):
        body = bytes(65536)
        await send({"type": "http.response.body", "body": body, "more_body": left > 65536})


@pytest.fixture
async def long_port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A port whose answers are long, and whose clients must read."""
    monkeypatch.setattr(connection_limits, "READ_SECONDS", 0.1)
    WatchedProtocol.gone = asyncio.Semaphore(0)
    app: Any = answer_at_length
    config = uvicorn.Config(app, http=WatchedProtocol, log_config=None, access_log=False)
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: WatchedProtocol(config, ServerState(), {}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_clients_that_never_read_are_let_go(long_port: int) -> None:
    clients = [socket.create_connection(("127.0.0.1", long_port)) for _ in range(30)]
    try:
        for client in clients:
            client.sendall(GET + b"\r\n")
        for _ in clients:
            await asyncio.wait_for(WatchedProtocol.gone.acquire(), 20)
    finally:
        for client in clients:
            client.close()


async def test_a_client_that_reads_slowly_gets_all_of_it(long_port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", long_port, limit=32 * 1024)
    writer.write(GET + b"\r\n")
    await reader.readuntil(b"\r\n\r\n")
    received_bytes = 0
    while received_bytes < LONG:
        received_bytes += len(await reader.read(256 * 1024))
        await asyncio.sleep(0.002)
    assert received_bytes == LONG
    writer.close()
