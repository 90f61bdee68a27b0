"""The pages behind a letter's link: see the promise, confirm it, ask for a new link."""

from pathlib import PurePosixPath

import msgspec
from litestar import Response, Router, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath

from api.context import Context
from api.features.pledges.next_steps import NextSteps, next_steps
from api.features.pledges.signing import confirm as confirming
from api.features.pledges.signing.confirm import LinkedSignUp
from api.features.pledges.signing.confirmation_letters import send_again
from api.features.pledges.signing.steps import answer_to
from api.features.pledges.views import PledgeLink, pledge_link
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import AnyRequest, form_answers
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Promise, Version
from catalogue.outputs.formatting import long_date
from catalogue.read.site_settings import Service

ADDRESS_CHARACTERS = 254
STATES = {
    "doing": gettext_noop("doing"),
    "starting": gettext_noop("starting"),
    "not for us": gettext_noop("not for us"),
}


class SignedPledge(msgspec.Struct, frozen=True):
    """A pledge in the wording that somebody signed."""

    title: str
    statement: str


class PromiseView(msgspec.Struct, frozen=True):
    """The answer to one commitment; `state` is in words."""

    title: str
    state: str
    how: str


class ConfirmPage(Page, frozen=True, kw_only=True):
    """A promise as a letter's link shows it, before its button is pressed."""

    template = "confirm.html"
    action: str
    pledge: SignedPledge
    name: str
    promises: tuple[PromiseView, ...]


class ConfirmExpiredPage(Page, frozen=True, kw_only=True):
    """A confirmation link that no longer works; a form sends a new one."""

    template = "confirm_expired.html"
    service: Service


class ConfirmedPage(Page, frozen=True, kw_only=True):
    """After the button was pressed, however often."""

    template = "confirmed.html"
    pledge: PledgeLink
    name: str
    on_register: bool
    steps: NextSteps


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
    request: AnyRequest,
    token: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show the promise that a letter's link leads to, and change nothing."""
    context.limits.check(request.scope, "confirm")
    linked = await confirming.read_link(token, context)
    if linked.is_confirmed:
        return _confirmed(linked, context)
    page = _confirm_page(linked, action=f"/confirm/{token}")
    return context.pages.page(page, _("Confirm the promise"), section="pledges")


@post("/confirm/{token:str}", summary="Confirm a promise", include_in_schema=False)
async def confirm(
    request: AnyRequest,
    token: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Confirm the promise. Pressing the button again shows the same page."""
    context.limits.check(request.scope, "confirm")
    linked = await confirming.confirm(token, context)
    context.outbox.nudge()
    return _confirmed(linked, context)


@post("/confirm/resend", summary="Ask for a new link", include_in_schema=False)
async def resend(
    request: AnyRequest,
    context: NamedDependency[Context],
) -> Response[str]:
    """Write again to whoever signed with this address; the page is the same if nobody did."""
    context.limits.check(request.scope, "confirm")
    answers = form_answers(await request.body())
    await send_again(answer_to(answers, "contact_email")[:ADDRESS_CHARACTERS], context)
    context.outbox.nudge()
    page = ResentPage(service=context.pages.service)
    return context.pages.page(page, _("Check your e-mail again"), section="pledges")


def _confirmed(linked: LinkedSignUp, context: Context) -> Response[str]:
    sign_up = linked.sign_up
    slug = PurePosixPath(sign_up.entry_path).stem if sign_up.stage == "published" else ""
    page = ConfirmedPage(
        pledge=pledge_link(linked.pledge),
        name=linked.name,
        on_register=bool(slug),
        steps=next_steps(
            linked.pledge, slug, linked.name, context.catalogue, context.settings.base_url
        ),
    )
    return context.pages.page(page, _("Confirmed. Thank you."), section="pledges")


def _confirm_page(linked: LinkedSignUp, action: str) -> ConfirmPage:
    """Return the page of a promise: the wording that was signed, and the answers to it."""
    version = _signed_version(linked)
    titles = {commitment.id: commitment.title for commitment in version.commitments}
    return ConfirmPage(
        action=action,
        pledge=SignedPledge(linked.pledge.title, version.statement),
        name=linked.name,
        promises=tuple(
            PromiseView(titles.get(commitment, commitment), _state(promise), promise.how)
            for commitment, promise in linked.sign_up.promises.items()
        ),
    )


def _signed_version(linked: LinkedSignUp) -> Version:
    versions = {version.version: version for version in linked.pledge.versions}
    return versions.get(linked.sign_up.version, linked.pledge.current)


def _state(promise: Promise) -> str:
    if promise.state == "starting" and promise.by:
        return _("starting by %(day)s", day=long_date(promise.by))
    return _(STATES[promise.state])


link_pages = Router(
    "/",
    route_handlers=[confirm_page, confirm, resend],
    exception_handlers=expired_link_handlers(
        lambda service: ConfirmExpiredPage(service=service), section="pledges"
    ),
)
