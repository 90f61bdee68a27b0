"""Putting right over HTTP: the form with what our page says now, its answer, and JSON."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from api.context import Context
from api.errors import FieldFault, Invalid, Missing
from api.features.corrections import views
from api.features.corrections.bodies import CorrectionReceived, CorrectionRequest
from api.features.corrections.propose import NoSuchActivity, propose
from api.features.corrections.review.staff_routes import staff_pages
from api.http import problems
from api.http.request_bodies import AnyRequest, IdempotencyKey, JsonBody, form_answers, read_fields
from api.security import references, spam_checks
from api.security.encryption import Encryption
from catalogue.build.page_types import PutRightWhichPage
from catalogue.i18n.gettext import _

KEY_FIELD = "idempotency_key"
LOOK_FIELD = "look"
"""The button that shows the coming dates and sends nothing."""


@post(
    "/api/corrections",
    dto=JsonBody[CorrectionRequest],
    return_dto=None,
    summary="Say what is wrong about an activity",
    responses=problems.responses(400, 403, 404, 413, 415, 422, 429, 503),
)
async def receive(
    request: AnyRequest,
    data: JSONBody[CorrectionRequest],
    context: NamedDependency[Context],
    idempotency_key: IdempotencyKey = "",
) -> CorrectionReceived:
    """Say what is wrong, or that all is still right. A person looks before anything changes."""
    context.limits.check(request.scope, "correct")
    received = await propose(data, context, key=idempotency_key or None)
    context.outbox.nudge()
    return received


@get("/put-right", summary="The form to put something right", include_in_schema=False)
async def form_page(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Show what our page says now, and ask what is right."""
    slug = str(request.query_params.get("activity", ""))
    activity = context.catalogue.activity(slug)
    if activity is None:
        return _which(context)
    page = views.put_right_page(activity, context, {})
    return context.pages.page(page, _("Put this right"), section="find")


@post("/put-right", summary="Put something right by a form", include_in_schema=False)
async def receive_form(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Take the form; answer with a way to the page that shows the reference."""
    context.limits.check(request.scope, "correct")
    answers = form_answers(await request.body())
    if LOOK_FIELD in answers:
        return _form_with_dates(answers, context)
    names = CorrectionRequest.__struct_fields__
    values = {name: answers[name][0] for name in names if name in answers}
    try:
        correction = read_fields(values, CorrectionRequest)
        key = _key(answers, context.encryption)
        received = await propose(
            correction, context, key=key, trapped=spam_checks.is_trapped(answers)
        )
    except Invalid as error:
        return _form_again(answers, error, context)
    except NoSuchActivity:
        return _which(context)
    context.outbox.nudge()
    query = urlencode({"activity": correction.activity})
    return Redirect(f"/put-right/received/{received.reference}?{query}", status_code=303)


@get("/put-right/received/{reference:str}", summary="What happens next", include_in_schema=False)
async def received_page(
    request: AnyRequest, reference: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show a reference and what happens next. It looks nothing up: every sound one is shown so.

    The activity is the one in the address.
    """
    try:
        sound = references.parse(reference, "C")
    except references.ReferenceFault:
        raise Missing from None
    activity = context.catalogue.activity(str(request.query_params.get("activity", "")))
    service = context.pages.service.for_activity(activity, context.catalogue.taxonomy)
    page = views.PutRightReceivedPage(reference=sound, service=service)
    return context.pages.page(page, _("Thank you for putting it right"), section="find")


def _which(context: Context) -> Response[str]:
    """Say that the directory has no such activity, and how to reach us all the same."""
    title = _("Put something right")
    page = PutRightWhichPage(service=context.pages.service, activity_missing=True)
    return context.pages.page(page, title, status=404, section="find")


def _key(answers: Mapping[str, list[str]], encryption: Encryption) -> str:
    """Return the key the page drew; without scripts the answers are their own."""
    key_answers = answers.get(KEY_FIELD)
    if key_answers:
        return key_answers[0]
    return "form-" + encryption.lookup(sha256(msgspec.json.encode(answers)).hexdigest())


def _form_with_dates(answers: Mapping[str, list[str]], context: Context) -> Response[str]:
    """Show the form with all that was answered, and the dates that the words would mean."""
    activity = context.catalogue.activity(next(iter(answers.get("activity", ())), ""))
    if activity is None:
        return _which(context)
    key = next(iter(answers.get(KEY_FIELD, ())), "")
    page = views.put_right_page(activity, context, answers, key=key, is_preview=True)
    return context.pages.page(page, _("Put this right"), section="find")


def _form_again(
    answers: Mapping[str, list[str]], error: Invalid, context: Context
) -> Response[str]:
    """Show the form with all that was answered, every fault by its field, and a fresh key."""
    activity = context.catalogue.activity(next(iter(answers.get("activity", ())), ""))
    if activity is None:
        return _which(context)
    faults = [
        FieldFault("", _("You have sent this before. To send it too, press the button again."))
        if fault.field == KEY_FIELD
        else FieldFault(fault.field, _(fault.message))
        for fault in error.errors
    ]
    page = views.put_right_page(activity, context, answers, faults, references.new_id())
    title = _("Error: %(page)s", page=_("Put this right"))
    return context.pages.page(page, title, status=422, section="find")


router = Router(
    "/",
    route_handlers=[receive, form_page, receive_form, received_page, staff_pages],
    tags=["Corrections"],
)
