"""SQL of connectors, their links (by digest) and their signposts.

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
    """A connector, with what their sign-up says of them.

    `sealed` is the private half of the sign-up, encrypted for `sign_up_id`.
    """

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


def sign_ups_to_welcome(connection: Connection, pledges: Sequence[str]) -> list[str]:
    """Return the ids of published sign-ups to these pledges that have no page of their own yet."""
    query = (
        select(_sign_up.c.id)
        .outerjoin(_connector, _connector.c.sign_up_id == _sign_up.c.id)
        .where(
            _sign_up.c.pledge.in_(pledges),
            _sign_up.c.state == "published",
            _sign_up.c.sealed.is_not(None),
            _connector.c.id.is_(None),
        )
    )
    return [*connection.execute(query).scalars()]


def add_connector(connection: Connection, sign_up_id: str, now: datetime) -> Connector | None:
    """Add a connector for a sign-up; None where it has one, or had one who left."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"id": new_id(), "sign_up_id": sign_up_id, "created_at": now}
    new = insert(_connector).values(row).on_conflict_do_nothing(index_elements=["sign_up_id"])
    # Not its rowcount: psycopg gives -1 for such an insert.
    if connection.execute(new.returning(_connector.c.id)).first() is None:
        return None
    return _first(connection, _select_connectors().where(_connector.c.sign_up_id == sign_up_id))


def link_row(connector_id: str, token: str, *, now: datetime, expires_at: datetime) -> database.Row:
    """Return the row of a link: digests of its token and of the pointing key that belongs to it."""
    return _link, {
        "token_hash": token_hash(token),
        "pointing_hash": token_hash(pointing_key(token)),
        "connector_id": connector_id,
        "created_at": now,
        "expires_at": expires_at,
    }


def find_by_link(connection: Connection, token: str, now: datetime) -> Connector | None:
    """Return the connector whose page a token opens; None once it has expired or they left."""
    query = (
        _select_connectors()
        .join(_link, _link.c.connector_id == _connector.c.id)
        .where(_link.c.token_hash == token_hash(token), _link.c.expires_at > now, *_ACTIVE)
    )
    return _first(connection, query)


def find_by_contact(connection: Connection, lookups: Sequence[str]) -> list[Connector]:
    """Return the connectors who signed with an e-mail address, given its lookups."""
    query = _select_connectors().where(_sign_up.c.contact_lookup.in_(lookups), *_ACTIVE)
    return [_connector_from_row(row) for row in connection.execute(query)]


def list_connectors(connection: Connection, pledges: Sequence[str]) -> list[Connector]:
    """Return all connectors of these pledges, those who left too, the newest first."""
    query = _select_connectors().where(_sign_up.c.pledge.in_(pledges))
    ordered = query.order_by(_connector.c.created_at.desc(), _sign_up.c.reference)
    return [_connector_from_row(row) for row in connection.execute(ordered)]


def connectors_to_remind(
    connection: Connection, pledge: str, completed_before: date
) -> list[Connector]:
    """Return who completed the course before a day and was not reminded since."""
    query = _select_connectors().where(
        _sign_up.c.pledge == pledge,
        _connector.c.completed_on <= completed_before.isoformat(),
        _connector.c.reminded_at.is_(None),
        *_ACTIVE,
    )
    return [_connector_from_row(row) for row in connection.execute(query)]


def record_completion(connection: Connection, connector_id: str, on: date, by: str) -> bool:
    """Note the course as completed on a day, unless it was that day or later; say if it was noted.

    `by` is who noted it: `self` or `trainer`.
    """
    same_id = _connector.c.id == connector_id
    is_later = _connector.c.completed_on.is_(None) | (_connector.c.completed_on < on.isoformat())
    values = {"completed_on": on.isoformat(), "completed_by": by, "reminded_at": None}
    result = connection.execute(update(_connector).where(same_id, is_later).values(values))
    return result.rowcount == 1


