"""The SQL of staff, their sign-in links, recovery codes and logins.

Names, addresses and the secret of the second factor are encrypted; of the tokens of links and
logins only digests are stored. A login is the state of being signed in, on one device.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL as BY_TABLE
from sqlalchemy import Connection, Row, delete, func, or_, select, update

from api.store import database, schema

_staff = schema.staff
_link = schema.sign_in_link
_login = schema.staff_login
_code = schema.recovery_code
_event = schema.sign_in_event


class PersonalData(msgspec.Struct, frozen=True):
    """The encrypted part of a member of staff."""

    name: str
    email: str


class StaffMember(msgspec.Struct, frozen=True):
    """A member of staff. `sealed` is their encrypted `PersonalData`.

    `second_factor` is the encrypted secret, in use since `second_factor_since`: None until a first
    code was entered. `second_factor_step` is the last time step whose code was used.
    """

    id: str
    sealed: bytes
    roles: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    second_factor: bytes | None
    second_factor_since: datetime | None
    second_factor_step: int


class Login(msgspec.Struct, frozen=True):
    """One login. It gives access only once the code was entered, at `proven_at`.

    It ends at `ends_at` whatever happens.
    """

    id: str
    staff_id: str
    device: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    proven_at: datetime | None
    wrong_codes: int


def staff_row(new: StaffMember, *, email_lookup: str) -> database.Row:
    """Return the row of a new member of staff."""
    return _staff, {
        "id": new.id,
        "sealed": new.sealed,
        "email_lookup": email_lookup,
        "roles": new.roles,
        "created_at": new.created_at,
        "second_factor_step": 0,
    }


def all_staff(connection: Connection) -> list[StaffMember]:
    """Return all members of staff, disabled ones too, the earliest first."""
    query = select(_staff).order_by(_staff.c.created_at, _staff.c.id)
    return [_read_staff(row) for row in connection.execute(query)]


def staff_by_id(connection: Connection, staff_id: str) -> StaffMember | None:
    """Return a member of staff, None where there is none of this id."""
    row = connection.execute(select(_staff).where(_staff.c.id == staff_id)).first()
    return _read_staff(row) if row else None


def staff_by_email(connection: Connection, email_lookups: Sequence[str]) -> StaffMember | None:
    """Return the member of staff with an address, given by the digests it may be stored under."""
    row = connection.execute(select(_staff).where(_staff.c.email_lookup.in_(email_lookups))).first()
    return _read_staff(row) if row else None


def update_staff(connection: Connection, staff_id: str, **values: object) -> bool:
    """Change columns of a member of staff; return whether there is one of this id."""
    statement = update(_staff).where(_staff.c.id == staff_id).values(**values)
    return connection.execute(statement).rowcount == 1


def use_time_step(connection: Connection, staff_id: str, step: int) -> bool:
    """Note that the code of a time step was used; return whether it was not used before."""
    newer = _staff.c.second_factor_step < step
    statement = update(_staff).where(_staff.c.id == staff_id, newer)
    return connection.execute(statement.values(second_factor_step=step)).rowcount == 1


def count_open_links(connection: Connection, staff_id: str, now: datetime) -> int:
    """Count the valid links of a member; locks the member's row until the transaction ends."""
    connection.execute(select(_staff.c.id).where(_staff.c.id == staff_id).with_for_update())
    is_open = (_link.c.staff_id == staff_id, _link.c.spent_at.is_(None), _link.c.expires_at > now)
    query = select(func.count()).select_from(_link).where(*is_open)
    return connection.execute(query).scalar_one()


def insert_link(
    connection: Connection, staff_id: str, token_hash: str, *, now: datetime, expires_at: datetime
) -> None:
    """Insert a new link. Earlier links are not changed."""
    values = {"token_hash": token_hash, "staff_id": staff_id, "created_at": now}
    connection.execute(_link.insert().values(**values, expires_at=expires_at))


def staff_of_link(connection: Connection, token_hash: str, now: datetime) -> StaffMember | None:
    """Return whose link this is; None if it is expired or used, or the member is disabled."""
    is_open = (_link.c.spent_at.is_(None), _link.c.expires_at > now, _staff.c.disabled_at.is_(None))
    query = (
        select(_staff)
        .join(_link, _link.c.staff_id == _staff.c.id)
        .where(_link.c.token_hash == token_hash, *is_open)
    )
    row = connection.execute(query).first()
    return _read_staff(row) if row else None


