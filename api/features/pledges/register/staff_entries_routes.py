"""Staff's page of an entry that an editor wrote: its disputes; hide it, show it again."""

import asyncio
from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict
from api.features.pledges.register import staff_entries
from api.features.pledges.review import queue, review_page
from api.moderation.history import HistoryEntry
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _

AT = "/staff/register/{pledge:str}/{who:str}"


class StaffEntryPage(Page, frozen=True, kw_only=True):
    """An entry that an editor wrote; `at` is the address below which its pages stand."""

    template = "staff/editor_entry.html"
    name: str
    url: str
    at: str
    is_published: bool
    may_show: bool
    against: tuple[review_page.DisputeLine, ...]
    history: tuple[HistoryEntry, ...]
    sentence: str
    faults: tuple[str, ...]


@get(f"{AT}/hide", opt={"may": "sign_ups"})
async def hide_page(
    pledge: FromPath[str],
    who: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Show what is said against an entry; one that somebody signed for has another page."""
    return await _page(pledge, who, staff, context)


@post(f"{AT}/hide", opt={"may": "sign_ups"})
async def hide(
    pledge: FromPath[str],
    who: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Hide it."""
    return await _act(staff_entries.hide, pledge, who, staff, context)


@post(f"{AT}/show", opt={"may": "sign_ups"})
async def show(
    pledge: FromPath[str],
    who: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Show it again."""
    return await _act(staff_entries.show, pledge, who, staff, context)


@post(f"{AT}/settle", opt={"may": "sign_ups"})
async def settle(
    pledge: FromPath[str],
    who: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Leave it as it is."""
    return await _act(staff_entries.settle, pledge, who, staff, context)


async def _act(
    act: Callable[[str, str, Context], None],
    pledge: str,
    slug: str,
    staff: SignedInStaff,
    context: Context,
) -> Response[Any]:
    try:
        await asyncio.to_thread(act, pledge, slug, context.as_actor(staff.actor))
    except Conflict as error:
        return await _page(pledge, slug, staff, context, error)
    context.rebuild_queue.request()
    return Redirect(f"/staff/register/{pledge}/{slug}/hide", status_code=303)


async def _page(
    pledge: str, slug: str, staff: SignedInStaff, context: Context, refused: Conflict | None = None
) -> Response[Any]:
    context = context.as_actor(staff.actor)
    staff_entry = await asyncio.to_thread(staff_entries.read_entry, pledge, slug, context)
    if staff_entry.sign_up_reference:
        return Redirect(f"{queue.URL}/{staff_entry.sign_up_reference}", status_code=303)
    page = StaffEntryPage(
        name=staff_entry.entry.name,
        url=f"/pledges/{pledge}/{slug}/",
        at=f"/staff/register/{pledge}/{slug}",
        is_published=staff_entry.is_published,
        may_show=staff_entry.hidden_by_staff and not staff_entry.is_published,
        against=review_page.dispute_lines(staff_entry.disputes, context),
        history=staff_entry.history,
        sentence=refused.sentence if refused else "",
        faults=tuple(map(str, refused.faults)) if isinstance(refused, Unfit) else (),
    )
    return context.pages.page(page, _("Hide an entry"), status=409 if refused else 200)


staff_entry_pages = (hide_page, hide, show, settle)
