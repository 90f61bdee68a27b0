"""The SQL of the outbox. A letter's row is queued, sending (leased), sent or failed.

Letters about one sign-up leave in the order in which they were written: none is due while an
earlier one about the same reference waits, even if that is tried again or held back. Letters to the
team and letters to the person do not wait for each other, and a link that somebody has just asked
for waits for nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Subquery, and_, delete, func, or_, select, update

from api.mail.letters import REQUESTED_KINDS, TEAM_KINDS
from api.store import audit, schema
from api.store.writer import insert_rows

logger = logging.getLogger("kith.outbox")

LEASE = timedelta(minutes=2)
"""Longer than a transport may take; after it another attempt may be made."""
GIVE_UP_AFTER = timedelta(hours=72)

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


def lease_next(connection: Connection, now: datetime) -> LeasedLetter | None:
    """Lease the letter that is due longest, or one whose lease ran out, and count the attempt."""
    is_due = or_(
        and_(_letters.c.state == "queued", _letters.c.next_attempt_at <= now),
        and_(_letters.c.state == "sending", _letters.c.lease_until <= now),
    )
    first = _first_waiting()
    is_first = or_(_letters.c.about.is_(None), _letters.c.created_at <= first.c.created_at)
    is_same = and_(
        first.c.about == _letters.c.about, first.c.to_team == _letters.c.kind.in_(TEAM_KINDS)
    )
    row = connection.execute(
        select(_letters)
        .outerjoin(first, is_same)
        .where(is_due, or_(_letters.c.kind.in_(REQUESTED_KINDS), is_first))
        .order_by(_letters.c.next_attempt_at, _letters.c.created_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=_letters)
    ).first()
    if row is None:
        return None
    attempts = row.attempts + 1
    connection.execute(
        update(_letters)
        .where(_letters.c.id == row.id)
        .values(state="sending", attempts=attempts, lease_until=now + LEASE)
    )
    return LeasedLetter(row.id, row.kind, row.about, row.sealed, attempts, row.created_at)


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
    if state == "queued" and next_at > letter.created_at + GIVE_UP_AFTER:
        state = "failed"
    values: dict[str, object] = {"state": state, "lease_until": None, "last_error": error}
    if state == "sent":
        values |= {"sealed": None, "sent_at": now, "next_attempt_at": None}
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


def retry_delay(attempts: int) -> timedelta:
    """1, 2, 4, ... minutes after the first, second, third attempt, at most an hour."""
    return timedelta(minutes=min(2 ** min(attempts - 1, 6), 60))
