"""Health checks for monitoring: `/livez` (the process runs) and `/readyz` (it can work)."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from api.context import Context
from api.errors import Unavailable
from api.jobs.scheduler import Scheduler
from api.mail.store import count_backlog

OUTBOX_LATE_AFTER = timedelta(minutes=15)  # a queue older than this means letters do not go out

Store = Literal["ok", "unavailable"]
Letters = Literal["ok", "late", "unknown"]


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class JobState(msgspec.Struct, frozen=True):
    """A background job, and when it last succeeded; `late` if that is too long ago."""

    name: str
    succeeded_at: datetime | None
    late: bool


class Ready(msgspec.Struct, frozen=True):
    """Each part, and `ok` when requests can be taken; `edition` names the release served.

    `search_degraded` says that the engine in the process stands in for a server: still ready.
    `failed_letters` were given up: somebody has to look. None where the store cannot say.
    """

    status: Literal["ok", "not ready"]
    store: Store
    outbox: Letters
    failed_letters: int | None
    search: str
    search_degraded: bool
    edition: str
    jobs: tuple[JobState, ...]


@get("/livez", sync_to_thread=False)
def livez() -> Alive:
    """Say that the process answers."""
    return Alive()


@get("/readyz", responses={503: ResponseSpec(Ready, description="A part does not work.")})
async def readyz(
    context: NamedDependency[Context],
) -> Response[Ready]:
    """Say whether requests can be taken (the store writes) and whether letters leave."""
    store: Store = "ok"
    outbox: Letters = "unknown"
    failed_count = None
    try:
        await context.database.write(lambda connection: None)
        letters = await context.database.read(count_backlog)
        late = letters.oldest_at and context.now - letters.oldest_at > OUTBOX_LATE_AFTER
        outbox, failed_count = "late" if late else "ok", letters.failed
    except Unavailable:
        store = "unavailable"
    ready = Ready(
        status="ok" if store == "ok" else "not ready",
        store=store,
        outbox=outbox,
        failed_letters=failed_count,
        search=context.release.engine.name,
        search_degraded=getattr(context.release.engine, "degraded", False),
        edition=context.release.release.folder.name,
        jobs=tuple(
            JobState(job.name, job.succeeded_at, job.is_late(context.now))
            for job in context.state.get(Scheduler).statuses
        ),
    )
    return Response(ready, status_code=200 if store == "ok" else 503)


router = Router("/", route_handlers=[livez, readyz], tags=["Health"])
