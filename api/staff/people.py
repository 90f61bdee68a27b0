"""Staff accounts: add, change roles, disable, enable.

Somebody who leaves is disabled, never deleted, because the audit trail refers to them. Their logins
end in the same transaction; also when roles change, so that no open page keeps old permissions.
There is always at least one admin.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.security.contact_text import EMAIL
from api.security.encryption import Encryption
from api.security.normalise import canonical_email
from api.security.references import new_id
from api.staff import store
from api.staff.roles import ROLES
from api.staff.store import PersonalData, StaffMember
from api.store import audit
from api.store.erasure import TOMBSTONE
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.personal_data import kept_for


class NoSuchPerson(Missing):
    """No member of staff has this id or address."""

    code = "no-such-person"
    sentence = gettext_noop("Nobody on the staff has this address.")


class LastAdmin(Conflict):
    """Nobody would be left who can add staff."""

    code = "last-admin"
    sentence = gettext_noop("This is the only admin left. Make somebody else an admin first.")


class StaffListEntry(msgspec.Struct, frozen=True):
    """A member of staff as a list shows them."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    since: datetime
    disabled: bool
    has_second_factor: bool


def list_staff(connection: Connection, encryption: Encryption) -> list[StaffListEntry]:
    """Return all members of staff by name, disabled ones last."""
    entries = [_list_entry(member, encryption) for member in store.all_staff(connection)]
    return sorted(entries, key=lambda entry: (entry.disabled, entry.name.casefold()))


def add(
    connection: Connection, name: str, email: str, roles: Sequence[str], context: Context
) -> StaffMember:
    """Add a member of staff. Raises Invalid for no name, address or role, or an address in use."""
    faults = [*_contact_faults(name, email), *_role_faults(roles)]
    if faults:
        raise Invalid(*faults)
    staff_id = new_id()
    sealed = context.encryption.encrypt(staff_id, PersonalData(name.strip(), email.strip()))
    member = StaffMember(
        id=staff_id,
        sealed=sealed,
        roles=_ordered(roles),
        created_at=context.now,
        disabled_at=None,
        second_factor=None,
        second_factor_since=None,
        second_factor_step=0,
    )
    lookups = context.encryption.lookups(canonical_email(email))
    if store.staff_by_email(connection, lookups) is not None:
        raise Invalid(FieldFault("email", _("Somebody on the staff has this address already.")))
    row = store.staff_row(member, email_lookup=lookups[0])
    line = _audit_line("staff.added", staff_id, context, roles=", ".join(member.roles))
    try:
        insert_rows(connection, [row, line])
    except UniqueViolation:  # two requests at once; the unique constraint refused one
        raise Invalid(
            FieldFault("email", _("Somebody on the staff has this address already."))
        ) from None
    return member


def set_roles(
    connection: Connection, staff_id: str, roles: Sequence[str], context: Context
) -> None:
    """Replace the roles of a member. Raises NoSuchPerson, Invalid or LastAdmin."""
    if faults := [*_role_faults(roles)]:
        raise Invalid(*faults)
    if "admin" not in roles:
        _expect_another_admin(connection, staff_id)
    _update(connection, staff_id, context, roles=_ordered(roles))
    line = _audit_line("staff.roles_changed", staff_id, context, roles=", ".join(_ordered(roles)))
    insert_rows(connection, [line])


def disable(connection: Connection, staff_id: str, context: Context) -> None:
    """End a member's access. Raises NoSuchPerson or LastAdmin."""
    _expect_another_admin(connection, staff_id)
    _update(connection, staff_id, context, disabled_at=context.now)
    insert_rows(connection, [_audit_line("staff.disabled", staff_id, context)])


def enable(connection: Connection, staff_id: str, context: Context) -> None:
    """Restore a member's access, with a new second factor. Raises NoSuchPerson."""
    _update(connection, staff_id, context, disabled_at=None, **NO_FACTOR)
    store.delete_recovery_codes(connection, staff_id)
    insert_rows(connection, [_audit_line("staff.enabled", staff_id, context)])


def forget_second_factor(connection: Connection, staff_id: str, context: Context) -> None:
    """Have a member pair a new phone at the next sign-in. Raises NoSuchPerson."""
    _update(connection, staff_id, context, **NO_FACTOR)
    store.delete_recovery_codes(connection, staff_id)
    insert_rows(connection, [_audit_line("staff.second_factor_forgotten", staff_id, context)])


