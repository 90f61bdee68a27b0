"""The staff's routes for names on the register: list, rename, merge, undo."""

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.content_files import signatory_files
from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.renewals.renaming import pages, rename_and_merge
from api.features.renewals.renaming.pages import REGISTER
from api.http.request_bodies import AnyRequest, form_answers
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _


@get(REGISTER, opt={"may": "register"})
async def register(context: NamedDependency[Context]) -> Response[str]:
    """List the entries of all pledges."""
    return context.pages.page(pages.register_page(context), _("Names on the register"))


@get(f"{REGISTER}/{{pledge:str}}/{{slug:str}}", opt={"may": "register"})
async def entry_page(
    pledge: FromPath[str],
    slug: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one entry, and what can be done with its name."""
    return await _entry_page(pledge, slug, context.as_actor(staff.actor))


@post(f"{REGISTER}/{{pledge:str}}/{{slug:str}}/{{action:str}}", opt={"may": "register"})
async def change_entry(
    request: AnyRequest,
    pledge: FromPath[str],
    slug: FromPath[str],
    action: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Rename the entry, merge another one into it, or undo a change."""
    answers = {name: values[0] for name, values in form_answers(await request.body()).items()}
    context = context.as_actor(staff.actor)
    try:
        new_slug = await asyncio.to_thread(_change, action, pledge, slug, answers, context)
    except Invalid as error:
        return await _entry_page(pledge, slug, context, answers, error.errors)
    context.rebuild_queue.request()
    return Redirect(f"{REGISTER}/{pledge}/{new_slug}", status_code=303)


def _change(
    action: str, pledge: str, slug: str, answers: Mapping[str, str], context: Context
) -> str:
    """Make the change, and return the slug that the entry has after it."""
    if action == "rename":
        name = answers.get("name", "").strip()
        if not name:
            raise Invalid(FieldFault("name", _("Write the name, as people know it.")))
        return rename_and_merge.rename(pledge, slug, name, answers.get("slug", ""), context)
    if action == "merge":
        rename_and_merge.merge(pledge, answers.get("other", ""), slug, context)
        return slug
    if action == "undo":
        undone = rename_and_merge.undo(answers.get("change", ""), context)
        return undone.old_slug if undone.kind == "rename" else undone.new_slug
    raise rename_and_merge.ChangeNotFound


async def _entry_page(
    pledge: str,
    slug: str,
    context: Context,
    answers: Mapping[str, str] | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response[str]:
    entry = await asyncio.to_thread(signatory_files.read, context.project, pledge, slug)
    page = await context.database.read(
        lambda connection: pages.register_entry_page(
            connection, entry.signatory, context, answers, faults
        )
    )
    status = 422 if faults else 200
    return context.pages.page(page, _("Names on the register"), status=status)


register_routes = (register, entry_page, change_entry)
