"""Signposting requests over HTTP: as JSON, as a form without scripts, and the page after it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeAlias

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from api.context import Context
from api.errors import Invalid, Missing
from api.features.signposting.bodies import RequestReceived, SignpostingRequest
from api.features.signposting.submit import answer_due_on, submit_request
from api.http import problems
from api.http.request_bodies import IdempotencyKey, JsonBody, form_answers, read_fields
from api.security import references, spam_checks
from api.security.encryption import Encryption
from catalogue.build.page_types import AskPage
from catalogue.build.templates import Page, Service
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.formatting import day
from catalogue.outputs.forms import FieldError, Form, ask_choices

KEY_FIELD = "idempotency_key"
SENT_BEFORE = gettext_noop(
    "You have sent us a message from this page before. "
    "If you want to send this one too, press the button again."
)
LIST_FIELDS = frozenset({"needs"})

AnyRequest: TypeAlias = Request[Any, Any, Any]


class RequestReceivedPage(Page, frozen=True, kw_only=True):
    """After somebody asked for help; `answer_by` is a day in words, `activity` a title or empty."""

    template = "received.html"
    reference: str
    answer_by: str
    activity: str
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
    query = f"?activity={activity.slug}" if activity else ""
    return Redirect(f"/ask/received/{received.reference}{query}", status_code=303)


@get("/ask/received/{reference:str}", summary="What happens next", include_in_schema=False)
async def received_page(
    request: AnyRequest, reference: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show a reference and what happens next. No request is looked up: every valid one is shown.

    The activity it names is the one in the address.
    """
    try:
        checked = references.parse(reference, "R")
    except references.ReferenceFault:
        raise Missing from None
    activity = context.catalogue.activity(str(request.query_params.get("activity", "")))
    page = RequestReceivedPage(
        reference=checked,
        answer_by=day(answer_due_on(context.now)),
        activity=activity.title if activity else "",
        service=context.pages.service,
    )
    return context.pages.page(page, _("We have your message"), section="ask")


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
        gone=bool(slug) and not is_current,
        service=context.pages.service,
    )


router = Router(
    "/", route_handlers=[receive, form_page, receive_form, received_page], tags=["Signposting"]
)
