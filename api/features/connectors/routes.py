"""The connectors' pages over HTTP, all without scripts."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.context import Context
from api.features.connectors import cards
from api.features.connectors.course import (
    CourseCompletedPage,
    check_answers,
    find_course,
    questions_page,
)
from api.features.connectors.self_service_routes import self_service_router
from api.features.connectors.signpost_routes import read_totals, signpost_handlers
from api.features.connectors.signposts import SignpostTotals
from api.features.connectors.staff_routes import staff_handlers
from api.http.request_bodies import AnyRequest, form_answers
from api.staff import guard
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.training import CourseView, course_view


class CourseSummary(msgspec.Struct, frozen=True):
    """A course, and how many connectors stand on the register of its pledge today."""

    course: CourseView
    connectors: int


class ConnectorsPage(Page, frozen=True, kw_only=True):
    """What connectors do here, in totals alone."""

    template = "connectors.html"
    totals: SignpostTotals
    courses: tuple[CourseSummary, ...]


@post("/training/{course:str}/questions", include_in_schema=False)
async def answer_course(
    request: AnyRequest, course: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Check the answers: say what does not fit, or redirect to the next page. Nothing is kept."""
    context.limits.check(request.scope, "course")
    course_found = find_course(context.catalogue, course)
    answers = form_answers(await request.body())
    faults = check_answers(course_found, answers)
    if faults:
        page = questions_page(
            course_found, f"/training/{course_found.slug}/questions", answers, faults
        )
        title = _("Nearly there: %(title)s", title=_("The questions"))
        return context.pages.page(page, title, status=422, section="point")
    return Redirect(f"/training/{course_found.slug}/completed", status_code=303)


@get("/training/{course:str}/completed", include_in_schema=False)
async def completed_page(course: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Say what completing it means, and where to go on; the same for everybody."""
    view = course_view(find_course(context.catalogue, course))
    page = CourseCompletedPage(course=view, own_url="")
    return context.pages.page(page, _("You have completed the course"), section="point")


@get("/connectors", include_in_schema=False)
async def connectors_page(context: NamedDependency[Context]) -> Response[str]:
    """Show what connectors do here, in totals alone."""
    page = ConnectorsPage(
        totals=await read_totals(context), courses=_courses(context.catalogue, context.now)
    )
    return context.pages.page(page, _("Connectors"), section="point")


@get("/card", include_in_schema=False)
async def card_page(
    context: NamedDependency[Context],
    place: Annotated[str, QueryParameter(max_length=80)] = "",
    size: Annotated[str, QueryParameter(max_length=10)] = cards.DEFAULT_SIZE,
) -> Response[str]:
    """Show a sheet of cards to print, for a place (slug) or for none; nothing on it is personal."""
    page = cards.card_sheet_page(
        place, size, context.catalogue, context.settings.base_url, context.pages.service
    )
    return context.pages.page(page, _("A card to hand over"), section="point")


@get("/c/{code:str}", include_in_schema=False)
async def follow_card(code: FromPath[str], context: NamedDependency[Context]) -> Redirect:
    """Redirect from the short address of a card: always somewhere, and the same for everybody."""
    return Redirect(cards.card_target(code[:80], context.catalogue), status_code=303)


def _courses(catalogue: Catalogue, now: datetime) -> tuple[CourseSummary, ...]:
    today = now.astimezone(LOCAL).date()

    def connectors(pledge: str) -> int:
        return sum(not signatory.lapsed(today) for signatory in catalogue.register(pledge))

    return tuple(
        CourseSummary(course_view(course), connectors(course.pledge))
        for course in catalogue.courses
    )


router = Router(
    "/",
    route_handlers=[
        answer_course,
        completed_page,
        connectors_page,
        card_page,
        follow_card,
        *signpost_handlers,
        self_service_router,
        guard.staff_router(*staff_handlers),
    ],
)
