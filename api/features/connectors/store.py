"""Connectors as the store keeps them, their links by digest, and what they pointed to.

A signpost is names off the closed lists, a day, and whose page counts it. Nothing in it could be
about the person who was pointed on.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.security.references import new_id
from api.security.tokens import token_hash
from api.store import database, schema

_signpost = schema.signpost
_connector = schema.connector
_link = schema.connector_link
_sign_up = schema.sign_up


class Signpost(msgspec.Struct, frozen=True):
    """That somebody was pointed on: `day` as 2026-11-25, `area` a name, `kind` a slug, or empty."""

    id: str
    day: str
    area: str
    kind: str
    how: str


class Connector(msgspec.Struct, frozen=True):
    """A connector, with what their sign-up says of them; `sealed` opens by `sign_up_id`."""

    id: str
    sign_up_id: str
    reference: str
    pledge: str
    state: str
    kind: str
    place: str
    public_name: str
    sealed: bytes | None
    created_at: datetime
    completed_on: date | None
    completed_by: str
    reminded_at: datetime | None
    left_at: datetime | None


def to_welcome(connection: Connection, pledges: Sequence[str]) -> list[str]:
    """Return the ids of published sign-ups to these pledges that have no page of their own yet."""
    wanted = (
        select(_sign_up.c.id)
        .outerjoin(_connector, _connector.c.sign_up_id == _sign_up.c.id)
        .where(
            _sign_up.c.pledge.in_(pledges),
            _sign_up.c.state == "published",
            _sign_up.c.sealed.is_not(None),
            _connector.c.id.is_(None),
        )
    )
    return [*connection.execute(wanted).scalars()]


def add(connection: Connection, sign_up_id: str, now: datetime) -> Connector | None:
    """Make somebody who signed a connector; None where they are one, or left in the meantime."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"id": new_id(), "sign_up_id": sign_up_id, "created_at": now}
    new = insert(_connector).values(row).on_conflict_do_nothing(index_elements=["sign_up_id"])
    # Not its rowcount: psycopg's says -1 of such an insert.
    if connection.execute(new.returning(_connector.c.id)).first() is None:
        return None
    return _first(connection, _wanted().where(_connector.c.sign_up_id == sign_up_id))


def link_row(connector_id: str, token: str, *, now: datetime, until: datetime) -> database.Row:
    """Return the row of a link: of its token a digest, and one of the key that counts for it."""
    return _link, {
        "token_hash": token_hash(token),
        "pointing_hash": token_hash(pointing_key(token)),
        "connector_id": connector_id,
        "created_at": now,
        "expires_at": until,
    }


def linked(connection: Connection, token: str, now: datetime) -> Connector | None:
    """Return whose page a token opens, as long as it works and their promise stands."""
    wanted = (
        _wanted()
        .join(_link, _link.c.connector_id == _connector.c.id)
        .where(_link.c.token_hash == token_hash(token), _link.c.expires_at > now, *_STANDS)
    )
    return _first(connection, wanted)


def of_contact(connection: Connection, lookups: Sequence[str]) -> list[Connector]:
    """Return the connectors who signed with an address."""
    wanted = _wanted().where(_sign_up.c.contact_lookup.in_(lookups), *_STANDS)
    return [_read(row) for row in connection.execute(wanted)]


def of_reference(connection: Connection, reference: str) -> Connector | None:
    """Return the connector whose sign-up bears a reference."""
    return _first(connection, _wanted().where(_sign_up.c.reference == reference, *_STANDS))


def listed(connection: Connection, pledges: Sequence[str]) -> list[Connector]:
    """Return all connectors of these pledges, those who left too, the newest first."""
    wanted = _wanted().where(_sign_up.c.pledge.in_(pledges))
    ordered = wanted.order_by(_connector.c.created_at.desc(), _sign_up.c.reference)
    return [_read(row) for row in connection.execute(ordered)]


def to_remind(connection: Connection, pledge: str, completed_before: date) -> list[Connector]:
    """Return who completed the course before a day and was not reminded since."""
    wanted = _wanted().where(
        _sign_up.c.pledge == pledge,
        _connector.c.completed_on <= completed_before.isoformat(),
        _connector.c.reminded_at.is_(None),
        *_STANDS,
    )
    return [_read(row) for row in connection.execute(wanted)]


def complete(connection: Connection, connector_id: str, on: date, by: str) -> bool:
    """Note the course as completed on a day by `self` or `trainer`, unless it was later."""
    same = _connector.c.id == connector_id
    later = _connector.c.completed_on.is_(None) | (_connector.c.completed_on < on.isoformat())
    noted = {"completed_on": on.isoformat(), "completed_by": by, "reminded_at": None}
    done = connection.execute(update(_connector).where(same, later).values(noted))
    return done.rowcount == 1


