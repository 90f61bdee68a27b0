"""Signing by pages without scripts: one question each, then all answers, then what comes next."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.errors import FieldFault, Invalid, Missing, TooMany
from api.features.pledges import views
from api.features.pledges.signing import correct_address, hold_reasons, step_pages, steps
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.confirm_routes import ADDRESS_CHARACTERS, ResentPage
from api.features.pledges.signing.eligibility import canonical_place
from api.features.pledges.signing.sign import PledgeEnded, sign
from api.features.pledges.signing.steps import CHECK_STEP, NextPage, answer_to
from api.http.request_bodies import form_answers
from api.security import proof_of_work, references, signed_timestamps, spam_checks
from catalogue.build.templates import Page, Service
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge
from catalogue.outputs.pledges.register import pledge_view

Asking: TypeAlias = Request[Any, Any, Any]

_STALE = gettext_noop("You began this more than a day ago. Look at it once more, then send it.")
_SENT_BEFORE = gettext_noop("You have sent this before. To send it too, press the button again.")


class SignedPage(Page, frozen=True, kw_only=True):
    """After a sign-up, the same whoever signs; `action` is where another address is sent."""

    template = "signed.html"
    pledge: views.PledgeLink
    reference: str
    action: str
    service: Service


@post("/pledges/{pledge:str}/sign", summary="Sign by a form", include_in_schema=False)
async def receive_page(
    request: Asking, pledge: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Take one page of the form and show the next; the last one makes the promise."""
    context.limits.check(request.scope, "sign_up_pages")
    found = _open(pledge, context)
    answers = _begun(form_answers(await request.body()), found, context)
    shown = steps.next_page(answers, found, context.catalogue)
    if not shown.sends:
        return _page(shown, answers, found, context)
    if spam_checks.is_stale(answers, _purpose(found), context.encryption, context.now):
        return _again(answers, found, context, _STALE)
    context.limits.check(request.scope, "sign_up_forms")
    asked = steps.read_sign_up(answers, found, context.catalogue)
    why = _held_why(request, answers, asked, context, found)
    try:
        key = answer_to(answers, "idempotency_key")
        source = context.limits.source(request.scope)
        reference = await sign(asked, found, context, key=key, held_why=why, source=source)
    except Invalid:  # the key came with other answers before
        return _again(answers, found, context, _SENT_BEFORE)
    context.outbox.nudge()
    until = signed_timestamps.sign_time(
        context.encryption, correct_address.purpose(reference), context.now
    )
    return Redirect(f"/pledges/{found.slug}/signed/{reference}/{until}", status_code=303)


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
    found = _pledge(pledge, context)
    action = f"/pledges/{found.slug}/signed/{_sound(reference)}/{until}"
    page = SignedPage(
        pledge=views.pledge_link(found),
        reference=_sound(reference),
        action=action,
        service=context.pages.service,
    )
    return context.pages.page(page, _("Look in your e-mail"), section="pledges")


@post(
    "/pledges/{pledge:str}/signed/{reference:str}/{until:str}",
    summary="The address was wrong",
    include_in_schema=False,
)
async def put_address_right(
    request: Asking,
    pledge: FromPath[str],
    reference: FromPath[str],
    until: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Send the letter to another address than was typed; the page is the same whatever happens."""
    context.limits.check(request.scope, "confirm")
    _pledge(pledge, context)
    answers = form_answers(await request.body())
    typed = answer_to(answers, "contact_email")[:ADDRESS_CHARACTERS]
    await correct_address.put_right(_sound(reference), until, typed, context)
    context.outbox.nudge()
    page = ResentPage(service=context.pages.service)
    return context.pages.page(page, _("Look in your e-mail again"), section="pledges")


def _pledge(slug: str, context: Context) -> Pledge:
    found = context.catalogue.pledge(slug)
    if found is None:
        raise Missing
    return found


def _open(slug: str, context: Context) -> Pledge:
    found = _pledge(slug, context)
    if found.status == "ended":
        raise PledgeEnded
    return found


def _sound(reference: str) -> str:
    try:
        return references.parse(reference, "P")
    except references.ReferenceFault:
        raise Missing from None


def _purpose(pledge: Pledge) -> str:
    return f"form {pledge.slug}"


def _begun(answers: dict[str, list[str]], pledge: Pledge, context: Context) -> dict[str, list[str]]:
    """Return the answers with what rides along unseen, drawn at the first page."""
    if len(pledge.who_may_sign) == 1:
        answers["signer"] = [pledge.who_may_sign[0]]
    if "at" not in answers or answer_to(answers, "at") == steps.START:
        answers |= _fresh(pledge, context)
    return answers


def _fresh(pledge: Pledge, context: Context) -> dict[str, list[str]]:
    began = signed_timestamps.sign_time(context.encryption, _purpose(pledge), context.now)
    return {
        "idempotency_key": [references.new_id()],
        spam_checks.BEGAN: [began],
        "text": [pledge.current.text_sha256],
    }


def _held_why(
    request: Asking,
    answers: Mapping[str, list[str]],
    asked: SignUpRequest,
    context: Context,
    pledge: Pledge,
) -> str:
    """Return why staff should read it before anybody is written to, or nothing."""
    place = canonical_place(asked.place, context.catalogue.taxonomy) or ""
    by_number = hold_reasons.repeat_reason(asked, place, context.limits)
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
    shown: NextPage, answers: Mapping[str, list[str]], pledge: Pledge, context: Context
) -> Response[str]:
    if shown.step == CHECK_STEP:  # what is looked at now is what will be agreed to
        answers = {**answers, "text": [pledge.current.text_sha256]}
    view = pledge_view(pledge, context.catalogue, context.now)
    key = answer_to(answers, "idempotency_key")
    challenge = hold_reasons.challenge_in_rush(context.limits, context.encryption, key, context.now)
    page = step_pages.page(shown, answers, pledge, view, context.catalogue, challenge)
    title = step_pages.title(shown, pledge, view, answers)
    status = 422 if shown.faults else 200
    response = context.pages.page(page, title, status=status, section="pledges")
    # The browser's own way back must find the page, and its answers, again.
    response.headers["cache-control"] = "private, no-cache"
    return response


def _again(
    answers: Mapping[str, list[str]], pledge: Pledge, context: Context, sentence: str
) -> Response[str]:
    """Show all answers once more, with a fresh key and a fresh start, and why."""
    shown = NextPage(CHECK_STEP, (FieldFault("", _(sentence)),))
    return _page(shown, {**answers, **_fresh(pledge, context)}, pledge, context)


form_pages = (receive_page, signed_page, put_address_right)
