"""`kill -9` in a burst of requests for help, again and again: what was acknowledged must be there.

Clients ask at the real service and ask again, with the same key, whatever they got no answer to.
The control runs the same against `answers_too_early.py`, which acknowledges before it commits: a
harness that sees no loss there could see none here.
"""

import asyncio
import json
import random
import socket
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from api.settings import from_environ
from api.store import audit, keys, schema
from api.store.database import Database
from tests.support.kith_process import KITH, Started
from tests.support.loopback import request

KILLS = 25
CONTROL_KILLS = 5
CLIENTS = 8
SEED = 7
ALIVE_SECONDS = (0.02, 1.2)
"""A process lives so long once it answers, drawn evenly."""
PATIENCE_SECONDS = 120
PORTS = range(20_000, 30_000)
"""Below those a client's own end may get, or one could take the port while nobody listens."""
ANSWERS_TOO_EARLY = (sys.executable, "-m", "tests.support.answers_too_early")


class Tally(msgspec.Struct, frozen=True):
    """What stood in the store when all was over, beside what had been acknowledged."""

    kills: int
    acknowledged: int
    lost: int
    """Acknowledged references that are not there."""
    twice: int
    """Requests there beyond one for each key."""
    incomplete: int
    """Requests without exactly one letter and one audit line of their arrival."""
    chain_break: int | None
    """First line of the audit trail that does not fit."""
    integrity: str
    restart_seconds: float
    """Median, from the start of a process to its first answer."""


def storm(
    project: Path, data: Path, kills: int, *, program: Sequence[str] = KITH, seed: int = SEED
) -> Tally:
    """Kill a service under load so many times; return what came of it."""
    clients = _Storm(project, data, program, random.Random(seed))  # noqa: S311 - to be repeated
    asyncio.run(clients.run(kills))
    return _tally(data, kills, clients.acknowledged, statistics.median(clients.restarts))


class _Storm:
    """Clients on one side, somebody with a kill on the other.

    All draws come from one seed, but for the port: two storms on a machine must not share one.
    """

    def __init__(
        self, project: Path, data: Path, program: Sequence[str], draw: random.Random
    ) -> None:
        self._project, self._data, self._program, self._draw = project, data, program, draw
        self._started: Started | None = None
        self._port = _free_among(random.SystemRandom().sample(PORTS, 100))
        self._over = False
        self.acknowledged: dict[str, str] = {}
        """Reference by key."""
        self.restarts: list[float] = []

    async def run(self, kills: int) -> None:
        """Run clients and kills until both are done; leave no process behind."""
        try:
            await asyncio.to_thread(self._start)
            async with asyncio.TaskGroup() as group:
                for number in range(CLIENTS):
                    group.create_task(self._client(number))
                await self._kill(kills)
        finally:
            if self._started:
                await asyncio.to_thread(self._started.end)

    async def _kill(self, kills: int) -> None:
        for _ in range(kills):
            await asyncio.sleep(self._draw.uniform(*ALIVE_SECONDS))
            await asyncio.to_thread(self._restart)
        self._over = True

    def _restart(self) -> None:
        assert self._started
        self._started.kill()
        self._started.end()
        self._start()

    def _start(self) -> None:
        started_at = time.monotonic()
        self._started = Started(
            self._project,
            self._data,
            program=self._program,
            port=self._port,
            KITH_TRUSTED_PROXIES="127.0.0.1",
        )
        self._started.wait_until_alive()
        self.restarts.append(time.monotonic() - started_at)

    async def _client(self, number: int) -> None:
        """Ask on and on; an unanswered question is asked again until it is answered."""
        draw = random.Random(f"{SEED} {number}")  # noqa: S311 - to be repeated
        number_sent = 0
        while not self._over:
            key = f"client-{number}-{number_sent:06}"
            self.acknowledged[key] = await asyncio.wait_for(
                self._answered(_question(key, draw)), PATIENCE_SECONDS
            )
            number_sent += 1

    async def _answered(self, question: bytes) -> str:
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    writer.write(question)
                    if reference := await _reference(reader):
                        return reference
                finally:
                    writer.close()
            except (OSError, asyncio.IncompleteReadError):
                pass  # killed before, or while, it answered: nothing was acknowledged
            await asyncio.sleep(0.02)


def _free_among(ports: Iterable[int]) -> int:
    """Return the first port that nobody listens on."""
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise RuntimeError("no port is free")


def _question(key: str, draw: random.Random) -> bytes:
    """Return a request for help from a caller of its own, so that no limit is met."""
    caller = ".".join(str(draw.randrange(1, 255)) for _ in range(4))
    body = {"who_asks": "myself", "name": key, "reach_by": "phone", "reach_at": "01632 960 111"}
    headers = f"x-forwarded-for: {caller}\r\nidempotency-key: {key}\r\nconnection: close\r\n"
    path = "/api/signposting-requests"
    return request("POST", path, json.dumps(body).encode(), headers)


async def _reference(reader: asyncio.StreamReader) -> str | None:
    """Read the answer: the reference of a 201, None for a 503. Raises RuntimeError for others."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    if status == 503:
        return None
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().splitlines()
        if line.startswith(b"content-length:")
    )
    body = await reader.readexactly(length)
    if status != 201:
        raise RuntimeError(f"{status}: {body.decode()}")
    return str(json.loads(body)["reference"])


def _tally(data: Path, kills: int, acknowledged: dict[str, str], restart_seconds: float) -> Tally:
    def read_rows(connection: Connection) -> Tally:
        stored = Counter(
            connection.execute(select(schema.signposting_request.c.reference)).scalars()
        )
        letters = Counter(connection.execute(select(schema.letter.c.about)).scalars())
        arrived = schema.audit.c.action == "signposting_request.received"
        lines = Counter(connection.execute(select(schema.audit.c.subject).where(arrived)).scalars())
        stored_count = sum(reference in stored for reference in acknowledged.values())
        return Tally(
            kills=kills,
            acknowledged=len(acknowledged),
            lost=len(acknowledged) - stored_count,
            twice=stored.total() - len(set(acknowledged.values()) & stored.keys()),
            incomplete=sum(not letters[reference] == lines[reference] == 1 for reference in stored),
            chain_break=audit.verify(connection),
            integrity=str(connection.exec_driver_sql("pragma integrity_check").scalar()),
            restart_seconds=restart_seconds,
        )

    settings = from_environ(data.parent, {"KITH_DATA": str(data)})
    with Database(settings.database_url) as database:
        keys.open_encryption(settings, database)  # it gives the database the key of the trail
        return database.read_now(read_rows)
