"""A small load: many keep-alive clients on loopback, each sending one request after another.

Bounded in count and in time. The same generator drives Kith and its peers, so its own cost falls on
all of them alike.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

START_SECONDS = 40


class Measured(msgspec.Struct, frozen=True):
    """What came of a load: answers a second, and latencies in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    wrong: int


async def _client(
    port: int, make: Callable[[], bytes], until: float, expect: int, took: list[float]
) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    wrong = 0
    try:
        while time.perf_counter() < until:
            started_at = time.perf_counter()
            writer.write(make())
            status = await answered(reader)
            took.append((time.perf_counter() - started_at) * 1000)
            wrong += status != expect
    finally:
        writer.close()
    return wrong


async def answered(reader: asyncio.StreamReader) -> int:
    """Read one whole answer off a connection, and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    low = head.lower()
    at = low.find(b"content-length:")
    if at >= 0:
        length = int(low[at + 15 : low.index(b"\r\n", at)])
        if length:
            await reader.readexactly(length)
    return int(head[9:12])


async def _all(
    port: int, make: Callable[[], bytes], clients: int, seconds: float, expect: int
) -> Measured:
    took: list[float] = []
    started_at = time.perf_counter()
    until = started_at + seconds
    wrong = await asyncio.gather(
        *(_client(port, make, until, expect, took) for _ in range(clients))
    )
    lasted = time.perf_counter() - started_at
    percentiles = statistics.quantiles(took, n=100)
    return Measured(
        per_second=len(took) / lasted,
        p50_ms=percentiles[49],
        p99_ms=percentiles[98],
        answers=len(took),
        wrong=sum(wrong),
    )


def drive(
    port: int, make: Callable[[], bytes], clients: int = 64, seconds: float = 4.0, expect: int = 200
) -> Measured:
    """Load a server for some seconds; `make` gives the next request's bytes."""
    return asyncio.run(_all(port, make, clients, seconds, expect))


@contextmanager
def server(app: str, port: int, folder: Path, **environ: str) -> Iterator[int]:
    """Run `module:factory` under uvicorn in a process of its own; gives its process id."""
    command = [
        sys.executable, "-m", "uvicorn", "--factory", app, "--host", "127.0.0.1",
        "--port", str(port), "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    environment = {**os.environ, "BENCH_FOLDER": str(folder), **environ}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not start")
