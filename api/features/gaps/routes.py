"""Reports that there is nothing, over HTTP: as JSON, and as a form."""

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Redirect
from msgspec import Meta

from api.context import Context
from api.features.gaps.counter import GapCounter
from api.features.gaps.staff_routes import staff_pages
from api.http import problems
from api.http.request_bodies import AnyRequest, Body, JsonBody, form_answers, read_fields, read_json
from api.security import contact_text
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.read.site_settings import Service

Text = Annotated[str, Meta(max_length=80, pattern=contact_text.ONE_LINE)]


class NothingFound(Body, frozen=True, kw_only=True):
    """There was nothing of a kind (slug) in a place, for a need (slug).

    What our lists do not know is not kept. `page_view` is drawn by the page: one counts once.
    """

    place: Text = ""
    kind: Text = ""
    need: Text = ""
    page_view: Text = ""


class GapCounted(msgspec.Struct, frozen=True):
    """What was counted, in names of our lists; `counted` is false where they know none of it."""

    counted: bool
    area: str = ""
    kind: str = ""
    need: str = ""


class GapReceivedPage(Page, frozen=True, kw_only=True):
    """After somebody reported that there is nothing; the same for everybody."""

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
    request: AnyRequest, data: JSONBody[NothingFound], context: NamedDependency[Context]
) -> GapCounted:
    """Count that there is nothing of a kind in an area. The number is all that is kept."""
    context.limits.check(request.scope, "gap")
    return _count(data, context)


@post("/gaps", summary="Tell that there is nothing, from a page", include_in_schema=False)
async def receive_form(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Take the button of a search that found nothing: JSON from a script, else a form."""
    context.limits.check(request.scope, "gap")
    body = await request.body()
    if request.content_type[0] == "application/json":
        return Response(_count(read_json(body, NothingFound), context), status_code=202)
    answers = form_answers(body)
    fields = {name: answers[name][0] for name in NothingFound.__struct_fields__ if name in answers}
    _count(read_fields(fields, NothingFound), context)
    return Redirect("/gaps/told", status_code=303)


@get("/gaps/told", summary="Thank you", include_in_schema=False)
async def thanks_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank whoever reported it, the same for everybody."""
    page = GapReceivedPage(service=context.pages.service)
    return context.pages.page(page, _("Thank you for telling us"), section="find")


def _count(report: NothingFound, context: Context) -> GapCounted:
    gap = context.state.get(GapCounter).count(
        context.catalogue.taxonomy,
        place=report.place,
        kind=report.kind,
        need=report.need,
        page_view=report.page_view,
    )
    return GapCounted(True, gap.area, gap.kind, gap.need) if gap else GapCounted(False)


router = Router(
    "/", route_handlers=[receive, receive_form, thanks_page, staff_pages], tags=["Gaps"]
)
