"""Check-ins, links, reminders and changes as the store keeps them: the only SQL about them.

An entry goes by its pledge and the name of its file, for entries written by hand have no sign-up.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from api.store import database, schema

Answer = Literal["doing", "not yet", "stopped"]

LINKS_KEPT = timedelta(days=30)
ROWS_KEPT = timedelta(days=3 * 365)
"""Reminders that went out; what they say of anybody is that a letter was due."""

_check_in = schema.check_in
_link = schema.keeping_link
_reminder = schema.reminder
_change = schema.promise_change
_KEPT = (_check_in, _link, _reminder, _change, schema.was_it_true, schema.doubt)


class Answered(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said to one commitment. `by` is the day a promise that is "not yet" holds from."""

    state: Answer
    by: date | None = None


class Words(msgspec.Struct, frozen=True):
    """Sentences by commitment, sealed: what they did, what stopped them, or how they will do it."""

    said: dict[str, str]


class CheckIn(msgspec.Struct, frozen=True):
    """One answer to the yearly question. Without `answers` all was as before."""

    id: str
    pledge: str
    who: str
    until_before: date
    until_after: date
    answers: dict[str, Answered]
    by_staff: bool
    sealed: bytes | None
    created_at: datetime
    written_at: datetime | None


class Link(msgspec.Struct, frozen=True):
    """What a link in a letter opens; `until` is the day the promise was good until then."""

    pledge: str
    who: str
    purpose: str
    until: date
    expires_at: datetime


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that was due. `failed` once its letter could not be delivered."""

    pledge: str
    who: str
    until: date
    kind: str
    way: str
    failed: bool
    created_at: datetime
    posted_at: datetime | None


class Change(msgspec.Struct, frozen=True):
    """New sentences for an entry that wait to be read."""

    id: str
    pledge: str
    who: str
    state: str
    sealed: bytes | None
    created_at: datetime


def check_in_row(new: CheckIn, *, delete_after: datetime) -> database.Row:
    """Return the row of a check-in whose entry is about to be written."""
    row = msgspec.structs.asdict(new)
    row |= {
        "until_before": new.until_before.isoformat(),
        "until_after": new.until_after.isoformat(),
        "answers": msgspec.json.encode(new.answers).decode(),
        "delete_after": delete_after,
    }
    return _check_in, row


def check_in(connection: Connection, pledge: str, who: str, until: date) -> CheckIn | None:
    """Return the check-in of one period."""
    same = _of(_check_in, pledge, who), _check_in.c.until_before == until.isoformat()
    row = connection.execute(select(_check_in).where(*same)).first()
    return _read_check_in(row) if row else None


def check_ins(connection: Connection, pledge: str, *names: str) -> list[CheckIn]:
    """Return the history of an entry's check-ins under all its names, the newest first."""
    wanted = select(_check_in).where(_of(_check_in, pledge, *names))
    rows = connection.execute(wanted.order_by(_check_in.c.created_at.desc()))
    return [_read_check_in(row) for row in rows]


def begun(connection: Connection) -> list[CheckIn]:
    """Return the check-ins whose entry was never seen to be written: a crash came between."""
    wanted = select(_check_in).where(_check_in.c.written_at.is_(None))
    return [_read_check_in(row) for row in connection.execute(wanted)]


def mark_written(connection: Connection, check_in_id: str, now: datetime) -> bool:
    """Note that the entry says it; say whether this was the first to note it."""
    first = and_(_check_in.c.id == check_in_id, _check_in.c.written_at.is_(None))
    return connection.execute(update(_check_in).where(first).values(written_at=now)).rowcount == 1


def link_row(token_hash: str, new: Link, *, now: datetime) -> database.Row:
    """Return the row of a link in a letter."""
    row = {**msgspec.structs.asdict(new), "until": new.until.isoformat()}
    return _link, {**row, "token_hash": token_hash, "created_at": now}


def link(connection: Connection, token_hash: str) -> Link | None:
    """Return what a link opens."""
    row = connection.execute(select(_link).where(_link.c.token_hash == token_hash)).first()
    if row is None:
        return None
    until = date.fromisoformat(row.until)
    return Link(row.pledge, row.who, row.purpose, until, row.expires_at)


def was_reminded(
    connection: Connection, pledge: str, names: Sequence[str], until: date, kind: str
) -> bool:
    """Say whether a reminder of a kind was made for a period, under any of an entry's names."""
    same = and_(
        _of(_reminder, pledge, *names),
        _reminder.c.until == until.isoformat(),
        _reminder.c.kind == kind,
    )
    return connection.execute(select(_reminder.c.kind).where(same)).first() is not None


