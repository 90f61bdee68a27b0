"""Signposting requests over HTTP: as JSON, as a form without scripts, and the page after it."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from api.context import Context
from api.errors import Invalid, Missing
from api.features.signposting.bodies import (
    ReachCorrection,
    RequestReceived,
    SignpostingRequest,
)
from api.features.signposting.submit import (
    answer_due_on,
    correct_reach,
    find_reach,
    reach_purpose,
    submit_request,
)
from api.http import problems
from api.http.request_bodies import AnyRequest, IdempotencyKey, JsonBody, form_answers, read_fields
from api.security import references, signed_timestamps, spam_checks
from api.security.encryption import Encryption
from catalogue.build.page_types import AskPage
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.formatting import day
from catalogue.outputs.forms import FieldError, Form, ask_choices
from catalogue.read.site_settings import Service

REACH_FIELDS = ("reach_by", "reach_at")
KEY_FIELD = "idempotency_key"
SENT_BEFORE = gettext_noop(
    "You have sent us a message from this page before. "
    "If you want to send this one too, press the button again."
)
LIST_FIELDS = frozenset({"needs"})


class RequestReceivedPage(Page, frozen=True, kw_only=True):
    """After somebody asked for help; `answer_by` is a day in words, `activity` a title or empty.

    `reach` says how we will reach them, and is empty once the page may not show it; `form` puts it
    right.
    """

    template = "received.html"
    reference: str
    answer_by: str
    activity: str
    reach: str
    form: Form
    service: Service


@post(
    "/api/signposting-requests",
    dto=JsonBody[SignpostingRequest],
    return_dto=None,
    summary="Ask for help",
    responses=problems.responses(400, 403, 413, 415, 422, 429, 503),
)
async def receive(
    request: AnyRequest,
    data: JSONBody[SignpostingRequest],
    context: NamedDependency[Context],
    idempotency_key: IdempotencyKey = "",
) -> RequestReceived:
    """Ask a person of the team to point somebody on. Answered once the request is safely kept."""
    context.limits.check(request.scope, "ask")
    received = await submit_request(data, context, idempotency_key=idempotency_key or None)
    context.outbox.nudge()
    return received


@get("/ask", summary="The form to ask for help, about an activity", include_in_schema=False)
async def form_page(request: AnyRequest, context: NamedDependency[Context]) -> Response[str]:
    """Show the form with its activity filled in, so that nobody needs scripts for that."""
    slug = str(request.query_params.get("activity", ""))
    title = context.release.texts["/ask/"].title
    form = Form("/ask", idempotency_key=references.new_id())
    return context.pages.page(_ask_page(slug, form, context), title, section="ask")


@post("/ask", summary="Ask for help by a form", include_in_schema=False)
async def receive_form(
    request: AnyRequest,
    context: NamedDependency[Context],
) -> Response[Any]:
    """Take the form of `/ask/`; answer with a way to the page that shows the reference."""
    context.limits.check(request.scope, "ask")
    answers = form_answers(await request.body())
    try:
        received = await submit_request(
            read_fields(_fields(answers), SignpostingRequest),
            context,
            idempotency_key=_idempotency_key(answers, context.encryption),
            trapped=spam_checks.is_trapped(answers),
        )
    except Invalid as error:
        return _form_with_errors(answers, error, context)
    context.outbox.nudge()
    activity = context.catalogue.activity(next(iter(answers.get("activity", ())), ""))
    stamp = signed_timestamps.sign_time(
        context.encryption, reach_purpose(received.reference), context.now
    )
    query = urlencode({**({"activity": activity.slug} if activity else {}), "shown": stamp})
    return Redirect(f"/ask/received/{received.reference}?{query}", status_code=303)


@get("/ask/received/{reference:str}", summary="What happens next", include_in_schema=False)
async def received_page(
    request: AnyRequest, reference: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show a reference and what happens next: every valid one is shown, whoever asks.

    Only just after the form the page also shows how we will reach them. The activity it names is
    the one in the address.
    """
    return await _received_page(request, _checked(reference), context)


