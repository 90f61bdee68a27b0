"""The reviewer's pages of corrections: what waits, one of them whole, and every decision."""

import asyncio
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit
from api.context import House
from api.desk import Desk
from api.errors import Conflict, Invalid, Missing
from api.features.corrections import acts, decide, open_for_review, queue, queue_store, reasons
from api.features.corrections import change as changing
from api.features.corrections.change import EntryGone, Standing
from api.features.corrections.decide import ChangedSince, MovedOn, NothingToWrite, TheirsToKeep
from api.features.corrections.proposal import Proposal, proposal
from api.features.corrections.queue import URL
from api.features.corrections.review_page import Whole, whole
from api.features.corrections.store import Correction
from api.http.request_bodies import form_answers
from api.security.references import ReferenceFault, parse
from api.staff import guard, history
from api.staff.sign_in import Known
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.search.choices import Choice

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
    staff: NamedDependency[Known],
    house: NamedDependency[House],
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
    chosen, desk = show if show in queue.FILTERS else "waiting", house.desk(staff.actor)

    def look(connection: Connection) -> dict[str, object]:
        found = queue_store.page(connection, chosen, activity, after)
        opened = queue_store.readers(
            connection, [one.reference for one in found.found], desk.now, desk.operator
        )
        names = history.staff_names(connection, house.vault) if opened else {}
        return {
            "groups": queue.groups(found, opened, names, house.catalogue, desk.now),
            "filters": queue.filters(queue_store.counts(connection), chosen, activity),
            "more": queue.address(chosen, activity, found.after) if found.after else "",
            "start": queue.address(chosen, activity) if after else "",
        }

    context = {
        **await house.database.read(look),
        "only": queue.title_of(activity, house.catalogue) if activity else "",
        "everything": queue.address(chosen),
        "form": Form(URL, {"reference": reference}, errors),
        "failed": house.builds.failed,
    }
    status = 422 if errors else 200
    return house.pages.page("staff/corrections.html", _("Corrections"), context, status)


@get(f"{URL}/{{reference:str}}", opt=MAY)
async def one_page(
    reference: FromPath[str], staff: NamedDependency[Known], house: NamedDependency[House]
) -> Response[str]:
    """Show one correction whole, beside the entry; that it was read is written down."""
    return await _one(_sound(reference), staff, house, Proposal())


@post(f"{URL}/{{reference:str}}/look", opt=MAY)
async def look_page(
    request: Asking,
    reference: FromPath[str],
    staff: NamedDependency[Known],
    house: NamedDependency[House],
) -> Response[str]:
    """Show what the typed words would change in the entry. Nothing is written."""
    asked = proposal(form_answers(await request.body()))
    return await _one(_sound(reference), staff, house, asked)


@post(f"{URL}/{{reference:str}}/{{act:str}}", opt=MAY)
async def decide_page(
    request: Asking,
    reference: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[Known],
    house: NamedDependency[House],
) -> Response[Any]:
    """Accept, reject, undo, or open a rejected one again."""
    sound, answers = _sound(reference), form_answers(await request.body())
    deciding = acts.ACTS.get(act)
    if deciding is None:
        raise Missing
    desk, asked = house.desk(staff.actor), proposal(answers)
    try:
        await asyncio.to_thread(deciding, sound, answers, desk, house.catalogue)
    except Invalid as error:
        faults = tuple(FieldError(one.field, one.message) for one in error.errors)
        return await _one(sound, staff, house, asked, faults, 422)
    except NothingToWrite:
        return await _one(sound, staff, house, asked, (FieldError("", _(NOTHING_YET)),), 422)
    except Unfit as error:
        faults = tuple(FieldError("", str(one)) for one in error.faults)
        return await _one(sound, staff, house, asked, faults, 422)
    except TheirsToKeep:
        theirs = (FieldError("they_agreed", _(THEIRS)),)
        return await _one(sound, staff, house, asked, theirs, 422)
    except (ChangedSince, EntryGone):
        changed = (FieldError("", _(CHANGED) if act == "accept" else _(NOT_PUT_BACK)),)
        return await _one(sound, staff, house, asked, changed, 409)
    except Conflict as error:
        return await _refused(sound, error, desk, house)
    if act in ("accept", "undo"):
        house.builds.ask()
    return Redirect(f"{URL}/{sound}", status_code=303)


async def _one(
    reference: str,
    staff: Known,
    house: House,
    asked: Proposal,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> Response[str]:
    desk, catalogue = house.desk(staff.actor), house.catalogue
    found = await house.database.read(lambda look: decide.correction(look, reference))
    stands = await asyncio.to_thread(_standing, found, desk, catalogue)
    read = await house.database.write(
        lambda write: open_for_review.read(write, reference, stands, desk)
    )
    of = await asyncio.to_thread(whole, read, asked, desk, catalogue)
    faults = of.proposed.errors if of.proposed else ()
    errors += faults
    context = {
        "of": of,
        "version": read.version,
        "entry": stands.digest if stands else "",
        "asked": asked,
        "stale": bool(asked.entry and stands and asked.entry != stands.digest and not errors),
        "form": Form("", _values(of, asked), errors),
        "reasons": tuple(Choice(one.code, _(one.title)) for one in reasons.REASONS),
        "opened": errors[0].field if errors else "",
        "failed": house.builds.failed,
    }
    status = 422 if faults and asked.entry and status == 200 else status
    title = _("Correction %(reference)s", reference=reference)
    return house.pages.page("staff/correction.html", title, context, status)


def _standing(of: Correction, desk: Desk, catalogue: Catalogue) -> Standing | None:
    try:
        return changing.standing(of, desk.project, catalogue)
    except EntryGone:
        return None


def _values(of: Whole, asked: Proposal) -> dict[str, str]:
    """Return what stands in the inputs: the entry's words, or those that were typed."""
    offered = (*of.proposed.first, *of.proposed.rest) if of.proposed else ()
    ticked = {"checked": asked.checked, "they_agreed": asked.they_agreed}
    return {
        **{f"set.{one.name}": one.value for one in offered},
        **{name: "yes" for name, is_so in ticked.items() if is_so},
        "reason": reasons.GONE if of.gone else "",
    }


async def _refused(reference: str, error: Conflict, desk: Desk, house: House) -> Response[str]:
    """Say why nothing was done, and what has changed since the page was read."""
    seen = error.seen if isinstance(error, MovedOn) else history.EVER
    context = {
        "sentence": error.sentence,
        "changes": await house.database.read(
            lambda look: open_for_review.since(look, reference, seen, desk)
        ),
        "faults": [],
        "here": _("Corrections"),
        "url": f"{URL}/{reference}",
        "queue": URL,
    }
    return house.pages.page("staff/not_decided.html", _("Nothing was done"), context, 409)


def _sound(typed: str) -> str:
    try:
        return parse(typed, "C")
    except ReferenceFault:
        raise Missing from None


staff_pages = guard.inside(list_page, one_page, look_page, decide_page)
