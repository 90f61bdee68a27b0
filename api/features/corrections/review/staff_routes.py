"""The reviewer's pages of corrections: what waits, one of them whole, and every decision."""

import asyncio
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.corrections import change
from api.features.corrections.change import EntryGone, EntryOnDisk
from api.features.corrections.proposal import Proposal, read_proposal
from api.features.corrections.review import open_for_review, page_actions, queue, queue_store
from api.features.corrections.review.decide import (
    EntryChanged,
    NothingToWrite,
    PrivateContactInChange,
    find_correction,
)
from api.features.corrections.review.history import HISTORY_RULES
from api.features.corrections.review.queue import URL, CorrectionQueuePage
from api.features.corrections.review.review_page import correction_page
from api.features.corrections.store import Correction
from api.http.request_bodies import AnyRequest, form_answers
from api.moderation.decisions import not_decided_page, parse_reference
from api.security.references import ReferenceFault, parse
from api.staff import guard, people
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form

MAY = {"may": "corrections"}

NOTHING_YET = gettext_noop("Nothing would change yet: write what is right into a field.")
CHANGED = gettext_noop(
    "The entry was changed while you read it. Nothing was written. Here is how it is now, "
    "with your words: look at them once more."
)
NOT_PUT_BACK = gettext_noop(
    "The entry is not what was written any more, so nothing was put back. An editor mends it."
)
PRIVATE_CONTACT = gettext_noop(
    "This would publish what the visitor gave us to be reached at. Tick that they agreed, or take "
    "it out."
)


@get(URL, opt=MAY)
async def list_page(
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
    show: Annotated[str, QueryParameter(max_length=20)] = "",
    activity: Annotated[str, QueryParameter(max_length=100)] = "",
    after: Annotated[str, QueryParameter(max_length=40)] = "",
    reference: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[Any]:
    """Show what waits, the oldest first, or what was decided; or go to a reference."""
    errors: tuple[FieldError, ...] = ()
    if reference.strip():
        try:
            return Redirect(f"{URL}/{parse(reference, 'C')}", status_code=303)
        except ReferenceFault as fault:
            errors = (FieldError("reference", str(fault)),)
    selected, context = show if show in queue.FILTERS else "waiting", context.as_actor(staff.actor)

    def read(connection: Connection) -> CorrectionQueuePage:
        part = queue_store.page(connection, selected, activity, after)
        references = [correction.reference for correction in part.corrections]
        readers = queue_store.readers(connection, references, context.now, context.actor)
        names = people.names_by_id(connection, context.encryption) if readers else {}
        return CorrectionQueuePage(
            groups=queue.groups(part, readers, names, context.catalogue, context.now),
            filters=queue.filters(queue_store.counts(connection), selected, activity),
            only=queue.activity_title(activity, context.catalogue) if activity else "",
            all_url=queue.address(selected),
            next_url=queue.address(selected, activity, part.after) if part.after else "",
            start_url=queue.address(selected, activity) if after else "",
            form=Form(URL, {"reference": reference}, errors),
            build_faults=context.rebuild_queue.failed,
        )

    page = await context.database.read(read)
    return context.pages.page(page, _("Corrections"), status=422 if errors else 200)


@get(f"{URL}/{{reference:str}}", opt=MAY)
async def one_page(
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one correction whole, beside the entry; that it was read is written down."""
    return await _correction_page(parse_reference(reference, "C"), staff, context, Proposal())


@post(f"{URL}/{{reference:str}}/look", opt=MAY)
async def look_page(
    request: AnyRequest,
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what the typed words would change in the entry. Nothing is written."""
    proposal = read_proposal(form_answers(await request.body()))
    return await _correction_page(parse_reference(reference, "C"), staff, context, proposal)


@post(f"{URL}/{{reference:str}}/{{act:str}}", opt=MAY)
async def decide_page(
    request: AnyRequest,
    reference: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Accept, reject, undo, or open a rejected one again."""
    sound, answers = parse_reference(reference, "C"), form_answers(await request.body())
    action = page_actions.ACTIONS.get(act)
    if action is None:
        raise Missing
    context, proposal = context.as_actor(staff.actor), read_proposal(answers)
    try:
        await asyncio.to_thread(action, sound, answers, context, context.catalogue)
    except Invalid as error:
        faults = tuple(FieldError(fault.field, fault.message) for fault in error.errors)
        return await _correction_page(sound, staff, context, proposal, faults, 422)
    except NothingToWrite:
        return await _correction_page(
            sound, staff, context, proposal, (FieldError("", _(NOTHING_YET)),), 422
        )
    except Unfit as error:
        faults = tuple(FieldError("", str(fault)) for fault in error.faults)
        return await _correction_page(sound, staff, context, proposal, faults, 422)
    except PrivateContactInChange:
        private = (FieldError("they_agreed", _(PRIVATE_CONTACT)),)
        return await _correction_page(sound, staff, context, proposal, private, 422)
    except (EntryChanged, EntryGone):
        changed = (FieldError("", _(CHANGED) if act == "accept" else _(NOT_PUT_BACK)),)
        return await _correction_page(sound, staff, context, proposal, changed, 409)
    except Conflict as error:
        page = await not_decided_page(
            sound, error, context, HISTORY_RULES, queue=URL, queue_name=_("Corrections")
        )
        return context.pages.page(page, _("Nothing was done"), status=409)
    if act in ("accept", "undo"):
        context.rebuild_queue.request()
    return Redirect(f"{URL}/{sound}", status_code=303)


async def _correction_page(
    reference: str,
    staff: SignedInStaff,
    context: Context,
    proposal: Proposal,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> Response[str]:
    context = context.as_actor(staff.actor)
    correction = await context.database.read(
        lambda connection: find_correction(connection, reference)
    )
    entry = await asyncio.to_thread(_read_entry, correction, context)
    review_input = await context.database.write(
        lambda connection: open_for_review.read(connection, reference, entry, context)
    )
    page = await asyncio.to_thread(correction_page, review_input, proposal, errors, context)
    proposal_view = page.correction.proposal
    if proposal_view and proposal_view.errors and proposal.entry and status == 200:
        status = 422
    title = _("Correction %(reference)s", reference=reference)
    return context.pages.page(page, title, status=status)


def _read_entry(correction: Correction, context: Context) -> EntryOnDisk | None:
    try:
        return change.read_entry(correction, context.project, context.catalogue)
    except EntryGone:
        return None


staff_pages = guard.staff_router(list_page, one_page, look_page, decide_page)