def use_link(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Mark a link as used; return whether it was unused."""
    unused = _link.c.spent_at.is_(None)
    statement = update(_link).where(_link.c.token_hash == token_hash, unused)
    return connection.execute(statement.values(spent_at=now)).rowcount == 1


def replace_recovery_codes(
    connection: Connection, staff_id: str, hashes: Sequence[str], now: datetime
) -> None:
    """Delete all recovery codes of a member, and insert the digests of new ones."""
    delete_recovery_codes(connection, staff_id)
    rows = [
        {"code_hash": code_hash, "staff_id": staff_id, "created_at": now} for code_hash in hashes
    ]
    connection.execute(_code.insert(), rows)


def delete_recovery_codes(connection: Connection, staff_id: str) -> None:
    """Delete all recovery codes of a member."""
    connection.execute(delete(_code).where(_code.c.staff_id == staff_id))


def delete_recovery_code(connection: Connection, staff_id: str, code_hash: str) -> bool:
    """Delete a recovery code; return whether it was there."""
    is_code = (_code.c.staff_id == staff_id, _code.c.code_hash == code_hash)
    return connection.execute(delete(_code).where(*is_code)).rowcount == 1


def count_recovery_codes(connection: Connection, staff_id: str) -> int:
    """Count the recovery codes of a member that were not used."""
    query = select(func.count()).select_from(_code).where(_code.c.staff_id == staff_id)
    return connection.execute(query).scalar_one()


def insert_login(connection: Connection, login: Login, token_hash: str) -> None:
    """Insert a new login, with the digest of its token."""
    values = msgspec.structs.asdict(login)
    connection.execute(_login.insert().values(**values, token_hash=token_hash))


def login_by_token(
    connection: Connection, token_hash: str, *, now: datetime, seen_after: datetime
) -> tuple[Login, StaffMember] | None:
    """Return a login and its member; None if it ended or was idle, or the member is disabled."""
    query = (
        select(_login, _staff)
        .join(_staff, _staff.c.id == _login.c.staff_id)
        .where(
            _login.c.token_hash == token_hash,
            _login.c.ended_at.is_(None),
            _login.c.ends_at > now,
            _login.c.seen_at > seen_after,
            _staff.c.disabled_at.is_(None),
        )
        .set_label_style(BY_TABLE)
    )
    row = connection.execute(query).first()
    return (_read_login(row, "staff_login_"), _read_staff(row, "staff_")) if row else None


def update_login(connection: Connection, login_id: str, **values: object) -> None:
    """Change columns of a login."""
    connection.execute(update(_login).where(_login.c.id == login_id).values(**values))


def end_logins(
    connection: Connection, staff_id: str, now: datetime, *, only: str | None = None
) -> int:
    """End the logins of a member, or one of them; return how many ended."""
    conditions = [_login.c.staff_id == staff_id, _login.c.ended_at.is_(None)]
    if only is not None:
        conditions.append(_login.c.id == only)
    return connection.execute(update(_login).where(*conditions).values(ended_at=now)).rowcount


def list_open_logins(
    connection: Connection, staff_id: str, *, now: datetime, seen_after: datetime
) -> list[Login]:
    """Return the logins of a member that give access now, the newest first."""
    query = (
        select(_login)
        .where(
            _login.c.staff_id == staff_id,
            _login.c.ended_at.is_(None),
            _login.c.proven_at.is_not(None),
            _login.c.ends_at > now,
            _login.c.seen_at > seen_after,
        )
        .order_by(_login.c.created_at.desc())
    )
    return [_read_login(row) for row in connection.execute(query)]


def list_events(connection: Connection) -> list[Row[Any]]:
    """Return what was tried at the sign-in in the last weeks, the newest first."""
    return [*connection.execute(select(_event).order_by(_event.c.created_at.desc()))]


def delete_expired(connection: Connection, before: datetime) -> int:
    """Delete links and logins that ended before a moment; return how many."""
    statements = (
        delete(_link).where(_link.c.expires_at < before),
        delete(_event).where(_event.c.created_at < before),
        delete(_login).where(or_(_login.c.ends_at < before, _login.c.ended_at < before)),
    )
    return sum(connection.execute(statement).rowcount for statement in statements)


def _read_staff(row: Row[Any], prefix: str = "") -> StaffMember:
    fields = StaffMember.__struct_fields__
    return StaffMember(**{name: getattr(row, prefix + name) for name in fields})


def _read_login(row: Row[Any], prefix: str = "") -> Login:
    return Login(**{name: getattr(row, prefix + name) for name in Login.__struct_fields__})
