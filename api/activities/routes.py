"""Search and single activities over HTTP, as JSON for programs and as a page without scripts."""

import asyncio
from typing import Annotated, Any, Literal

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from api.activities.bodies import FoundActivities, WholeActivity, found_all, whole
from api.activities.results import results_page
from api.house import House
from api.refusals import Missing
from api.search.port import PER_PAGE, Query
from api.web import problems
from catalogue.activity import Way
from catalogue.outputs.search import Day

Words = Annotated[
    str, QueryParameter(max_length=200, description="Free words; spelling is forgiven.")
]
Kind = Annotated[str, QueryParameter(max_length=80, description="Slug of a kind.")]
Need = Annotated[str, QueryParameter(max_length=80, description="Slug of a need.")]
Place = Annotated[
    str, QueryParameter(max_length=80, description="A place, an outward code or a postcode.")
]
OnDay = Annotated[
    Day | Literal[""], QueryParameter(description="A day of the week, such as monday.")
]
Free = Annotated[
    Literal["", "yes"], QueryParameter(description="yes: only what is known to be free.")
]
Ways = Annotated[
    tuple[Way, ...], QueryParameter(name="way", description="How it reaches you: any of these.")
]
Page = Annotated[int, QueryParameter(ge=1, le=1_000_000)]
PerPage = Annotated[int, QueryParameter(ge=1, le=100)]


@get("/api/activities", responses=problems.responses(400, 414, 422, 429))
async def search(
    request: Request[Any, Any, Any],
    house: NamedDependency[House],
    q: Words = "",
    kind: Kind = "",
    need: Need = "",
    place: Place = "",
    day: OnDay = "",
    free: Free = "",
    ways: Ways = (),
    page: Page = 1,
    per_page: PerPage = PER_PAGE,
) -> FoundActivities:
    """Find activities by words, place, day and kind. Pages of one question part its hits."""
    house.limits.check(request.scope, "search")
    query = Query(
        q=q, kind=kind, need=need, place=place, days=(day,) if day else (), free=free,
        ways=ways, page=page, per_page=per_page,
    )  # fmt: skip
    return found_all(await asyncio.to_thread(house.edition.engine.search, query), house.clock())


@get("/api/activities/{slug:str}", responses=problems.responses(400, 404, 414))
async def one(slug: FromPath[str], house: NamedDependency[House]) -> WholeActivity:
    """Return one activity with all its public facts and its next six sessions."""
    edition = house.edition
    activity = edition.activity.get(slug)
    if activity is None:
        raise Missing
    return whole(activity, edition.catalogue.taxonomy, house.clock())


@get("/search", include_in_schema=False)
async def search_page(
    request: Request[Any, Any, Any],
    house: NamedDependency[House],
) -> Response[str]:
    """Answer the find form as a page, for those without scripts."""
    house.limits.check(request.scope, "search")
    return await results_page(request, house)


router = Router("/", route_handlers=[search, one, search_page], tags=["Activities"])
