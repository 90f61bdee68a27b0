"""The floor: an ASGI function and sqlite3, group commit in one thread, no framework at all."""

import asyncio
import os
import queue
import sqlite3
import threading
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.peers.record import INSERTS, Chain, connect, rows

GROUP_AT_MOST = 64
REGISTER_ROWS = 50
Job = tuple[tuple[tuple[object, ...], ...], asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Writer:
    """One thread, one connection: takes what has come, commits once, then settles."""

    def __init__(self, path: str) -> None:
        self.connection = connect(path)
        self.jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.chain = Chain()
        threading.Thread(target=self._run, daemon=True).start()

    async def write(self, records: tuple[tuple[object, ...], ...]) -> None:
        """Return when the three rows are on disk."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self.jobs.put((records, loop, future))
        await future

    def _run(self) -> None:
        while True:
            group = [self.jobs.get()]
            while len(group) < GROUP_AT_MOST and not self.jobs.empty():
                group.append(self.jobs.get())
            self._commit(group)
            group[0][1].call_soon_threadsafe(_settle, [future for _, _, future in group])

    def _commit(self, group: list[Job]) -> None:
        run = self.connection
        run.execute("begin immediate")
        run.executemany(INSERTS[0], [records[0] for records, _, _ in group])
        run.executemany(INSERTS[1], [records[1] for records, _, _ in group])
        run.executemany(INSERTS[2], [self.chain.linked(records[2]) for records, _, _ in group])
        run.execute("commit")


def _settle(futures: list["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def app() -> Any:
    """Return the ASGI function: POST keeps a request, GET reads the register."""
    path = str(Path(os.environ["BENCH_FOLDER"]) / "raw.sqlite3")
    writer = Writer(path)
    _fill(writer.connection)
    reader = sqlite3.connect(path, check_same_thread=False)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["method"] == "POST":
            raw = b""
            while (message := await receive()).get("more_body"):
                raw += message["body"]
            reference, records = rows(raw + message["body"])
            await writer.write(records)
            await _send(send, 201, {"reference": reference})
        else:
            register = reader.execute("select * from register order by name").fetchall()
            await _send(send, 200, {"total": len(register), "signatories": register})

    return answer


def _fill(connection: sqlite3.Connection) -> None:
    connection.execute("delete from register")
    connection.executemany(
        "insert into register values (?,?,?,?,?)",
        [
            (f"The Lamb {n}", "pub", "Temeford", "2026-05-01", "A regular sits with anyone new.")
            for n in range(REGISTER_ROWS)
        ],
    )


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _send(send: Any, status: int, content: object) -> None:
    body = msgspec.json.encode(content)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
