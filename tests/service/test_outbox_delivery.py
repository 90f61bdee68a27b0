"""Letters on a bad day of the post: everybody is answered at once, every letter arrives later."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.context import Context
from api.jobs.health_check import HealthCheck
from api.mail import transports
from api.mail.letters import Letter
from api.mail.outbox import CONNECTIONS, letter_row
from api.mail.store import Backlog, count_backlog
from api.store import schema
from tests.api.conftest import Clock
from tests.service.conftest import (
    CANARY,
    MARY,
    ORIGIN,
    PLEDGE,
    logged,
    opened_context,
    service,
    settings_of,
)
from tests.service.smtp_server import DROPPED, FINE, SILENT, Sink, listening
from tests.support.loopback import free_port
from tests.support.read_letters import plain_of

pytestmark = pytest.mark.anyio

MANY = 12
STAFF = "team@example.org"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def context(
    built_project: Path, tmp_path: Path, clock: Clock, port: int, caplog: pytest.LogCaptureFixture
) -> Iterator[Context]:
    """The service with a mail server that is not always there; nothing personal is ever logged."""
    caplog.set_level(logging.ERROR, logger="mail.log")  # the sink's own diary
    caplog.set_level(logging.DEBUG)
    settings = settings_of(
        built_project, tmp_path / "var", KITH_SMTP_URL=f"smtp://127.0.0.1:{port}"
    )
    with opened_context(settings, clock) as ready:
        yield ready
    assert logged(caplog)
    assert CANARY not in logged(caplog)


@pytest.fixture
async def caller(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(service(context))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as opened_client:
        yield opened_client


async def readiness(caller: httpx.AsyncClient, context: Context) -> httpx.Response:
    """Ask whether the service is ready, once its health was checked."""
    await context.state.get(HealthCheck).check(context)
    return await caller.get("/readyz")


async def send_request(caller: httpx.AsyncClient, number: int = 0) -> str:
    """Ask for help; a letter goes to the team."""
    caller_from = {"x-forwarded-for": f"192.0.2.{number}"}
    answer = await caller.post("/api/signposting-requests", json=MARY, headers=caller_from)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


async def sign(caller: httpx.AsyncClient, context: Context, number: int = 0) -> str:
    """Sign the pledge; a letter goes to the signer's own address, which is returned."""
    (pledge,) = context.current_release.now.catalogue.pledges
    wording = pledge.versions[-1]
    address = f"mary.{number}@canaryfeather.example"
    answer = await caller.post(
        f"/api/pledges/{PLEDGE}/sign-ups",
        json={
            "signer": "organisation",
            "name": f"The Larkhythe Arms {number}",
            "kind": "pub",
            "place": "Temeford",
            "contact_email": address,
            "signer_name": "Mary Canaryfeather",
            "may_sign": "yes",
            "promises": {commitment.id: {"state": "doing"} for commitment in wording.commitments},
            "version": wording.version,
        },
        headers={"x-forwarded-for": f"198.51.100.{number}"},
    )
    assert answer.status_code == 202, answer.text
    return address


async def letter_ids(context: Context) -> set[str]:
    """Return the Message-ID of every letter that was ever written."""
    ids = await context.database.read(
        lambda connection: connection.execute(select(schema.letter.c.id)).scalars().all()
    )
    return {f"<{letter_id}@example.org>" for letter_id in ids}


async def deliver_for(context: Context, clock: Clock, hours: int) -> None:
    """Let time pass, and the outbox look whenever something may be due."""
    for _ in range(hours * 60):
        if not (await context.database.read(count_backlog)).waiting:
            return
        await context.outbox.deliver_due()
        clock.advance(minutes=1)


async def test_everybody_is_answered_while_the_post_fails_and_every_letter_arrives(
    caller: httpx.AsyncClient, context: Context, clock: Clock, port: int
) -> None:
    for number in range(MANY):
        await send_request(caller, number)
        await sign(caller, context, number)
    await context.outbox.deliver_due()  # there is no server
    assert await context.database.read(count_backlog) == Backlog(2 * MANY, 0, clock())
    draw = random.Random(7)  # noqa: S311 - to be repeated
    moods = ["421 closing", "451 busy", "452 full", DROPPED, FINE]
    sink = Sink(lambda: draw.choice(moods))
    async with listening(sink, port):
        await deliver_for(context, clock, hours=2)
        sink.mood = lambda: FINE
        await deliver_for(context, clock, hours=4)
    assert await context.database.read(count_backlog) == Backlog(0, 0, None)
    arrived = Counter(sink.message_ids)
    assert arrived.keys() == await letter_ids(context), "every letter arrived, and no other"
    twice = {message_id: times - 1 for message_id, times in arrived.items() if times > 1}
    assert twice, "the server dropped some before it answered"
    assert twice == {
        message_id: n for message_id, n in Counter(sink.dropped).items() if arrived[message_id] > 1
    }
    assert len({str(message) for message in sink.taken}) == len(arrived), (
        "a letter sent twice is the same"
    )


