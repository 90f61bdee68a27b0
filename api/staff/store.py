"""Staff, their sign-in links and their logins as the store keeps them.

Names, addresses and the secret of the second factor are sealed; of links and logins a digest is
kept. A login is the state of being signed in, on one device.
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


class Person(msgspec.Struct, frozen=True):
    """What is personal of somebody on the staff."""

    name: str
    email: str


class Staff(msgspec.Struct, frozen=True):
    """Somebody on the staff. `second_factor` is a sealed secret, a proven one once it has `since`.

    `second_factor_step` is the last half minute whose code was taken.
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
    """One login; `proven_at` is when the second factor was shown, and before that it opens nothing.

    `ends_at` is the end whatever happens.
    """

    id: str
    staff_id: str
    device: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    proven_at: datetime | None
    wrong_codes: int


def staff_row(new: Staff, *, email_lookup: str) -> database.Row:
    """Return the row of somebody new on the staff."""
    return _staff, {
        "id": new.id,
        "sealed": new.sealed,
        "email_lookup": email_lookup,
        "roles": new.roles,
        "created_at": new.created_at,
        "second_factor_step": 0,
    }


def everybody(connection: Connection) -> list[Staff]:
    """Return all staff, who left too, in the order they came."""
    wanted = select(_staff).order_by(_staff.c.created_at, _staff.c.id)
    return [_read_staff(row) for row in connection.execute(wanted)]


def somebody(connection: Connection, staff_id: str) -> Staff | None:
    """Return one of the staff."""
    row = connection.execute(select(_staff).where(_staff.c.id == staff_id)).first()
    return _read_staff(row) if row else None


def addressed(connection: Connection, email_lookups: Sequence[str]) -> Staff | None:
    """Return who has an address."""
    row = connection.execute(select(_staff).where(_staff.c.email_lookup.in_(email_lookups))).first()
    return _read_staff(row) if row else None


def change(connection: Connection, staff_id: str, **values: object) -> bool:
    """Change columns of one of the staff; say whether there is such a one."""
    changing = update(_staff).where(_staff.c.id == staff_id).values(**values)
    return connection.execute(changing).rowcount == 1


def take_step(connection: Connection, staff_id: str, step: int) -> bool:
    """Note that the code of a half minute was used; say whether it was new."""
    newer = _staff.c.second_factor_step < step
    used = update(_staff).where(_staff.c.id == staff_id, newer).values(second_factor_step=step)
    return connection.execute(used).rowcount == 1


def working_links(connection: Connection, staff_id: str, now: datetime) -> int:
    """Count the links of somebody that still let them in; a second asker waits for the first."""
    connection.execute(select(_staff.c.id).where(_staff.c.id == staff_id).with_for_update())
    works = (_link.c.staff_id == staff_id, _link.c.spent_at.is_(None), _link.c.expires_at > now)
    return connection.execute(select(func.count()).select_from(_link).where(*works)).scalar_one()


def put_link(
    connection: Connection, staff_id: str, token_hash: str, *, now: datetime, until: datetime
) -> None:
    """Keep a new link's digest. Those that were sent before stay as they were."""
    values = {"token_hash": token_hash, "staff_id": staff_id, "created_at": now}
    connection.execute(_link.insert().values(**values, expires_at=until))


def linked(connection: Connection, token_hash: str, now: datetime) -> Staff | None:
    """Return whom a link lets in: in time, not used, not disabled."""
    works = (_link.c.spent_at.is_(None), _link.c.expires_at > now, _staff.c.disabled_at.is_(None))
    wanted = (
        select(_staff)
        .join(_link, _link.c.staff_id == _staff.c.id)
        .where(_link.c.token_hash == token_hash, *works)
    )
    row = connection.execute(wanted).first()
    return _read_staff(row) if row else None


def spend_link(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Use a link up; say whether it was unused."""
    unused = _link.c.spent_at.is_(None)
    spent = update(_link).where(_link.c.token_hash == token_hash, unused).values(spent_at=now)
    return connection.execute(spent).rowcount == 1


def put_recovery_codes(
    connection: Connection, staff_id: str, hashes: Sequence[str], now: datetime
) -> None:
    """Keep the digests of new codes in place of all there were."""
    forget_recovery_codes(connection, staff_id)
    rows = [{"code_hash": one, "staff_id": staff_id, "created_at": now} for one in hashes]
    connection.execute(_code.insert(), rows)


def forget_recovery_codes(connection: Connection, staff_id: str) -> None:
    """Let no recovery code of somebody work any more."""
    connection.execute(delete(_code).where(_code.c.staff_id == staff_id))


def take_recovery_code(connection: Connection, staff_id: str, code_hash: str) -> bool:
    """Use a code up; say whether it was there."""
    which = (_code.c.staff_id == staff_id, _code.c.code_hash == code_hash)
    return connection.execute(delete(_code).where(*which)).rowcount == 1


def recovery_codes_left(connection: Connection, staff_id: str) -> int:
    """Count the codes of somebody that were not used."""
    wanted = select(func.count()).select_from(_code).where(_code.c.staff_id == staff_id)
    return connection.execute(wanted).scalar_one()


def put_login(connection: Connection, new: Login, token_hash: str) -> None:
    """Keep a new login under the digest of its token."""
    values = msgspec.structs.asdict(new)
    connection.execute(_login.insert().values(**values, token_hash=token_hash))


def login_of(
    connection: Connection, token_hash: str, *, now: datetime, seen_after: datetime
) -> tuple[Login, Staff] | None:
    """Return the login of a token and whose it is: not ended, not idle, and nobody disabled."""
    wanted = (
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
    row = connection.execute(wanted).first()
    return (_read_login(row, "staff_login_"), _read_staff(row, "staff_")) if row else None


def change_login(connection: Connection, login_id: str, **values: object) -> None:
    """Change columns of a login."""
    connection.execute(update(_login).where(_login.c.id == login_id).values(**values))


def end_logins(
    connection: Connection, staff_id: str, now: datetime, *, only: str | None = None
) -> int:
    """End the logins of somebody, or one of them; return how many ended."""
    which = [_login.c.staff_id == staff_id, _login.c.ended_at.is_(None)]
    if only is not None:
        which.append(_login.c.id == only)
    return connection.execute(update(_login).where(*which).values(ended_at=now)).rowcount


def open_logins(
    connection: Connection, staff_id: str, *, now: datetime, seen_after: datetime
) -> list[Login]:
    """Return the logins of somebody that would be let in now, the newest first."""
    wanted = (
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
    return [_read_login(row) for row in connection.execute(wanted)]


def sweep(connection: Connection, before: datetime) -> int:
    """Delete links and logins that ended before a moment; return how many."""
    gone = (
        delete(_link).where(_link.c.expires_at < before),
        delete(_login).where(or_(_login.c.ends_at < before, _login.c.ended_at < before)),
    )
    return sum(connection.execute(one).rowcount for one in gone)


def _read_staff(row: Row[Any], front: str = "") -> Staff:
    return Staff(**{name: getattr(row, front + name) for name in Staff.__struct_fields__})


def _read_login(row: Row[Any], front: str = "") -> Login:
    return Login(**{name: getattr(row, front + name) for name in Login.__struct_fields__})
