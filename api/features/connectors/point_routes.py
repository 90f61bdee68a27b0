"""Pointing somebody on over HTTP: one tap from a page, with or without scripts, and JSON."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Redirect

from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.connectors import point as pointing
from api.features.connectors.bodies import Pointed, Pointer, PointerTaken
from api.http import problems
from api.http.request_bodies import JsonBody, form_answers, read_fields
from api.security.references import new_id
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form, point_choices

Asking: TypeAlias = Request[Any, Any, Any]
Answers: TypeAlias = Mapping[str, Sequence[str]]
SENT = ("kind", "area", "how", "connector")
CHOOSE = {
    "kind": gettext_noop("Choose what it was, or that it is not on the list."),
    "area": gettext_noop("Choose the place that is nearest."),
}


@post(
    "/api/signposts",
    dto=JsonBody[Pointer],
    return_dto=None,
    summary="Tell that somebody was pointed on",
    responses={
        200: ResponseSpec(PointerTaken, description="It came before, or nothing of it is known"),
        **problems.responses(400, 403, 413, 415, 422, 429, 503),
    },
    tags=["Connectors"],
)
async def receive(
    request: Asking, data: JSONBody[Pointer], context: NamedDependency[Context]
) -> Response[PointerTaken]:
    """Count that somebody was pointed on, 201; an id that came before counts no second time, 200.

    There is no field about the person. Numbers are all that is ever told of it.
    """
    context.limits.check(request.scope, "point")
    taken, new = await _count(data, context)
    return Response(taken, status_code=201 if new else 200)


@get(
    "/api/signposts/totals",
    summary="Read how often somebody was pointed on",
    responses=problems.responses(414),
    tags=["Connectors"],
)
async def totals(context: NamedDependency[Context]) -> Pointed:
    """Return the totals of all connectors; a number under five is null."""
    now = context.now
    return await context.database.read(lambda look: pointing.in_public(look, now))


@get("/point", include_in_schema=False)
async def point_page(context: NamedDependency[Context]) -> Response[str]:
    """Show the form, with a key of its own: pressed twice it counts once."""
    return form_page(context, Form("/point", idempotency_key=new_id()))


@post("/point", include_in_schema=False)
async def receive_form(request: Asking, context: NamedDependency[Context]) -> Response[Any]:
    """Take the form of a page without scripts.

    A page that is one file for everybody bears no key: what comes from it gets one, and is counted
    with the next press, so that a press by a hand that shakes counts once.
    """
    context.limits.check(request.scope, "point")
    answers = form_answers(await request.body())
    faults = [
        FieldError(name, _(message)) for name, message in CHOOSE.items() if name not in answers
    ]
    came_with = next(iter(answers.get("idempotency_key", ())), "")
    key = came_with or new_id()
    if faults:
        return form_page(context, Form("/point", answers, faults, key), 422)
    if not came_with:
        return form_page(context, Form("/point", answers, (), key), once_more=True)
    sent = {name: answers[name][0] for name in SENT if name in answers}
    try:
        pointer = read_fields({"how": "talk", **sent, "id": _id_of(key)}, Pointer)
    except Invalid as error:
        return form_page(context, Form("/point", {}, _on_page(error), key), 422)
    taken, _new = await _count(pointer, context)
    return Redirect(
        "/point/missing" if taken.counted == "gap" else "/point/counted", status_code=303
    )


@get("/point/counted", include_in_schema=False)
async def counted_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank a connector, with the totals; the same for everybody."""
    return await _thanks(context, missing=False)


@get("/point/missing", include_in_schema=False)
async def missing_page(context: NamedDependency[Context]) -> Response[str]:
    """Thank a connector for saying what is missing."""
    return await _thanks(context, missing=True)


def form_page(
    context: Context, form: Form, status: int = 200, once_more: bool = False
) -> Response[str]:
    """Return the page with the form; `once_more` where nothing was counted yet."""
    title = _("I pointed someone")
    choices = point_choices(context.catalogue.taxonomy)
    values = {"form": form, "choices": choices, "once_more": once_more}
    if form.errors:
        title = _("Error: %(title)s", title=title)
    return context.pages.page("point.html", title, values, status, section="point")


async def _thanks(context: Context, missing: bool) -> Response[str]:
    now = context.now
    told = await context.database.read(lambda look: pointing.in_public(look, now))
    values = {"missing": missing, "told": told}
    return context.pages.page("point_counted.html", _("Thank you"), values, section="point")


async def _count(pointer: Pointer, context: Context) -> tuple[PointerTaken, bool]:
    return await pointing.count(pointer, context.catalogue.taxonomy, context.database, context.now)


def _id_of(key: str) -> str:
    """Return the id of a form's key, whatever a caller put there: no word of theirs is kept."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _on_page(error: Invalid) -> list[FieldError]:
    told = [one for one in error.errors if one.field in CHOOSE]
    sent = told or [FieldFault("kind", _("This page was too old. Please choose again."))]
    return [FieldError(one.field, one.message) for one in sent]


point_pages = (receive, totals, point_page, receive_form, counted_page, missing_page)
