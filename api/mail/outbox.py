"""The outbox: letters wait as rows of the transaction that caused them, one task delivers them.

A row's state is the truth: queued, sending (leased), sent, failed. An attempt is counted and
stored before it is made, under one Message-ID for ever. So a crash never loses a letter; it may
send the one in hand twice, which any mail program knows for the same letter.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, and_, delete, func, or_, select, update

from api.errors import Unavailable
from api.mail.letters import Letter, LetterFault, message_bytes
from api.mail.transports import OutgoingMessage, PermanentFailure, TemporaryFailure, Transport
from api.security.encryption import Encryption, EncryptionError
from api.security.references import new_id
from api.store import audit, schema
from api.store.database import Database, Row
from api.store.writer import insert_rows

logger = logging.getLogger("kith.outbox")

LEASE = timedelta(minutes=2)
"""Longer than a transport may take; after it a letter in hand counts as dropped."""
GIVE_UP = timedelta(hours=72)
LOOK_EVERY_SECONDS = 5.0
GIVES_WAY_SECONDS = 0.025  # after a letter while people are waiting: forty letters a second, then
_PARTING_SECONDS = 10.0

_letters = schema.letter


def letter_row(
    encryption: Encryption,
    letter: Letter,
    *,
    now: datetime,
    about: str | None = None,
    not_before: datetime | None = None,
) -> Row:
    """The row that makes a letter wait for delivery; `about` is the reference it belongs to.

    One that is to leave `not_before` a moment can be called back until then (`call_back`).
    """
    letter_id = new_id()
    return _letters, {
        "id": letter_id,
        "kind": letter.kind,
        "about": about,
        "sealed": encryption.encrypt(letter_id, letter),
        "state": "queued",
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": not_before or now,
    }


def leaves_at(connection: Connection, letter_id: str) -> datetime | None:
    """Return when a letter leaves that was not touched yet; None where it may have left."""
    untouched = (_letters.c.state == "queued", _letters.c.attempts == 0)
    wanted = select(_letters.c.next_attempt_at).where(_letters.c.id == letter_id, *untouched)
    return connection.execute(wanted).scalar()


def call_back(connection: Connection, letter_id: str) -> bool:
    """Take a letter out of the outbox; False where it may have left."""
    untouched = (_letters.c.state == "queued", _letters.c.attempts == 0)
    gone = delete(_letters).where(_letters.c.id == letter_id, *untouched)
    return connection.execute(gone).rowcount == 1


class Backlog(msgspec.Struct, frozen=True):
    """How the outbox stands, for `readyz` and for staff."""

    waiting: int
    failed: int
    oldest_at: datetime | None
    """When the oldest waiting letter was written."""


def backlog(connection: Connection) -> Backlog:
    """Count what waits and what failed."""
    waiting = _letters.c.state.in_(("queued", "sending"))
    found = connection.execute(
        select(func.count(), func.min(_letters.c.created_at)).where(waiting)
    ).one()
    failed = select(func.count()).where(_letters.c.state == "failed")
    return Backlog(found[0], connection.execute(failed).scalar_one(), found[1])


class LeasedLetter(msgspec.Struct, frozen=True):
    """A letter in hand, its attempt already counted."""

    id: str
    kind: str
    about: str | None
    sealed: bytes
    attempts: int
    created_at: datetime


class DeliveryAttempt(msgspec.Struct, frozen=True):
    """What became of an attempt: sent, to be tried again, or given up."""

    letter: LeasedLetter
    state: str
    error: str | None = None


class Outbox:
    """Delivers letters one after another. One for the process; a lease keeps two apart."""

    def __init__(
        self,
        database: Database,
        encryption: Encryption,
        transport: Transport,
        *,
        sender: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._encryption = encryption
        self._transport = transport
        self._sender = sender
        self._clock = clock
        self._nudged = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        """Say that a letter may be due. Without it one waits some seconds."""
        self._nudged.set()

    async def deliver_due(self) -> int:
        """Deliver all that is due now, and give the number of attempts made.

        One transaction notes what became of a letter and takes the next in hand.
        """
        attempts = 0
        tried: DeliveryAttempt | None = None
        while leased := await self._turn(tried):
            attempts += 1
            tried = DeliveryAttempt(leased, *await self._try(leased))
            if self._database.busy:
                await asyncio.sleep(GIVES_WAY_SECONDS)
        if attempts:
            await self._transport.disconnect()
        return attempts

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver as long as the body runs; at its end, finish the letter in hand."""
        task = asyncio.create_task(self._run(), name="kith-outbox")
        try:
            yield
        finally:
            self._stopping = True
            self.nudge()
            done, _ = await asyncio.wait({task}, timeout=_PARTING_SECONDS)
            if not done:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _run(self) -> None:
        while not self._stopping:
            self._nudged.clear()
            try:
                await self.deliver_due()
            except Unavailable:
                logger.warning("The store cannot be reached; letters wait.")
            except Exception as error:
                logger.error("Delivery stopped by %s; it goes on soon.", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), LOOK_EVERY_SECONDS)

    async def _turn(self, tried: DeliveryAttempt | None) -> LeasedLetter | None:
        now, stopping = self._clock(), self._stopping

        def act(connection: Connection) -> LeasedLetter | None:
            if tried:
                _note(connection, tried, now)
            return None if stopping else _lease(connection, now)

        return await self._database.write(act)

    async def _try(self, leased: LeasedLetter) -> tuple[str, str | None]:
        try:
            await self._transport.send(self._message(leased))
        except (PermanentFailure, LetterFault) as error:
            return "failed", str(error)
        except (TemporaryFailure, EncryptionError) as error:
            return "queued", str(error)
        except Exception as error:  # a fault of ours must not hold up the other letters
            return "queued", type(error).__name__
        return "sent", None

    def _message(self, leased: LeasedLetter) -> OutgoingMessage:
        letter = self._encryption.decrypt_as(leased.id, leased.sealed, Letter)
        content = message_bytes(
            letter,
            sender=self._sender,
            message_id=f"<{leased.id}@{self._sender.rpartition('@')[2]}>",
            at=leased.created_at,
        )
        name = f"{leased.created_at:%Y%m%d-%H%M%S}-{leased.kind.replace('/', '-')}-{leased.id}"
        return OutgoingMessage(name, self._sender, letter.to, content)


