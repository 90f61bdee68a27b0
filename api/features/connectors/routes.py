"""The connectors' pages over HTTP, all without scripts."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.context import Context
from api.errors import Missing
from api.features.connectors import cards, point, views
from api.features.connectors import course as marking
from api.features.connectors.point_routes import point_pages
from api.features.connectors.self_service_routes import own_pages
from api.features.connectors.staff_routes import staff_pages
from api.http.request_bodies import form_answers
from api.staff import guard
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.training import Course

Asking: TypeAlias = Request[Any, Any, Any]


@post("/training/{course:str}/questions", include_in_schema=False)
async def answer_course(
    request: Asking, course: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Mark the questions: say what does not fit, or lead on. Nothing is kept."""
    context.limits.check(request.scope, "course")
    found = course_of(context.catalogue, course)
    answers = form_answers(await request.body())
    faults = marking.marked(found, answers)
    if faults:
        action = f"/training/{found.slug}/questions"
        values = views.questions(found, action, answers, faults)
        title = _("Error: %(title)s", title=_("The questions"))
        return context.pages.page("course_questions.html", title, values, 422, section="point")
    return Redirect(f"/training/{found.slug}/completed", status_code=303)


@get("/training/{course:str}/completed", include_in_schema=False)
async def completed_page(course: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Say what completing it means, and where to go on; the same for everybody."""
    values = views.completed(course_of(context.catalogue, course))
    title = _("You have completed the course")
    return context.pages.page("course_completed.html", title, values, section="point")


@get("/connectors", include_in_schema=False)
async def connectors_page(context: NamedDependency[Context]) -> Response[str]:
    """Show what connectors do here, in totals alone."""
    now = context.now
    told = await context.database.read(lambda look: point.in_public(look, now))
    values = {"told": told, "courses": views.courses(context.catalogue, now)}
    return context.pages.page("connectors.html", _("Connectors"), values, section="point")


@get("/card", include_in_schema=False)
async def card_page(
    context: NamedDependency[Context],
    place: Annotated[str, QueryParameter(max_length=80)] = "",
    size: Annotated[str, QueryParameter(max_length=10)] = "small",
) -> Response[str]:
    """Show a sheet of cards to print, for a place (slug) or for none; nothing on it is personal."""
    sheet = cards.sheet(place, size, context.catalogue, context.settings.base_url)
    values = cards.context(sheet, context.catalogue)
    return context.pages.page("card_sheet.html", _("A card to hand over"), values, section="point")


@get("/c/{code:str}", include_in_schema=False)
async def follow_card(code: FromPath[str], context: NamedDependency[Context]) -> Redirect:
    """Lead on from the short address of a card: always somewhere, and the same for everybody."""
    return Redirect(cards.leads_to(code[:80], context.catalogue), status_code=303)


def course_of(catalogue: Catalogue, slug: str) -> Course:
    """Return a course. Raises Missing."""
    found = catalogue.course(slug)
    if found is None:
        raise Missing
    return found


router = Router(
    "/",
    route_handlers=[
        answer_course,
        completed_page,
        connectors_page,
        card_page,
        follow_card,
        *point_pages,
        own_pages,
        guard.staff_router(*staff_pages),
    ],
)