def remind(connection: Connection, connector_id: str, now: datetime) -> bool:
    """Note that the reminder went out; say no where it had."""
    first = (_connector.c.id == connector_id, _connector.c.reminded_at.is_(None))
    done = connection.execute(update(_connector).where(*first).values(reminded_at=now))
    return done.rowcount == 1


def leave(connection: Connection, connector_id: str, now: datetime) -> bool:
    """Let a connector go: their links end, and what they pointed to is nobody's any more."""
    first = (_connector.c.id == connector_id, _connector.c.left_at.is_(None))
    gone = connection.execute(update(_connector).where(*first).values(left_at=now)).rowcount == 1
    connection.execute(delete(_link).where(_link.c.connector_id == connector_id))
    theirs = _signpost.c.connector_id == connector_id
    connection.execute(update(_signpost).where(theirs).values(connector_id=None))
    return gone


def left_but_standing(connection: Connection) -> int:
    """Return how many left whose promise still stands on the register."""
    wanted = (
        select(func.count())
        .select_from(_connector.join(_sign_up, _sign_up.c.id == _connector.c.sign_up_id))
        .where(_connector.c.left_at.is_not(None), _sign_up.c.state == "published")
    )
    return connection.execute(wanted).scalar() or 0


def by_area_and_month(connection: Connection, since: str) -> list[tuple[str, str, str, int]]:
    """Return (month, area, how, times) of what was pointed to since a month, the newest first."""
    month = func.substr(_signpost.c.day, 1, 7).label("month")
    wanted = (
        select(month, _signpost.c.area, _signpost.c.how, func.count())
        .where(_signpost.c.day >= since)
        .group_by(month, _signpost.c.area, _signpost.c.how)
        .order_by(month.desc(), _signpost.c.area, _signpost.c.how)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(wanted)]


def pointing_key(token: str) -> str:
    """Return the key that counts for whoever has a link's token; it opens no page.

    It may lie on a telephone: from it nobody learns the token.
    """
    return token_hash(f"pointing {token}") if token else ""


def keep_signpost(connection: Connection, signpost: Signpost, connector_id: str | None) -> bool:
    """Keep it, unless one with its id is there; say whether it was new."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {**msgspec.structs.asdict(signpost), "connector_id": connector_id}
    new = insert(_signpost).values(row).on_conflict_do_nothing(index_elements=[_signpost.c.id])
    return connection.execute(new.returning(_signpost.c.id)).first() is not None


def pointing(connection: Connection, key: str, now: datetime) -> str | None:
    """Return whose page a pointing key counts for, as long as the link it comes from works."""
    if not key:
        return None
    wanted = (
        select(_connector.c.id)
        .join(_link, _link.c.connector_id == _connector.c.id)
        .where(
            _link.c.pointing_hash == token_hash(key),
            _link.c.expires_at > now,
            _connector.c.left_at.is_(None),
        )
    )
    return connection.execute(wanted).scalar()


def pointed_since(connection: Connection, day: str, connector_id: str = "") -> int:
    """Return how many were pointed on since a day, by one connector or by all."""
    wanted = select(func.count()).where(_signpost.c.day >= day, _signpost.c.how != "nothing")
    if connector_id:
        wanted = wanted.where(_signpost.c.connector_id == connector_id)
    return connection.execute(wanted).scalar() or 0


_STANDS = (_connector.c.left_at.is_(None), _sign_up.c.state == "published")


def _wanted() -> Select[Any]:
    return select(
        _connector,
        *(_sign_up.c[name] for name in ("reference", "pledge", "state", "kind", "place")),
        *(_sign_up.c[name] for name in ("public_name", "sealed")),
    ).join(_sign_up, _sign_up.c.id == _connector.c.sign_up_id)


def _first(connection: Connection, wanted: Select[Any]) -> Connector | None:
    row = connection.execute(wanted.limit(1)).first()
    return _read(row) if row else None


def _read(row: Row[Any]) -> Connector:
    return Connector(
        id=row.id,
        sign_up_id=row.sign_up_id,
        reference=row.reference,
        pledge=row.pledge,
        state=row.state,
        kind=row.kind,
        place=row.place or "",
        public_name=row.public_name or "",
        sealed=row.sealed,
        created_at=row.created_at,
        completed_on=date.fromisoformat(row.completed_on) if row.completed_on else None,
        completed_by=row.completed_by or "",
        reminded_at=row.reminded_at,
        left_at=row.left_at,
    )
