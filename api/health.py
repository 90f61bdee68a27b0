"""Whether the process lives, and whether it can do its work: for those who watch it."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from sqlalchemy import Connection, func, select

from api.served import Edition
from api.store import schema
from api.store.database import Database
from api.store.faults import StoreUnavailable

OUTBOX_LATE_AFTER = timedelta(minutes=15)  # a queue older than this means letters do not go out


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(msgspec.Struct, frozen=True):
    """Each part, and `ok` only when all of them are; `edition` names the release served."""

    status: Literal["ok", "not ready"]
    store: Literal["ok", "unavailable"]
    outbox: Literal["ok", "late", "unknown"]
    search: str
    edition: str


@get("/livez", sync_to_thread=False)
def livez() -> Alive:
    """Say that the process answers."""
    return Alive()


@get("/readyz", responses={})
async def readyz(
    database: NamedDependency[Database],
    edition: NamedDependency[Edition],
    now: NamedDependency[datetime],
) -> Response[Ready]:
    """Say whether requests can be taken: the store writes, and letters leave the outbox."""
    store: Literal["ok", "unavailable"] = "ok"
    outbox: Literal["ok", "late", "unknown"] = "unknown"
    try:
        await database.write(lambda connection: None)
        oldest = await database.read(_oldest_due)
        outbox = "late" if oldest and now - oldest > OUTBOX_LATE_AFTER else "ok"
    except StoreUnavailable:
        store = "unavailable"
    ready = Ready(
        status="ok" if store == "ok" else "not ready",
        store=store,
        outbox=outbox,
        search=edition.engine.name,
        edition=edition.release.folder.name,
    )
    return Response(ready, status_code=200 if store == "ok" else 503)


def _oldest_due(connection: Connection) -> datetime | None:
    waiting = schema.letter.c.state == "queued"
    found: datetime | None = connection.scalar(
        select(func.min(schema.letter.c.next_attempt_at)).where(waiting)
    )
    return found


router = Router("/", route_handlers=[livez, readyz], tags=["Health"])
