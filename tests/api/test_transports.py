"""Letters over real SMTP: every failure of a server is told apart, and none loses a letter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import Envelope, Session

from api.mail.letters import Letter
from api.mail.outbox import Outbox, letter_row
from api.mail.store import count_backlog
from api.mail.transports import (
    OutgoingMessage,
    PermanentFailure,
    SmtpTransport,
    TemporaryFailure,
    transport_for,
)
from api.security.encryption import Encryption
from api.settings import from_environ
from api.store.database import Database
from tests.api.conftest import Clock

pytestmark = pytest.mark.anyio

MESSAGE = OutgoingMessage(
    "one", "kith@example.org", "mary@example.org", b"Subject: x\r\n\r\nbody\r\n"
)


class Sink:
    """A server's mind: says what it is told to, and keeps what it accepted."""

    def __init__(self) -> None:
        self.to_recipient = "250 OK"
        self.to_letters: list[str] = []
        self.accepted: list[bytes] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        reply = self.to_letters.pop(0) if self.to_letters else "250 OK"
        if reply == "hang up":
            server.transport.abort()
            return "421 gone"
        if reply.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.accepted.append(envelope.content)
        return reply


@asynccontextmanager
async def listening(sink: Sink) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: smtp.SMTP(sink, hostname="sink.example.org", loop=loop), "127.0.0.1", 0
    )
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


async def test_a_letter_arrives_whole() -> None:
    sink = Sink()
    async with listening(sink) as url:
        carrier = SmtpTransport(url)
        await carrier.send(MESSAGE)
        await carrier.send(MESSAGE)
        await carrier.disconnect()
    assert sink.accepted == [MESSAGE.content] * 2
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("451 busy, canary", TemporaryFailure),
        ("421 closing", TemporaryFailure),
        ("552 too much canary", PermanentFailure),
    ],
)
async def test_what_a_server_says_to_a_letter_is_told_apart(reply: str, kind: Any) -> None:
    sink = Sink()
    sink.to_letters = [reply]
    async with listening(sink) as url:
        carrier = SmtpTransport(url)
        with pytest.raises(kind) as error:
            await carrier.send(MESSAGE)
        assert "canary" not in str(error.value)
        await carrier.send(MESSAGE)
        await carrier.disconnect()
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("550 no mary here", PermanentFailure), ("450 mailbox busy", TemporaryFailure)],
)
async def test_what_a_server_says_to_an_address_is_told_apart(reply: str, kind: Any) -> None:
    sink = Sink()
    sink.to_recipient = reply
    async with listening(sink) as url:
        with pytest.raises(kind) as error:
            await SmtpTransport(url).send(MESSAGE)
    assert "mary" not in str(error.value)


async def test_a_server_that_hangs_up_or_is_not_there_is_asked_later() -> None:
    sink = Sink()
    sink.to_letters = ["hang up"]
    async with listening(sink) as url:
        with pytest.raises(TemporaryFailure):
            await SmtpTransport(url).send(MESSAGE)
    with pytest.raises(TemporaryFailure):
        await SmtpTransport(url).send(MESSAGE)


async def test_a_password_is_never_sent_in_the_clear_to_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options: dict[str, Any] = {}

    class RecordingSmtp:
        def __init__(self, **options_given: Any) -> None:
            options.update(options_given)

        async def connect(self) -> None:
            raise OSError

    monkeypatch.setattr("aiosmtplib.SMTP", RecordingSmtp)
    for demands_tls in (True, False):
        with pytest.raises(TemporaryFailure):
            await SmtpTransport(
                "smtp://kith:p%40ss@mail.example.org:587", demands_tls=demands_tls
            ).send(MESSAGE)
        assert (options["start_tls"], options["password"]) == (True, "p@ss")


async def test_letters_cross_the_network_in_the_clear_only_where_a_setting_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connections: list[Any] = []

    class RecordingSmtp:
        def __init__(self, **options: Any) -> None:
            connections.append(options["start_tls"])

        async def connect(self) -> None:
            raise OSError

    monkeypatch.setattr("aiosmtplib.SMTP", RecordingSmtp)
    for environ in (
        {"KITH_SMTP_URL": "smtp://mail.mendip.org.uk"},
        {"KITH_SMTP_URL": "smtp://mail.mendip.org.uk", "KITH_SMTP_TLS": "no"},
        {"KITH_SMTP_URL": "smtp://127.0.0.1"},
        {"KITH_SMTP_URL": "smtps://mail.mendip.org.uk"},
    ):
        with pytest.raises(TemporaryFailure):
            await transport_for(from_environ(Path("kith"), environ)).send(MESSAGE)
    assert connections == [True, None, None, False]


async def test_through_all_this_no_letter_is_lost_and_none_comes_twice(
    database: Database, encryption: Encryption, clock: Clock
) -> None:
    """Thirty letters, a server that fails one in three ways half of the time."""
    sink = Sink()
    sink.to_letters = ["451 busy", "250 OK", "hang up", "421 closing", "250 OK", "250 OK"] * 8
    letters = [Letter("k/k", "mary@example.org", "x", f"letter {number}\n") for number in range(30)]
    await database.insert([letter_row(encryption, letter, now=clock()) for letter in letters])
    async with listening(sink) as url:
        outbox = Outbox(
            database, encryption, SmtpTransport(url), sender="kith@example.org", clock=clock
        )
        while (await database.read(count_backlog)).waiting:
            await outbox.deliver_due()
            clock.advance(minutes=5)
    bodies = [content.split(b"\r\n\r\n")[1].strip() for content in sink.accepted]
    assert sorted(bodies) == sorted(f"letter {number}".encode() for number in range(30))
