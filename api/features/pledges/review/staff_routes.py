"""The reviewer's pages: what waits, one sign-up whole, and every decision about it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.pledges.register.content_sync import show_again, unpublish_entries
from api.features.pledges.register.publish import approve
from api.features.pledges.review import (
    decide,
    locks,
    open_for_review,
    queue,
    queue_store,
    reasons,
    review_page,
)
from api.features.pledges.review.decide import DecisionNote, Guard
from api.features.pledges.review.history import history
from api.features.pledges.review.queue import URL
from api.features.pledges.review.undo import undo
from api.http.request_bodies import form_answers
from api.moderation.decisions import (
    NotDecidedPage,
    first_answer,
    parse_reference,
    seen_before,
    version_shown,
)
from api.moderation.history import HistoryEntry, changes_since
from api.moderation.reasons import choices
from api.security.references import ReferenceFault, parse
from api.staff import guard, people
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import clock
from catalogue.outputs.forms import FieldError, Form

Asking: TypeAlias = Request[Any, Any, Any]
Answers: TypeAlias = Mapping[str, list[str]]


@get(URL, opt={"may": "sign_ups"})
async def list_page(
    context: NamedDependency[Context],
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
    decided: Annotated[str, QueryParameter(max_length=3)] = "",
    reference: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[Any]:
    """Show what waits, the oldest first, or what was decided; or go to a reference."""
    if reference.strip():
        return _to_reference(reference, context)
    now, listed = context.now, queue_store.decided if decided else queue_store.waiting

    def look(connection: Connection) -> tuple[queue_store.SignUpQueuePart, dict[str, str]]:
        found = listed(connection, page)
        holding = locks.holders(connection, [one.id for one in found.sign_ups], now)
        names = people.names_by_id(connection, context.encryption) if holding else {}
        return found, {of: names.get(staff_id, "") for of, staff_id in holding.items()}

    found, readers = await context.database.read(look)
    disputes = [] if decided else await context.database.read(queue_store.disputed)
    return _list(context, queue.waiting(found.sign_ups, readers, context.catalogue, now), {
        "disputes": queue.disputed(disputes, context.catalogue, now),
        "decided": bool(decided),
        "earlier": page - 1,
        "more": page + 1 if found.more else 0,
    })  # fmt: skip


@get("/staff/sign-ups/{reference:str}", opt={"may": "sign_ups"})
async def one_page(
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one sign-up whole, hold it for who looks, and write down that it was read."""
    return await _one(parse_reference(reference, "P"), staff, context)


