"""The SQL of the outbox. A letter's row is queued, sending (leased), sent or failed."""

import logging
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, and_, delete, func, or_, select, update

from api.store import audit, schema
from api.store.writer import insert_rows

logger = logging.getLogger("kith.outbox")

LEASE = timedelta(minutes=2)
"""Longer than a transport may take; after it another attempt may be made."""
GIVE_UP_AFTER = timedelta(hours=72)

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


def count_backlog(connection: Connection) -> Backlog:
    """Count the letters that wait and those that failed."""
    is_waiting = _letters.c.state.in_(("queued", "sending"))
    waiting, oldest_at = connection.execute(
        select(func.count(), func.min(_letters.c.created_at)).where(is_waiting)
    ).one()
    failed = select(func.count()).where(_letters.c.state == "failed")
    return Backlog(waiting, connection.execute(failed).scalar_one(), oldest_at)


def lease_next(connection: Connection, now: datetime) -> LeasedLetter | None:
    """Lease the letter that is due longest, or one whose lease ran out, and count the attempt."""
    is_due = or_(
        and_(_letters.c.state == "queued", _letters.c.next_attempt_at <= now),
        and_(_letters.c.state == "sending", _letters.c.lease_until <= now),
    )
    row = connection.execute(
        select(_letters)
        .where(is_due)
        .order_by(_letters.c.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
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
