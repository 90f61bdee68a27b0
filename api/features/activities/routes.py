"""Search and single activities over HTTP, as JSON for programs and as a page without scripts."""

import asyncio
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.errors import Missing
from api.features.activities import parameters
from api.features.activities.bodies import (
    ActivityDetail,
    FoundActivities,
    activity_detail,
    found_activities,
)
from api.features.activities.crisis_help import find_crisis_help
from api.features.activities.parse_query import refuse_unknown_terms
from api.features.activities.results_page import results_page
from api.http import problems
from api.search.port import PER_PAGE, Query


@get("/api/activities", responses=problems.responses(400, 414, 422, 429))
async def search(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    q: parameters.QueryText = "",
    kind: parameters.Kind = "",
    need: parameters.Need = "",
    place: parameters.Place = "",
    near: parameters.Near = None,
    within_km: parameters.WithinKm = 0,
    days: parameters.Days = (),
    times: parameters.Times = (),
    free: parameters.Free = "",
    alone: parameters.Alone = "",
    lift: parameters.Lift = "",
    buddy: parameters.Buddy = "",
    ways: parameters.Ways = (),
    access: parameters.Access = (),
    promises: parameters.Promises = (),
    age: parameters.Age = "",
    language: parameters.Language = "",
    as_typed: parameters.AsTyped = (),
    order: parameters.Order = "",
    page: parameters.Page = 1,
    per_page: parameters.PerPage = PER_PAGE,
) -> FoundActivities:
    """Find activities by words, place and what they must be like.

    What is asked for and not known comes after what is known, and says what to `ask`. Near a place
    hits stand in groups. Pages of one question part its hits.
    """
    context.limits.check(request.scope, "search")
    refuse_unknown_terms(
        context.release.catalogue,
        {"kind": (kind,), "need": (need,), "access": access, "promise": promises},
    )
    query = Query(
        q=q, kind=kind, need=need, place=place, near=near or "", within_km=within_km,
        days=tuple(days), times=tuple(times), free=free, alone=alone, lift=lift, buddy=buddy,
        ways=tuple(ways), access=tuple(access), promises=tuple(promises),
        age=int(age) if age else None, language=language, order=order, page=page,
        per_page=per_page, as_typed=tuple(as_typed), now=context.now,
    )  # fmt: skip
    release = context.release
    answer = await asyncio.to_thread(release.engine.search, query)
    help_now = find_crisis_help(release.catalogue.taxonomy.help_now, q)
    return found_activities(answer, help_now)


@get(
    "/api/activities/{slug:str}",
    operation_id="ApiActivitiesSlugOne",  # callers' generated clients are named after it
    summary="Read one activity",
    responses=problems.responses(400, 404, 414),
)
async def activity(slug: FromPath[str], context: NamedDependency[Context]) -> ActivityDetail:
    """Return one activity with all its public facts and its next six sessions."""
    release = context.release
    document = release.activity.get(slug)
    if document is None:
        raise Missing
    return activity_detail(document, release.catalogue.taxonomy, context.now)


@get("/search", include_in_schema=False)
async def search_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
) -> Response[str]:
    """Answer the find form as a page, for those without scripts."""
    context.limits.check(request.scope, "search")
    return await results_page(request, context)


router = Router("/", route_handlers=[search, activity, search_page], tags=["Activities"])
