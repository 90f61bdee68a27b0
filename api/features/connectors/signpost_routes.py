"""Pointing somebody on over HTTP: one tap from a page, with or without scripts, and JSON."""

from hashlib import sha256
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Redirect

from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.connectors import signposts
from api.features.connectors.signposts import SignpostCounted, SignpostReport, SignpostTotals
from api.http import problems
from api.http.request_bodies import AnyRequest, JsonBody, form_answers, read_fields
from api.security.references import new_id
from catalogue.build.page_types import PointPage
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form, point_choices

REPORT_FIELDS = ("kind", "area", "how", "connector")
NEEDED = {
    "kind": gettext_noop(
        "Choose what it was. If it is not there, choose the last one on the list."
    ),
    "area": gettext_noop("Choose the place that is nearest."),
}


class PointCountedPage(Page, frozen=True, kw_only=True):
    """After the tap; `missing` where there was nothing to point to."""

    template = "point_counted.html"
    missing: bool
    totals: SignpostTotals


@post(
    "/api/signposts",
    dto=JsonBody[SignpostReport],
    return_dto=None,
    summary="Tell that somebody was pointed on",
    responses={
        200: ResponseSpec(SignpostCounted, description="It came before, or nothing of it is known"),
        **problems.responses(400, 403, 413, 415, 422, 429, 503),
    },
    tags=["Connectors"],
)
async def receive(
    request: AnyRequest, data: JSONBody[SignpostReport], context: NamedDependency[Context]
) -> Response[SignpostCounted]:
    """Count that somebody was pointed on, 201; an id that came before counts no second time, 200.

    There is no field about the person. Numbers are all that is ever told of it.
    """
    context.limits.check(request.scope, "point")
    counted_as, is_new = await _count(data, context)
    return Response(counted_as, status_code=201 if is_new else 200)


@get(
    "/api/signposts/totals",
    summary="Read how often somebody was pointed on",
    responses=problems.responses(414),
    tags=["Connectors"],
)
async def totals(context: NamedDependency[Context]) -> SignpostTotals:
    """Return the totals of all connectors; a number under five is null."""
    return await read_totals(context)


@get("/point", include_in_schema=False)
async def point_page(context: NamedDependency[Context]) -> Response[str]:
    """Show the form, with a key of its own: pressed twice it counts once."""
    return show_form(context, Form("/point", idempotency_key=new_id()))


@post("/point", include_in_schema=False)
async def receive_form(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Take the form of a page without scripts.

    A page that is one file for everybody has no key: what comes from it gets one, and is counted
    with the next press, so that a double press by a shaking hand counts once.
    """
    context.limits.check(request.scope, "point")
    answers = form_answers(await request.body())
    faults = [
        FieldError(name, _(message)) for name, message in NEEDED.items() if name not in answers
    ]
    sent_key = next(iter(answers.get("idempotency_key", ())), "")
    key = sent_key or new_id()
    if faults:
        return show_form(context, Form("/point", answers, faults, key), 422)
    if not sent_key:
        return show_form(context, Form("/point", answers, (), key), once_more=True)
    fields = {name: answers[name][0] for name in REPORT_FIELDS if name in answers}
    try:
        report = read_fields({"how": "talk", **fields, "id": _id_of(key)}, SignpostReport)
    except Invalid as error:
        return show_form(context, Form("/point", {}, _form_errors(error), key), 422)
    counted_as, _is_new = await _count(report, context)
    return Redirect(
        "/point/missing" if counted_as.counted == "gap" else "/point/counted", status_code=303
    )


@get("/point/counted", include_in_schema=False)
async def counted_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank a connector, with the totals; the same for everybody."""
    return await _thanks(context, missing=False)


@get("/point/missing", include_in_schema=False)
async def missing_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank a connector for saying what is missing."""
    return await _thanks(context, missing=True)


def show_form(
    context: Context, form: Form, status: int = 200, once_more: bool = False
) -> Response[str]:
    """Return the page with the form; `once_more` where nothing was counted yet."""
    title = _("I pointed someone")
    if form.errors:
        title = _("Error: %(title)s", title=title)
    choices = point_choices(context.catalogue.taxonomy)
    page = PointPage(form=form, choices=choices, once_more=once_more)
    return context.pages.page(page, title, status=status, section="point")


async def read_totals(context: Context) -> SignpostTotals:
    """Return the totals of all connectors, small ones left out."""
    now = context.now
    return await context.database.read(lambda connection: signposts.public_totals(connection, now))


async def _thanks(context: Context, missing: bool) -> Response[str]:
    page = PointCountedPage(missing=missing, totals=await read_totals(context))
    return context.pages.page(page, _("Thank you"), section="point")


async def _count(report: SignpostReport, context: Context) -> tuple[SignpostCounted, bool]:
    return await signposts.count_signpost(
        report, context.catalogue.taxonomy, context.database, context.now
    )


def _id_of(key: str) -> str:
    """Return the id of a form's key, whatever a caller put there: no word of theirs is kept."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _form_errors(error: Invalid) -> list[FieldError]:
    faults = [fault for fault in error.errors if fault.field in NEEDED]
    too_old = FieldFault("kind", _("This page was too old. Please choose again."))
    return [FieldError(fault.field, fault.message) for fault in faults or [too_old]]


signpost_handlers = (receive, totals, point_page, receive_form, counted_page, missing_page)
