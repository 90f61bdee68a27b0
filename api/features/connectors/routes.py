"""The connectors' pages over HTTP, all without scripts."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.context import House
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
    request: Asking, course: FromPath[str], house: NamedDependency[House]
) -> Response[Any]:
    """Mark the questions: say what does not fit, or lead on. Nothing is kept."""
    house.limits.check(request.scope, "course")
    found = course_of(house.catalogue, course)
    answers = form_answers(await request.body())
    faults = marking.marked(found, answers)
    if faults:
        action = f"/training/{found.slug}/questions"
        context = views.questions(found, action, answers, faults)
        title = _("Error: %(title)s", title=_("The questions"))
        return house.pages.page("course_questions.html", title, context, 422, section="point")
    return Redirect(f"/training/{found.slug}/completed", status_code=303)


@get("/training/{course:str}/completed", include_in_schema=False)
async def completed_page(course: FromPath[str], house: NamedDependency[House]) -> Response[str]:
    """Say what completing it means, and where to go on; the same for everybody."""
    context = views.completed(course_of(house.catalogue, course))
    title = _("You have completed the course")
    return house.pages.page("course_completed.html", title, context, section="point")


@get("/connectors", include_in_schema=False)
async def connectors_page(house: NamedDependency[House]) -> Response[str]:
    """Show what connectors do here, in totals alone."""
    now = house.clock()
    told = await house.database.read(lambda look: point.in_public(look, now))
    context = {"told": told, "courses": views.courses(house.catalogue, now)}
    return house.pages.page("connectors.html", _("Connectors"), context, section="point")


@get("/card", include_in_schema=False)
async def card_page(
    house: NamedDependency[House],
    place: Annotated[str, QueryParameter(max_length=80)] = "",
    size: Annotated[str, QueryParameter(max_length=10)] = "small",
) -> Response[str]:
    """Show a sheet of cards to print, for a place (slug) or for none; nothing on it is personal."""
    sheet = cards.sheet(place, size, house.catalogue, house.settings.base_url)
    context = cards.context(sheet, house.catalogue)
    return house.pages.page("card_sheet.html", _("A card to hand over"), context, section="point")


@get("/c/{code:str}", include_in_schema=False)
async def follow_card(code: FromPath[str], house: NamedDependency[House]) -> Redirect:
    """Lead on from the short address of a card: always somewhere, and the same for everybody."""
    return Redirect(cards.leads_to(code[:80], house.catalogue), status_code=303)


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
        guard.inside(*staff_pages),
    ],
)