def retry_delay(attempts: int) -> timedelta:
    """1, 2, 4, ... minutes after the first, second, third attempt, at most an hour."""
    return timedelta(minutes=min(2 ** min(attempts - 1, 6), 60))


def _lease(connection: Connection, now: datetime) -> LeasedLetter | None:
    """Take the letter that is due longest, or one whose lease ran out, and count the attempt."""
    due = or_(
        and_(_letters.c.state == "queued", _letters.c.next_attempt_at <= now),
        and_(_letters.c.state == "sending", _letters.c.lease_until <= now),
    )
    found = connection.execute(
        select(_letters)
        .where(due)
        .order_by(_letters.c.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if found is None:
        return None
    attempts = found.attempts + 1
    connection.execute(
        update(_letters)
        .where(_letters.c.id == found.id)
        .values(state="sending", attempts=attempts, lease_until=now + LEASE)
    )
    return LeasedLetter(found.id, found.kind, found.about, found.sealed, attempts, found.created_at)


def _note(connection: Connection, tried: DeliveryAttempt, now: datetime) -> None:
    """Write down what became of an attempt, unless the letter has passed into other hands."""
    letter, state, error = tried.letter, tried.state, tried.error
    next_at = now + retry_delay(letter.attempts)
    if state == "queued" and next_at > letter.created_at + GIVE_UP:
        state = "failed"
    values: dict[str, object] = {"state": state, "lease_until": None, "last_error": error}
    if state == "sent":
        values |= {"sealed": None, "sent_at": now, "next_attempt_at": None}
    elif state == "queued":
        values |= {"next_attempt_at": next_at}
    ours = and_(
        _letters.c.id == letter.id,
        _letters.c.state == "sending",
        _letters.c.attempts == letter.attempts,
    )
    changed = connection.execute(update(_letters).where(ours).values(values)).rowcount
    if changed and state == "failed":
        logger.error("A letter failed: kind=%s id=%s why=%s", letter.kind, letter.id, error)
        line = audit.line(
            "letter.failed", letter.about, actor="outbox", at=now, kind=letter.kind, why=error
        )
        insert_rows(connection, [line])
