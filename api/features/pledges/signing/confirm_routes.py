"""The pages behind a letter's link, all without scripts: look, confirm, ask for a new one."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.context import House
from api.features.pledges import views
from api.features.pledges.signing import confirm as confirming
from api.features.pledges.signing.confirm import LinkExpired
from api.features.pledges.signing.confirmation_letters import Means, send_again
from api.http.page_frame import Pages
from api.http.request_bodies import form_answers
from catalogue.i18n.gettext import _

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254


def means_of(house: House) -> Means:
    """Return all that a sign-up is worked on with, as of now."""

    def may_write(address: str) -> bool:
        return house.limits.has_room("letters_to_address", address)

    return Means(
        house.database, house.vault, house.settings, house.catalogue, may_write, house.clock()
    )


@route(
    "/confirm/{token:str}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    summary="Look at a promise before confirming it",
    include_in_schema=False,
)
async def confirm_page(
    request: Asking,
    token: FromPath[str],
    house: NamedDependency[House],
) -> Response[str]:
    """Show what the link of a letter is about, and change nothing, whoever opens it."""
    house.limits.check(request.scope, "confirm")
    shown = await confirming.look(token, means_of(house))
    if shown.done:
        return _confirmed(shown, house.pages)
    context = {"action": f"/confirm/{token}", **views.promise(shown)}
    return house.pages.page("confirm.html", _("Confirm the promise"), context, section="pledges")


@post("/confirm/{token:str}", summary="Confirm a promise", include_in_schema=False)
async def confirm(
    request: Asking,
    token: FromPath[str],
    house: NamedDependency[House],
) -> Response[str]:
    """Make the promise count. Pressing the button again shows the same page."""
    house.limits.check(request.scope, "confirm")
    shown = await confirming.confirm(token, means_of(house))
    house.outbox.nudge()
    return _confirmed(shown, house.pages)


@post("/confirm/resend", summary="Ask for a new link", include_in_schema=False)
async def resend(
    request: Asking,
    house: NamedDependency[House],
) -> Response[str]:
    """Write again to whoever signed with this address; the page is the same if nobody did."""
    house.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")
    await send_again(address[:ADDRESS_CHARACTERS], means_of(house))
    house.outbox.nudge()
    return house.pages.page("resent.html", _("Look in your e-mail again"), {}, section="pledges")


def _expired(request: Asking, error: LinkExpired) -> Response[str]:
    """Say that a link does not work; the same for an old one, a broken one and an invented one."""
    house: House = request.app.state["house"]
    title = _("This link no longer works")
    return house.pages.page("confirm_expired.html", title, {"pledge": None}, 410, section="pledges")


def _confirmed(shown: confirming.Shown, pages: Pages) -> Response[str]:
    context = {"pledge": views.link(shown.pledge), "name": shown.name}
    return pages.page("confirmed.html", _("Confirmed. Thank you."), context, section="pledges")


link_pages = Router(
    "/",
    route_handlers=[confirm_page, confirm, resend],
    exception_handlers={LinkExpired: _expired},
)
