"""Pages for letting people in and out, and for reading the audit trail."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.context import Context
from api.errors import Invalid, Missing
from api.http.request_bodies import form_answers
from api.staff import people
from api.staff.people import Acting
from api.staff.roles import ROLES, SAID
from api.staff.sign_in import SignedInStaff
from api.store import audit
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day
from catalogue.outputs.forms import FieldError, Form

Asking: TypeAlias = Request[Any, Any, Any]
PEOPLE = "/staff/people"
LINES_SHOWN = 50
DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b")
SHORTENED = r"\1…"
"""A long digest by its beginning: the trail itself and `kith audit show` have all of it."""


class AuditLine(msgspec.Struct, frozen=True):
    """One line of the trail as the page shows it. `staff_id` tells two of one name apart."""

    seq: int
    at: str
    actor: str
    staff_id: str
    action: str
    subject: str
    subject_name: str
    """The subject, or the name of the colleague it stands for."""
    detail: str


@get(PEOPLE, opt={"may": "staff"})
async def list_people(context: NamedDependency[Context]) -> Response[str]:
    """List the staff, with a form that lets somebody in."""
    return await _people(context, Form(PEOPLE))


@post(PEOPLE, opt={"may": "staff"})
async def add(
    request: Asking, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Let somebody in."""
    answers = form_answers(await request.body())
    name, email = (next(iter(answers.get(field, ())), "") for field in ("name", "email"))
    acting = _acting(staff, context)

    def act(connection: Connection) -> None:
        people.add(connection, name, email, answers.get("roles", ()), acting)

    try:
        await context.database.write(act)
    except Invalid as error:
        faults = tuple(FieldError(one.field, one.message) for one in error.errors)
        values = {"name": name, "email": email, "roles": answers.get("roles", [])}
        return await _people(context, Form(PEOPLE, values, faults), 422)
    return Redirect(PEOPLE, status_code=303)


@post("/staff/people/{staff_id:str}/{act:str}", opt={"may": "staff"})
async def change(
    request: Asking,
    staff_id: FromPath[str],
    act: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Response[Any]:
    """Change somebody: roles, disable, enable, or forget-phone."""
    answers = form_answers(await request.body())
    acting = _acting(staff, context)

    def changing(connection: Connection) -> None:
        if act == "roles":
            people.set_roles(connection, staff_id, answers.get("roles", ()), acting)
        elif act in _ACTS:
            _ACTS[act](connection, staff_id, acting)
        else:
            raise Missing

    await context.database.write(changing)
    return Redirect(PEOPLE, status_code=303)


_ACTS = {
    "disable": people.disable,
    "enable": people.enable,
    "forget-phone": people.forget_second_factor,
}


@get("/staff/audit", opt={"may": "audit"})
async def audit_page(
    context: NamedDependency[Context],
    before: Annotated[int, QueryParameter(ge=1, le=audit.EVER)] = audit.EVER,
    about: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[str]:
    """Show who did what, the newest first, all of it or about one reference."""

    def look(connection: Connection) -> tuple[list[audit.Line], dict[str, str]]:
        found = audit.newest(connection, LINES_SHOWN + 1, before=before, about=about.strip())
        return found, people.names_by_id(connection, context.encryption)

    found, names = await context.database.read(look)
    shown, more = found[:LINES_SHOWN], len(found) > LINES_SHOWN
    values = {
        "lines": [_line(one, names) for one in shown],
        "about": about,
        "older": shown[-1].seq if more else None,
    }
    return context.pages.page("staff/audit.html", _("Who did what"), values)


def _line(one: audit.Line, names: Mapping[str, str]) -> AuditLine:
    said = ((name, str(value)) for name, value in one.detail.items() if value not in (None, ""))
    kind, _sep, staff_id = one.actor.partition(" ")
    return AuditLine(
        seq=one.seq,
        at=f"{day(one.at.astimezone(LOCAL).date())}, {clock(one.at)}",
        actor=people.actor_name(one.actor, names),
        staff_id=staff_id if kind == "staff" else "",
        action=one.action,
        subject=one.subject or "",
        subject_name=names.get(one.subject or "", one.subject or ""),
        detail=", ".join(f"{name}: {DIGEST.sub(SHORTENED, value)}" for name, value in said),
    )


def _acting(staff: SignedInStaff, context: Context) -> Acting:
    return Acting(context.encryption, staff.actor, context.now)


async def _people(context: Context, form: Form, status: int = 200) -> Response[str]:
    found = await context.database.read(lambda look: people.entries(look, context.encryption))
    values = {
        "people": found,
        "form": form,
        "roles": [(role, _(SAID[role])) for role in ROLES],
        "url": PEOPLE,
    }
    return context.pages.page("staff/people.html", _("Staff"), values, status)


people_pages = (list_people, add, change)
