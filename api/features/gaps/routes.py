"""Telling that there is nothing, over HTTP: as JSON, and as a form."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Redirect

from api.context import Context
from api.features.gaps.bodies import GapTaken, NothingFound, taken
from api.features.gaps.count import GapCounter
from api.http import problems
from api.http.request_bodies import JsonBody, form_answers, read_fields, read_json
from catalogue.build.templates import Page, Service
from catalogue.i18n.gettext import _

Asking: TypeAlias = Request[Any, Any, Any]


class GapReceivedPage(Page, frozen=True, kw_only=True):
    """After somebody told us that there is nothing; the same for everybody."""

    template = "gap_told.html"
    service: Service


@post(
    "/api/gaps",
    dto=JsonBody[NothingFound],
    return_dto=None,
    status_code=202,
    summary="Tell that there is nothing",
    responses=problems.responses(400, 403, 413, 415, 422, 429),
)
async def receive(
    request: Asking, data: JSONBody[NothingFound], context: NamedDependency[Context]
) -> GapTaken:
    """Count that there is nothing of a kind in an area. The number is all that is kept."""
    context.limits.check(request.scope, "gap")
    return _counted(data, context)


@post("/gaps", summary="Tell that there is nothing, from a page", include_in_schema=False)
async def receive_form(request: Asking, context: NamedDependency[Context]) -> Response[Any]:
    """Take the button of a search that found nothing: JSON from a script, else a form."""
    context.limits.check(request.scope, "gap")
    body = await request.body()
    if request.content_type[0] == "application/json":
        return Response(_counted(read_json(body, NothingFound), context), status_code=202)
    answers = form_answers(body)
    known = {name: answers[name][0] for name in NothingFound.__struct_fields__ if name in answers}
    _counted(read_fields(known, NothingFound), context)
    return Redirect("/gaps/told", status_code=303)


@get("/gaps/told", summary="Thank you", include_in_schema=False)
async def told_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank whoever told us, the same for everybody."""
    page = GapReceivedPage(service=context.pages.service)
    return context.pages.page(page, _("Thank you for telling us"), section="find")


def _counted(told: NothingFound, context: Context) -> GapTaken:
    return taken(
        context.state.get(GapCounter).count(
            context.catalogue.taxonomy,
            place=told.place,
            kind=told.kind,
            need=told.need,
            page_view=told.page_view,
        )
    )


router = Router("/", route_handlers=[receive, receive_form, told_page], tags=["Gaps"])
