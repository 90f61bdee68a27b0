"""The register over HTTP: as JSON, as CSV, as a page with filters; and sheets to print."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, cast

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.context import Context
from api.errors import Missing
from api.features.pledges import views
from api.features.pledges.register.print_sheets import CannotPrint, Paper, certificate, poster
from api.http import problems
from api.http.render_queue import RenderQueue
from api.http.request_bodies import AnyRequest
from catalogue.build import content_security_policy
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.pledges import badge, register, register_data, register_filters
from catalogue.outputs.pledges.register_data import Register, RegisterEntry, RegisterFilter
from catalogue.outputs.pledges.signatory import SignatoryView, signatory_view
from catalogue.outputs.search.choices import Choice

Kind = Annotated[str, QueryParameter(max_length=80, description="Slug of a kind of signatory.")]
Place = Annotated[str, QueryParameter(max_length=80, description="An area, or one around it.")]
Kept = Annotated[str, QueryParameter(max_length=80, description="A commitment that is kept now.")]

PaperSize = Annotated[Paper, QueryParameter(description="The size of the sheet.")]

MOVED = ResponseSpec(None, description="The signatory stands under another name now.")


class SheetQueue(RenderQueue):
    """Where PDFs are made: 0.2 s each."""


class RegisterQueue(RenderQueue):
    """Where registers are written: 0.7 s at 10,000 signatories."""


class RegisterPage(Page, frozen=True, kw_only=True):
    """The entries of a register that match the filters."""

    template = "register.html"
    pledge: views.PledgeLink
    ask_url: str
    choices: register_filters.RegisterChoices
    filters: RegisterFilter
    holding: tuple[register.SignatoryCard, ...]
    past: tuple[register.SignatoryCard, ...]


@get(
    "/api/pledges/{pledge:str}/register",
    summary="Read a pledge's register",
    responses=problems.responses(400, 404, 414, 422, 503),
)
async def read(
    pledge: FromPath[str],
    context: NamedDependency[Context],
    kind: Kind = "",
    place: Place = "",
    promise: Kept = "",
) -> Response[Register]:
    """Return who promised what: published, past promises too, and nothing private."""
    pledge_found = _pledge(pledge, context)
    register_filter = RegisterFilter(kind, place, promise)

    def make() -> bytes:
        return msgspec.json.encode(
            register_data.register(pledge_found, context.catalogue, context.now, register_filter)
        )

    encoded = await context.state.get(RegisterQueue).render(make)
    return Response(cast("Register", encoded), media_type="application/json")


@get(
    "/api/pledges/{pledge:str}/register.csv",
    summary="Read a pledge's register as a table",
    responses=problems.responses(400, 404, 414, 503),
    media_type="text/csv",
)
async def read_table(pledge: FromPath[str], context: NamedDependency[Context]) -> Response[bytes]:
    """Return the register for a spreadsheet: a line a signatory, two columns a commitment."""
    pledge_found = _pledge(pledge, context)
    headers = {"content-disposition": f'attachment; filename="{pledge_found.slug}.csv"'}

    def make() -> bytes:
        entries = register_data.register(pledge_found, context.catalogue, context.now)
        return register_data.as_csv(entries, pledge_found)

    table = await context.state.get(RegisterQueue).render(make)
    return Response(table, media_type="text/csv", headers=headers)


@get(
    "/api/pledges/{pledge:str}/register/{who:str}",
    operation_id="ApiPledgesRegisterWhoReadOne",  # callers' generated clients are named after it
    summary="Read one entry of a pledge's register",
    responses={301: MOVED, **problems.responses(400, 404, 414)},
    sync_to_thread=False,
)
def read_entry(
    pledge: FromPath[str], who: FromPath[str], context: NamedDependency[Context]
) -> Response[RegisterEntry]:
    """Return what one signatory promised; 301 to the entry it is now, from a name it had before."""
    pledge_found = _pledge(pledge, context)
    signatory = context.catalogue.signatory(pledge, who)
    if signatory is None:
        raise Missing
    if signatory.slug != who:
        redirect = Redirect(f"/api/pledges/{pledge}/register/{signatory.slug}", status_code=301)
        return cast("Response[RegisterEntry]", redirect)
    return Response(
        register_data.register_entry(signatory, pledge_found, context.catalogue, context.now)
    )


@get("/pledges/{pledge:str}/register", include_in_schema=False)
async def page(
    request: AnyRequest, pledge: FromPath[str], context: NamedDependency[Context]
) -> Response[str]:
    """Show the entries that match the filters. An unknown value of a filter is ignored."""
    pledge_found = _pledge(pledge, context)
    params = dict(request.query_params)
    html = await context.state.get(RegisterQueue).render(
        lambda: _register_page(pledge_found, params, context)
    )
    return context.pages.page_of(html)


def _register_page(pledge_found: Pledge, params: Mapping[str, str], context: Context) -> bytes:
    catalogue, now = context.catalogue, context.now
    choices = register_filters.choices(pledge_found, catalogue)
    register_filter = _filter(params, choices)
    cards = [
        register.signatory_card(signatory, pledge_found, catalogue.taxonomy, now)
        for signatory in register_data.matching_signatories(
            pledge_found, catalogue, now, register_filter
        )
    ]
    register_page = RegisterPage(
        pledge=views.pledge_link(pledge_found),
        ask_url=register_filters.url(pledge_found),
        choices=choices,
        filters=register_filter,
        holding=tuple(card for card in cards if card.validity == "now"),
        past=tuple(card for card in cards if card.validity == "past"),
    )
    title = _("The register: %(pledge)s", pledge=pledge_found.title)
    return context.pages.html(register_page, title, section="pledges").encode()


@get("/pledges/{pledge:str}/{who:str}/{sheet:str}", include_in_schema=False)
async def print_sheet(
    pledge: FromPath[str],
    who: FromPath[str],
    sheet: FromPath[str],
    context: NamedDependency[Context],
    paper: PaperSize = "a4",
) -> Response[Any]:
    """Return a signatory's certificate.pdf or poster.pdf, as long as its promise holds.

    What cannot be printed as a PDF is printed from its page, which says so. A former slug
    redirects.
    """
    catalogue = context.catalogue
    signatory = catalogue.signatory(pledge, who)
    kind, _dot, ending = sheet.partition(".")
    if signatory is None or kind not in SHEETS or ending != "pdf":
        raise Missing
    if signatory.slug != who:
        return Redirect(f"{signatory.url}{sheet}", status_code=301)
    sharing = Sharing(context.settings.base_url)
    view = signatory_view(signatory, catalogue, context.now, sharing)
    if view.print_materials is None:
        raise Missing
    try:
        pdf = await context.state.get(SheetQueue).render(
            lambda: SHEETS[kind](view, context.settings.project, paper),
            key=(kind, paper, _digest(view)),
        )
    except CannotPrint:
        return Redirect(f"{signatory.url}{kind}/#no-pdf", status_code=303)
    headers = {"content-disposition": f'inline; filename="{signatory.slug}-{kind}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/embed/{pledge:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def missing_badge(
    pledge: FromPath[str], name: FromPath[str], context: NamedDependency[Context]
) -> Response[bytes]:
    """Return a grey badge where there is none, such as for a withdrawn promise.

    A missing picture would leave its alternative text on the other site, as if the promise held.
    """
    if not name.endswith(".svg"):
        raise Missing
    headers = {**content_security_policy.SHARED_HEADERS, "cache-control": "no-cache"}
    svg = badge.badge_without_promise(_pledge(pledge, context))
    return Response(svg, status_code=404, media_type="image/svg+xml", headers=headers)


SHEETS = {"certificate": certificate, "poster": poster}


def _digest(view: SignatoryView) -> bytes:
    """Digest all that a sheet shows."""
    return hashlib.blake2b(msgspec.msgpack.encode(view, enc_hook=str), digest_size=16).digest()


def _pledge(slug: str, context: Context) -> Pledge:
    pledge = context.catalogue.pledge(slug)
    if pledge is None:
        raise Missing
    return pledge


def _filter(params: Mapping[str, str], choices: register_filters.RegisterChoices) -> RegisterFilter:
    return RegisterFilter(
        kind=_known_value(params.get("kind", ""), choices.kinds),
        place=_known_value(params.get("place", ""), choices.places),
        promise=_known_value(params.get("promise", ""), choices.promises),
    )


def _known_value(value: str, choices: tuple[Choice, ...]) -> str:
    return value if value in {choice.value for choice in choices} else ""


register_pages = (read, read_table, read_entry, page, print_sheet, missing_badge)
