"""A connector's own page over HTTP, behind a link and without scripts: a GET changes nothing."""

from datetime import date
from typing import Any

from litestar import Response, Router, get, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.features.connectors import self_service
from api.features.connectors.course import CourseCompletedPage, check_answers, questions_page
from api.features.connectors.self_service import OwnRecord
from api.features.connectors.signpost_routes import show_form
from api.features.connectors.store import pointing_key
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import AnyRequest, form_answers
from api.security.references import new_id
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.text import slug_of
from catalogue.outputs.formatting import long_date
from catalogue.outputs.forms import Form
from catalogue.outputs.training import CourseView, course_view
from catalogue.read.site_settings import Service

ADDRESS_CHARACTERS = 254
GET_OR_HEAD = [HttpMethod.GET, HttpMethod.HEAD]


class LinkRequestPage(Page, frozen=True, kw_only=True):
    """The form that asks for the link to one's own page."""

    template = "connector_link.html"
    service: Service


class LinkSentPage(Page, frozen=True, kw_only=True):
    """After asking for the link, the same whether anybody signed with the address or not."""

    template = "connector_link_sent.html"
    service: Service


class OwnPage(Page, frozen=True, kw_only=True):
    """A connector's own page; nothing on it is about anybody they met.

    `completed` and `refresh` are days in words, or empty; `due` says that `refresh` has come.
    """

    template = "connector_me.html"
    url: str
    name: str
    course: CourseView
    completed: str
    refresh: str
    due: bool
    this_month: int
    this_year: int
    card_url: str
    service: Service


class ConnectorExpiredPage(Page, frozen=True, kw_only=True):
    """A link to a connector's own page that no longer works."""

    template = "connector_expired.html"


class ConnectorLeftPage(Page, frozen=True, kw_only=True):
    """After leaving; the same for everybody."""

    template = "connector_left.html"


@get("/connectors/me", include_in_schema=False)
async def link_request_page(context: NamedDependency[Context]) -> Response[str]:
    """Show the form that asks for one's link."""
    page = LinkRequestPage(service=context.pages.service)
    return context.pages.page(page, _("My own page"), section="point")


@post("/connectors/me", include_in_schema=False)
async def send_link(request: AnyRequest, context: NamedDependency[Context]) -> Response[str]:
    """Write to whoever is a connector with this address; the answer is the same for nobody."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")
    await self_service.send_link(address[:ADDRESS_CHARACTERS], context)
    context.outbox.nudge()
    page = LinkSentPage(service=context.pages.service)
    return context.pages.page(page, _("Check your e-mail"), section="point")


@route("/connectors/me/{token:str}", http_method=GET_OR_HEAD, include_in_schema=False)
async def own_page(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show what the link opens, and change nothing, whoever opens it."""
    context.limits.check(request.scope, "confirm")
    record = await self_service.open_link(token, context)
    page = _own_page(record, _url(token), context.today, context.pages.service)
    return context.pages.page(page, _("My own page"), section="point")


@route("/connectors/me/{token:str}/point", http_method=GET_OR_HEAD, include_in_schema=False)
async def own_point_page(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show the form that counts for this connector, with their own place chosen."""
    context.limits.check(request.scope, "confirm")
    record = await self_service.open_link(token, context)
    area = context.catalogue.taxonomy.area.get(record.connector.place)
    values = {"connector": pointing_key(token), "area": area.slug if area else ""}
    return show_form(context, Form("/point", values, idempotency_key=new_id()))


@route("/connectors/me/{token:str}/course", http_method=GET_OR_HEAD, include_in_schema=False)
async def own_questions(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show the questions, to be noted for this connector."""
    context.limits.check(request.scope, "confirm")
    record = await self_service.open_link(token, context)
    page = questions_page(record.course, f"{_url(token)}/course", {}, ())
    return context.pages.page(page, _("The questions"), section="point")


@post("/connectors/me/{token:str}/course", include_in_schema=False)
async def answer_own_questions(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Check the answers, and note that the course is completed where all of them fit."""
    context.limits.check(request.scope, "course")
    course = (await self_service.open_link(token, context)).course
    answers = form_answers(await request.body())
    if faults := check_answers(course, answers):
        questions = questions_page(course, f"{_url(token)}/course", answers, faults)
        title = _("Nearly there: %(title)s", title=_("The questions"))
        return context.pages.page(questions, title, status=422, section="point")
    await self_service.complete_course(token, context)
    page = CourseCompletedPage(course=course_view(course), own_url=_url(token))
    return context.pages.page(page, _("You have completed the course"), section="point")


@post("/connectors/me/{token:str}/leave", include_in_schema=False)
async def leave(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Stop being a connector; pressed again it says that the link no longer works."""
    context.limits.check(request.scope, "confirm")
    await self_service.leave(token, context)
    context.outbox.nudge()
    return Redirect("/connectors/left", status_code=303)


@get("/connectors/left", include_in_schema=False)
async def left_page(context: NamedDependency[Context]) -> Response[str]:
    """Say goodbye; the same for everybody."""
    return context.pages.page(ConnectorLeftPage(), _("Thank you"), section="point")


def _url(token: str) -> str:
    return f"/connectors/me/{token}"


def _own_page(record: OwnRecord, url: str, today: date, service: Service) -> OwnPage:
    connector = record.connector
    return OwnPage(
        url=url,
        name=connector.public_name,
        course=course_view(record.course),
        completed=long_date(connector.completed_on) if connector.completed_on else "",
        refresh=long_date(record.refresh_on) if record.refresh_on else "",
        due=bool(record.refresh_on and record.refresh_on <= today),
        this_month=record.this_month,
        this_year=record.this_year,
        card_url=f"/card?place={slug_of(connector.place)}",
        service=service,
    )


self_service_router = Router(
    "/",
    route_handlers=[
        link_request_page,
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
