"""A mail server with moods: a real SMTP server on loopback whose answers a test chooses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.smtp import Envelope, Session

FINE = "250 OK"
DROPPED = "dropped"
"""Take the letter, then hang up before saying so."""
SILENT = "silent"
"""Take nothing and say nothing, as long as the connection stands."""

Mood = Callable[[], str]


class Sink:
    """Keeps what it takes. `mood` answers the next letter; `unknown` addresses are refused."""

    def __init__(self, mood: Mood = lambda: FINE) -> None:
        self.mood = mood
        self.unknown: set[str] = set()
        self.taken: list[EmailMessage] = []
        self.dropped: list[str] = []
        """Message-IDs taken without saying so."""
        self.asked = asyncio.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 no such person here"
        envelope.rcpt_tos.append(address)
        return FINE

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        self.asked.set()
        mood = self.mood()
        if mood == SILENT:
            await asyncio.Event().wait()
        if mood in (FINE, DROPPED):
            letter = _read(envelope)
            self.taken.append(letter)
            if mood == DROPPED:
                self.dropped.append(str(letter["Message-ID"]))
                server.transport.abort()
                return "421 gone"
        return mood

    @property
    def message_ids(self) -> list[str]:
        """Of all it took, in the order they came."""
        return [str(letter["Message-ID"]) for letter in self.taken]


@asynccontextmanager
async def listening(sink: Sink, port: int) -> AsyncIterator[None]:
    """Let the sink be there as long as the body runs."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: smtp.SMTP(sink, hostname="sink.example.org", loop=loop), "127.0.0.1", port
    )
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


def _read(envelope: Envelope) -> Any:
    assert isinstance(envelope.content, bytes)
    letter: Any = message_from_bytes(envelope.content, policy=SMTP)
    return letter
