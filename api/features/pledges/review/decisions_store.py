"""Decisions about sign-ups as the store keeps them, and what a sign-up was before each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from api.store import database, schema

_sign_up = schema.sign_up
_decision = schema.sign_up_decision


class Before(msgspec.Struct, frozen=True):
    """What a decision changes of a sign-up, as it stood: what undoing puts back."""

    state: str
    public_name: str | None
    asked_at: datetime | None
    hidden_at: datetime | None
    decided_at: datetime | None
    decision_why: str | None
    entry_path: str | None
    delete_after: datetime | None


class Words(msgspec.Struct, frozen=True):
    """What a moderator wrote with a decision, for the signer or for colleagues."""

    words: str


class Decision(msgspec.Struct, frozen=True):
    """One decision. `sealed` holds `Words`; `letter_id` is the letter that tells of it."""

    id: str
    sign_up_id: str
    act: str
    code: str
    sealed: bytes | None
    before: Before
    letter_id: str
    actor: str
    decided_at: datetime
    undone_at: datetime | None = None


def row(new: Decision) -> database.Row:
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


def before(connection: Connection, sign_up_id: str) -> Before:
    """Return what a sign-up is now, to be kept with what is decided next."""
    columns = [_sign_up.c[name] for name in Before.__struct_fields__]
    found = connection.execute(select(*columns).where(_sign_up.c.id == sign_up_id)).one()
    return Before(**found._asdict())


def put_back(connection: Connection, sign_up_id: str, was: Before) -> None:
    """Make a sign-up again what it was."""
    values = msgspec.structs.asdict(was)
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(**values))


def change(connection: Connection, sign_up_id: str, **values: object) -> None:
    """Change columns of a sign-up whose state was looked at in this transaction."""
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(**values))


def of_sign_up(connection: Connection, sign_up_id: str) -> Sequence[Decision]:
    """Return all decisions about one sign-up, the newest first; those undone too."""
    wanted = (
        select(_decision)
        .where(_decision.c.sign_up_id == sign_up_id)
        .order_by(_decision.c.decided_at.desc(), _decision.c.id)
    )
    return [_read(one) for one in connection.execute(wanted)]


def note_undone(connection: Connection, decision_id: str, now: datetime) -> bool:
    """Note that a decision was undone; False where it was before."""
    still = _decision.c.undone_at.is_(None)
    undone = update(_decision).where(_decision.c.id == decision_id, still).values(undone_at=now)
    return connection.execute(undone).rowcount == 1


def _read(found: Row[Any]) -> Decision:
    return Decision(
        id=found.id,
        sign_up_id=found.sign_up_id,
        act=found.act,
        code=found.code or "",
        sealed=found.sealed,
        before=msgspec.json.decode(found.before, type=Before),
        letter_id=found.letter_id or "",
        actor=found.actor,
        decided_at=found.decided_at,
        undone_at=found.undone_at,
    )
