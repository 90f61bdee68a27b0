"""The pages behind a letter's link, all without scripts: look, confirm, ask for a new one."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.context import Context
from api.features.pledges import views
from api.features.pledges.signing import confirm as confirming
from api.features.pledges.signing.confirmation_letters import send_again
from api.http.expired_links import expired_link_handlers
from api.http.page_frame import Pages
from api.http.request_bodies import form_answers
from catalogue.build.templates import Page, Service
from catalogue.i18n.gettext import _

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254


class ConfirmExpiredPage(Page, frozen=True, kw_only=True):
    """A confirmation link that no longer works; a form sends a new one."""

    template = "confirm_expired.html"
    service: Service


class ConfirmedPage(Page, frozen=True, kw_only=True):
    """After the button was pressed, however often."""

    template = "confirmed.html"
    pledge: views.PledgeLink
    name: str


class ResentPage(Page, frozen=True, kw_only=True):
    """After somebody asked for a new letter: the same whether anybody signed with the address."""

    template = "resent.html"
    service: Service


@route(
    "/confirm/{token:str}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    summary="Look at a promise before confirming it",
    include_in_schema=False,
)
async def confirm_page(
    request: Asking,
    token: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what the link of a letter is about, and change nothing, whoever opens it."""
    context.limits.check(request.scope, "confirm")
    shown = await confirming.read_link(token, context)
    if shown.done:
        return _confirmed(shown, context.pages)
    page = views.confirm_page(shown, action=f"/confirm/{token}")
    return context.pages.page(page, _("Confirm the promise"), section="pledges")


@post("/confirm/{token:str}", summary="Confirm a promise", include_in_schema=False)
async def confirm(
    request: Asking,
    token: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Make the promise count. Pressing the button again shows the same page."""
    context.limits.check(request.scope, "confirm")
    shown = await confirming.confirm(token, context)
    context.outbox.nudge()
    return _confirmed(shown, context.pages)


@post("/confirm/resend", summary="Ask for a new link", include_in_schema=False)
async def resend(
    request: Asking,
    context: NamedDependency[Context],
) -> Response[str]:
    """Write again to whoever signed with this address; the page is the same if nobody did."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")
    await send_again(address[:ADDRESS_CHARACTERS], context)
    context.outbox.nudge()
    page = ResentPage(service=context.pages.service)
    return context.pages.page(page, _("Look in your e-mail again"), section="pledges")


def _confirmed(shown: confirming.LinkedSignUp, pages: Pages) -> Response[str]:
    page = ConfirmedPage(pledge=views.pledge_link(shown.pledge), name=shown.name)
    return pages.page(page, _("Confirmed. Thank you."), section="pledges")


link_pages = Router(
    "/",
    route_handlers=[confirm_page, confirm, resend],
    exception_handlers=expired_link_handlers(
        lambda service: ConfirmExpiredPage(service=service), section="pledges"
    ),
)
