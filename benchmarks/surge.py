"""A surge: sign-ups at a steady pace for five minutes, beside people who search.

Calls start when they are due, whether earlier ones are answered or not, and a latency counts from
that moment: a service that stalls cannot hide it. Each call comes from a caller of its own. In the
end the store is held to what was acknowledged.
"""

import asyncio
import json
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks.load import answered
from benchmarks.table import Row, at_most
from tests.support.kith_process import Started, running
from tests.support.loopback import request

SIGN_UPS_A_MINUTE = 2_000
SEARCHES_A_MINUTE = 600
SECONDS = 300
AT_ONCE = 400  # connections at most; beyond it a call waits, and its latency says so
P99_MS = 150
WORDS = ("coffee", "choir", "walk", "my husband died", "shed", "knit and natter", "tea dance")
COMMITMENTS = (
    "recognise", "barriers", "welcome", "keep-informed", "point-on", "listen", "reach-out",
)  # fmt: skip


class Surge(msgspec.Struct):
    """What came of one kind of call."""

    took_ms: list[float] = msgspec.field(default_factory=list)
    wrong: dict[int, int] = msgspec.field(default_factory=dict)

    @property
    def p99_ms(self) -> float:
        """Return what 99 in 100 calls took at most."""
        return statistics.quantiles(self.took_ms, n=100)[98]


def run(project: Path, seconds: int = SECONDS) -> list[Row]:
    """Measure on a built project; returns the rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with running(project, data, KITH_TRUSTED_PROXIES="127.0.0.1") as service:
            signed, searched = asyncio.run(_both(service, seconds))
        stored = _kept(data / "kith.sqlite3")
    return _rows(signed, searched, stored, seconds)


async def _both(service: Started, seconds: int) -> tuple[Surge, Surge]:
    signed, searched = Surge(), Surge()
    room = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(
        _paced(service.port, _sign_up, SIGN_UPS_A_MINUTE, seconds, 202, signed, room),
        _paced(service.port, _search, SEARCHES_A_MINUTE, seconds, 200, searched, room),
    )
    return signed, searched


async def _paced(
    port: int,
    make: Callable[[int], bytes],
    a_minute: int,
    seconds: int,
    expect: int,
    into: Surge,
    room: asyncio.Semaphore,
) -> None:
    """Start one call after another at an even pace; wait for the last one's answer."""
    loop, calls = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    started_at = loop.time()
    for number in range(a_minute * seconds // 60):
        due = started_at + number * 60 / a_minute
        await asyncio.sleep(max(0.0, due - loop.time()))
        call = loop.create_task(_call(port, make(number), due, expect, into, room))
        calls.add(call)
        call.add_done_callback(calls.discard)
    await asyncio.gather(*calls)


async def _call(
    port: int, request_bytes: bytes, due: float, expect: int, into: Surge, room: asyncio.Semaphore
) -> None:
    async with room:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request_bytes)
            status = await asyncio.wait_for(answered(reader), 30)
            writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status = 0
    into.took_ms.append((asyncio.get_running_loop().time() - due) * 1000)
    if status != expect:
        into.wrong[status] = into.wrong.get(status, 0) + 1


def _caller(number: int) -> str:
    parts = (10, number >> 16 & 255, number >> 8 & 255, number & 255)
    return f"x-forwarded-for: {'.'.join(map(str, parts))}\r\nconnection: close\r\n"


def _sign_up(number: int) -> bytes:
    body = {
        "signer": "organisation",
        "name": f"Club {number}",
        "kind": "club",
        "place": "Temeford",
        "contact_email": f"club{number}@club{number}.example.org",
        "signer_name": "Sam Example",
        "signer_role": "secretary",
        "may_sign": "yes",
        "version": 2,
        "promises": {commitment: {"state": "doing", "how": "We do."} for commitment in COMMITMENTS},
    }
    path = "/api/pledges/stay-connected/sign-ups"
    return request("POST", path, json.dumps(body).encode(), _caller(number))


def _search(number: int) -> bytes:
    words = WORDS[number % len(WORDS)].replace(" ", "+")
    path = f"/api/activities?q={words}&place=Temeford"
    return request("GET", path, headers=_caller(1 << 20 | number))


def _kept(file: Path) -> tuple[int, int]:
    """Return how many sign-ups and how many letters to them the store holds."""
    with sqlite3.connect(file) as store:
        statement = "select (select count(*) from sign_up), (select count(*) from letter)"
        counts: tuple[int, int] = store.execute(statement).fetchone()
    return counts


def _rows(signed: Surge, searched: Surge, stored: tuple[int, int], seconds: int) -> list[Row]:
    acknowledged = len(signed.took_ms) - sum(signed.wrong.values())
    minutes = f"{SIGN_UPS_A_MINUTE:,} sign-ups a minute for {seconds / 60:g} minutes"
    searches_name = f"{SEARCHES_A_MINUTE:,} searches a minute beside them"
    wrong = {**signed.wrong, **searched.wrong}
    lost_count = acknowledged - stored[0]
    return [
        at_most(
            f"{minutes}: p99 of a sign-up",
            signed.p99_ms,
            P99_MS,
            " ms",
            f"median {statistics.median(signed.took_ms):.0f} ms, {searches_name}",
        ),
        at_most(f"{searches_name}: p99 of a search", searched.p99_ms, P99_MS, " ms"),
        at_most(
            "answers that were no acceptance in the surge",
            sum(wrong.values()),
            0,
            note=f"of {len(signed.took_ms) + len(searched.took_ms):,}: {wrong or 'none'}",
        ),
        at_most(
            "acknowledged sign-ups that the store lacks after the surge",
            lost_count,
            0,
            note=f"{acknowledged:,} acknowledged, {stored[0]:,} kept, {stored[1]:,} letters",
        ),
    ]