def tell_of_change(connection: Connection, staff_id: str, change: str, context: Context) -> None:
    """Write to whoever was let in, out or changed, and to every admin.

    `change` is a key of `CHANGES_IN_WORDS`. Call it in the transaction of the change.
    """
    entries = list_staff(connection, context.encryption)
    (member,) = (entry for entry in entries if entry.id == staff_id)
    names = {entry.id: entry.name for entry in entries}
    admins = [entry for entry in entries if "admin" in entry.roles and not entry.disabled]
    values = {
        "who": actor_name(context.actor, names),
        "name": member.name,
        "email": member.email,
        "what": _(CHANGES_IN_WORDS[change]),
        "audit": f"{context.settings.base_url}/staff/audit",
    }
    addresses = dict.fromkeys((member.email, *(admin.email for admin in admins)))
    letters = [
        context.letter_row("access/changed", to=address, values=values)
        for address in addresses
        if address
    ]
    insert_rows(connection, letters)


def tell_of_act(connection: Connection, what: str, context: Context) -> None:
    """Write to the actor of what needed a fresh code, and to every admin.

    `what` goes on after a name, such as "took the table of gaps". Call it in the transaction of
    the act.
    """
    entries = list_staff(connection, context.encryption)
    names = {entry.id: entry.name for entry in entries}
    addresses = [
        entry.email
        for entry in entries
        if f"staff {entry.id}" == context.actor or ("admin" in entry.roles and not entry.disabled)
    ]
    values = {
        "who": actor_name(context.actor, names),
        "what": what,
        "audit": f"{context.settings.base_url}/staff/audit",
    }
    letters = [
        context.letter_row("access/act", to=address, values=values)
        for address in dict.fromkeys(addresses)
        if address
    ]
    insert_rows(connection, letters)


async def tell_of_table(what: str, context: Context) -> None:
    """Write to the actor and every admin that a table is taken, before it is."""
    await context.database.write(lambda connection: tell_of_act(connection, what, context))
    context.outbox.nudge()


CHANGES_IN_WORDS: Mapping[str, str] = {
    "added": gettext_noop("may sign in from now on"),
    "roles": gettext_noop("has other roles"),
    "disable": gettext_noop("may not sign in any more"),
    "enable": gettext_noop("may sign in again, with a new phone"),
    "forget-phone": gettext_noop("pairs a new phone at the next sign-in"),
}


def forget_former_staff(connection: Connection, context: Context) -> int:
    """Forget name and address of whoever left long ago; the trail goes on naming their id."""
    long_ago = context.now - kept_for("staff")
    forgotten = 0
    for member in store.all_staff(connection):
        if (
            member.disabled_at is None
            or member.disabled_at > long_ago
            or not _email(member, context)
        ):
            continue
        sealed = context.encryption.encrypt(
            member.id, PersonalData(_("Somebody who worked here"), "")
        )
        lookup = f"{TOMBSTONE}{member.id}"
        store.update_staff(connection, member.id, sealed=sealed, email_lookup=lookup, **NO_FACTOR)
        forgotten += 1
    return forgotten


def _email(member: StaffMember, context: Context) -> str:
    return context.encryption.decrypt_as(member.id, member.sealed, PersonalData).email


NO_FACTOR = {"second_factor": None, "second_factor_since": None}


def _update(connection: Connection, staff_id: str, context: Context, **values: object) -> None:
    """Change columns of a member, and end their logins."""
    if not store.update_staff(connection, staff_id, **values):
        raise NoSuchPerson
    store.end_logins(connection, staff_id, context.now)


def _expect_another_admin(connection: Connection, staff_id: str) -> None:
    """Raise LastAdmin if this member is the only admin who is not disabled."""
    admins = {
        member.id
        for member in store.all_staff(connection)
        if member.disabled_at is None and "admin" in member.roles
    }
    if admins == {staff_id}:
        raise LastAdmin


def _contact_faults(name: str, email: str) -> Sequence[FieldFault]:
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
    return tuple(role for role in ROLES if role in roles)


def _list_entry(member: StaffMember, encryption: Encryption) -> StaffListEntry:
    personal = encryption.decrypt_as(member.id, member.sealed, PersonalData)
    return StaffListEntry(
        id=member.id,
        name=personal.name,
        email=personal.email,
        roles=member.roles,
        since=member.created_at,
        disabled=member.disabled_at is not None,
        has_second_factor=member.second_factor_since is not None,
    )


def _audit_line(action: str, staff_id: str, context: Context, **detail: str) -> audit.Row:
    return audit.new_event(action, staff_id, actor=context.actor, at=context.now, **detail)


def names_by_id(connection: Connection, encryption: Encryption) -> dict[str, str]:
    """Return the names of all members of staff, disabled ones too, by id."""
    return {entry.id: entry.name for entry in list_staff(connection, encryption)}


def actor_name(actor: str, names: Mapping[str, str]) -> str:
    """Return how pages name an actor of the audit trail: staff by name, others by kind."""
    kind, _sep, staff_id = actor.partition(" ")
    if kind == "staff":
        return names.get(staff_id, _("Somebody who worked here"))
    return _("A visitor") if actor == "visitor" else actor