def record_reminder(connection: Connection, connector_id: str, now: datetime) -> bool:
    """Note that the reminder was sent; False where it was before."""
    not_yet = (_connector.c.id == connector_id, _connector.c.reminded_at.is_(None))
    result = connection.execute(update(_connector).where(*not_yet).values(reminded_at=now))
    return result.rowcount == 1


def record_leaving(connection: Connection, connector_id: str, now: datetime) -> bool:
    """Note that a connector left, delete their links, and take their id off their signposts.

    Returns False where they had left before.
    """
    not_yet = (_connector.c.id == connector_id, _connector.c.left_at.is_(None))
    result = connection.execute(update(_connector).where(*not_yet).values(left_at=now))
    connection.execute(delete(_link).where(_link.c.connector_id == connector_id))
    of_connector = _signpost.c.connector_id == connector_id
    connection.execute(update(_signpost).where(of_connector).values(connector_id=None))
    return result.rowcount == 1


def count_left_but_published(connection: Connection) -> int:
    """Return how many left whose promise is still on the register."""
    query = (
        select(func.count())
        .select_from(_connector.join(_sign_up, _sign_up.c.id == _connector.c.sign_up_id))
        .where(_connector.c.left_at.is_not(None), _sign_up.c.state == "published")
    )
    return connection.execute(query).scalar() or 0


def count_signposts_by_month(connection: Connection, since: str) -> list[tuple[str, str, str, int]]:
    """Return (month, area, how, count) of signposts since a day, the newest month first."""
    month = func.substr(_signpost.c.day, 1, 7).label("month")
    query = (
        select(month, _signpost.c.area, _signpost.c.how, func.count())
        .where(_signpost.c.day >= since)
        .group_by(month, _signpost.c.area, _signpost.c.how)
        .order_by(month.desc(), _signpost.c.area, _signpost.c.how)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def pointing_key(token: str) -> str:
    """Return the key by which signposts count for the connector with a link's token.

    It opens no page, and the token cannot be worked out from it: a telephone may keep it.
    """
    return token_hash(f"pointing {token}") if token else ""


def add_signpost(connection: Connection, signpost: Signpost, connector_id: str | None) -> bool:
    """Add a signpost, unless there is one with its id; say whether it was new."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {**msgspec.structs.asdict(signpost), "connector_id": connector_id}
    new = insert(_signpost).values(row).on_conflict_do_nothing(index_elements=[_signpost.c.id])
    return connection.execute(new.returning(_signpost.c.id)).first() is not None


def find_connector_id(connection: Connection, key: str, now: datetime) -> str | None:
    """Return the connector for whom a pointing key counts, until the link it belongs to expires."""
    if not key:
        return None
    query = (
        select(_connector.c.id)
        .join(_link, _link.c.connector_id == _connector.c.id)
        .where(
            _link.c.pointing_hash == token_hash(key),
            _link.c.expires_at > now,
            _connector.c.left_at.is_(None),
        )
    )
    return connection.execute(query).scalar()


def count_signposts(connection: Connection, since: str, connector_id: str = "") -> int:
    """Return how many were pointed on since a day, by one connector or by all."""
    query = select(func.count()).where(_signpost.c.day >= since, _signpost.c.how != "nothing")
    if connector_id:
        query = query.where(_signpost.c.connector_id == connector_id)
    return connection.execute(query).scalar() or 0


_ACTIVE = (_connector.c.left_at.is_(None), _sign_up.c.state == "published")


def _select_connectors() -> Select[Any]:
    return select(
        _connector,
        *(_sign_up.c[name] for name in ("reference", "pledge", "state", "kind", "place")),
        *(_sign_up.c[name] for name in ("public_name", "sealed")),
    ).join(_sign_up, _sign_up.c.id == _connector.c.sign_up_id)


def _first(connection: Connection, query: Select[Any]) -> Connector | None:
    row = connection.execute(query.limit(1)).first()
    return _connector_from_row(row) if row else None


def _connector_from_row(row: Row[Any]) -> Connector:
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
