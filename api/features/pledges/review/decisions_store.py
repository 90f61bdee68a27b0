"""Decisions about sign-ups as the store keeps them, and what a sign-up was before each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from api.store import database, schema

_sign_up = schema.sign_up
_decision = schema.sign_up_decision


class StateBefore(msgspec.Struct, frozen=True):
    """What a decision changes of a sign-up, as it stood: what undoing puts back."""

    state: str
    public_name: str | None
    asked_at: datetime | None
    hidden_at: datetime | None
    decided_at: datetime | None
    decision_why: str | None
    entry_path: str | None
    delete_after: datetime | None


class DecisionText(msgspec.Struct, frozen=True):
    """What a moderator wrote with a decision, for the signer or for colleagues."""

    words: str


class Decision(msgspec.Struct, frozen=True):
    """One decision. `sealed` holds `DecisionText`; `letter_id` is the letter that tells of it."""

    id: str
    sign_up_id: str
    act: str
    code: str
    sealed: bytes | None
    before: StateBefore
    letter_id: str
    actor: str
    decided_at: datetime
    undone_at: datetime | None = None


def decision_row(new: Decision) -> database.Row:
    """Return the row of a new decision."""
    return _decision, {
        "id": new.id,
        "sign_up_id": new.sign_up_id,
        "act": new.act,
        "code": new.code or None,
        "sealed": new.sealed,
        "before": msgspec.json.encode(new.before).decode(),
        "letter_id": new.letter_id or None,
        "actor": new.actor,
        "decided_at": new.decided_at,
    }


def state_before(connection: Connection, sign_up_id: str) -> StateBefore:
    """Return what a sign-up is now, to be kept with what is decided next."""
    columns = [_sign_up.c[name] for name in StateBefore.__struct_fields__]
    row = connection.execute(select(*columns).where(_sign_up.c.id == sign_up_id)).one()
    return StateBefore(**row._asdict())


def restore(connection: Connection, sign_up_id: str, before: StateBefore) -> None:
    """Make a sign-up again what it was."""
    values = msgspec.structs.asdict(before)
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(**values))


def change(connection: Connection, sign_up_id: str, **values: object) -> None:
    """Change columns of a sign-up whose state was looked at in this transaction."""
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(**values))


def of_sign_up(connection: Connection, sign_up_id: str) -> Sequence[Decision]:
    """Return all decisions about one sign-up, the newest first; those undone too."""
    query = (
        select(_decision)
        .where(_decision.c.sign_up_id == sign_up_id)
        .order_by(_decision.c.decided_at.desc(), _decision.c.id)
    )
    return [_read(row) for row in connection.execute(query)]


def mark_undone(connection: Connection, decision_id: str, now: datetime) -> bool:
    """Note that a decision was undone; False where it was before."""
    not_undone = _decision.c.undone_at.is_(None)
    query = update(_decision).where(_decision.c.id == decision_id, not_undone)
    return connection.execute(query.values(undone_at=now)).rowcount == 1


def _read(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        sign_up_id=row.sign_up_id,
        act=row.act,
        code=row.code or "",
        sealed=row.sealed,
        before=msgspec.json.decode(row.before, type=StateBefore),
        letter_id=row.letter_id or "",
        actor=row.actor,
        decided_at=row.decided_at,
        undone_at=row.undone_at,
    )
