"""Corrections as the store keeps them: a visitor's words sealed, the rest in clear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select, update

from api.store import database, schema
from catalogue.model.personal_data import kept_for

KEPT_UNDECIDED = kept_for("correction_open")
KEPT_DECIDED = kept_for("correction")
"""So long the sealed words are kept after a decision, and so long it can be undone."""

OPEN = ("received", "held", "undone")

_correction = schema.correction


class CorrectionPersonalData(msgspec.Struct, frozen=True):
    """What only the team may read. None of it ever reaches an entry."""

    words: str
    knows: str
    reach_at: str


class Correction(msgspec.Struct, frozen=True):
    """A correction as it is kept. Digests are SHA-256 of an entry's file, empty where none is."""

    id: str
    reference: str
    activity: str
    about: str
    state: str
    sealed: bytes | None
    created_at: datetime
    sent_text: bytes | None
    sent_digest: str
    """The entry when it was sent."""
    seen_digest: str
    """The entry when it was last shown to an operator: no other may be written over."""
    before_text: bytes | None
    before_digest: str
    after_digest: str


def correction_row(new: Correction) -> database.Row:
    """Return the row of a new correction."""
    return _correction, {
        "id": new.id,
        "reference": new.reference,
        "activity": new.activity,
        "about": new.about,
        "state": new.state,
        "sealed": new.sealed,
        "created_at": new.created_at,
        "sent_digest": new.sent_digest,
        "sent_text": new.sent_text,
        "delete_after": new.created_at + KEPT_UNDECIDED,
    }


def find(connection: Connection, reference: str) -> Correction | None:
    """Return one correction."""
    query = select(_correction).where(_correction.c.reference == reference)
    row = connection.execute(query).first()
    return read(row) if row else None


def listed(connection: Connection, states: Sequence[str]) -> list[Correction]:
    """Return the corrections in these states, the oldest first."""
    query = (
        select(_correction)
        .where(_correction.c.state.in_(states))
        .order_by(_correction.c.created_at, _correction.c.id)
    )
    return [read(row) for row in connection.execute(query)]


def others_open(connection: Connection, of: Correction) -> int:
    """Count what else waits about the same activity."""
    same_activity = (_correction.c.activity == of.activity, _correction.c.id != of.id)
    query = select(func.count()).where(*same_activity, _correction.c.state.in_(OPEN))
    return connection.execute(query).scalar_one()


def change(
    connection: Connection, correction_id: str, *, from_states: Sequence[str], **values: object
) -> bool:
    """Change a correction that is in one of these states; say whether it was."""
    query = update(_correction).where(
        _correction.c.id == correction_id, _correction.c.state.in_(from_states)
    )
    return connection.execute(query.values(**values)).rowcount == 1


def read(row: Row[Any]) -> Correction:
    """Return a row as a correction."""
    return Correction(
        id=row.id,
        reference=row.reference,
        activity=row.activity,
        about=row.about,
        state=row.state,
        sealed=row.sealed,
        created_at=row.created_at,
        sent_text=row.sent_text,
        sent_digest=row.sent_digest or "",
        seen_digest=row.seen_digest or "",
        before_text=row.before_text,
        before_digest=row.before_digest or "",
        after_digest=row.after_digest or "",
    )
