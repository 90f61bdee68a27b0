"""The home page of the staff area: the areas a member may enter, and how much waits in each.

The import-linter layers put this module above the features and only `api/app.py` imports it; the
rest of `api/staff` is below the features.
"""

from collections.abc import Callable, Sequence

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import store as connectors
from api.features.corrections.review import queue_store as corrections
from api.features.pledges.review.queue_store import count_waiting
from api.features.renewals import store as renewals
from api.mail.store import count_backlog
from api.staff import guard
from api.staff.roles import Permission, has_permission
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop

Count = Callable[[Connection], int]


class Area(msgspec.Struct, frozen=True):
    """A part of the staff area; `waiting` is None where nothing can wait."""

    url: str
    title: str
    about: str
    waiting: int | None


class _AreaDefinition(msgspec.Struct, frozen=True):
    permission: Permission
    url: str
    title: str
    about: str
    count: Count | None = None


AREAS: tuple[_AreaDefinition, ...] = (
    _AreaDefinition(
        "sign_ups",
        "/staff/sign-ups",
        gettext_noop("Sign-ups"),
        gettext_noop("Promises that wait to be read, and those that stand."),
        count_waiting,
    ),
    _AreaDefinition(
        "corrections",
        "/staff/corrections",
        gettext_noop("Corrections"),
        gettext_noop("What visitors say is wrong about an activity, to be mended or left."),
        corrections.count_open,
    ),
    _AreaDefinition(
        "activities",
        "/staff/activities",
        gettext_noop("Activities"),
        gettext_noop("Add one, change one, say that one has ended."),
    ),
    _AreaDefinition(
        "register",
        "/staff/keeping",
        gettext_noop("Keeping promises"),
        gettext_noop(
            "What visitors doubt, new words to read, promises that ran out, letters to post."
        ),
        renewals.count_waiting,
    ),
    _AreaDefinition(
        "connectors",
        "/staff/connectors",
        gettext_noop("Connectors"),
        gettext_noop(
            "Who took the course, who is to take it again, who has left, what they pointed to."
        ),
        connectors.count_left_but_published,
    ),
    _AreaDefinition(
        "gaps",
        "/staff/gaps",
        gettext_noop("Where nothing was found"),
        gettext_noop("What people looked for and we had nothing of, by area and month."),
    ),
    _AreaDefinition(
        "sign_ups",
        "/staff/paper",
        gettext_noop("A form on paper"),
        gettext_noop("Enter a promise that somebody signed by hand."),
    ),
    _AreaDefinition(
        "register",
        "/staff/register",
        gettext_noop("Names on the register"),
        gettext_noop("Give an entry another name, or make one of two."),
    ),
    _AreaDefinition(
        "audit",
        "/staff/audit",
        gettext_noop("Who did what"),
        gettext_noop("Every act of staff and service, in a chain that shows if a line is missing."),
    ),
    _AreaDefinition(
        "staff", "/staff/people", gettext_noop("Staff"), gettext_noop("Let people in and out.")
    ),
    _AreaDefinition(
        "own_login",
        "/staff/logins",
        gettext_noop("Where you are signed in"),
        gettext_noop("Sign out on a device you no longer have."),
    ),
)


class StaffHomePage(Page, frozen=True):
    """The home page of the member called `name`; `failed_letters` could not be delivered."""

    template = "staff/home.html"

    name: str
    areas: tuple[Area, ...]
    failed_letters: int


def list_areas(connection: Connection, roles: Sequence[str]) -> tuple[Area, ...]:
    """Return the areas that somebody in these roles may enter."""
    return tuple(
        Area(
            url=area.url,
            title=_(area.title),
            about=_(area.about),
            waiting=area.count(connection) if area.count else None,
        )
        for area in AREAS
        if has_permission(roles, area.permission)
    )


@get("/staff", opt={"may": "own_login"})
async def home_page(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show what waits in the areas of this member, and whether letters could not be delivered."""

    def read(connection: Connection) -> StaffHomePage:
        areas = list_areas(connection, staff.roles)
        return StaffHomePage(staff.name, areas, count_backlog(connection).failed)

    return context.pages.page(await context.database.read(read), _("Staff"))


router = guard.staff_router(home_page)
