"""Connectors as the store keeps them, their links by digest, and what they pointed to.

A signpost is names off the closed lists, a day, and whose page counts it. Nothing in it could be
about the person who was pointed on.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from api.access.tokens import token_hash
from api.store import schema

_signpost = schema.signpost
_connector = schema.connector
_link = schema.connector_link


class Signpost(msgspec.Struct, frozen=True):
    """That somebody was pointed on: `day` as 2026-11-25, `area` a name, `kind` a slug, or empty."""

    id: str
    day: str
    area: str
    kind: str
    how: str


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
    return connection.execute(new).rowcount == 1


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
