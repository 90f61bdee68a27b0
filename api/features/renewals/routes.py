"""The routes behind the links in letters to signatories, all without scripts.

GET and HEAD change nothing; only a button does.
"""

import asyncio
from collections.abc import Mapping, Sequence

from litestar import Response, Router, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.context import Context
from api.errors import FieldFault, Invalid, LinkExpired
from api.features.renewals import bodies, check_in, pages, self_service, text_changes
from api.features.renewals.bodies import CheckInForm
from api.features.renewals.feedback.routes import feedback_routes
from api.features.renewals.pages import OwnPromise
from api.features.renewals.renaming.routes import register_routes
from api.features.renewals.renewal_rules import PledgeEnded
from api.features.renewals.self_service import OpenedLink
from api.features.renewals.staff_routes import staff_routes
from api.features.renewals.store import LinkPurpose
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import AnyRequest, form_answers
from api.security import normalise
from api.staff import guard
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

MAX_ADDRESS_CHARACTERS = 254
SAFE_METHODS = [HttpMethod.GET, HttpMethod.HEAD]
NO_ANSWERS: Mapping[str, list[str]] = {}


@route("/check-in/{token:str}", http_method=SAFE_METHODS, include_in_schema=False)
async def check_in_page(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Ask whether the promise still holds, and change nothing."""
    opened_link, context = await _open_link(request, token, context, "check_in", "manage")
    return _check_in_page(opened_link, token, context)


@post("/check-in/{token:str}", include_in_schema=False)
async def receive_check_in(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Renew the promise: all as it was, or by commitment. Repeating it is harmless."""
    opened_link, context = await _open_link(request, token, context, "check_in", "manage")
    answers = form_answers(await request.body())
    if opened_link.signatory.status == "withdrawn":
        return _withdrawn_page(opened_link, context)
    form = CheckInForm()
    if "all_as_it_was" not in answers:
        form = bodies.read_check_in(answers, opened_link.signatory, context.today)
    if form.faults and _own_promise(opened_link, context).can_renew:
        return _check_in_page(opened_link, token, context, answers, form.faults)
    return await _renew(opened_link, form, context)


@post("/pledges/manage", include_in_schema=False)
async def send_link(request: AnyRequest, context: NamedDependency[Context]) -> Response[str]:
    """Write to whoever signed with this address; the page is the same if nobody did."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    address = next(iter(answers.get("contact_email", ())), "")[:MAX_ADDRESS_CHARACTERS]
    if context.limits.has_room("letters_to_address", normalise.mailbox(address)):
        await asyncio.to_thread(self_service.send_link, address, context.as_actor("visitor"))
        context.outbox.nudge()
    page = pages.ManageLinkSentPage(service=context.pages.service)
    return context.pages.page(page, _("Check your e-mail"), section="pledges")


@route("/manage/{token:str}", http_method=SAFE_METHODS, include_in_schema=False)
async def manage_page(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show one's own promise and what can be done with it, and change nothing."""
    opened_link, context = await _open_link(request, token, context, "manage")
    if opened_link.signatory.status == "withdrawn":
        return _withdrawn_page(opened_link, context)
    return _manage_page(opened_link, token, context)


@post("/manage/{token:str}/words", include_in_schema=False)
async def receive_texts(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Take new sentences, which staff review before they are published."""
    opened_link, context = await _open_link(request, token, context, "manage")
    answers = form_answers(await request.body())
    if opened_link.signatory.status == "withdrawn":
        return _withdrawn_page(opened_link, context)
    texts = bodies.read_texts(answers)
    try:
        await asyncio.to_thread(text_changes.propose, opened_link.entry, texts, context)
    except Invalid as error:
        return _manage_page(opened_link, token, context, answers, error.errors)
    context.outbox.nudge()
    page = pages.TextChangeReceivedPage(url=_own_promise(opened_link, context).url)
    return context.pages.page(page, _("Thank you. A person reads it now"), section="pledges")


@post("/manage/{token:str}/withdraw", include_in_schema=False)
async def withdraw(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Take the promise off the register. Repeating it shows the same page."""
    opened_link, context = await _open_link(request, token, context, "manage")
    signatory = opened_link.signatory
    await asyncio.to_thread(self_service.withdraw, signatory.pledge, signatory.slug, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    return _withdrawn_page(opened_link, context)


async def _open_link(
    request: AnyRequest, token: str, context: Context, *purposes: LinkPurpose
) -> tuple[OpenedLink, Context]:
    """Open the link of a letter, and act for its signatory.

    Raises LinkExpired where it works no longer.
    """
    context.limits.check(request.scope, "confirm")
    context = context.as_actor("signatory")
    opened_link = await asyncio.to_thread(self_service.open_link, token, context, *purposes)
    if context.catalogue.pledge(opened_link.link.pledge) is None:
        raise LinkExpired
    return opened_link, context


async def _renew(opened_link: OpenedLink, form: CheckInForm, context: Context) -> Response[str]:
    pledge, slug = opened_link.signatory.pledge, opened_link.signatory.slug
    await asyncio.to_thread(check_in.renew, pledge, slug, form.answers, form.texts, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    opened_link = await asyncio.to_thread(self_service.reload_entry, opened_link, context)
    return _check_in_done_page(opened_link, context)


def _own_promise(opened_link: OpenedLink, context: Context) -> OwnPromise:
    pledge = context.catalogue.pledge(opened_link.link.pledge)
    if pledge is None:
        raise LinkExpired
    return pages.own_promise(opened_link.signatory, pledge, context)


def _check_in_page(
    opened_link: OpenedLink,
    token: str,
    context: Context,
    answers: Mapping[str, list[str]] = NO_ANSWERS,
    faults: Sequence[FieldFault] = (),
) -> Response[str]:
    if opened_link.signatory.status == "withdrawn":
        return _withdrawn_page(opened_link, context)
    promise = _own_promise(opened_link, context)
    if promise.ended:
        raise PledgeEnded
    if not promise.can_renew:
        return _check_in_done_page(opened_link, context)
    form = _form(f"/check-in/{token}", answers, faults)
    page = pages.CheckInPage(promise=promise, form=form)
    title = _title(_("Does your promise still hold?"), faults)
    return context.pages.page(page, title, status=_status(faults), section="pledges")


def _check_in_done_page(opened_link: OpenedLink, context: Context) -> Response[str]:
    renewed = opened_link.signatory.confirmed_until > opened_link.link.confirmed_until
    title = _("Thank you") if renewed else _("Your promise holds")
    page = pages.CheckInDonePage(promise=_own_promise(opened_link, context), renewed=renewed)
    return context.pages.page(page, title, section="pledges")


def _manage_page(
    opened_link: OpenedLink,
    token: str,
    context: Context,
    answers: Mapping[str, list[str]] = NO_ANSWERS,
    faults: Sequence[FieldFault] = (),
) -> Response[str]:
    page = pages.ManagePage(
        promise=_own_promise(opened_link, context),
        form=_form(f"/manage/{token}/words", answers, faults),
        check_in_url=f"/check-in/{token}",
        withdraw_url=f"/manage/{token}/withdraw",
    )
    title = _title(_("Your promise"), faults)
    return context.pages.page(page, title, status=_status(faults), section="pledges")


def _withdrawn_page(opened_link: OpenedLink, context: Context) -> Response[str]:
    page = pages.WithdrawnPage(promise=_own_promise(opened_link, context))
    return context.pages.page(page, _("Your promise is withdrawn"), section="pledges")


def _form(action: str, answers: Mapping[str, list[str]], faults: Sequence[FieldFault]) -> Form:
    errors = [FieldError(fault.field, fault.message) for fault in faults]
    return Form(action, values=answers, errors=errors)


def _title(title: str, faults: Sequence[FieldFault]) -> str:
    return _("Error: %(title)s", title=title) if faults else title


def _status(faults: Sequence[FieldFault]) -> int:
    return 422 if faults else 200


router = Router(
    "/",
    route_handlers=[
        check_in_page,
        receive_check_in,
        send_link,
        manage_page,
        receive_texts,
        withdraw,
        *feedback_routes,
        guard.staff_router(*staff_routes, *register_routes),
    ],
    exception_handlers=expired_link_handlers(
        lambda service: pages.ManageExpiredPage(service=service), section="pledges"
    ),
    tags=["Pledges"],
)
