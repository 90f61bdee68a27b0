"""Sign a pledge by JSON, and the router of all pledge pages and addresses."""

from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from api.context import Context
from api.errors import Invalid, Missing
from api.features.pledges.bulk.staff_routes import bulk_pages
from api.features.pledges.disputes.routes import dispute_pages
from api.features.pledges.register.routes import register_pages
from api.features.pledges.register.staff_entries_routes import staff_entry_pages
from api.features.pledges.review.staff_routes import staff_pages
from api.features.pledges.signing import hold_reasons
from api.features.pledges.signing.bodies import (
    SignUpAccepted,
    SignUpRequest,
    pledge_faults,
)
from api.features.pledges.signing.confirm_routes import link_pages
from api.features.pledges.signing.form_routes import form_pages
from api.features.pledges.signing.paper_routes import paper_pages
from api.features.pledges.signing.sign import WHAT_HAPPENS_NEXT, sign
from api.http import problems
from api.http.request_bodies import AnyRequest, IdempotencyKey, JsonBody, ValidFields
from api.staff import guard
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.gazetteer import area_named
from catalogue.model.pledge import Pledge


@post(
    "/api/pledges/{pledge:str}/sign-ups",
    dto=JsonBody[SignUpRequest],
    return_dto=None,
    status_code=202,
    summary="Sign a pledge",
    responses=problems.responses(400, 403, 404, 409, 413, 414, 415, 422, 429, 503),
)
async def receive(
    request: AnyRequest,
    pledge: FromPath[str],
    data: JSONBody[SignUpRequest],
    context: NamedDependency[Context],
    idempotency_key: IdempotencyKey = "",
) -> SignUpAccepted:
    """Sign a pledge. The answer is the same for a new sign-up and for one we have already."""
    context.limits.check(request.scope, "sign_up")
    signed = _pledge(pledge, context.catalogue)
    faults = tuple(pledge_faults(_fields(data), signed, context.catalogue.taxonomy))
    if faults:
        raise Invalid(*faults)
    place = area_named(data.place, context.catalogue.taxonomy) or ""
    held_why = hold_reasons.repeat_reason(data, place, context.limits)
    source = context.limits.source(request.scope)
    await sign(data, signed, context, key=idempotency_key or None, held_why=held_why, source=source)
    context.outbox.nudge()
    return SignUpAccepted(_(WHAT_HAPPENS_NEXT))


def _pledge(slug: str, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(slug)
    if pledge is None:
        raise Missing
    return pledge


def _fields(body: SignUpRequest) -> ValidFields:
    return {name: getattr(body, name) for name in body.__struct_fields__}


router = Router(
    "/",
    route_handlers=[
        receive,
        *form_pages,
        link_pages,
        *register_pages,
        *dispute_pages,
        staff_pages,
        guard.staff_router(*bulk_pages),
        guard.staff_router(*staff_entry_pages),
        guard.staff_router(*paper_pages),
    ],
    tags=["Pledges"],
)
