"""A connector's own page over HTTP, behind a link and without scripts: looking changes nothing."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, get, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.features.connectors import course as marking
from api.features.connectors import self_service, views
from api.features.connectors.point_routes import form_page
from api.features.connectors.store import pointing_key
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import form_answers
from api.security.references import new_id
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import Form

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254
LOOKING = [HttpMethod.GET, HttpMethod.HEAD]


class ConnectorExpiredPage(Page, frozen=True, kw_only=True):
    """A link to a connector's own page that no longer works."""

    template = "connector_expired.html"


@get("/connectors/me", include_in_schema=False)
async def ask_page(context: NamedDependency[Context]) -> Response[str]:
    """Show the form that asks for one's link."""
    return context.pages.page("connector_link.html", _("My own page"), {}, section="point")


@post("/connectors/me", include_in_schema=False)
async def send_link(request: Asking, context: NamedDependency[Context]) -> Response[str]:
    """Write to whoever is a connector with this address; the page is the same for nobody."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")
    await self_service.send_link(address[:ADDRESS_CHARACTERS], context)
    context.outbox.nudge()
    title = _("Look in your e-mail")
    return context.pages.page("connector_link_sent.html", title, {}, section="point")


@route("/connectors/me/{token:str}", http_method=LOOKING, include_in_schema=False)
async def own_page(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show what the link opens, and change nothing, whoever opens it."""
    context.limits.check(request.scope, "confirm")
    own = await self_service.look(token, context)
    values = views.own(own, f"/connectors/me/{token}", context.now)
    return context.pages.page("connector_me.html", _("My own page"), values, section="point")


@route("/connectors/me/{token:str}/point", http_method=LOOKING, include_in_schema=False)
async def own_point_page(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show the form that counts for this connector, with their own place chosen."""
    context.limits.check(request.scope, "confirm")
    own = await self_service.look(token, context)
    place = views.place_slug(own.connector.place, context.catalogue.taxonomy)
    values = {"connector": pointing_key(token), "area": place}
    return form_page(context, Form("/point", values, idempotency_key=new_id()))


@route("/connectors/me/{token:str}/course", http_method=LOOKING, include_in_schema=False)
async def own_questions(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show the questions, to be noted for this connector."""
    context.limits.check(request.scope, "confirm")
    own = await self_service.look(token, context)
    values = views.questions(own.course, f"/connectors/me/{token}/course", {}, ())
    return context.pages.page("course_questions.html", _("The questions"), values, section="point")


@post("/connectors/me/{token:str}/course", include_in_schema=False)
async def answer_own_questions(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Mark the questions, and note that the course is completed where all answers fit."""
    context.limits.check(request.scope, "course")
    own = await self_service.look(token, context)
    answers = form_answers(await request.body())
    if faults := marking.marked(own.course, answers):
        action = f"/connectors/me/{token}/course"
        values = views.questions(own.course, action, answers, faults)
        title = _("Error: %(title)s", title=_("The questions"))
        return context.pages.page("course_questions.html", title, values, 422, section="point")
    await self_service.complete(token, context)
    values = views.completed(own.course, f"/connectors/me/{token}")
    title = _("You have completed the course")
    return context.pages.page("course_completed.html", title, values, section="point")


@post("/connectors/me/{token:str}/leave", include_in_schema=False)
async def leave(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Let them go; pressed again it says that the link works no longer."""
    context.limits.check(request.scope, "confirm")
    await self_service.leave(token, context)
    context.outbox.nudge()
    return Redirect("/connectors/left", status_code=303)


@get("/connectors/left", include_in_schema=False)
async def left_page(context: NamedDependency[Context]) -> Response[str]:
    """Say goodbye; the same for everybody."""
    return context.pages.page("connector_left.html", _("Thank you"), {}, section="point")


own_pages = Router(
    "/",
    route_handlers=[
        ask_page,
        send_link,
        own_page,
        own_point_page,
        own_questions,
        answer_own_questions,
        leave,
        left_page,
    ],
    exception_handlers=expired_link_handlers(
        lambda service: ConnectorExpiredPage(), section="point"
    ),
)
