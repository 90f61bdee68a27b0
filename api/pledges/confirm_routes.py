"""The pages behind a letter's link, all without scripts: look, confirm, ask for a new one."""

from typing import Any, TypeAlias

from litestar import Request, Response, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.mail.outbox import Outbox
from api.pledges import confirm as confirming
from api.pledges import views
from api.pledges.confirm import LinkExpired
from api.pledges.links import Means, send_again
from api.web.bodies import form_answers
from api.web.frame import Pages
from api.web.limits import Limits

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254


@route(
    "/confirm/{token:str}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    summary="Look at a promise before confirming it",
    include_in_schema=False,
)
async def confirm_page(
    request: Asking,
    token: FromPath[str],
    means: NamedDependency[Means],
    limits: NamedDependency[Limits],
    pages: NamedDependency[Pages],
) -> Response[str]:
    """Show what the link of a letter is about, and change nothing, whoever opens it."""
    limits.check(request.scope, "confirm")
    try:
        shown = await confirming.look(token, means)
    except LinkExpired:
        return _expired(pages)
    if shown.done:
        return _confirmed(shown, pages)
    context = {"action": f"/confirm/{token}", **views.promise(shown)}
    return pages.page("confirm.html", "Confirm the promise", context, section="pledges")


@post("/confirm/{token:str}", summary="Confirm a promise", include_in_schema=False)
async def confirm(
    request: Asking,
    token: FromPath[str],
    means: NamedDependency[Means],
    limits: NamedDependency[Limits],
    outbox: NamedDependency[Outbox],
    pages: NamedDependency[Pages],
) -> Response[str]:
    """Make the promise count. Pressing the button again shows the same page."""
    limits.check(request.scope, "confirm")
    try:
        shown = await confirming.confirm(token, means)
    except LinkExpired:
        return _expired(pages)
    outbox.nudge()
    return _confirmed(shown, pages)


@post("/confirm/resend", summary="Ask for a new link", include_in_schema=False)
async def resend(
    request: Asking,
    means: NamedDependency[Means],
    limits: NamedDependency[Limits],
    outbox: NamedDependency[Outbox],
    pages: NamedDependency[Pages],
) -> Response[str]:
    """Write again to whoever signed with this address; the page is the same if nobody did."""
    limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")
    await send_again(address[:ADDRESS_CHARACTERS], means)
    outbox.nudge()
    return pages.page("resent.html", "Look in your e-mail", {}, section="pledges")


def _expired(pages: Pages) -> Response[str]:
    """Say that a link does not work; the same for an old one, a broken one and an invented one."""
    title = "This link no longer works"
    return pages.page("confirm_expired.html", title, {"pledge": None}, 410, section="pledges")


def _confirmed(shown: confirming.Shown, pages: Pages) -> Response[str]:
    context = {"pledge": views.link(shown.pledge), "name": shown.name}
    return pages.page("confirmed.html", "Confirmed. Thank you.", context, section="pledges")


link_pages = (confirm_page, confirm, resend)
