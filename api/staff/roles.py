"""Permissions of the staff area, and the roles that have each.

A route of the staff area names its permission as `opt={"may": ...}`; one that names none is refused
to everybody (`guard.py`). tests/api/staff/test_roles.py requests every route in every role.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import msgspec

from catalogue.i18n.gettext import _, gettext_noop

Role = Literal["moderator", "caseworker", "coordinator", "auditor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

Permission = Literal[
    "own_login",
    "sign_ups",
    "invalidate",
    "register",
    "corrections",
    "activities",
    "requests",
    "connectors",
    "gaps",
    "audit",
    "staff",
]

ROLES_BY_PERMISSION: Mapping[Permission, frozenset[Role]] = {
    "own_login": frozenset(ROLES),
    "sign_ups": frozenset(("moderator", "coordinator")),
    # Who reads sign-ups may count similar ones and stop a bulk job; only who is responsible for the
    # scheme may start one, for it decides about thousands at once.
    "invalidate": frozenset(("coordinator",)),
    "register": frozenset(("moderator", "coordinator")),
    "corrections": frozenset(("moderator", "coordinator")),
    "activities": frozenset(("moderator", "coordinator")),
    # Who manages logins need not read what people in need have written.
    "requests": frozenset(("caseworker", "coordinator")),
    "connectors": frozenset(("coordinator",)),
    "gaps": frozenset(("moderator", "caseworker", "coordinator")),
    "audit": frozenset(("auditor", "admin")),
    "staff": frozenset(("admin",)),
}

ROLE_DESCRIPTIONS: Mapping[Role, str] = {
    "moderator": gettext_noop(
        "Moderator: reads sign-ups and corrections, decides, and keeps the activities"
    ),
    "caseworker": gettext_noop("Caseworker: answers those who ask for help"),
    "coordinator": gettext_noop(
        "Coordinator: all of both, the connectors, and many sign-ups at once"
    ),
    "auditor": gettext_noop("Auditor: reads who did what, and nothing else"),
    "admin": gettext_noop("Admin: lets people in and out, reads who did what"),
}


ROLE_NAMES: Mapping[Role, str] = {
    "moderator": gettext_noop("Moderator"),
    "caseworker": gettext_noop("Caseworker"),
    "coordinator": gettext_noop("Coordinator"),
    "auditor": gettext_noop("Auditor"),
    "admin": gettext_noop("Admin"),
}

PAGES: tuple[tuple[Permission, str, str], ...] = (
    ("sign_ups", "/staff/sign-ups", gettext_noop("Sign-ups")),
    ("sign_ups", "/staff/paper", gettext_noop("A form on paper")),
    ("sign_ups", "/staff/sign-ups/bulk", gettext_noop("Count many sign-ups, and stop a job")),
    ("invalidate", "/staff/sign-ups/bulk", gettext_noop("Invalidate many sign-ups at once")),
    ("corrections", "/staff/corrections", gettext_noop("Corrections")),
    ("activities", "/staff/activities", gettext_noop("Activities")),
    ("register", "/staff/keeping", gettext_noop("Keeping promises")),
    ("register", "/staff/register", gettext_noop("Names on the register")),
    ("connectors", "/staff/connectors", gettext_noop("Connectors")),
    ("gaps", "/staff/gaps", gettext_noop("Where nothing was found")),
    ("audit", "/staff/audit", gettext_noop("Who did what")),
    ("staff", "/staff/people", gettext_noop("Staff")),
)
"""Pages of the staff area as a permission opens them: its address and what it is called."""


class RolePages(msgspec.Struct, frozen=True):
    """A role in words, and the pages that it opens: (address, title) each."""

    name: str
    about: str
    pages: tuple[tuple[str, str], ...]


def pages_by_role() -> tuple[RolePages, ...]:
    """Return which role opens what, in the language of the page."""
    return tuple(
        RolePages(
            name=_(ROLE_NAMES[role]),
            about=_(ROLE_DESCRIPTIONS[role]).partition(": ")[2],
            pages=tuple(
                (url, _(title))
                for permission, url, title in PAGES
                if role in ROLES_BY_PERMISSION[permission]
            ),
        )
        for role in ROLES
    )


def roles_with(permission: str) -> tuple[Role, ...]:
    """Return the roles that have a permission, none where it is unknown."""
    return tuple(role for role in ROLES if has_permission((role,), permission))


def has_permission(roles: Iterable[str], permission: str) -> bool:
    """Return whether any of the roles has a permission; no role has an unknown one."""
    return any(
        name == permission and not permitted.isdisjoint(roles)
        for name, permitted in ROLES_BY_PERMISSION.items()
    )