@post(
    "/ask/received/{reference:str}", summary="Put right how to be reached", include_in_schema=False
)
async def receive_correction(
    request: AnyRequest, reference: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Take the number or address anew, by the rules of the form, and show the page again."""
    context.limits.check(request.scope, "ask")
    checked, answers = _checked(reference), form_answers(await request.body())
    fields = {name: answers[name][0] for name in REACH_FIELDS if name in answers}
    try:
        body = read_fields(fields, ReachCorrection)
    except Invalid as error:
        return await _received_page(request, checked, context, answers, error)
    await correct_reach(checked, _shown(request), body, context)
    return Redirect(_received_url(checked, request), status_code=303)


def _checked(reference: str) -> str:
    try:
        return references.parse(reference, "R")
    except references.ReferenceFault:
        raise Missing from None


def _shown(request: AnyRequest) -> str:
    return str(request.query_params.get("shown", ""))


def _received_url(reference: str, request: AnyRequest) -> str:
    """Return the address of the page with what it was asked for."""
    query = {name: str(request.query_params.get(name, "")) for name in ("activity", "shown")}
    return f"/ask/received/{reference}?{urlencode({n: text for n, text in query.items() if text})}"


async def _received_page(
    request: AnyRequest,
    reference: str,
    context: Context,
    answers: Mapping[str, list[str]] | None = None,
    error: Invalid | None = None,
) -> Response[str]:
    """Show the page after the form; `error` is what is wrong with a correction."""
    reach = await find_reach(reference, _shown(request), context)
    faults = error.errors if error and reach else ()
    values: Mapping[str, str | Sequence[str]] = answers or {}
    if reach and not answers:
        values = {"reach_by": reach.reach_by, "reach_at": reach.reach_at}
    activity = context.catalogue.activity(str(request.query_params.get("activity", "")))
    page = RequestReceivedPage(
        reference=reference,
        answer_by=day(answer_due_on(context.now)),
        activity=activity.title if activity else "",
        reach=_reach_sentence(reach) if reach else "",
        form=Form(
            _received_url(reference, request),
            values,
            [FieldError(fault.field, fault.message) for fault in faults],
        ),
        service=context.pages.service.for_activity(activity, context.catalogue.taxonomy),
    )
    title = _("We have your message")
    title = _("Error: %(title)s", title=title) if faults else title
    return context.pages.page(page, title, status=422 if faults else 200, section="ask")


def _reach_sentence(reach: ReachCorrection) -> str:
    sentences = {
        "phone": _("We will ring %(where)s.", where=reach.reach_at),
        "text": _("We will send a text to %(where)s.", where=reach.reach_at),
        "email": _("We will write an e-mail to %(where)s.", where=reach.reach_at),
        "post": _("We will write a letter to: %(where)s.", where=reach.reach_at),
        "visit": _("We will come to: %(where)s.", where=reach.reach_at),
    }
    return sentences[reach.reach_by]


def _fields(answers: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the answers to questions of ours, each as its field wants it."""
    return {
        name: answers[name] if name in LIST_FIELDS else answers[name][0]
        for name in SignpostingRequest.__struct_fields__
        if name in answers
    }


def _idempotency_key(answers: Mapping[str, list[str]], encryption: Encryption) -> str:
    """Return the key in the form, or a digest of all answers where it has none.

    So a button pressed twice, or a page sent again, makes one request.
    """
    keys = answers.get(KEY_FIELD)
    if keys:
        return keys[0]
    return "form-" + encryption.lookup(sha256(msgspec.json.encode(answers)).hexdigest())


def _form_with_errors(
    answers: Mapping[str, list[str]], error: Invalid, context: Context
) -> Response[str]:
    """Show the form with all that was answered, every fault by its field, and a fresh key."""
    form = Form(
        "/ask",
        values=answers,
        errors=[
            FieldError("", _(SENT_BEFORE))
            if fault.field == KEY_FIELD
            else FieldError(fault.field, fault.message)
            for fault in error.errors
        ],
        idempotency_key=references.new_id(),
    )
    page = _ask_page(form.value("activity"), form, context)
    title = _("Error: %(title)s", title=context.release.texts["/ask/"].title)
    return context.pages.page(page, title, status=422, section="ask")


def _ask_page(slug: str, form: Form, context: Context) -> AskPage:
    """Return the form's page, about an activity where we have it and it has not ended."""
    activity = context.catalogue.activity(slug)
    is_current = activity is not None and activity.status != "defunct"
    if is_current:
        form = msgspec.structs.replace(form, values={**form.values, "activity": slug})
    elif not form.errors:
        form = msgspec.structs.replace(form, values={})
    return AskPage(
        form=form,
        text=context.release.texts["/ask/"],
        choices=ask_choices(context.catalogue.taxonomy),
        activity=activity.title if activity and is_current else "",
        activity_missing=bool(slug) and not is_current,
        service=context.pages.service.for_activity(activity, context.catalogue.taxonomy),
    )


router = Router(
    "/",
    route_handlers=[receive, form_page, receive_form, received_page, receive_correction],
    tags=["Signposting"],
)
