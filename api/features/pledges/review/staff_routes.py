"""The reviewer's pages: what waits, one sign-up whole, and every decision about it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.pledges.register.content_sync import show_again, unpublish_entries
from api.features.pledges.register.publish import approve
from api.features.pledges.review import decide, open_for_review, queue, queue_store, review_page
from api.features.pledges.review.decide import DecisionNote
from api.features.pledges.review.history import HISTORY_RULES
from api.features.pledges.review.queue import URL
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.review.review_page import Attempt
from api.features.pledges.review.undo import undo
from api.features.pledges.store import SignUp
from api.http.request_bodies import AnyRequest, form_answers
from api.moderation.decisions import (
    Guard,
    first_answer,
    not_decided_page,
    parse_reference,
    version_shown,
)
from api.moderation.queue_store import QueuePage
from api.security.references import ReferenceFault, parse
from api.staff import guard, people
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import FieldError, Form

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
    now, read_page = context.now, queue_store.decided if decided else queue_store.list_waiting

    def read(connection: Connection) -> tuple[QueuePage[SignUp], dict[str, str]]:
        page_found = read_page(connection, page)
        holders = LOCKS.holders(connection, [sign_up.id for sign_up in page_found.records], now)
        names = people.names_by_id(connection, context.encryption) if holders else {}
        return page_found, {
            sign_up_id: names.get(staff_id, "") for sign_up_id, staff_id in holders.items()
        }

    page_rows, readers = await context.database.read(read)
    disputes = [] if decided else await context.database.read(queue_store.disputed)
    queue_page = queue.SignUpQueuePage(
        sign_ups=queue.queued_sign_ups(page_rows.records, readers, context.catalogue, now),
        disputes=queue.disputed_entries(disputes, context.catalogue, now),
        decided=bool(decided),
        previous_page=page - 1,
        next_page=page + 1 if page_rows.more else 0,
        form=Form(URL, {"reference": ""}),
        build_faults=context.rebuild_queue.failed,
    )
    return context.pages.page(queue_page, _("Sign-ups"))


@get("/staff/sign-ups/{reference:str}", opt={"may": "sign_ups"})
async def one_page(
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one sign-up whole, hold it for who looks, and write down that it was read."""
    return await _sign_up_page(parse_reference(reference, "P"), staff, context)


@post("/staff/sign-ups/{reference:str}/{act:str}", opt={"may": "sign_ups"})
async def decide_page(
    request: AnyRequest,
    reference: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Decide, undo, take a sign-up over or release its lock."""
    sound, answers = parse_reference(reference, "P"), form_answers(await request.body())
    if act in _LOCK_ACTIONS:
        return await _LOCK_ACTIONS[act](sound, staff, context)
    rule = _decision_rule(act, answers)
    if rule is None:
        raise Missing
    context, version = context.as_actor(staff.actor), version_shown(answers)
    lock_guard = LOCKS.guard(staff.id, version, HISTORY_RULES, context.now)
    try:
        await asyncio.to_thread(rule, sound, context, context.catalogue, lock_guard)
    except Invalid as error:
        return await _sign_up_page(sound, staff, context, Attempt(act, answers, error.errors))
    except Conflict as error:
        page = await not_decided_page(
            sound, error, context, HISTORY_RULES, queue=URL, queue_name=_("Sign-ups")
        )
        return context.pages.page(page, _("Nothing was done"), status=409)
    await asyncio.to_thread(unpublish_entries, context.project, context.database, context.now)
    if act not in ("ask", "hold", "release", "reject", "settle"):
        context.rebuild_queue.request()
    context.outbox.nudge()
    return Redirect(f"{URL}/{sound}", status_code=303)


DecisionRule: TypeAlias = Callable[[str, Context, Catalogue, Guard], object]


def _decision_rule(act: str, answers: Answers) -> DecisionRule | None:
    """Return what a button does, with the words and the reason that came with it."""
    note = DecisionNote(first_answer(answers, f"{act}_code"), first_answer(answers, f"{act}_words"))
    if act == "publish":
        return approve
    if act == "settle":
        return decide.settle
    if act == "release":
        return decide.release
    if act == "undo":
        return lambda reference, context, catalogue, lock_guard: undo(
            reference, context, lock_guard
        )
    if act == "show":
        return lambda reference, *args: show_again(reference, note.words, *args)
    if act in decide.DECISION_TYPES:
        return lambda reference, *args: decide.decide(reference, act, note, *args)
    return None


async def _take_over(reference: str, staff: SignedInStaff, context: Context) -> Response[Any]:
    """Hold it whoever held it."""
    now = context.now

    def write_rows(connection: Connection) -> None:
        sign_up = decide.find_sign_up(connection, reference)
        LOCKS.take_over(connection, sign_up, staff.id, staff.actor, now)

    await context.database.write(write_rows)
    return Redirect(f"{URL}/{reference}", status_code=303)


async def _let_go(reference: str, staff: SignedInStaff, context: Context) -> Response[Any]:
    """Let others have it, and go back to the queue."""

    def write_rows(connection: Connection) -> None:
        LOCKS.release(connection, decide.find_sign_up(connection, reference).id, staff.id)

    await context.database.write(write_rows)
    return Redirect(URL, status_code=303)


_LOCK_ACTIONS = {"take-over": _take_over, "let-go": _let_go}


def _to_reference(typed: str, context: Context) -> Response[Any]:
    """Go to the sign-up of a reference, or show an empty queue that says what is wrong with it."""
    try:
        return Redirect(f"{URL}/{parse(typed, 'P')}", status_code=303)
    except ReferenceFault as fault:
        errors = (FieldError("reference", str(fault)),)
    page = queue.SignUpQueuePage(
        sign_ups=(),
        disputes=(),
        decided=False,
        previous_page=0,
        next_page=0,
        form=Form(URL, {"reference": typed}, errors),
        build_faults=context.rebuild_queue.failed,
    )
    return context.pages.page(page, _("Sign-ups"), status=422)


async def _sign_up_page(
    reference: str, staff: SignedInStaff, context: Context, attempt: Attempt | None = None
) -> Response[str]:
    now = context.now
    review_input = await context.database.write(
        lambda connection: open_for_review.read(
            connection, reference, staff, context.encryption, now
        )
    )
    page = review_page.sign_up_page(review_input, staff.id, context.as_actor(staff.actor), attempt)
    title = _("Sign-up %(reference)s", reference=reference)
    return context.pages.page(page, title, status=422 if attempt else 200)


staff_pages = guard.staff_router(list_page, one_page, decide_page)
