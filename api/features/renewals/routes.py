"""The pages behind the letters about a standing promise, all without scripts.

Looking changes nothing, whoever looks and however often; only a button does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from litestar import Request, Response, Router, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.context import Context
from api.errors import FieldFault, Invalid, LinkExpired
from api.features.renewals import check_in, self_service, views
from api.features.renewals.contact import PledgeEnded
from api.features.renewals.feedback.routes import visit_pages
from api.features.renewals.renaming.routes import register_pages
from api.features.renewals.self_service import Opened
from api.features.renewals.staff_routes import staff_pages
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import form_answers
from api.security import normalise
from api.staff import guard
from catalogue.build.templates import Page, Service
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254
LOOKING = [HttpMethod.GET, HttpMethod.HEAD]


class ManageExpiredPage(Page, frozen=True, kw_only=True):
    """A link to one's own promise that no longer works."""

    template = "manage_expired.html"
    service: Service


@route("/check-in/{token:str}", http_method=LOOKING, include_in_schema=False)
async def check_in_page(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Ask how it is with the promise, and change nothing."""
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    opened = await _opened(token, context, "check_in", "manage")
    return _check_in_page(opened, token, context)


@post("/check-in/{token:str}", include_in_schema=False)
async def receive_check_in(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Renew the promise: all as it was, or as each commitment was answered. Again is harmless."""
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    answers = form_answers(await request.body())
    opened = await _opened(token, context, "check_in", "manage")
    if opened.signatory.status == "withdrawn":
        return _withdrawn(opened, context)
    said = views.Said({}, {}, ())
    if "all_as_it_was" not in answers:
        said = views.read_check_in(answers, opened.signatory, context.today)
    if said.faults and _can_renew(opened, context):
        return _check_in_page(opened, token, context, answers, said.faults)
    return await _renewed(opened, said, context)


@post("/pledges/manage", include_in_schema=False)
async def send_link(request: Asking, context: NamedDependency[Context]) -> Response[str]:
    """Write to whoever signed with this address; the page is the same if nobody did."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")[:ADDRESS_CHARACTERS]
    if context.limits.has_room("letters_to_address", normalise.mailbox(address)):
        await asyncio.to_thread(self_service.send_link, address, context.as_actor("visitor"))
        context.outbox.nudge()
    return context.pages.page("manage_sent.html", _("Look in your e-mail"), {}, section="pledges")


@route("/manage/{token:str}", http_method=LOOKING, include_in_schema=False)
async def manage_page(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show one's own promise and what can be done with it, and change nothing."""
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    opened = await _opened(token, context, "manage")
    if opened.signatory.status == "withdrawn":
        return _withdrawn(opened, context)
    return _manage_page(opened, token, context)


@post("/manage/{token:str}/words", include_in_schema=False)
async def change_words(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Take new sentences, which somebody reads before they show."""
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    answers = form_answers(await request.body())
    opened = await _opened(token, context, "manage")
    if opened.signatory.status == "withdrawn":
        return _withdrawn(opened, context)
    try:
        await asyncio.to_thread(self_service.propose, opened, views.how_answers(answers), context)
    except Invalid as error:
        return _manage_page(opened, token, context, answers, error.errors)
    context.outbox.nudge()
    values = _promise(opened, context)
    return context.pages.page(
        "manage_words.html", _("Thank you. A person reads it now"), values, section="pledges"
    )


@post("/manage/{token:str}/withdraw", include_in_schema=False)
async def withdraw(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Take the promise off the register. Again shows the same page."""
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    opened = await _opened(token, context, "manage")
    of = opened.signatory
    await asyncio.to_thread(self_service.withdraw, of.pledge, of.slug, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    return _withdrawn(opened, context)


async def _opened(token: str, context: Context, *purposes: str) -> Opened:
    opened = await asyncio.to_thread(self_service.opened, token, context, *purposes)
    if context.catalogue.pledge(opened.link.pledge) is None:
        raise LinkExpired
    return opened


def _promise(opened: Opened, context: Context) -> dict[str, Any]:
    pledge = context.catalogue.pledge(opened.link.pledge)
    if pledge is None:
        raise LinkExpired
    return views.promise(opened.signatory, pledge, context)


def _can_renew(opened: Opened, context: Context) -> bool:
    return bool(_promise(opened, context)["can_renew"])


def _is_renewed(opened: Opened) -> bool:
    """Say whether the promise was renewed since the letter was written."""
    return opened.signatory.confirmed_until > opened.link.until


def _check_in_page(
    opened: Opened,
    token: str,
    context: Context,
    answers: Mapping[str, list[str]] | None = None,
    faults: Sequence[FieldFault] = (),
) -> Response[str]:
    if opened.signatory.status == "withdrawn":
        return _withdrawn(opened, context)
    values = _promise(opened, context)
    if values["ended"]:
        raise PledgeEnded
    if not values["can_renew"]:
        return _done(opened, context)
    form = views.check_in_form(f"/check-in/{token}", answers or {}, faults)
    title = _("Does your promise still hold?")
    if faults:
        title = _("Error: %(title)s", title=title)
    page = {**values, "form": form}
    return context.pages.page("check_in.html", title, page, 422 if faults else 200, "pledges")


async def _renewed(opened: Opened, said: views.Said, context: Context) -> Response[str]:
    of = opened.signatory
    await asyncio.to_thread(check_in.renew, of.pledge, of.slug, said.answers, said.words, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    return _done(await asyncio.to_thread(self_service.reread, opened, context), context)


def _done(opened: Opened, context: Context) -> Response[str]:
    title = _("Thank you") if _is_renewed(opened) else _("Your promise holds")
    values = {**_promise(opened, context), "renewed": _is_renewed(opened)}
    return context.pages.page("check_in_done.html", title, values, section="pledges")


def _manage_page(
    opened: Opened,
    token: str,
    context: Context,
    answers: Mapping[str, list[str]] | None = None,
    faults: Sequence[FieldFault] = (),
) -> Response[str]:
    errors = [FieldError(one.field, one.message) for one in faults]
    values = {
        **_promise(opened, context),
        "form": Form(f"/manage/{token}/words", values=answers or {}, errors=errors),
        "check_in": f"/check-in/{token}",
        "withdraw": f"/manage/{token}/withdraw",
    }
    title = _("Your promise")
    if faults:
        title = _("Error: %(title)s", title=title)
    return context.pages.page("manage.html", title, values, 422 if faults else 200, "pledges")


def _withdrawn(opened: Opened, context: Context) -> Response[str]:
    values = _promise(opened, context)
    return context.pages.page(
        "withdrawn.html", _("Your promise is withdrawn"), values, section="pledges"
    )


router = Router(
    "/",
    route_handlers=[
        check_in_page,
        receive_check_in,
        send_link,
        manage_page,
        change_words,
        withdraw,
        *visit_pages,
        guard.staff_router(*staff_pages, *register_pages),
    ],
    exception_handlers=expired_link_handlers(
        lambda service: ManageExpiredPage(service=service), section="pledges"
    ),
    tags=["Pledges"],
)
