"""The first page of the staff area: what waits in each feature, of what somebody may do.

It stands above the features, and `api/app.py` alone imports it; all else in `api/staff` is below.
"""

from collections.abc import Callable, Iterable

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import store as connectors
from api.features.corrections import store as corrections
from api.features.pledges.review.queue_store import count_waiting
from api.features.renewals import store as keeping
from api.staff import guard
from api.staff.roles import Permission, has_permission
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _, gettext_noop

Count = Callable[[Connection], int]


class Area(msgspec.Struct, frozen=True):
    """One part of the staff area; `waiting` is how much is to do there, None where that is no
    question."""

    url: str
    title: str
    about: str
    waiting: int | None


class _Door(msgspec.Struct, frozen=True):
    permission: Permission
    url: str
    title: str
    about: str
    count: Count | None = None


DOORS: tuple[_Door, ...] = (
    _Door(
        "sign_ups",
        "/staff/sign-ups",
        gettext_noop("Sign-ups"),
        gettext_noop("Promises that wait to be read, and those that stand."),
        count_waiting,
    ),
    _Door(
        "corrections",
        "/staff/corrections",
        gettext_noop("Corrections"),
        gettext_noop("What visitors say is wrong about an activity, to be mended or left."),
        corrections.count_open,
    ),
    _Door(
        "register",
        "/staff/keeping",
        gettext_noop("Keeping promises"),
        gettext_noop(
            "What visitors doubt, new words to read, promises that ran out, letters to post."
        ),
        keeping.count,
    ),
    _Door(
        "connectors",
        "/staff/connectors",
        gettext_noop("Connectors"),
        gettext_noop(
            "Who took the course, who is to take it again, who has left, what they pointed to."
        ),
        connectors.count_left_but_published,
    ),
    _Door(
        "sign_ups",
        "/staff/paper",
        gettext_noop("A form on paper"),
        gettext_noop("Enter a promise that somebody signed by hand."),
    ),
    _Door(
        "register",
        "/staff/register",
        gettext_noop("Names on the register"),
        gettext_noop("Give an entry another name, or make one of two."),
    ),
    _Door(
        "audit",
        "/staff/audit",
        gettext_noop("Who did what"),
        gettext_noop("Every act of staff and service, in a chain that shows if a line is missing."),
    ),
    _Door("staff", "/staff/people", gettext_noop("Staff"), gettext_noop("Let people in and out.")),
    _Door(
        "own_login",
        "/staff/logins",
        gettext_noop("Where you are signed in"),
        gettext_noop("Sign out on a device you no longer have."),
    ),
)


def areas(connection: Connection, roles: Iterable[str]) -> list[Area]:
    """Return the parts of the staff area that somebody in these roles may enter."""
    own = tuple(roles)
    return [
        Area(
            url=door.url,
            title=_(door.title),
            about=_(door.about),
            waiting=door.count(connection) if door.count else None,
        )
        for door in DOORS
        if has_permission(own, door.permission)
    ]


@get("/staff", opt={"may": "own_login"})
async def home_page(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show what waits, of what this person may do."""
    entered = await context.database.read(lambda look: areas(look, staff.staff.roles))
    values = {"name": staff.name, "areas": entered}
    return context.pages.page("staff/home.html", _("Staff"), values)


router = guard.staff_router(home_page)
