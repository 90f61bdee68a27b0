"""Staff's pages about names: rename an entry, have two become one, take it back."""

import asyncio
from typing import Any, TypeAlias

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.renewals import store
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.renaming import store as rename_store
from api.http.request_bodies import form_answers
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Signatory
from catalogue.outputs.formatting import LOCAL, day, long_date
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.search.choices import Choice

Asking: TypeAlias = Request[Any, Any, Any]
REGISTER = "/staff/register"
SAID = {
    "rename": gettext_noop("%(old)s became %(new)s"),
    "merge": gettext_noop("%(old)s went into %(new)s"),
}


class Done(msgspec.Struct, frozen=True):
    """A change that stands and may be undone."""

    id: str
    said: str
    on: str


@get(REGISTER, opt={"may": "register"})
async def registers(context: NamedDependency[Context]) -> Response[str]:
    """List the entries of all pledges."""
    found = context.catalogue
    values = {
        "pledges": [
            (pledge.title, [(one.name, _url(one)) for one in found.register(pledge.slug)])
            for pledge in found.pledges
        ]
    }
    return context.pages.page("staff/register.html", _("Names on the register"), values)


@get(f"{REGISTER}/{{pledge:str}}/{{who:str}}", opt={"may": "register"})
async def entry_page(
    pledge: FromPath[str],
    who: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[str]:
    """Show one entry, and what can be done with its name."""
    return await _page(pledge, who, context.as_actor(staff.actor))


@post(f"{REGISTER}/{{pledge:str}}/{{who:str}}/{{act:str}}", opt={"may": "register"})
async def change(
    request: Asking,
    pledge: FromPath[str],
    who: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Rename, have another entry go into this one, or undo."""
    answers = {name: said[0] for name, said in form_answers(await request.body()).items()}
    context = context.as_actor(staff.actor)
    try:
        now = await asyncio.to_thread(_act, act, pledge, who, answers, context)
    except Invalid as error:
        return await _page(pledge, who, context, answers, error.errors)
    context.rebuild_queue.ask()
    return Redirect(f"{REGISTER}/{pledge}/{now}", status_code=303)


def _act(act: str, pledge: str, who: str, answers: dict[str, str], context: Context) -> str:
    """Do it, and return the slug the entry stands under then."""
    if act == "rename":
        name = answers.get("name", "").strip()
        if not name:
            raise Invalid(FieldFault("name", _("Write the name, as people know it.")))
        return rename_and_merge.rename(pledge, who, name, answers.get("slug", ""), context)
    if act == "merge":
        rename_and_merge.merge(pledge, answers.get("other", ""), who, context)
        return who
    if act == "undo":
        undone = rename_and_merge.undo(answers.get("change", ""), context)
        return undone.who if undone.kind == "rename" else undone.into
    raise rename_and_merge.NoRenaming


async def _page(
    pledge: str,
    who: str,
    context: Context,
    answers: dict[str, str] | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response[str]:
    of = await asyncio.to_thread(_entry, pledge, who, context)
    done = await context.database.read(lambda look: _done(look, of))
    renewed = await context.database.read(lambda look: _renewed(look, of))
    typed = answers if answers is not None else {"name": of.name, "slug": of.slug}
    errors = [FieldError(one.field, one.message) for one in faults]
    others = context.catalogue.register(pledge)
    values = {
        "name": of.name,
        "url": f"/pledges/{pledge}/{who}/",
        "at": f"{REGISTER}/{pledge}/{who}",
        "former": of.former_slugs,
        "form": Form(f"{REGISTER}/{pledge}/{who}/rename", values=typed, errors=errors),
        "others": [Choice(one.slug, one.name) for one in others if one.slug != who],
        "renewed": renewed,
        "done": done,
    }
    title = _("Names on the register")
    return context.pages.page("staff/register_entry.html", title, values, 422 if faults else 200)


def _entry(pledge: str, who: str, context: Context) -> Signatory:
    return signatory_files.read(context.project, pledge, who).signatory


def _done(connection: Connection, of: Signatory) -> list[Done]:
    return [
        Done(
            one.id,
            _(SAID[one.kind], old=one.who, new=one.into),
            day(one.created_at.astimezone(LOCAL).date()),
        )
        for one in rename_store.about(connection, of.pledge, of.slug)
        if one.into == of.slug and one.written_at
    ]


def _renewed(connection: Connection, of: Signatory) -> list[str]:
    """Return when the promise was renewed, under whichever of its names, the newest first."""
    return [
        _(
            "%(day)s, until %(until)s",
            day=long_date(one.created_at.astimezone(LOCAL).date()),
            until=long_date(one.until_after),
        )
        for one in store.check_ins(connection, of.pledge, *of.names)
    ]


def _url(of: Signatory) -> str:
    return f"{REGISTER}/{of.pledge}/{of.slug}"


register_pages = (registers, entry_page, change)
