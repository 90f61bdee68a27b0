"""Letting people in and out: who works here, in which roles.

Somebody who leaves is disabled, never deleted, and their logins end in the same moment; so do they
when roles change, for a page that stands open would otherwise still show what it may not.
There is always an admin.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.errors import Conflict, FieldFault, Invalid, Missing
from api.security.contact_text import EMAIL
from api.security.encryption import Encryption
from api.security.normalise import canonical_email
from api.security.references import new_id
from api.staff import store
from api.staff.roles import ROLES
from api.staff.store import Person, Staff
from api.store import audit
from api.store.errors import AlreadyThere
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop


class NoSuchPerson(Missing):
    """Nobody of the staff has this id or address."""

    sentence = gettext_noop("Nobody on the staff has this address.")


class LastAdmin(Conflict):
    """It would leave nobody who can let anybody in."""

    sentence = gettext_noop("This is the only admin left. Make somebody else an admin first.")


class Acting(msgspec.Struct, frozen=True):
    """Who changes something, as the audit trail says it, and when."""

    encryption: Encryption
    actor: str
    now: datetime


class Entry(msgspec.Struct, frozen=True):
    """One of the staff as a list shows them."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    since: datetime
    disabled: bool
    has_second_factor: bool


def entries(connection: Connection, encryption: Encryption) -> list[Entry]:
    """Return all of the staff; whoever left comes last."""
    found = [_entry(one, encryption) for one in store.everybody(connection)]
    return sorted(found, key=lambda one: (one.disabled, one.name.casefold()))


def add(
    connection: Connection, name: str, email: str, roles: Sequence[str], acting: Acting
) -> Staff:
    """Let somebody in. Raises Invalid for no name, no address, no role, or an address in use."""
    faults = [*_faults(name, email), *_role_faults(roles)]
    if faults:
        raise Invalid(*faults)
    staff_id = new_id()
    sealed = acting.encryption.encrypt(staff_id, Person(name.strip(), email.strip()))
    new = Staff(staff_id, sealed, _ordered(roles), acting.now, None, None, None, 0)
    lookups = acting.encryption.lookups(canonical_email(email))
    if store.addressed(connection, lookups) is not None:
        raise Invalid(FieldFault("email", _("Somebody on the staff has this address already.")))
    row = store.staff_row(new, email_lookup=lookups[0])
    line = _line("staff.added", staff_id, acting, roles=", ".join(new.roles))
    try:
        insert_rows(connection, [row, line])
    except AlreadyThere:  # two at once; the store keeps one
        raise Invalid(
            FieldFault("email", _("Somebody on the staff has this address already."))
        ) from None
    return new


def set_roles(connection: Connection, staff_id: str, roles: Sequence[str], acting: Acting) -> None:
    """Change what somebody may do. Raises NoSuchPerson, Invalid or LastAdmin."""
    if faults := [*_role_faults(roles)]:
        raise Invalid(*faults)
    if "admin" not in roles:
        _expect_another_admin(connection, staff_id)
    _change(connection, staff_id, acting, roles=_ordered(roles))
    line = _line("staff.roles_changed", staff_id, acting, roles=", ".join(_ordered(roles)))
    insert_rows(connection, [line])


def disable(connection: Connection, staff_id: str, acting: Acting) -> None:
    """Let somebody in no more. Raises NoSuchPerson or LastAdmin."""
    _expect_another_admin(connection, staff_id)
    _change(connection, staff_id, acting, disabled_at=acting.now)
    insert_rows(connection, [_line("staff.disabled", staff_id, acting)])


def enable(connection: Connection, staff_id: str, acting: Acting) -> None:
    """Let somebody in again, with a new second factor. Raises NoSuchPerson."""
    _change(connection, staff_id, acting, disabled_at=None, **NO_FACTOR)
    store.forget_recovery_codes(connection, staff_id)
    insert_rows(connection, [_line("staff.enabled", staff_id, acting)])


def forget_second_factor(connection: Connection, staff_id: str, acting: Acting) -> None:
    """Let somebody pair a new phone at the next sign-in. Raises NoSuchPerson."""
    _change(connection, staff_id, acting, **NO_FACTOR)
    store.forget_recovery_codes(connection, staff_id)
    insert_rows(connection, [_line("staff.second_factor_forgotten", staff_id, acting)])


NO_FACTOR = {"second_factor": None, "second_factor_since": None}


def _change(connection: Connection, staff_id: str, acting: Acting, **values: object) -> None:
    """Change somebody, and end their logins."""
    if not store.change(connection, staff_id, **values):
        raise NoSuchPerson
    store.end_logins(connection, staff_id, acting.now)


def _expect_another_admin(connection: Connection, staff_id: str) -> None:
    for one in store.everybody(connection):
        if one.id != staff_id and one.disabled_at is None and "admin" in one.roles:
            return
    found = store.somebody(connection, staff_id)
    if found is not None and "admin" in found.roles and found.disabled_at is None:
        raise LastAdmin


def _faults(name: str, email: str) -> Sequence[FieldFault]:
    faults = []
    if not name.strip():
        faults.append(FieldFault("name", _("Write the name.")))
    if re.search(EMAIL, email.strip()) is None:
        message = _("Write one e-mail address, such as name@example.org.")
        faults.append(FieldFault("email", message))
    return faults


def _role_faults(roles: Sequence[str]) -> Sequence[FieldFault]:
    if roles and set(roles) <= set(ROLES):
        return ()
    return (FieldFault("roles", _("Choose at least one role.")),)


def _ordered(roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in ROLES if one in roles)


def _entry(of: Staff, encryption: Encryption) -> Entry:
    person = encryption.decrypt_as(of.id, of.sealed, Person)
    proven = of.second_factor_since is not None
    disabled = of.disabled_at is not None
    return Entry(of.id, person.name, person.email, of.roles, of.created_at, disabled, proven)


def _line(action: str, staff_id: str, acting: Acting, **detail: str) -> audit.Row:
    return audit.line(action, staff_id, actor=acting.actor, at=acting.now, **detail)


def names_by_id(connection: Connection, encryption: Encryption) -> dict[str, str]:
    """Return the names of all who ever worked here, by id."""
    return {one.id: one.name for one in entries(connection, encryption)}


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """Return the name of who acted, for an actor of the trail: staff by name, others by kind."""
    kind, _sep, staff_id = actor.partition(" ")
    if kind == "staff":
        return names.get(staff_id, _("Somebody who worked here"))
    return _("A visitor") if actor == "visitor" else actor
