"""Search and single activities over HTTP, as JSON for programs and as a page without scripts."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.errors import Missing
from api.features.activities import crisis_help
from api.features.activities import parameters as asks
from api.features.activities.bodies import FoundActivities, WholeActivity, found_all, whole
from api.features.activities.results_page import results_page
from api.http import problems
from api.search.port import PER_PAGE, Query


@get("/api/activities", responses=problems.responses(400, 414, 422, 429))
async def search(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    q: asks.Words = "",
    kind: asks.Kind = "",
    need: asks.Need = "",
    place: asks.Place = "",
    near: asks.Near = None,
    within_km: asks.WithinKm = 0,
    days: asks.Days = (),
    times: asks.Times = (),
    free: asks.Free = "",
    alone: asks.Alone = "",
    lift: asks.Lift = "",
    buddy: asks.Buddy = "",
    ways: asks.Ways = (),
    access: asks.Access = (),
    promises: asks.Promises = (),
    age: asks.Age = "",
    language: asks.Language = "",
    order: asks.Order = "",
    page: asks.Page = 1,
    per_page: asks.PerPage = PER_PAGE,
) -> FoundActivities:
    """Find activities by words, place and what they must be like.

    What is asked for and not known comes after what is known, and says what to `ask`. Near a place
    hits stand in groups. Pages of one question part its hits.
    """
    context.limits.check(request.scope, "search")
    query = Query(
        q=q, kind=kind, need=need, place=place, near=near or "", within_km=within_km,
        days=tuple(days), times=tuple(times), free=free, alone=alone, lift=lift, buddy=buddy,
        ways=tuple(ways), access=tuple(access), promises=tuple(promises),
        age=int(age) if age else None, language=language, order=order, page=page,
        per_page=per_page,
    )  # fmt: skip
    release = context.release
    answer = await asyncio.to_thread(release.engine.search, query)
    help_first = crisis_help.needed(release.catalogue.taxonomy.help_now, q)
    return found_all(answer, help_first, context.now)


@get("/api/activities/{slug:str}", responses=problems.responses(400, 404, 414))
async def one(slug: FromPath[str], context: NamedDependency[Context]) -> WholeActivity:
    """Return one activity with all its public facts and its next six sessions."""
    release = context.release
    activity = release.activity.get(slug)
    if activity is None:
        raise Missing
    return whole(activity, release.catalogue.taxonomy, context.now)


@get("/search", include_in_schema=False)
async def search_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
) -> Response[str]:
    """Answer the find form as a page, for those without scripts."""
    context.limits.check(request.scope, "search")
    return await results_page(request, context)


router = Router("/", route_handlers=[search, one, search_page], tags=["Activities"])
