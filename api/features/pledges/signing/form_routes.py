"""The pages of a pledge's form: one question each, then all answers, then what happens next."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.errors import FieldFault, Invalid, Missing, TooMany
from api.features.pledges.signing import hold_reasons, step_pages, steps
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.confirm_routes import ADDRESS_CHARACTERS, ResentPage
from api.features.pledges.signing.confirmation_letters import (
    correct_address,
    correction_purpose,
)
from api.features.pledges.signing.sign import PledgeEnded, sign
from api.features.pledges.signing.steps import CHECK_STEP, NextPage, answer_to
from api.features.pledges.views import PledgeLink, pledge_link
from api.http.request_bodies import AnyRequest, form_answers
from api.security import proof_of_work, references, signed_timestamps, spam_checks
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.gazetteer import area_named
from catalogue.model.pledge import Pledge
from catalogue.outputs.pledges.register import pledge_view
from catalogue.read.site_settings import Service

_STALE = gettext_noop("You began this more than a day ago. Look at it once more, then send it.")
_SENT_BEFORE = gettext_noop("You have sent this before. To send it too, press the button again.")


class SignedPage(Page, frozen=True, kw_only=True):
    """After a sign-up; `action` is where a corrected address is sent. The same for everybody."""

    template = "signed.html"
    pledge: PledgeLink
    reference: str
    action: str
    service: Service


@post("/pledges/{pledge:str}/sign", summary="Sign by a form", include_in_schema=False)
async def receive_page(
    request: AnyRequest, pledge: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Receive one page of the form and show the next; the last one makes the sign-up."""
    context.limits.check(request.scope, "sign_up_pages")
    open_pledge = _open_pledge(pledge, context)
    answers = _with_hidden_fields(form_answers(await request.body()), open_pledge, context)
    page = steps.next_page(answers, open_pledge, context.catalogue)
    if not page.submits:
        return _page(page, answers, open_pledge, context)
    if spam_checks.is_stale(answers, _purpose(open_pledge), context.encryption, context.now):
        return _ask_again(answers, open_pledge, context, _STALE)
    context.limits.check(request.scope, "sign_up_forms")
    body = steps.read_sign_up(answers, open_pledge, context.catalogue)
    held_why = _held_why(request, answers, body, context, open_pledge)
    try:
        key = answer_to(answers, "idempotency_key")
        source = context.limits.source(request.scope)
        reference = await sign(
            body, open_pledge, context, key=key, held_why=held_why, source=source
        )
    except Invalid:  # the key came with other answers before
        return _ask_again(answers, open_pledge, context, _SENT_BEFORE)
    context.outbox.nudge()
    until = signed_timestamps.sign_time(
        context.encryption, correction_purpose(reference), context.now
    )
    return Redirect(f"/pledges/{open_pledge.slug}/signed/{reference}/{until}", status_code=303)


