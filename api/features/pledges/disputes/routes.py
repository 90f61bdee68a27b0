"""The form for disputing a promise; works without scripts."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.errors import Invalid
from api.features.pledges.disputes.dispute import dispute, find_signatory
from api.features.pledges.disputes.store import DisputeText
from api.http.request_bodies import AnyRequest, form_answers
from api.security import spam_checks
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Signatory
from catalogue.outputs.forms import FieldError, Form
from catalogue.read.site_settings import Service


class DisputePage(Page, frozen=True, kw_only=True):
    """The form that says a promise is not right, about the entry of `name` at `url`."""

    template = "dispute.html"
    name: str
    url: str
    form: Form
    service: Service


class DisputedPage(Page, frozen=True, kw_only=True):
    """After the form was sent; the same for everybody."""

    template = "disputed.html"
    pledge_url: str
    service: Service


@get("/pledges/{pledge:str}/{who:str}/dispute", include_in_schema=False)
async def dispute_page(
    pledge: FromPath[str], who: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Ask what is not right about a promise; a former slug redirects to the present one."""
    signatory = find_signatory(pledge, who, context.catalogue)
    if signatory.slug != who:
        return Redirect(f"{signatory.url}dispute", status_code=301)
    return _form(signatory, context, {})


@post("/pledges/{pledge:str}/{who:str}/dispute", include_in_schema=False)
async def receive_dispute(
    request: AnyRequest,
    pledge: FromPath[str],
    who: FromPath[str],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Take the form; a program that fills in the hidden field gets the same answer."""
    context.limits.check(request.scope, "correct")
    signatory = find_signatory(pledge, who, context.catalogue)
    answers = form_answers(await request.body())
    text = DisputeText(_answer_to(answers, "words"), _answer_to(answers, "reach_at"))
    if not spam_checks.is_trapped(answers):
        try:
            await dispute(signatory, text, context)
        except Invalid as error:
            faults = tuple(FieldError(fault.field, fault.message) for fault in error.errors)
            return _form(signatory, context, answers, faults)
        context.outbox.nudge()
    return Redirect(f"/pledges/{signatory.pledge}/disputed", status_code=303)


@get("/pledges/{pledge:str}/disputed", include_in_schema=False)
async def disputed_page(pledge: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Say what happens next; the same for everybody."""
    url = f"/pledges/{pledge}/" if context.catalogue.pledge(pledge) else "/"
    page = DisputedPage(pledge_url=url, service=context.pages.service)
    return context.pages.page(page, _("Thank you for telling us"), section="pledges")


def _form(
    signatory: Signatory,
    context: Context,
    answers: Mapping[str, list[str]],
    faults: tuple[FieldError, ...] = (),
) -> Response[str]:
    page = DisputePage(
        name=signatory.name,
        url=signatory.url,
        form=Form(f"{signatory.url}dispute", answers, faults),
        service=context.pages.service,
    )
    title = _("Tell us what is not right")
    if faults:
        title = _("Error: %(page)s", page=title)
    status = 422 if faults else 200
    return context.pages.page(page, title, status=status, section="pledges")


def _answer_to(answers: Mapping[str, list[str]], field: str) -> str:
    return next(iter(answers.get(field, ())), "").strip()


dispute_pages = (dispute_page, receive_dispute, disputed_page)