@post("/staff/sign-ups/{reference:str}/{act:str}", opt={"may": "sign_ups"})
async def decide_page(
    request: Asking,
    reference: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Decide, undo, take a sign-up over or let it go."""
    sound, answers = parse_reference(reference, "P"), form_answers(await request.body())
    if act in _HOLDING:
        return await _HOLDING[act](sound, staff, context)
    deciding = _deciding(act, answers)
    if deciding is None:
        raise Missing
    context, seen = context.as_actor(staff.actor), version_shown(answers)
    held = locks.held_by(staff.id, seen, context.now)
    try:
        await asyncio.to_thread(deciding, sound, context, context.catalogue, held)
    except Invalid as error:
        return await _one(sound, staff, context, (act, answers, error))
    except Conflict as error:
        return await _refused(sound, error, context)
    await asyncio.to_thread(unpublish_entries, context.project, context.database, context.now)
    if act not in ("ask", "hold", "release", "reject", "settle"):
        context.rebuild_queue.request()
    context.outbox.nudge()
    return Redirect(f"{URL}/{sound}", status_code=303)


Deciding: TypeAlias = Callable[[str, Context, Catalogue, Guard], object]


def _deciding(act: str, answers: Answers) -> Deciding | None:
    """Return what an act does, with the words and the reason that came with it."""
    said = DecisionNote(first_answer(answers, f"{act}_code"), first_answer(answers, f"{act}_words"))
    if act == "publish":
        return approve
    if act == "settle":
        return decide.settle
    if act == "release":
        return decide.release
    if act == "undo":
        return lambda reference, context, catalogue, held: undo(reference, context, held)
    if act == "show":
        return lambda *given: show_again(given[0], said.words, *given[1:])
    if act in decide.DECISION_TYPES:
        return lambda reference, *given: decide.decide(reference, act, said, *given)
    return None


async def _take_over(reference: str, staff: SignedInStaff, context: Context) -> Response[Any]:
    """Hold it whoever held it."""
    now = context.now

    def act(connection: Connection) -> None:
        found = decide.sign_up(connection, reference)
        locks.take_over(connection, found, staff.id, staff.actor, now)

    await context.database.write(act)
    return Redirect(f"{URL}/{reference}", status_code=303)


async def _let_go(reference: str, staff: SignedInStaff, context: Context) -> Response[Any]:
    """Let others have it, and go back to the queue."""

    def act(connection: Connection) -> None:
        locks.let_go(connection, decide.sign_up(connection, reference), staff.id)

    await context.database.write(act)
    return Redirect(URL, status_code=303)


_HOLDING = {"take-over": _take_over, "let-go": _let_go}


def _to_reference(typed: str, context: Context) -> Response[Any]:
    try:
        return Redirect(f"{URL}/{parse(typed, 'P')}", status_code=303)
    except ReferenceFault as fault:
        errors = (FieldError("reference", str(fault)),)
        return _list(
            context, (), {"disputes": (), "decided": False, "earlier": 0, "more": 0}, typed, errors
        )


def _list(
    context: Context,
    rows: tuple[queue.QueuedSignUp, ...],
    more: Mapping[str, object],
    typed: str = "",
    errors: tuple[FieldError, ...] = (),
) -> Response[str]:
    values = {
        "rows": rows,
        "form": Form(URL, {"reference": typed}, errors),
        "failed": context.rebuild_queue.failed,
        **more,
    }
    status = 422 if errors else 200
    return context.pages.page("staff/sign_ups.html", _("Sign-ups"), values, status)


async def _one(
    reference: str,
    staff: SignedInStaff,
    context: Context,
    refused: tuple[str, Answers, Invalid] | None = None,
) -> Response[str]:
    now = context.now
    read = await context.database.write(
        lambda write: open_for_review.read(write, reference, staff, context.encryption, now)
    )
    context, catalogue = context.as_actor(staff.actor), context.catalogue
    values = {
        "of": review_page.sign_up_review(
            read.sign_up,
            read.decisions,
            read.history,
            read.names,
            review_page.stands(read.sign_up, catalogue, context.rebuild_queue),
            context,
            catalogue,
        ),
        "mine": read.lock.staff_id == staff.id,
        "reader": read.names.get(read.lock.staff_id, ""),
        "until": clock(read.lock.ends_at),
        "version": read.version,
        "may": [act for act in _ACTS_OFFERED if read.sign_up.stage in _ACTS_OFFERED[act]],
        "undo_until": queue.moment(read.undoable.until) if read.undoable else "",
        "undo_calls_back": bool(read.undoable and read.undoable.decision.letter_id),
        "undo_what": _(review_page.DID[read.undoable.decision.act]) if read.undoable else "",
        "letter_left": read.letter_left,
        "against": review_page.against(read.disputes, context),
        "refusals": choices(reasons.REFUSED),
        "removals": choices(reasons.TAKEN_OFF),
        **_form(refused),
    }
    title = _("Sign-up %(reference)s", reference=reference)
    return context.pages.page("staff/sign_up.html", title, values, 422 if refused else 200)


_ACTS_OFFERED: Mapping[str, tuple[str, ...]] = {
    "publish": ("confirmed", "asked"),
    "release": ("held",),
    **{name: act.of for name, act in decide.DECISION_TYPES.items()},
}


def _form(refused: tuple[str, Answers, Invalid] | None) -> dict[str, object]:
    if refused is None:
        return {"form": Form(""), "opened": ""}
    act, answers, error = refused
    errors = [FieldError(f"{act}_{one.field}", one.message) for one in error.errors]
    return {"form": Form("", answers, errors), "opened": act}


async def _refused(reference: str, error: Conflict, context: Context) -> Response[str]:
    """Say why nothing was done, and what has changed since the page was read."""
    seen = seen_before(error)

    def look(connection: Connection) -> tuple[HistoryEntry, ...]:
        changes = changes_since(connection, reference, seen, locks.QUIET)
        return history(changes, people.names_by_id(connection, context.encryption))

    page = NotDecidedPage(
        here=_("Sign-ups"),
        sentence=error.sentence,
        changes=await context.database.read(look),
        faults=tuple(map(str, error.faults)) if isinstance(error, Unfit) else (),
        url=f"{URL}/{reference}",
        queue=URL,
    )
    return context.pages.page(page, _("Nothing was done"), status=409)


staff_pages = guard.staff_router(list_page, one_page, decide_page)
