"""Permissions of the staff area, and the roles that have each.

A route of the staff area names its permission as `opt={"may": ...}`; one that names none is refused
to everybody (`guard.py`). tests/api/staff/test_roles.py requests every route in every role.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from catalogue.i18n.gettext import gettext_noop

Role = Literal["moderator", "caseworker", "coordinator", "auditor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

Permission = Literal[
    "own_login",
    "sign_ups",
    "invalidate",
    "register",
    "corrections",
    "requests",
    "connectors",
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
    # Who manages logins need not read what people in need have written.
    "requests": frozenset(("caseworker", "coordinator")),
    "connectors": frozenset(("coordinator",)),
    "audit": frozenset(("auditor", "admin")),
    "staff": frozenset(("admin",)),
}

ROLE_DESCRIPTIONS: Mapping[Role, str] = {
    "moderator": gettext_noop("Moderator: reads sign-ups and corrections, and decides"),
    "caseworker": gettext_noop("Caseworker: answers those who ask for help"),
    "coordinator": gettext_noop(
        "Coordinator: all of both, the connectors, and many sign-ups at once"
    ),
    "auditor": gettext_noop("Auditor: reads who did what, and nothing else"),
    "admin": gettext_noop("Admin: lets people in and out, reads who did what"),
}


def has_permission(roles: Iterable[str], permission: str) -> bool:
    """Return whether any of the roles has a permission; no role has an unknown one."""
    return any(
        name == permission and not permitted.isdisjoint(roles)
        for name, permitted in ROLES_BY_PERMISSION.items()
    )
