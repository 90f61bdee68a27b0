"""Signing over HTTP, as JSON and as a form without scripts."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from api import references
from api.house import House
from api.pledges import views
from api.pledges.bodies import (
    SignUpRequest,
    SignUpTaken,
    form_fields,
    input_of,
)
from api.pledges.confirm_routes import link_pages, means_of
from api.pledges.fit import unfit
from api.pledges.links import Means
from api.pledges.register_routes import register_pages
from api.pledges.sign import WHAT_HAPPENS_NEXT, PledgeEnded, sign
from api.refusals import FieldFault, Invalid, Missing
from api.web import problems
from api.web.bodies import IdempotencyKey, JsonBody, Sound, form_answers, read_fields
from api.web.frame import Pages
from catalogue.catalogue import Catalogue
from catalogue.pledge import Pledge
from catalogue.tongue import _

TRAP = "website2"
"""A field of the forms that people do not see, and simple programs fill in."""

Asking: TypeAlias = Request[Any, Any, Any]


@post(
    "/api/pledges/{pledge:str}/sign-ups",
    dto=JsonBody[SignUpRequest],
    return_dto=None,
    status_code=202,
    summary="Sign a pledge",
    responses=problems.responses(400, 403, 404, 409, 413, 414, 415, 422, 429, 503),
)
async def receive(
    request: Asking,
    pledge: FromPath[str],
    data: JSONBody[SignUpRequest],
    house: NamedDependency[House],
    idempotency_key: IdempotencyKey = "",
) -> SignUpTaken:
    """Sign a pledge. The answer is the same for a new sign-up and for one we have already."""
    house.limits.check(request.scope, "sign_up")
    means = means_of(house)
    found = _pledge(pledge, means.catalogue)
    faults = tuple(unfit(_sound(data), found, means.catalogue.taxonomy))
    if faults:
        raise Invalid(*faults)
    await sign(data, found, means, key=idempotency_key or None)
    house.outbox.nudge()
    return SignUpTaken(_(WHAT_HAPPENS_NEXT))


@post("/pledges/{pledge:str}/sign", summary="Sign by a form", include_in_schema=False)
async def receive_form(
    request: Asking,
    pledge: FromPath[str],
    house: NamedDependency[House],
) -> Response[Any]:
    """Take the form of a pledge; answer with a way to the page that says what comes next."""
    house.limits.check(request.scope, "sign_up")
    means = means_of(house)
    found = _pledge(pledge, means.catalogue)
    if found.status == "ended":
        raise PledgeEnded
    answers = form_answers(await request.body())
    try:
        asked = _read_form(answers, found, means.catalogue)
        key = next(iter(answers.get("idempotency_key", ())), None)
        await sign(asked, found, means, key=key, trapped=TRAP in answers)
    except Invalid as error:
        return _form_again(answers, error, found, means, house.pages)
    house.outbox.nudge()
    return Redirect(f"/pledges/{found.slug}/signed", status_code=303)


@get("/pledges/{pledge:str}/signed", summary="What happens next", include_in_schema=False)
async def signed_page(pledge: FromPath[str], house: NamedDependency[House]) -> Response[str]:
    """Say that a letter is on its way; the same for everybody."""
    found = _pledge(pledge, house.catalogue)
    context = {"pledge": views.link(found)}
    return house.pages.page("signed.html", _("Look in your e-mail"), context, section="pledges")


def _pledge(slug: str, catalogue: Catalogue) -> Pledge:
    found = catalogue.pledge(slug)
    if found is None:
        raise Missing
    return found


def _sound(asked: SignUpRequest) -> Sound:
    return {name: getattr(asked, name) for name in asked.__struct_fields__}


def _read_form(
    answers: Mapping[str, list[str]], pledge: Pledge, catalogue: Catalogue
) -> SignUpRequest:
    return read_fields(
        form_fields(answers, views.commitment_ids(pledge)),
        SignUpRequest,
        also=lambda sound: unfit(sound, pledge, catalogue.taxonomy),
        name_of_key=lambda key: f".{key}",
    )


def _form_again(
    answers: Mapping[str, list[str]],
    error: Invalid,
    pledge: Pledge,
    means: Means,
    pages: Pages,
) -> Response[str]:
    """Show the form with all that was answered, every fault by its input, and a fresh key."""
    ids = views.commitment_ids(pledge)
    faults = [FieldFault(input_of(one.field, ids), one.message) for one in error.errors]
    key = references.new_id()
    context = views.form(pledge, answers, faults, key, means.catalogue, means.now)
    return pages.page(
        "sign.html",
        _("Error: %(title)s", title=_("Make the promise")),
        context,
        422,
        section="pledges",
    )


router = Router(
    "/",
    route_handlers=[receive, receive_form, signed_page, *link_pages, *register_pages],
    tags=["Pledges"],
)
