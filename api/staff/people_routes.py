"""Pages for managing staff accounts."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from api.context import Context
from api.errors import Invalid, Missing
from api.http.request_bodies import AnyRequest, form_answers
from api.staff import people
from api.staff.people import StaffListEntry
from api.staff.roles import ROLE_DESCRIPTIONS, ROLES, RolePages, pages_by_role
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

PEOPLE_URL = "/staff/people"
CHANGES = {
    "disable": people.disable,
    "enable": people.enable,
    "forget-phone": people.forget_second_factor,
}


class StaffListPage(Page, frozen=True, kw_only=True):
    """All members of staff, and the form that adds one; `roles` are pairs of name and label."""

    template = "staff/people.html"

    people: tuple[StaffListEntry, ...]
    form: Form
    roles: tuple[tuple[str, str], ...]
    pages_by_role: tuple[RolePages, ...]
    url: str = PEOPLE_URL


@get(PEOPLE_URL, opt={"may": "staff"})
async def list_people(context: NamedDependency[Context]) -> Response[str]:
    """List all members of staff."""
    return await _list_page(context, Form(PEOPLE_URL))


@post(PEOPLE_URL, opt={"may": "staff", "step_up": PEOPLE_URL})
async def add_person(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Add a member of staff."""
    context = context.as_actor(staff.actor)
    answers = form_answers(await request.body())
    name, email = (next(iter(answers.get(field, ())), "") for field in ("name", "email"))
    roles = answers.get("roles", [])

    def act(connection: Connection) -> None:
        member = people.add(connection, name, email, roles, context)
        people.tell_of_change(connection, member.id, "added", context)

    try:
        await context.database.write(act)
    except Invalid as error:
        faults = tuple(FieldError(fault.field, fault.message) for fault in error.errors)
        form = Form(PEOPLE_URL, {"name": name, "email": email, "roles": roles}, faults)
        return await _list_page(context, form, 422)
    context.outbox.nudge()
    return Redirect(PEOPLE_URL, status_code=303)


@post("/staff/people/{staff_id:str}/{change:str}", opt={"may": "staff", "step_up": PEOPLE_URL})
async def change_person(
    request: AnyRequest,
    staff_id: FromPath[str],
    change: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Redirect:
    """Change a member of staff: `roles`, `disable`, `enable` or `forget-phone`."""
    context = context.as_actor(staff.actor)
    answers = form_answers(await request.body())

    def act(connection: Connection) -> None:
        if change == "roles":
            people.set_roles(connection, staff_id, answers.get("roles", ()), context)
        elif change in CHANGES:
            CHANGES[change](connection, staff_id, context)
        else:
            raise Missing
        people.tell_of_change(connection, staff_id, change, context)

    await context.database.write(act)
    context.outbox.nudge()
    return Redirect(PEOPLE_URL, status_code=303)


async def _list_page(context: Context, form: Form, status: int = 200) -> Response[str]:
    entries = await context.database.read(
        lambda connection: people.list_staff(connection, context.encryption)
    )
    page = StaffListPage(
        people=tuple(entries),
        form=form,
        pages_by_role=pages_by_role(),
        roles=tuple((role, _(ROLE_DESCRIPTIONS[role])) for role in ROLES),
    )
    return context.pages.page(page, _("Staff"), status=status)


people_handlers = (list_people, add_person, change_person)