def reminder_row(new: Reminder, letter_id: str | None) -> database.Row:
    """Return the row of a reminder; the store takes one of a kind a period."""
    return _reminder, {
        "pledge": new.pledge,
        "who": new.who,
        "until": new.until.isoformat(),
        "kind": new.kind,
        "way": new.way,
        "letter_id": letter_id,
        "created_at": new.created_at,
        "posted_at": new.posted_at,
    }


def to_post(connection: Connection) -> list[Reminder]:
    """Return the reminders that wait for the post: no address, or the letter did not arrive."""
    letter = schema.letter
    failed = letter.c.state == "failed"
    wanted = (
        select(_reminder, letter.c.state.label("letter_state"))
        .outerjoin(letter, letter.c.id == _reminder.c.letter_id)
        .where(_reminder.c.posted_at.is_(None), or_(_reminder.c.way == "post", failed))
        .order_by(_reminder.c.created_at, _reminder.c.pledge, _reminder.c.who)
    )
    return [
        Reminder(
            pledge=row.pledge,
            who=row.who,
            until=date.fromisoformat(row.until),
            kind=row.kind,
            way=row.way,
            failed=row.letter_state == "failed",
            created_at=row.created_at,
            posted_at=row.posted_at,
        )
        for row in connection.execute(wanted)
    ]


def mark_posted(connection: Connection, pledge: str, names: Sequence[str], now: datetime) -> int:
    """Note that what waited for the post of one entry has been sent; return how many letters."""
    waits = and_(_of(_reminder, pledge, *names), _reminder.c.posted_at.is_(None))
    return connection.execute(update(_reminder).where(waits).values(posted_at=now)).rowcount


def change_row(new: Change, *, delete_after: datetime) -> database.Row:
    """Return the row of new sentences."""
    return _change, {**msgspec.structs.asdict(new), "delete_after": delete_after}


def change(connection: Connection, change_id: str) -> Change | None:
    """Return one change."""
    row = connection.execute(select(_change).where(_change.c.id == change_id)).first()
    return _read_change(row) if row else None


def waiting_changes(connection: Connection) -> list[Change]:
    """Return the changes nobody has read yet, the oldest first."""
    wanted = select(_change).where(_change.c.state == "waiting").order_by(_change.c.created_at)
    return [_read_change(row) for row in connection.execute(wanted)]


def settle_change(
    connection: Connection, which: Mapping[str, str], state: str, now: datetime, kept: timedelta
) -> int:
    """Move waiting changes into a state, and say how many; `which` is `id`, or pledge and who."""
    same = and_(
        _change.c.state == "waiting",
        *(_change.c[name] == value for name, value in which.items()),
    )
    values = {"state": state, "decided_at": now, "delete_after": now + kept}
    return connection.execute(update(_change).where(same).values(values)).rowcount


def count(connection: Connection) -> int:
    """Return how much waits for staff to look at: doubts of visitors, and new sentences."""
    doubts, changes = schema.doubt, _change
    waits = (
        select(func.count()).where(doubts.c.closed_at.is_(None)),
        select(func.count()).where(changes.c.state == "waiting"),
    )
    return sum(connection.execute(one).scalar_one() for one in waits)


def rename_entry(connection: Connection, pledge: str, old: str, new: str) -> None:
    """Have all that is kept of an entry go by its new name; what an earlier one left there goes."""
    for table in _KEPT:
        connection.execute(delete(table).where(_of(table, pledge, new)))
        connection.execute(update(table).where(_of(table, pledge, old)).values(who=new))


def sweep(connection: Connection, now: datetime) -> int:
    """Erase what is due: sealed words whose time is over, links and reminders of long ago."""
    month = f"{now - ROWS_KEPT:%Y-%m}"
    visits = schema.was_it_true
    acts = [
        update(table)
        .where(table.c.delete_after <= now, table.c.sealed.is_not(None))
        .values(sealed=None)
        for table in (_check_in, _change)
    ]
    gone = (
        delete(_link).where(_link.c.expires_at <= now - LINKS_KEPT),
        delete(_reminder).where(_reminder.c.created_at <= now - ROWS_KEPT),
        delete(visits).where(visits.c.month < month),
    )
    return sum(connection.execute(act).rowcount for act in (*acts, *gone))


def _of(table: Any, pledge: str, *names: str) -> Any:
    return and_(table.c.pledge == pledge, table.c.who.in_(names))


def _read_check_in(row: Row[Any]) -> CheckIn:
    return CheckIn(
        id=row.id,
        pledge=row.pledge,
        who=row.who,
        until_before=date.fromisoformat(row.until_before),
        until_after=date.fromisoformat(row.until_after),
        answers=msgspec.json.decode(row.answers, type=dict[str, Answered]),
        by_staff=row.by_staff,
        sealed=row.sealed,
        created_at=row.created_at,
        written_at=row.written_at,
    )


def _read_change(row: Row[Any]) -> Change:
    return Change(row.id, row.pledge, row.who, row.state, row.sealed, row.created_at)
