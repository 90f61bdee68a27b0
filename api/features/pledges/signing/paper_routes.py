"""Staff's pages to enter a sign-up from paper: choose the pledge, then fill in its form."""

from collections.abc import Sequence

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.errors import FieldFault, Invalid, Missing
from api.features.pledges.signing.bodies import form_fields, input_name, pledge_faults
from api.features.pledges.signing.paper import AlreadySigned, PaperSignUp, enter
from api.features.pledges.views import PledgeLink
from api.http.request_bodies import AnyRequest, form_answers, read_fields
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge
from catalogue.outputs.forms import FieldError, Form, SignChoices, sign_choices
from catalogue.outputs.pledges.register import PledgeView, pledge_view

PAPER = "/staff/paper"


class PaperWhichPage(Page, frozen=True, kw_only=True):
    """The choice of the pledge that a paper form is for."""

    template = "staff/paper_which.html"
    pledges: tuple[PledgeLink, ...]


class PaperPage(Page, frozen=True, kw_only=True):
    """A sign-up entered from paper; `entered` is the reference of the last one, or empty."""

    template = "staff/paper.html"
    form: Form
    pledge: PledgeView
    choices: SignChoices
    entered: str


@get(PAPER, opt={"may": "sign_ups"})
async def choose(context: NamedDependency[Context]) -> Response[str]:
    """Ask which pledge the paper is for."""
    pledges = tuple(
        PledgeLink(pledge.title, f"/staff/pledges/{pledge.slug}/paper")
        for pledge in context.catalogue.pledges
        if pledge.status == "open"
    )
    return context.pages.page(PaperWhichPage(pledges=pledges), _("A form on paper"))


@get("/staff/pledges/{pledge:str}/paper", opt={"may": "sign_ups"})
async def form(pledge: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Show the form, empty."""
    return _page(_pledge(pledge, context), context)


@post("/staff/pledges/{pledge:str}/paper", opt={"may": "sign_ups"})
async def receive(
    request: AnyRequest,
    pledge: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Store what was entered, and show its reference above an empty form for the next."""
    signed = _pledge(pledge, context)
    answers = form_answers(await request.body())
    ids = tuple(commitment.id for commitment in signed.current.commitments)
    try:
        body = read_fields(
            form_fields(answers, ids, PaperSignUp) | {"version": str(signed.current.version)},
            PaperSignUp,
            also=lambda sound: pledge_faults(sound, signed, context.catalogue.taxonomy),
            name_of_key=lambda key: f".{key}",
        )
        reference = await enter(body, signed, staff.actor, context)
    except Invalid as error:
        faults = [FieldFault(input_name(fault.field, ids), fault.message) for fault in error.errors]
        return _page(signed, context, answers, faults)
    except AlreadySigned as error:
        return _page(signed, context, answers, [FieldFault("name", error.sentence)])
    return _page(signed, context, entered=reference)


def _pledge(slug: str, context: Context) -> Pledge:
    pledge = context.catalogue.pledge(slug)
    if pledge is None or pledge.status == "ended":
        raise Missing
    return pledge


def _page(
    pledge: Pledge,
    context: Context,
    answers: dict[str, list[str]] | None = None,
    faults: Sequence[FieldFault] = (),
    entered: str = "",
) -> Response[str]:
    view = pledge_view(pledge, context.catalogue, context.now)
    errors = [FieldError(fault.field, fault.message) for fault in faults]
    page = PaperPage(
        form=Form(f"/staff/pledges/{pledge.slug}/paper", answers or {}, errors),
        pledge=view,
        choices=sign_choices(view, context.catalogue.taxonomy),
        entered=entered,
    )
    title = _("A form on paper: %(pledge)s", pledge=pledge.title)
    title = _("Error: %(title)s", title=title) if faults else title
    return context.pages.page(page, title, status=422 if faults else 200)


paper_pages = (choose, form, receive)
