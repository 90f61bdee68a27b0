"""The staff's routes for promises: doubts of visitors, text changes, overdue promises, the post."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import Invalid, Missing
from api.features.renewals import check_in, staff_pages, store, text_changes
from api.features.renewals.feedback import doubts
from api.features.renewals.staff_pages import PostLetter, PostLettersPage
from api.http.request_bodies import AnyRequest, form_answers
from api.staff.sign_in import SignedInStaff
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _

KEEPING = "/staff/keeping"
MAX_REASON_CHARACTERS = 500


@get(KEEPING, opt={"may": "register"})
async def promises_page(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show what waits for staff: doubts, text changes, promises that nobody renewed."""
    context = context.as_actor(staff.actor)
    page = await context.database.read(
        lambda connection: staff_pages.promises_page(connection, context)
    )
    return context.pages.page(page, _("Keeping promises"))


@get(f"{KEEPING}/post", opt={"may": "register"})
async def post_letters_page(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show the letters to print and post. That they were read is recorded first."""
    context = context.as_actor(staff.actor)

    def read_letters(connection: Connection) -> list[PostLetter]:
        letters = staff_pages.post_letters(connection, context)
        line = audit.new_event(
            "promise.post_read", None, actor=context.actor, at=context.now, letters=len(letters)
        )
        insert_rows(connection, [line])
        return letters

    letters = await context.database.write(read_letters)
    page = PostLettersPage(letters=letters, service=context.pages.service)
    return context.pages.page(page, _("Letters to post"))


@post(f"{KEEPING}/posted", opt={"may": "register"})
async def mark_posted(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Record that the letters to an entry were posted."""
    pledge, slug = _read_entry(form_answers(await request.body()))
    now, actor = context.now, staff.actor
    slugs = await asyncio.to_thread(signatory_files.names, context.settings.project, pledge, slug)

    def mark(connection: Connection) -> None:
        count = store.mark_posted(connection, pledge, slugs, now)
        if not count:
            raise Missing
        entry = f"{pledge}/{slug}"
        line = audit.new_event("promise.posted", entry, actor=actor, at=now, letters=count)
        insert_rows(connection, [line])

    await context.database.write(mark)
    return Redirect(f"{KEEPING}/post", status_code=303)


@post(f"{KEEPING}/renew", opt={"may": "register"})
async def renew(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Renew for a signatory who has said, by post or telephone, that all is as it was."""
    pledge, slug = _read_entry(form_answers(await request.body()))
    context = context.as_actor(staff.actor)
    await asyncio.to_thread(check_in.renew, pledge, slug, {}, {}, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    return Redirect(KEEPING, status_code=303)


@post(f"{KEEPING}/doubts/{{doubt:str}}", opt={"may": "register"})
async def close_doubt(
    request: AnyRequest,
    doubt: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Record what staff found about a promise that visitors doubt."""
    answers = form_answers(await request.body())
    outcome = next(iter(answers.get("outcome", ())), "")
    context = context.as_actor(staff.actor)
    await asyncio.to_thread(doubts.close_doubt, doubt, outcome, context)
    return Redirect(KEEPING, status_code=303)


@post(f"{KEEPING}/words/{{change:str}}", opt={"may": "register"})
async def decide_text_change(
    request: AnyRequest,
    change: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Publish new sentences, or refuse them with a reason."""
    answers = form_answers(await request.body())
    context = context.as_actor(staff.actor)
    reason = next(iter(answers.get("why", ())), "").strip()[:MAX_REASON_CHARACTERS]
    if "accept" in answers:
        await asyncio.to_thread(text_changes.accept, change, context)
        context.rebuild_queue.request()
    elif reason:
        await asyncio.to_thread(text_changes.refuse, change, reason, context)
    else:
        raise Invalid(sentence=_("Write why: whoever sent the words is told."))
    context.outbox.nudge()
    return Redirect(KEEPING, status_code=303)


def _read_entry(answers: dict[str, list[str]]) -> tuple[str, str]:
    """Return the pledge and the slug that a form names."""
    pledge, slug = (next(iter(answers.get(name, ())), "") for name in ("pledge", "who"))
    return pledge, slug


staff_routes = (
    promises_page,
    post_letters_page,
    mark_posted,
    renew,
    close_doubt,
    decide_text_change,
)
