"""The outbox: letters are rows of the transaction that caused them, and one job delivers them.

An attempt is counted and stored before it is made, always under the same Message-ID. So a crash
never loses a letter; it may send one that was being sent twice, and mail programs recognise a
repeated Message-ID. Several letters are sent at once, to different recipients. The SQL is in
`store`.
"""

import asyncio
from asyncio import FIRST_COMPLETED
from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection

from api.mail import store
from api.mail.letters import REQUESTED_KINDS, Letter, LetterFault, message_bytes
from api.mail.store import DeliveryAttempt, LeasedLetter
from api.mail.transports import OutgoingMessage, PermanentFailure, TemporaryFailure, Transport
from api.security.encryption import Encryption, EncryptionError
from api.security.references import new_id
from api.store import audit, schema
from api.store.database import Database, Row
from api.store.errors import StoreUnavailable

POLL_SECONDS = 5.0
PAUSE_WHEN_BUSY_SECONDS = 0.015  # after a letter while requests wait: then sixty letters a second
CONNECTIONS = 10
"""Letters that are sent at once. The last place is kept for links that somebody has asked for."""
BATCH = 64
"""Letters that are taken in hand together."""
RENEW_SECONDS = 5.0
RECORD_AGAIN_SECONDS = 1.0


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
        "recipient_lookup": encryption.lookup(f"recipient {letter.to}"),
    }


class Outbox:
    """Delivers letters, several at once. One a process; a lease keeps processes apart."""

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
        self.database = database
        self._encryption = encryption
        self._transport = transport
        self._sender = sender
        self._sender_name = sender_name
        self.clock = clock
        self.wake = asyncio.Event()
        """Set when a letter may be due: the scheduler then runs `deliver_due` at once."""
        self._delivering = asyncio.Lock()
        self.is_stopping = False

    def nudge(self) -> None:
        """Say that a letter may be due, so that it does not wait for the next poll."""
        self.wake.set()

    async def deliver_due(self) -> int:
        """Deliver all letters that are due now, and return the number of attempts."""
        async with self._delivering:
            delivery = _Delivery(self)
            try:
                return await delivery.run()
            finally:
                await delivery.end()
                await self._transport.disconnect()

    async def finish(self) -> None:
        """Begin no further letter, and return when those that are being sent are recorded."""
        self.is_stopping = True
        self.wake.set()
        async with self._delivering:
            pass

    async def take_due(self, in_hand: Collection[str], only_requested: bool) -> list[LeasedLetter]:
        """Take letters in hand that are due."""
        now = self.clock()
        due = await self.database.read(
            lambda connection: store.due_letters(
                connection, now, most=BATCH, excluded=in_hand, only_requested=only_requested
            )
        )
        if not due:
            return []
        return await self.database.write(lambda connection: store.lease(connection, due, now))

    async def send(self, letter: LeasedLetter) -> tuple[str, str | None]:
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


class _Delivery:
    """One run of the outbox: letters ready to be sent, letters being sent, results to record."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._ready: deque[LeasedLetter] = deque()
        self._sending: dict[asyncio.Task[tuple[str, str | None]], LeasedLetter] = {}
        self._results: list[DeliveryAttempt] = []
        self._attempts = 0
        self._woken = asyncio.create_task(outbox.wake.wait())
        self._renewed_at = monotonic()

    async def run(self) -> int:
        """Send letters until none is due; return the number of attempts."""
        await self._take(only_requested=False)
        self._begin()
        while self._sending or self._results:
            is_woken = await self._wait()
            self._begin()  # before the store is waited for
            await self._record()
            if is_woken or not self._ready:
                await self._take(only_requested=bool(self._ready))
            self._begin()
            await self._renew()
        return self._attempts

    async def end(self) -> None:
        """Let go of what was not sent."""
        for task in (self._woken, *self._sending):
            task.cancel()
        if self._ready:
            ids = [letter.id for letter in self._ready]
            await self._outbox.database.write(lambda connection: store.give_back(connection, ids))

    async def _take(self, *, only_requested: bool) -> None:
        """Take letters in hand; a link that somebody asked for goes before the rest."""
        outbox = self._outbox
        outbox.wake.clear()
        if outbox.is_stopping:
            return
        letters = await outbox.take_due(self._in_hand, only_requested)
        if only_requested:
            self._ready.extendleft(reversed(letters))
        else:
            self._ready.extend(letters)

    def _begin(self) -> None:
        """Send as many letters as there is room for."""
        while self._ready and not self._outbox.is_stopping:
            is_requested = self._ready[0].kind in REQUESTED_KINDS
            kinds = [letter.kind for letter in self._sending.values()]
            others = sum(kind not in REQUESTED_KINDS for kind in kinds)
            if len(kinds) == CONNECTIONS or (others == CONNECTIONS - 1 and not is_requested):
                return
            letter = self._ready.popleft()
            self._sending[asyncio.create_task(self._outbox.send(letter))] = letter
            self._attempts += 1

    async def _wait(self) -> bool:
        """Wait until a letter has been sent or was written; return whether one was written."""
        if self._outbox.database.busy:
            await asyncio.sleep(PAUSE_WHEN_BUSY_SECONDS)
        waiting = {*self._sending, self._woken}
        pause = RECORD_AGAIN_SECONDS if self._results else RENEW_SECONDS
        finished, _ = await asyncio.wait(waiting, timeout=pause, return_when=FIRST_COMPLETED)
        for task in [task for task in self._sending if task in finished]:
            state, error = task.result()
            self._results.append(DeliveryAttempt(self._sending.pop(task), state, error))
        if self._woken not in finished:
            return False
        self._woken = asyncio.create_task(self._outbox.wake.wait())
        return True

    async def _record(self) -> None:
        """Record results; they are kept while the store is unavailable, or letters go twice."""
        if not self._results:
            return
        results, now = self._results, self._outbox.clock()

        def record(connection: Connection) -> None:
            for result in results:
                store.record_attempt(connection, result, now)

        try:
            await self._outbox.database.write(record)
        except StoreUnavailable:
            if self._outbox.is_stopping:
                raise
            return
        self._results = []

    async def _renew(self) -> None:
        if monotonic() - self._renewed_at < RENEW_SECONDS:
            return
        ids, now = self._in_hand, self._outbox.clock()
        await self._outbox.database.write(
            lambda connection: store.renew_leases(connection, ids, now)
        )
        self._renewed_at = monotonic()

    @property
    def _in_hand(self) -> set[str]:
        letters = (*self._ready, *self._sending.values())
        return {letter.id for letter in letters} | {result.letter.id for result in self._results}
