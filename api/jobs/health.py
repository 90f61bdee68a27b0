"""Health checks for monitoring: `/livez` (the process runs) and `/readyz` (it can work)."""

from datetime import datetime
from typing import Literal

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from api.context import Context
from api.jobs.health_check import Disk, HealthCheck, Letters, Store

RETRY_AFTER_SECONDS = 10


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

    `unknown` is a part that was not looked at yet, or whose check hangs. `search_degraded` says
    that the engine in the process stands in for a server: still ready. `failed_letters` were given
    up: somebody has to look. None where the store cannot say.
    """

    status: Literal["ok", "not ready"]
    store: Store | Literal["unknown"]
    disk: Disk | Literal["unknown"]
    outbox: Letters
    failed_letters: int | None
    search: str
    search_degraded: bool
    edition: str
    jobs: tuple[JobState, ...]


@get("/livez", summary="Ask whether the process answers", sync_to_thread=False)
def livez() -> Alive:
    """Say that the process answers."""
    return Alive()


@get(
    "/readyz",
    summary="Ask whether every part works",
    sync_to_thread=False,
    responses={503: ResponseSpec(Ready, description="A part does not work.")},
)
def readyz(context: NamedDependency[Context]) -> Response[Ready]:
    """Say whether requests can be taken and whether letters leave, as was found last."""
    check = context.state.get(HealthCheck)
    health = check.last
    is_ready = health is not None and health.is_ready
    jobs = check.scheduler.statuses if check.scheduler else ()
    ready = Ready(
        status="ok" if is_ready else "not ready",
        store=health.store if health else "unknown",
        disk=health.disk if health else "unknown",
        outbox=health.outbox if health else "unknown",
        failed_letters=health.failed_letters if health else None,
        search=context.release.engine.name,
        search_degraded=getattr(context.release.engine, "degraded", False),
        edition=context.release.release.folder.name,
        jobs=tuple(JobState(job.name, job.succeeded_at, job.is_late(context.now)) for job in jobs),
    )
    if is_ready:
        return Response(ready)
    return Response(ready, status_code=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


router = Router("/", route_handlers=[livez, readyz], tags=["Health"])
