"""The SQL of the outbox. A letter's row is queued, sending (leased), sent or failed.

Letters about one sign-up leave in the order in which they were written: none is due while an
earlier one about the same reference waits, even if that is tried again or held back. Letters to the
team and letters to the person do not wait for each other, and a link that somebody has just asked
for waits for nothing.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Subquery,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)

from api.mail.letters import REQUESTED_KINDS, TEAM_KINDS
from api.store import audit, schema
from api.store.writer import insert_rows

logger = logging.getLogger("kith.outbox")

LEASE = timedelta(seconds=15)
"""How long a letter is in hand unless that is renewed: so long it waits when its process dies."""
GIVE_UP_AFTER = timedelta(hours=72)
MIN_ATTEMPTS = 10
"""Made before a letter is given up, however far a clock has jumped."""
TOO_FAR_AHEAD = timedelta(days=2)
"""No letter is planned for so late a time: the clock was ahead when it was written or tried."""

RESTORED = "restored"
"""Why a letter is held that waited in a backup."""

_letters = schema.letter


class Backlog(msgspec.Struct, frozen=True):
    """How many letters wait or have failed, for `readyz` and for staff."""

    waiting: int
    failed: int
    oldest_at: datetime | None
    """When the oldest waiting letter was written."""


class LeasedLetter(msgspec.Struct, frozen=True):
    """A letter that is being sent, this attempt already counted."""

    id: str
    kind: str
    about: str | None
    sealed: bytes
    attempts: int
    created_at: datetime


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """How an attempt ended: `sent`, `queued` (try again) or `failed` (give up)."""

    letter: LeasedLetter
    state: str
    error: str | None = None


def sends_at(connection: Connection, letter_id: str) -> datetime | None:
    """Return when a letter is due that was not tried yet; None where it may have been sent."""
    untried = (_letters.c.state == "queued", _letters.c.attempts == 0)
    query = select(_letters.c.next_attempt_at).where(_letters.c.id == letter_id, *untried)
    return connection.execute(query).scalar()


def delete_untried(connection: Connection, letter_id: str) -> bool:
    """Delete a letter that was not tried yet; return False where it may have been sent."""
    untried = (_letters.c.state == "queued", _letters.c.attempts == 0)
    statement = delete(_letters).where(_letters.c.id == letter_id, *untried)
    return connection.execute(statement).rowcount == 1


def release(connection: Connection, about: str, now: datetime) -> None:
    """Let letters about a reference leave that were held back: more has happened since."""
    is_held_back = and_(
        _letters.c.state == "queued", _letters.c.attempts == 0, _letters.c.next_attempt_at > now
    )
    statement = update(_letters).where(_letters.c.about == about, is_held_back)
    connection.execute(statement.values(next_attempt_at=now))


def delete_queued(connection: Connection, about: str, kinds: Sequence[str]) -> None:
    """Delete the letters of these kinds about a reference that have not left."""
    is_queued = and_(_letters.c.state == "queued", _letters.c.kind.in_(kinds))
    connection.execute(delete(_letters).where(_letters.c.about == about, is_queued))


def hold_restored(connection: Connection) -> int:
    """Hold letters that waited when a backup was made: they were sent since. Return how many."""
    is_waiting = _letters.c.state.in_(("queued", "sending"))
    held = {"state": "failed", "lease_until": None, "last_error": RESTORED}
    return connection.execute(update(_letters).where(is_waiting).values(held)).rowcount


def count_backlog(connection: Connection) -> Backlog:
    """Count the letters that wait and those that failed."""
    is_waiting = _letters.c.state.in_(("queued", "sending"))
    waiting_count, oldest_at = connection.execute(
        select(func.count(), func.min(_letters.c.created_at)).where(is_waiting)
    ).one()
    failed_letters = select(func.count()).where(_letters.c.state == "failed")
    return Backlog(waiting_count, connection.execute(failed_letters).scalar_one(), oldest_at)


def due_letters(
    connection: Connection,
    now: datetime,
    *,
    most: int,
    excluded: Collection[str] = (),
    only_requested: bool = False,
) -> list[str]:
    """Return the ids of letters that may be sent now, links that somebody asked for first.

    There is one for each recipient at most, and none for whom a letter is in hand somewhere.
    `excluded` are ids that the caller has in hand itself.
    """
    is_requested = _letters.c.kind.in_(REQUESTED_KINDS)
    recipient = func.coalesce(_letters.c.recipient_lookup, _letters.c.id)
    in_hand = select(recipient).where(_letters.c.state == "sending", not_(_is_dropped(now)))
    order = (case((is_requested, 0), else_=1), _letters.c.next_attempt_at, _letters.c.created_at)
    place = func.row_number().over(partition_by=recipient, order_by=order).label("place")
    by_order = (column.label(f"by_{number}") for number, column in enumerate(order))
    numbered = select(_letters.c.id, place, *by_order).where(
        _is_due(now), recipient.not_in(in_hand), _letters.c.id.not_in(excluded)
    )
    if only_requested:
        numbered = numbered.where(is_requested)
    else:
        earliest = _first_waiting()
        is_first = or_(_letters.c.about.is_(None), _letters.c.created_at <= earliest.c.created_at)
        to_team = _letters.c.kind.in_(TEAM_KINDS)
        is_same = and_(earliest.c.about == _letters.c.about, earliest.c.to_team == to_team)
        numbered = numbered.outerjoin(earliest, is_same).where(or_(is_requested, is_first))
    due = numbered.subquery()
    query = select(due.c.id).where(due.c.place == 1).order_by(due.c.by_0, due.c.by_1, due.c.by_2)
    return [*connection.execute(query.limit(most)).scalars()]


def lease(connection: Connection, ids: Sequence[str], now: datetime) -> list[LeasedLetter]:
    """Take letters in hand and count the attempt; those that another process took are left out."""
    statement = (
        update(_letters)
        .where(_letters.c.id.in_(ids), _is_due(now))
        .values(state="sending", attempts=_letters.c.attempts + 1, lease_until=now + LEASE)
        .returning(*(_letters.c[name] for name in LeasedLetter.__struct_fields__))
    )
    leased = {row.id: LeasedLetter(*row) for row in connection.execute(statement)}
    return [leased[letter_id] for letter_id in ids if letter_id in leased]


def renew_leases(connection: Connection, ids: Collection[str], now: datetime) -> None:
    """Keep letters in hand for another while."""
    is_leased = and_(_letters.c.id.in_(ids), _letters.c.state == "sending")
    connection.execute(update(_letters).where(is_leased).values(lease_until=now + LEASE))


def give_back(connection: Connection, ids: Collection[str]) -> None:
    """Put letters back that were taken in hand and not tried."""
    is_leased = and_(_letters.c.id.in_(ids), _letters.c.state == "sending")
    untried = {"state": "queued", "lease_until": None, "attempts": _letters.c.attempts - 1}
    connection.execute(update(_letters).where(is_leased).values(untried))


def _is_due(now: datetime) -> ColumnElement[bool]:
    due_at = _letters.c.next_attempt_at
    is_queued = and_(_letters.c.state == "queued", _is_past(due_at, now))
    return or_(is_queued, and_(_letters.c.state == "sending", _is_dropped(now)))


def _is_dropped(now: datetime) -> ColumnElement[bool]:
    """Whether whoever had a letter in hand is gone."""
    return _is_past(_letters.c.lease_until, now)


def _is_past(column: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    return or_(column <= now, column > now + TOO_FAR_AHEAD)


def _first_waiting() -> Subquery:
    """Select when the first of the letters that wait was written, by reference and recipient."""
    to_team = _letters.c.kind.in_(TEAM_KINDS).label("to_team")
    is_waiting = and_(_letters.c.about.is_not(None), _letters.c.state.in_(("queued", "sending")))
    waiting_letters = (
        select(_letters.c.about, to_team, _letters.c.created_at).where(is_waiting).subquery()
    )
    group = (waiting_letters.c.about, waiting_letters.c.to_team)
    earliest = func.min(waiting_letters.c.created_at).label("created_at")
    return select(*group, earliest).group_by(*group).subquery()


def record_attempt(connection: Connection, attempt: DeliveryAttempt, now: datetime) -> None:
    """Store how an attempt ended, unless the lease ran out and another attempt was begun."""
    letter, state, error = attempt.letter, attempt.state, attempt.error
    next_at = now + retry_delay(letter.attempts)
    is_over = next_at > letter.created_at + GIVE_UP_AFTER and letter.attempts >= MIN_ATTEMPTS
    if state == "queued" and is_over:
        state = "failed"
    values: dict[str, object] = {"state": state, "lease_until": None, "last_error": error}
    if state == "sent":
        values |= {"sealed": None, "recipient_lookup": None, "sent_at": now}
        values |= {"next_attempt_at": None}
    elif state == "queued":
        values |= {"next_attempt_at": next_at}
    is_leased = and_(
        _letters.c.id == letter.id,
        _letters.c.state == "sending",
        _letters.c.attempts == letter.attempts,
    )
    changed = connection.execute(update(_letters).where(is_leased).values(values)).rowcount
    if changed and state == "failed":
        logger.error("A letter failed: kind=%s id=%s why=%s", letter.kind, letter.id, error)
        line = audit.new_event(
            "letter.failed", letter.about, actor="outbox", at=now, kind=letter.kind, why=error
        )
        insert_rows(connection, [line])


class UndeliveredLetter(msgspec.Struct, frozen=True):
    """A letter that waits or was given up, as an operator sees it: without its address."""

    id: str
    kind: str
    about: str | None
    state: str
    attempts: int
    created_at: datetime
    last_error: str | None


def undelivered(connection: Connection, states: Sequence[str]) -> list[UndeliveredLetter]:
    """Return the letters in these states, the oldest first."""
    columns = (_letters.c[name] for name in UndeliveredLetter.__struct_fields__)
    query = select(*columns).where(_letters.c.state.in_(states)).order_by(_letters.c.created_at)
    return [UndeliveredLetter(*row) for row in connection.execute(query)]


def requeue_failed(
    connection: Connection, ids: Sequence[str] | None, now: datetime, actor: str
) -> int:
    """Queue failed letters afresh, all or those with these ids; return how many.

    Letters held by a restore were sent before: those go by their ids only.
    """
    is_failed = and_(_letters.c.state == "failed", _letters.c.sealed.is_not(None))
    failed = undelivered(connection, ("failed",))
    chosen = [
        letter
        for letter in failed
        if (letter.last_error != RESTORED if ids is None else letter.id in ids)
    ]
    afresh = {"state": "queued", "attempts": 0, "created_at": now, "next_attempt_at": now}
    statement = update(_letters).where(
        is_failed, _letters.c.id.in_([letter.id for letter in chosen])
    )
    count = connection.execute(statement.values(afresh)).rowcount
    events = [
        audit.new_event("letter.requeued", letter.about, actor=actor, at=now, kind=letter.kind)
        for letter in chosen
    ]
    insert_rows(connection, events)
    return count


def retry_delay(attempts: int) -> timedelta:
    """1, 2, 4, ... minutes after the first, second, third attempt, at most an hour."""
    return timedelta(minutes=min(2 ** min(attempts - 1, 6), 60))
