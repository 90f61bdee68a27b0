"""Durable writes and register reads: Kith beside the floor and beside the usual way, in one run.

Each is loaded by 64 clients, one after the other and then again, and the better turn counts: what a
noisy machine takes away it takes from one turn, not from the code.
"""

import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.load import Measured, drive, server
from benchmarks.table import Row, at_least
from tests.support.loopback import free_port, request

CLIENTS = 64
SECONDS = 4.0
TURNS = 2
BODY = {
    "who_asks": "myself",
    "name": "Mary",
    "reach_by": "phone",
    "reach_at": "01632 960 111",
    "place": "Temeford",
    "matters": "I used to sing. I would like to be out of the house once a week.",
    "needs": [],
}


def run(project: Path) -> list[Row]:
    """Measure on a built project; returns the rows of the table."""
    writes: dict[str, Measured] = {}
    read_speeds: dict[str, Measured] = {}
    for _ in range(TURNS):
        for name, app in PEERS.items():
            with tempfile.TemporaryDirectory() as folder:
                port = free_port()
                environ = _environ(project, folder)
                with server(app, port, Path(folder), **environ):
                    _better(writes, name, drive(port, _post(), CLIENTS, SECONDS, expect=201))
                    if name in READ_PATHS:
                        read = _get(READ_PATHS[name])
                        _better(read_speeds, name, drive(port, read, CLIENTS, SECONDS))
    return _rows(writes, read_speeds)


PEERS = {
    "raw": "benchmarks.peers.raw_asgi:app",
    "kith": "benchmarks.peers.kith:app",
    "orm": "benchmarks.peers.orm_route:app",
}
READ_PATHS = {"raw": "/register", "kith": "/api/pledges/stay-connected/register"}


def _environ(project: Path, folder: str) -> dict[str, str]:
    return {"BENCH_PROJECT": str(project), "KITH_DATA": folder, "PYTHONPATH": str(Path.cwd())}


def _post() -> Callable[[], bytes]:
    """Return a maker of requests, each from another caller, so that limits of one are not met."""
    body = json.dumps(BODY).encode()
    draw = random.Random(7)

    def make() -> bytes:
        caller = ".".join(str(draw.randrange(1, 255)) for _ in range(4))
        return request("POST", "/api/signposting-requests", body, f"x-forwarded-for: {caller}\r\n")

    return make


def _get(path: str) -> Callable[[], bytes]:
    request_bytes = request("GET", path)
    return lambda: request_bytes


def _better(speeds: dict[str, Measured], name: str, measured: Measured) -> None:
    if measured.wrong:
        raise RuntimeError(f"{name}: {measured.wrong} of {measured.answers} answers were wrong")
    if name not in speeds or measured.per_second > speeds[name].per_second:
        speeds[name] = measured


def _rows(writes: dict[str, Measured], read_speeds: dict[str, Measured]) -> list[Row]:
    raw, kith, orm = (writes[name] for name in PEERS)
    return [
        at_least(
            "durable writes, 64 clients: Kith / raw ASGI + sqlite3",
            kith.per_second / raw.per_second,
            0.45,
            note=f"{kith.per_second:,.0f}/s, p99 {kith.p99_ms:.0f} ms; raw {raw.per_second:,.0f}/s",
        ),
        at_least(
            "durable writes, 64 clients: Kith / SQLAlchemy's async ORM",
            kith.per_second / orm.per_second,
            5,
            note=f"ORM {orm.per_second:,.0f}/s, p99 {orm.p99_ms:.0f} ms",
        ),
        at_least(
            "register reads, 64 clients: Kith / raw ASGI + sqlite3",
            read_speeds["kith"].per_second / read_speeds["raw"].per_second,
            0.45,
            note=f"{read_speeds['kith'].per_second:,.0f}/s; "
            f"raw {read_speeds['raw'].per_second:,.0f}/s",
        ),
    ]
