"""Who may do what: one table of permissions and the roles that have them.

A route of the staff area names its permission as `opt={"may": ...}`; a route that names none is
refused to everybody (`guard.py`). A test asks every route in every role and holds it to this table.
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

MAY: Mapping[Permission, frozenset[Role]] = {
    "own_login": frozenset(ROLES),
    "sign_ups": frozenset(("moderator", "coordinator")),
    # Whoever reads sign-ups may count those that look alike, and stop a job; one press that decides
    # about thousands is for whoever answers for the scheme.
    "invalidate": frozenset(("coordinator",)),
    "register": frozenset(("moderator", "coordinator")),
    "corrections": frozenset(("moderator", "coordinator")),
    # Whoever keeps the logins need not read what people in need have written.
    "requests": frozenset(("caseworker", "coordinator")),
    "connectors": frozenset(("coordinator",)),
    "audit": frozenset(("auditor", "admin")),
    "staff": frozenset(("admin",)),
}

SAID: Mapping[Role, str] = {
    "moderator": gettext_noop("Moderator: reads sign-ups and corrections, and decides"),
    "caseworker": gettext_noop("Caseworker: answers those who ask for help"),
    "coordinator": gettext_noop(
        "Coordinator: all of both, the connectors, and many sign-ups at once"
    ),
    "auditor": gettext_noop("Auditor: reads who did what, and nothing else"),
    "admin": gettext_noop("Admin: lets people in and out, reads who did what"),
}


def has_permission(roles: Iterable[str], permission: str) -> bool:
    """Say whether any of the roles has a permission; nobody has one the table does not know."""
    having = next((roles_ for name, roles_ in MAY.items() if name == permission), frozenset())
    return not having.isdisjoint(roles)