async def test_a_letter_is_sent_twice_only_where_the_server_hung_up(
    caller: httpx.AsyncClient, context: Context, clock: Clock, port: int
) -> None:
    for number in range(4):
        await send_request(caller, number)
    moods = iter([FINE, DROPPED, "451 busy", FINE])
    sink = Sink(lambda: next(moods, FINE))
    async with listening(sink, port):
        await deliver_for(context, clock, hours=1)
    assert len(sink.dropped) == 1
    assert sorted(Counter(sink.message_ids).values()) == [1, 1, 1, 2]
    assert Counter(sink.message_ids)[sink.dropped[0]] == 2


async def test_an_address_nobody_has_ends_as_failed_and_is_seen(
    caller: httpx.AsyncClient, context: Context, clock: Clock, port: int
) -> None:
    nobody, somebody = await sign(caller, context, 1), await sign(caller, context, 2)
    sink = Sink()
    sink.unknown = {nobody}
    async with listening(sink, port):
        await deliver_for(context, clock, hours=100)
    assert [str(letter["To"]) for letter in sink.taken] == [somebody]
    assert await context.database.read(count_backlog) == Backlog(0, 1, None)
    statement = select(schema.letter).where(schema.letter.c.state == "failed")
    row = await context.database.read(lambda connection: connection.execute(statement).one())
    assert (row.attempts, row.last_error) == (1, "SMTP 550 for the recipient")
    failed_subjects = select(schema.audit.c.subject).where(schema.audit.c.action == "letter.failed")
    assert await context.database.read(
        lambda connection: connection.execute(failed_subjects).scalars().all()
    ) == [row.about]
    ready = (await readiness(caller, context)).json()
    assert (ready["status"], ready["failed_letters"]) == ("ok", 1)


async def test_a_post_that_is_late_is_told_to_those_who_watch(
    caller: httpx.AsyncClient, context: Context, clock: Clock, port: int
) -> None:
    await send_request(caller)
    assert (await readiness(caller, context)).json()["outbox"] == "ok"
    for _ in range(16):
        await context.outbox.deliver_due()
        clock.advance(minutes=1)
    late = await readiness(caller, context)
    assert (late.status_code, late.json()["outbox"]) == (200, "late")
    async with listening(Sink(), port):
        await deliver_for(context, clock, hours=2)
    assert (await readiness(caller, context)).json()["outbox"] == "ok"


async def test_a_server_that_never_answers_holds_nobody_up(
    caller: httpx.AsyncClient,
    context: Context,
    clock: Clock,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transports, "SMTP_SECONDS", 0.5)
    first = await send_request(caller)
    sink = Sink(lambda: SILENT)
    async with listening(sink, port):
        delivery = asyncio.create_task(context.outbox.deliver_due())
        await sink.asked.wait()
        second = await send_request(caller, 1)
        assert not delivery.done(), "the request was answered while a letter hung"
        await delivery
        sink.mood = lambda: FINE
        await deliver_for(context, clock, hours=1)
    bodies = "".join(plain_of(letter) for letter in sink.taken)
    assert len(sink.taken) == 2
    assert first in bodies
    assert second in bodies


async def test_nothing_personal_travels_outside_the_letter_of_whom_it_belongs_to(
    caller: httpx.AsyncClient, context: Context, clock: Clock, port: int
) -> None:
    reference, address = await send_request(caller), await sign(caller, context)
    sink = Sink()
    async with listening(sink, port):
        await deliver_for(context, clock, hours=1)
    to_staff, to_signer = sorted(sink.taken, key=lambda letter: str(letter["To"]) != STAFF)
    assert CANARY not in to_staff.as_string().casefold()
    assert reference in plain_of(to_staff)
    assert to_signer["To"] == address
    assert f"{context.settings.base_url}/confirm/" in plain_of(to_signer)
    for letter in sink.taken:
        values: list[Any] = [value for name, value in letter.items() if name != "To"]
        assert not [value for value in values if CANARY in str(value).casefold()]
        assert reference not in str(letter["Subject"])
    files = [file for file in context.settings.data.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if CANARY.encode() in file.read_bytes().lower()]


class Slow(Sink):
    """Takes a tenth of a second for each letter, as a server across a network does."""

    under_way, most_at_once = 0, 0

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(0.1)
        self.under_way -= 1
        return await super().handle_DATA(server, session, envelope)


@pytest.mark.deep
async def test_nine_letters_leave_at_once_in_the_time_of_one(
    context: Context, clock: Clock, port: int
) -> None:
    """Also where a burst of requests came just before; that makes ninety letters a second."""
    rows = []
    for number in range(100):
        letter = Letter("pledges/confirm", f"n{number}@example.org", "Subject", "Words\n")
        rows.append(letter_row(context.encryption, letter, now=clock(), about=f"P-{number}"))
    await asyncio.gather(*(context.database.insert([row]) for row in rows))
    assert context.database.busy
    sink = Slow()
    async with listening(sink, port):
        assert await context.outbox.deliver_due() == 100
    assert sink.most_at_once == CONNECTIONS - 1
    assert len(set(sink.message_ids)) == 100
