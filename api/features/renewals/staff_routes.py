"""Staff's pages about standing promises: what visitors doubt, new words, what ran out, the post."""

import asyncio
from typing import Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import Invalid, Missing
from api.features.renewals import check_in, staff_views, store, text_changes
from api.features.renewals.feedback import doubts
from api.features.renewals.staff_views import PostShown
from api.http.request_bodies import form_answers
from api.staff.sign_in import SignedInStaff
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _

Asking: TypeAlias = Request[Any, Any, Any]
KEEPING = "/staff/keeping"
WHY_CHARACTERS = 500


@get(KEEPING, opt={"may": "register"})
async def keeping(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show what waits: doubts, new words, promises that ran out."""
    context = context.as_actor(staff.actor)
    found = await context.database.read(lambda look: staff_views.waiting(look, context))
    return context.pages.page("staff/keeping.html", _("Keeping promises"), {"waiting": found})


@get(f"{KEEPING}/post", opt={"may": "register"})
async def to_post(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show the letters that go by post, to be printed. The reading is written down first."""
    context = context.as_actor(staff.actor)

    def act(connection: Connection) -> list[PostShown]:
        found = staff_views.for_post(connection, context)
        line = audit.line(
            "promise.post_read", None, actor=context.actor, at=context.now, letters=len(found)
        )
        insert_rows(connection, [line])
        return found

    found = await context.database.write(act)
    return context.pages.page("staff/keeping_post.html", _("Letters to post"), {"letters": found})


@post(f"{KEEPING}/posted", opt={"may": "register"})
async def posted(
    request: Asking, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Note that a letter has been posted."""
    pledge, who = _named(form_answers(await request.body()))
    now, actor = context.now, staff.actor
    names = await asyncio.to_thread(signatory_files.names, context.settings.project, pledge, who)

    def act(connection: Connection) -> None:
        letters = store.mark_posted(connection, pledge, names, now)
        if not letters:
            raise Missing
        about = f"{pledge}/{who}"
        line = audit.line("promise.posted", about, actor=actor, at=now, letters=letters)
        insert_rows(connection, [line])

    await context.database.write(act)
    return Redirect(f"{KEEPING}/post", status_code=303)


@post(f"{KEEPING}/renew", opt={"may": "register"})
async def renew(
    request: Asking, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Renew for somebody who has said, by post or on the telephone, that all is as it was."""
    pledge, who = _named(form_answers(await request.body()))
    context = context.as_actor(staff.actor)
    await asyncio.to_thread(check_in.renew, pledge, who, {}, {}, context)
    context.rebuild_queue.request()
    context.outbox.nudge()
    return Redirect(KEEPING, status_code=303)


@post(f"{KEEPING}/doubts/{{doubt:str}}", opt={"may": "register"})
async def close_doubt(
    request: Asking,
    doubt: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Note what was found about a promise that visitors doubt."""
    answers = form_answers(await request.body())
    outcome = next(iter(answers.get("outcome", ())), "")
    await asyncio.to_thread(doubts.close, doubt, outcome, context.as_actor(staff.actor))
    return Redirect(KEEPING, status_code=303)


@post(f"{KEEPING}/words/{{change:str}}", opt={"may": "register"})
async def decide_words(
    request: Asking,
    change: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Put new words on the page, or send them back with a reason."""
    answers = form_answers(await request.body())
    context = context.as_actor(staff.actor)
    why = next(iter(answers.get("why", ())), "").strip()[:WHY_CHARACTERS]
    if "accept" in answers:
        await asyncio.to_thread(text_changes.accept, change, context)
        context.rebuild_queue.request()
    elif why:
        await asyncio.to_thread(text_changes.refuse, change, why, context)
    else:
        raise Invalid(sentence=_("Write why: whoever sent the words is told."))
    context.outbox.nudge()
    return Redirect(KEEPING, status_code=303)


def _named(answers: dict[str, list[str]]) -> tuple[str, str]:
    pledge, who = (next(iter(answers.get(name, ())), "") for name in ("pledge", "who"))
    return pledge, who


staff_pages = (keeping, to_post, posted, renew, close_doubt, decide_words)
