"""The staff's pages of entries over HTTP: the list, adding, changing, ending, taking off, undoing.

A form is looked at first. What is written is what was looked at: a digest of it goes along.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.context import Context
from api.errors import Missing
from api.features.entries import page_actions, pages
from api.features.entries.page_actions import Answer, Answers
from api.features.entries.pages import ADD_URL, URL, EntryListPage
from api.http.request_bodies import AnyRequest, form_answers
from api.staff import guard
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import Form

MAY = {"may": "activities"}
INPUTS_AT_MOST = 2_000
"""More than the form of an entry with many lines has."""


@get(URL, opt=MAY)
async def list_page(
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
    q: Annotated[str, QueryParameter(max_length=100)] = "",
) -> Response[str]:
    """Show the entries whose names begin with some words, and what staff did lately."""
    context = context.as_actor(staff.actor)
    recent = await context.database.read(
        lambda connection: pages.recent_changes(connection, context, context.catalogue)
    )
    rows, total = await asyncio.to_thread(pages.rows, context.catalogue, q)
    page = EntryListPage(
        form=Form(URL, {"q": q}),
        add_url=ADD_URL,
        rows=rows,
        total=total,
        recent=recent,
        build_faults=context.rebuild_queue.failed,
    )
    return context.pages.page(page, _("Activities"))


@get(ADD_URL, opt=MAY)
async def add_page(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show the empty form."""
    page = page_actions.new_page(page_actions.NEW, (), context)
    return context.pages.page(page, _("Add an activity"))


@post(ADD_URL, opt=MAY)
async def add(
    request: AnyRequest,
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Show what a new entry would be, or put it in the directory."""
    answers = form_answers(await request.body(), INPUTS_AT_MOST)
    return await _answer(page_actions.add_entry, answers, staff, context, _("Add an activity"))


@get(f"{URL}/edit/{{slug:str}}", opt=MAY)
async def edit_page(
    slug: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Show the form of an entry, or how to bring it back where it was taken off."""

    def show(answers: Answers, context: Context) -> Answer:
        return page_actions.entry_page(slug, context), 200

    return await _answer(show, {}, staff, context, _("Change an activity"))


@post(f"{URL}/edit/{{slug:str}}", opt=MAY)
async def edit(
    request: AnyRequest,
    slug: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Show what would change in an entry, or write it."""
    answers = form_answers(await request.body(), INPUTS_AT_MOST)

    def change(answers: Answers, context: Context) -> Answer:
        return page_actions.edit_entry(slug, answers, context)

    return await _answer(change, answers, staff, context, _("Change an activity"))


@post(f"{URL}/edit/{{slug:str}}/{{act:str}}", opt=MAY)
async def act_page(
    request: AnyRequest,
    slug: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Say that an activity has ended or runs again, or take its entry off."""
    answers = form_answers(await request.body())
    if act not in ("ended", "reopened", "removed"):
        raise Missing

    def do(answers: Answers, context: Context) -> Answer:
        return page_actions.act_on_entry(slug, act, answers, context)

    return await _answer(do, answers, staff, context, _("Change an activity"))


@post(f"{URL}/changes/{{reference:str}}/undo", opt=MAY)
async def undo(
    reference: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Take a change back, as long as the entry is what it wrote."""

    def do(answers: Answers, context: Context) -> Answer:
        return page_actions.undo_change(reference, context)

    return await _answer(do, {}, staff, context, _("Change an activity"))


async def _answer(
    act: Callable[[Answers, Context], Answer],
    answers: Answers,
    staff: SignedInStaff,
    context: Context,
    title: str,
) -> Response[Any]:
    """Do something with files and the store in a thread; go on, or show the page it gives."""
    answer = await asyncio.to_thread(act, answers, context.as_actor(staff.actor))
    if isinstance(answer, str):
        context.rebuild_queue.request()
        return Redirect(answer, status_code=303)
    page, status = answer
    title = _("Error: %(page)s", page=title) if status == 422 else title
    return context.pages.page(page, title, status=status)


router = guard.staff_router(list_page, add_page, add, edit_page, edit, act_page, undo)
"""All pages, behind the guard of the staff."""