@get(
    "/pledges/{pledge:str}/signed/{reference:str}/{until:str}",
    summary="What happens next",
    include_in_schema=False,
)
async def signed_page(
    pledge: FromPath[str],
    reference: FromPath[str],
    until: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Say that a letter is on its way; the same for everybody, and nothing is looked up."""
    signed = _pledge(pledge, context)
    action = f"/pledges/{signed.slug}/signed/{_reference(reference)}/{until}"
    page = SignedPage(
        pledge=pledge_link(signed),
        reference=_reference(reference),
        action=action,
        service=context.pages.service,
    )
    return context.pages.page(page, _("Check your e-mail"), section="pledges")


@post(
    "/pledges/{pledge:str}/signed/{reference:str}/{until:str}",
    summary="The address was wrong",
    include_in_schema=False,
)
async def receive_corrected_address(
    request: AnyRequest,
    pledge: FromPath[str],
    reference: FromPath[str],
    until: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Send the letter to a corrected address; the page is the same whatever happens."""
    context.limits.check(request.scope, "confirm")
    _pledge(pledge, context)
    answers = form_answers(await request.body())
    address = answer_to(answers, "contact_email")[:ADDRESS_CHARACTERS]
    await correct_address(_reference(reference), until, address, context)
    context.outbox.nudge()
    page = ResentPage(service=context.pages.service)
    return context.pages.page(page, _("Check your e-mail again"), section="pledges")


def _pledge(slug: str, context: Context) -> Pledge:
    pledge = context.catalogue.pledge(slug)
    if pledge is None:
        raise Missing
    return pledge


def _open_pledge(slug: str, context: Context) -> Pledge:
    pledge = _pledge(slug, context)
    if pledge.status == "ended":
        raise PledgeEnded
    return pledge


def _reference(text: str) -> str:
    try:
        return references.parse(text, "P")
    except references.ReferenceFault:
        raise Missing from None


def _purpose(pledge: Pledge) -> str:
    return f"form {pledge.slug}"


def _with_hidden_fields(
    answers: dict[str, list[str]], pledge: Pledge, context: Context
) -> dict[str, list[str]]:
    """Return the answers with the hidden fields, which are made at the first page."""
    if len(pledge.who_may_sign) == 1:
        answers["signer"] = [pledge.who_may_sign[0]]
    if "at" not in answers or answer_to(answers, "at") == steps.START:
        answers |= _new_hidden_fields(pledge, context)
    return answers


def _new_hidden_fields(pledge: Pledge, context: Context) -> dict[str, list[str]]:
    stamp = signed_timestamps.sign_time(context.encryption, _purpose(pledge), context.now)
    return {
        "idempotency_key": [references.new_id()],
        spam_checks.BEGAN: [stamp],
        "text": [pledge.current.text_sha256],
    }


def _held_why(
    request: AnyRequest,
    answers: Mapping[str, list[str]],
    body: SignUpRequest,
    context: Context,
    pledge: Pledge,
) -> str:
    """Return why staff should read it before anybody is written to (`hold_reasons`), or ""."""
    place = area_named(body.place, context.catalogue.taxonomy) or ""
    by_number = hold_reasons.repeat_reason(body, place, context.limits)
    by_form = spam_checks.form_spam_reason(
        answers, _purpose(pledge), context.encryption, context.now
    )
    key, proof = answer_to(answers, "idempotency_key"), answer_to(answers, "proof")
    if hold_reasons.is_rush(context.limits) and not proof_of_work.is_proven(
        context.encryption, key, proof
    ):
        by_form = by_form or "no_proof"
    try:
        context.limits.check(request.scope, "sign_up")
    except TooMany:
        return by_form or "many_from_there"
    return by_form or by_number


def _page(
    next_page: NextPage, answers: Mapping[str, list[str]], pledge: Pledge, context: Context
) -> Response[str]:
    if next_page.step == CHECK_STEP:  # the wording on this page is the one that is agreed to
        answers = {**answers, "text": [pledge.current.text_sha256]}
    view = pledge_view(pledge, context.catalogue, context.now)
    key = answer_to(answers, "idempotency_key")
    challenge = hold_reasons.challenge_in_rush(context.limits, context.encryption, key, context.now)
    page = step_pages.step_page(next_page, answers, pledge, view, context.catalogue, challenge)
    title = step_pages.step_title(next_page, pledge, view, answers)
    status = 422 if next_page.faults else 200
    response = context.pages.page(page, title, status=status, section="pledges")
    # The browser's back button must find the page, and its answers, again.
    response.headers["cache-control"] = "private, no-cache"
    return response


def _ask_again(
    answers: Mapping[str, list[str]], pledge: Pledge, context: Context, sentence: str
) -> Response[str]:
    """Show all answers once more, with new hidden fields, and say why."""
    page = NextPage(CHECK_STEP, (FieldFault("", _(sentence)),))
    return _page(page, {**answers, **_new_hidden_fields(pledge, context)}, pledge, context)


form_pages = (receive_page, signed_page, receive_corrected_address)
