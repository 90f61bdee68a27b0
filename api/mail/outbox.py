"""The outbox: letters are rows of the transaction that caused them, and one job delivers them.

An attempt is counted and stored before it is made, always under the same Message-ID. So a crash
never loses a letter; it may send the one that was being sent twice, and mail programs recognise a
repeated Message-ID. The SQL is in `store`.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from api.mail import store
from api.mail.letters import Letter, LetterFault, message_bytes
from api.mail.store import DeliveryAttempt, LeasedLetter
from api.mail.transports import OutgoingMessage, PermanentFailure, TemporaryFailure, Transport
from api.security.encryption import Encryption, EncryptionError
from api.security.references import new_id
from api.store import audit, schema
from api.store.database import Database, Row

POLL_SECONDS = 5.0
PAUSE_WHEN_BUSY_SECONDS = 0.025  # after a letter while requests wait: then forty letters a second


def letter_row(
    encryption: Encryption,
    letter: Letter,
    *,
    now: datetime,
    about: str | None = None,
    not_before: datetime | None = None,
) -> Row:
    """Return the row that queues a letter; `about` is the reference it belongs to.

    Until `not_before` the letter is not sent, and can be deleted (`store.delete_untried`).
    """
    letter_id = new_id()
    return schema.letter, {
        "id": letter_id,
        "kind": letter.kind,
        "about": about and audit.reference_of(about),
        "sealed": encryption.encrypt(letter_id, letter),
        "state": "queued",
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": not_before or now,
    }


class Outbox:
    """Delivers letters one after another. One a process; a lease keeps processes apart."""

    def __init__(
        self,
        database: Database,
        encryption: Encryption,
        transport: Transport,
        *,
        sender: str,
        sender_name: str = "",
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._encryption = encryption
        self._transport = transport
        self._sender = sender
        self._sender_name = sender_name
        self._clock = clock
        self.wake = asyncio.Event()
        """Set when a letter may be due: the scheduler then runs `deliver_due` at once."""
        self._delivering = asyncio.Lock()
        self._stopping = False

    def nudge(self) -> None:
        """Say that a letter may be due, so that it does not wait for the next poll."""
        self.wake.set()

    async def deliver_due(self) -> int:
        """Deliver all letters that are due now, and return the number of attempts.

        One transaction records an attempt and leases the next letter.
        """
        async with self._delivering:
            attempts = 0
            last: DeliveryAttempt | None = None
            while letter := await self._record_and_lease(last):
                attempts += 1
                last = DeliveryAttempt(letter, *await self._send(letter))
                if self._database.busy:
                    await asyncio.sleep(PAUSE_WHEN_BUSY_SECONDS)
            if attempts:
                await self._transport.disconnect()
            return attempts

    async def finish(self) -> None:
        """Begin no further letter, and return when the one that is being sent is recorded."""
        self._stopping = True
        async with self._delivering:
            pass

    async def _record_and_lease(self, attempt: DeliveryAttempt | None) -> LeasedLetter | None:
        now, stopping = self._clock(), self._stopping

        def act(connection: Connection) -> LeasedLetter | None:
            if attempt:
                store.record_attempt(connection, attempt, now)
            return None if stopping else store.lease_next(connection, now)

        return await self._database.write(act)

    async def _send(self, letter: LeasedLetter) -> tuple[str, str | None]:
        """Make one attempt; return the letter's new state and the error, if there is one."""
        try:
            await self._transport.send(self._message(letter))
        except (PermanentFailure, LetterFault) as error:
            return "failed", str(error)
        except (TemporaryFailure, EncryptionError) as error:
            return "queued", str(error)
        except Exception as error:  # an unexpected fault must not hold up the other letters
            return "queued", type(error).__name__
        return "sent", None

    def _message(self, leased: LeasedLetter) -> OutgoingMessage:
        letter = self._encryption.decrypt_as(leased.id, leased.sealed, Letter)
        content = message_bytes(
            letter,
            sender=self._sender,
            sender_name=self._sender_name,
            message_id=f"<{leased.id}@{self._sender.rpartition('@')[2]}>",
            at=leased.created_at,
        )
        name = f"{leased.created_at:%Y%m%d-%H%M%S}-{leased.kind.replace('/', '-')}-{leased.id}"
        return OutgoingMessage(name, self._sender, letter.to, content, letter.html)
