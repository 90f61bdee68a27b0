"""The reviewer's pages of corrections: what waits, one of them whole, and every decision."""

import asyncio
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.corrections import acts, decide, open_for_review, queue, queue_store, reasons
from api.features.corrections import change as changing
from api.features.corrections.change import EntryGone, EntryOnDisk
from api.features.corrections.decide import ChangedSince, NothingToWrite, TheirsToKeep
from api.features.corrections.proposal import Proposal, proposal
from api.features.corrections.queue import URL
from api.features.corrections.review_page import CorrectionReview, correction_review
from api.features.corrections.store import Correction
from api.http.request_bodies import form_answers
from api.moderation.decisions import NotDecidedPage, parse_reference, seen_before
from api.moderation.reasons import choices
from api.security.references import ReferenceFault, parse
from api.staff import guard, people
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import FieldError, Form

Asking: TypeAlias = Request[Any, Any, Any]
MAY = {"may": "corrections"}

NOTHING_YET = gettext_noop("Nothing would change yet: write what is right into a field.")
CHANGED = gettext_noop(
    "The entry was changed while you read it. Nothing was written. Here is how it stands now, with "
    "your words: look at them once more."
)
NOT_PUT_BACK = gettext_noop(
    "The entry is not what was written any more, so nothing was put back. An editor mends it."
)
THEIRS = gettext_noop(
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
    chosen, context = show if show in queue.FILTERS else "waiting", context.as_actor(staff.actor)

    def look(connection: Connection) -> dict[str, object]:
        found = queue_store.page(connection, chosen, activity, after)
        opened = queue_store.readers(
            connection, [one.reference for one in found.found], context.now, context.actor
        )
        names = people.names_by_id(connection, context.encryption) if opened else {}
        return {
            "groups": queue.groups(found, opened, names, context.catalogue, context.now),
            "filters": queue.filters(queue_store.counts(connection), chosen, activity),
            "more": queue.address(chosen, activity, found.after) if found.after else "",
            "start": queue.address(chosen, activity) if after else "",
        }

    values = {
        **await context.database.read(look),
        "only": queue.title_of(activity, context.catalogue) if activity else "",
        "everything": queue.address(chosen),
        "form": Form(URL, {"reference": reference}, errors),
        "failed": context.rebuild_queue.failed,
    }
    status = 422 if errors else 200
    return context.pages.page("staff/corrections.html", _("Corrections"), values, status)


@get(f"{URL}/{{reference:str}}", opt=MAY)
async def one_page(
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one correction whole, beside the entry; that it was read is written down."""
    return await _one(parse_reference(reference, "C"), staff, context, Proposal())


@post(f"{URL}/{{reference:str}}/look", opt=MAY)
async def look_page(
    request: Asking,
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show what the typed words would change in the entry. Nothing is written."""
    asked = proposal(form_answers(await request.body()))
    return await _one(parse_reference(reference, "C"), staff, context, asked)


@post(f"{URL}/{{reference:str}}/{{act:str}}", opt=MAY)
async def decide_page(
    request: Asking,
    reference: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Accept, reject, undo, or open a rejected one again."""
    sound, answers = parse_reference(reference, "C"), form_answers(await request.body())
    deciding = acts.ACTS.get(act)
    if deciding is None:
        raise Missing
    context, asked = context.as_actor(staff.actor), proposal(answers)
    try:
        await asyncio.to_thread(deciding, sound, answers, context, context.catalogue)
    except Invalid as error:
        faults = tuple(FieldError(one.field, one.message) for one in error.errors)
        return await _one(sound, staff, context, asked, faults, 422)
    except NothingToWrite:
        return await _one(sound, staff, context, asked, (FieldError("", _(NOTHING_YET)),), 422)
    except Unfit as error:
        faults = tuple(FieldError("", str(one)) for one in error.faults)
        return await _one(sound, staff, context, asked, faults, 422)
    except TheirsToKeep:
        theirs = (FieldError("they_agreed", _(THEIRS)),)
        return await _one(sound, staff, context, asked, theirs, 422)
    except (ChangedSince, EntryGone):
        changed = (FieldError("", _(CHANGED) if act == "accept" else _(NOT_PUT_BACK)),)
        return await _one(sound, staff, context, asked, changed, 409)
    except Conflict as error:
        return await _refused(sound, error, context)
    if act in ("accept", "undo"):
        context.rebuild_queue.request()
    return Redirect(f"{URL}/{sound}", status_code=303)


async def _one(
    reference: str,
    staff: SignedInStaff,
    context: Context,
    asked: Proposal,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> Response[str]:
    context, catalogue = context.as_actor(staff.actor), context.catalogue
    found = await context.database.read(lambda look: decide.correction(look, reference))
    stands = await asyncio.to_thread(_standing, found, context, catalogue)
    read = await context.database.write(
        lambda write: open_for_review.read(write, reference, stands, context)
    )
    of = await asyncio.to_thread(correction_review, read, asked, context, catalogue)
    faults = of.proposed.errors if of.proposed else ()
    errors += faults
    values = {
        "of": of,
        "version": read.version,
        "entry": stands.digest if stands else "",
        "asked": asked,
        "stale": bool(asked.entry and stands and asked.entry != stands.digest and not errors),
        "form": Form("", _values(of, asked), errors),
        "reasons": choices(reasons.REASONS),
        "opened": errors[0].field if errors else "",
        "failed": context.rebuild_queue.failed,
    }
    status = 422 if faults and asked.entry and status == 200 else status
    title = _("Correction %(reference)s", reference=reference)
    return context.pages.page("staff/correction.html", title, values, status)


def _standing(of: Correction, context: Context, catalogue: Catalogue) -> EntryOnDisk | None:
    try:
        return changing.standing(of, context.project, catalogue)
    except EntryGone:
        return None


def _values(of: CorrectionReview, asked: Proposal) -> dict[str, str]:
    """Return what stands in the inputs: the entry's words, or those that were typed."""
    offered = (*of.proposed.first, *of.proposed.rest) if of.proposed else ()
    ticked = {"checked": asked.checked, "they_agreed": asked.they_agreed}
    return {
        **{f"set.{one.name}": one.value for one in offered},
        **{name: "yes" for name, is_so in ticked.items() if is_so},
        "reason": reasons.GONE if of.gone else "",
    }


async def _refused(reference: str, error: Conflict, context: Context) -> Response[str]:
    """Say why nothing was done, and what has changed since the page was read."""
    seen = seen_before(error)
    page = NotDecidedPage(
        here=_("Corrections"),
        sentence=error.sentence,
        changes=await context.database.read(
            lambda look: open_for_review.changes_since(look, reference, seen, context)
        ),
        faults=(),
        url=f"{URL}/{reference}",
        queue=URL,
    )
    return context.pages.page(page, _("Nothing was done"), status=409)


staff_pages = guard.staff_router(list_page, one_page, look_page, decide_page)
