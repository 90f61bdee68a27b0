"""Letters in the outbox are never lost, seldom sent twice, and never sent for ever."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.jobs.scheduler import Scheduler
from api.mail import store as mail_store
from api.mail.letters import Letter
from api.mail.outbox import CONNECTIONS, POLL_SECONDS, Outbox, letter_row
from api.mail.store import LEASE, Backlog, count_backlog, retry_delay
from api.mail.transports import FolderTransport, OutgoingMessage, PermanentFailure, TemporaryFailure
from api.security.encryption import Encryption, Key
from api.store import audit, schema
from api.store.database import Database
from api.store.errors import StoreUnavailable
from tests.api.conftest import Clock

pytestmark = pytest.mark.anyio

LETTER = Letter("pledges/confirm", "mary@example.org", "Please confirm", "A link: canary-token\n")


class Post:
    """A transport under the test's hand: does what `then` says, remembers what it carried."""

    def __init__(self, then: Callable[[OutgoingMessage], None] = lambda message: None) -> None:
        self.then = then
        self.tried: list[OutgoingMessage] = []
        self.carried: list[OutgoingMessage] = []

    async def send(self, message: OutgoingMessage) -> None:
        self.tried.append(message)
        self.then(message)
        self.carried.append(message)

    async def disconnect(self) -> None:
        return None


def raising(error: BaseException) -> Callable[[OutgoingMessage], None]:
    def then(message: OutgoingMessage) -> None:
        raise error

    return then


def outbox_of(store: Database, encryption: Encryption, post: Any, clock: Clock) -> Outbox:
    return Outbox(store, encryption, post, sender="kith@kith.example.org", clock=clock)


async def the_letter(store: Database) -> Any:
    return await store.read(lambda c: c.execute(select(schema.letter)).one())


async def test_a_sent_letter_is_forgotten_and_never_sent_again(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post()
    outbox = outbox_of(store, encryption, post, clock)
    await store.insert([letter_row(encryption, LETTER, now=clock(), about="P-7KQ4-XM2P")])
    assert await outbox.deliver_due() == 1
    assert await outbox.deliver_due() == 0
    row = await the_letter(store)
    assert (row.state, row.sealed, row.attempts, row.sent_at) == ("sent", None, 1, clock())
    message = message_from_bytes(post.carried[0].content, policy=SMTP)
    assert message["To"] == "mary@example.org"
    assert message["Message-ID"] == f"<{row.id}@kith.example.org>"


async def test_a_waiting_letter_lies_sealed(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    row = await the_letter(store)
    assert b"mary" not in row.sealed
    assert b"canary" not in row.sealed


async def test_a_busy_server_is_asked_again_after_one_two_four_minutes(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(TemporaryFailure("SMTP 451 for the letter")))
    outbox = outbox_of(store, encryption, post, clock)
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    for minutes in (1, 2, 4):
        assert await outbox.deliver_due() == 1
        clock.advance(minutes=minutes, seconds=-1)
        assert await outbox.deliver_due() == 0
        clock.advance(seconds=1)
    post.then = lambda message: None
    assert await outbox.deliver_due() == 1
    assert len({message.content for message in post.tried}) == 1
    assert (await the_letter(store)).state == "sent"


def test_the_pause_grows_to_an_hour_and_no_further() -> None:
    pauses = [retry_delay(attempts) // timedelta(minutes=1) for attempts in range(1, 10)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_after_three_days_it_is_given_up_and_said(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    outbox = outbox_of(store, encryption, Post(raising(TemporaryFailure("no connection"))), clock)
    await store.insert([letter_row(encryption, LETTER, now=clock(), about="P-7KQ4-XM2P")])
    started_at = clock()
    while (await the_letter(store)).state == "queued":
        assert await outbox.deliver_due() == 1
        clock.advance(hours=1)
    assert timedelta(hours=71) <= clock() - started_at <= timedelta(hours=73)
    assert (await store.read(count_backlog)).failed == 1
    line = await store.read(lambda c: c.execute(select(schema.audit)).one())
    assert (line.action, line.subject) == ("letter.failed", "P-7KQ4-XM2P")
    assert await store.read(audit.verify) is None


async def test_a_refused_address_is_not_tried_twice(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(PermanentFailure("SMTP 550 for the recipient")))
    outbox = outbox_of(store, encryption, post, clock)
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    await outbox.deliver_due()
    clock.advance(days=1)
    assert await outbox.deliver_due() == 0
    row = await the_letter(store)
    assert (row.state, row.last_error) == ("failed", "SMTP 550 for the recipient")


async def test_a_letter_in_hand_when_the_process_dies_is_sent_once_more_the_same(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    dying = Post(raising(asyncio.CancelledError()))
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    with pytest.raises(asyncio.CancelledError):
        await outbox_of(store, encryption, dying, clock).deliver_due()
    row = await the_letter(store)
    assert (row.state, row.attempts) == ("sending", 1)
    post = Post()
    restarted = outbox_of(store, encryption, post, clock)
    assert await restarted.deliver_due() == 0
    clock.now += LEASE
    assert await restarted.deliver_due() == 1
    assert post.carried[0] == dying.tried[0]
    assert (await the_letter(store)).attempts == 2


async def test_one_bad_letter_holds_up_no_other(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    lost_key = Encryption([Key("lost", bytes(range(100, 132)))])
    await store.insert([letter_row(lost_key, LETTER, now=clock())])
    clock.advance(seconds=1)
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    post = Post()
    assert await outbox_of(store, encryption, post, clock).deliver_due() == 2
    assert len(post.carried) == 1
    assert await store.read(count_backlog) == Backlog(1, 0, clock() - timedelta(seconds=1))


async def queue(
    store: Database, encryption: Encryption, clock: Clock, kind: str, **more: Any
) -> None:
    """Queue a letter, a second after the one before."""
    letter = Letter(kind, "mary@example.org", "Subject", "Words\n")
    values = {"about": "P-7KQ4-XM2P", **more}
    await store.insert([letter_row(encryption, letter, now=clock(), **values)])
    clock.advance(seconds=1)


def kinds_carried(post: Post) -> list[str]:
    return [message.name.split("-", 2)[2].rpartition("-")[0] for message in post.carried]


async def test_letters_about_one_sign_up_leave_in_order_while_the_first_is_tried_again(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(TemporaryFailure("SMTP 451 for the recipient")))
    outbox = outbox_of(store, encryption, post, clock)
    await queue(store, encryption, clock, "pledges/confirm")
    assert await outbox.deliver_due() == 1
    await queue(store, encryption, clock, "pledges/published")
    await queue(store, encryption, clock, "connectors/welcome")
    await queue(store, encryption, clock, "pledges/confirm", about="P-QQQQ-QQQQ")
    await queue(store, encryption, clock, "pledges/to_review")
    post.then = lambda message: None
    assert await outbox.deliver_due() == 2
    other_kinds = ["pledges-confirm", "pledges-to_review"]
    assert kinds_carried(post) == other_kinds, "another sign-up and the team wait for nobody"
    clock.advance(minutes=1)
    assert await outbox.deliver_due() == 3
    in_order = ["pledges-confirm", "pledges-published", "connectors-welcome"]
    assert kinds_carried(post) == [*other_kinds, *in_order]


async def test_a_letter_waits_for_one_that_is_held_back_and_a_link_asked_for_does_not(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post()
    outbox = outbox_of(store, encryption, post, clock)
    held_until = clock() + timedelta(minutes=10)
    await queue(store, encryption, clock, "pledges/published", not_before=held_until)
    await queue(store, encryption, clock, "connectors/welcome")
    await queue(store, encryption, clock, "keeping/manage")
    assert await outbox.deliver_due() == 1
    assert kinds_carried(post) == ["keeping-manage"]
    clock.now = held_until
    assert await outbox.deliver_due() == 2
    assert kinds_carried(post)[1:] == ["pledges-published", "connectors-welcome"]


async def test_a_letter_does_not_wait_for_one_that_was_given_up(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(PermanentFailure("SMTP 550 for the recipient")))
    outbox = outbox_of(store, encryption, post, clock)
    await queue(store, encryption, clock, "pledges/confirm")
    await queue(store, encryption, clock, "pledges/question")
    assert await outbox.deliver_due() == 2
    assert await store.read(count_backlog) == Backlog(0, 2, None)


async def test_a_letter_in_hand_elsewhere_holds_up_the_next_about_the_same(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    dying = Post(raising(asyncio.CancelledError()))
    await queue(store, encryption, clock, "pledges/confirm")
    await queue(store, encryption, clock, "pledges/question")
    with pytest.raises(asyncio.CancelledError):
        await outbox_of(store, encryption, dying, clock).deliver_due()
    post = Post()
    restarted = outbox_of(store, encryption, post, clock)
    assert await restarted.deliver_due() == 0
    clock.now += LEASE
    assert await restarted.deliver_due() == 2
    assert kinds_carried(post) == ["pledges-confirm", "pledges-question"]


async def test_two_outboxes_never_carry_the_same_letter(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    await store.insert([letter_row(encryption, LETTER, now=clock()) for _ in range(20)])
    post = Post()
    boxes = [outbox_of(store, encryption, post, clock) for _ in range(2)]
    assert sum(await asyncio.gather(*(box.deliver_due() for box in boxes))) == 20
    assert len({message.name for message in post.carried}) == 20


async def test_a_nudged_outbox_delivers_and_stops_when_asked(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    arrived = asyncio.Event()
    post = Post(lambda message: arrived.set())
    outbox = outbox_of(store, encryption, post, clock)
    jobs = Scheduler(clock)
    jobs.every(
        POLL_SECONDS,
        outbox.deliver_due,
        name="letters",
        wake=outbox.wake,
        at_end=outbox.finish,
    )
    async with jobs.running():
        await store.insert([letter_row(encryption, LETTER, now=clock())])
        outbox.nudge()
        await asyncio.wait_for(arrived.wait(), 5)
    assert (await the_letter(store)).state == "sent"


async def test_a_folder_holds_one_whole_file_a_letter_however_often(
    tmp_path: Path, encryption: Encryption, store: Database, clock: Clock
) -> None:
    folder = FolderTransport(tmp_path / "mail")
    await folder.send(OutgoingMessage("one", "a@example.org", "b@example.org", b"first"))
    await folder.send(OutgoingMessage("one", "a@example.org", "b@example.org", b"again"))
    files = list((tmp_path / "mail").iterdir())
    assert [(file.name, file.read_bytes()) for file in files] == [("one.eml", b"again")]
    assert files[0].stat().st_mode & 0o077 == 0


async def test_a_folder_also_holds_what_a_letter_looks_like(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mail")
    message = OutgoingMessage("one", "a@example.org", "b@example.org", b"all", "<h1>Zoë</h1>")
    for _ in range(2):
        await folder.send(message)
    files = {file.name: file.read_bytes() for file in (tmp_path / "mail").iterdir()}
    assert files == {"one.eml": b"all", "one.html": "<h1>Zoë</h1>".encode()}


class SlowPost(Post):
    """A transport whose letters are under way until the test lets each of them arrive."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: dict[str, asyncio.Event] = {}
        self.began = asyncio.Condition()

    async def send(self, message: OutgoingMessage) -> None:
        self.tried.append(message)
        arrives = self.under_way[message.to] = asyncio.Event()
        async with self.began:
            self.began.notify_all()
        await arrives.wait()
        del self.under_way[message.to]
        self.carried.append(message)

    async def wait_for(self, count: int) -> None:
        """Return when so many letters were begun."""
        async with self.began, asyncio.timeout(10):
            await self.began.wait_for(lambda: len(self.tried) >= count)

    def arrive(self, *addresses: str) -> None:
        for address in addresses or [*self.under_way]:
            self.under_way[address].set()


MANY = [f"{number}@example.org" for number in range(CONNECTIONS + 2)]
"""More addresses than letters leave at once."""


async def queue_to(
    store: Database, encryption: Encryption, clock: Clock, *addresses: str, kind: str = ""
) -> None:
    """Queue a letter to each address, a second apart."""
    for address in addresses:
        letter = Letter(kind or "pledges/confirm", address, "Subject", "Words\n")
        await store.insert([letter_row(encryption, letter, now=clock())])
        clock.advance(seconds=1)


async def test_several_leave_at_once_in_order_for_each_and_a_hanging_one_holds_no_other(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = SlowPost()
    outbox = outbox_of(store, encryption, post, clock)
    await queue_to(store, encryption, clock, "mary@example.org", "mary@example.org", *MANY)
    delivery = asyncio.create_task(outbox.deliver_due())
    await post.wait_for(CONNECTIONS - 1)
    assert [message.to for message in post.tried] == ["mary@example.org", *MANY[: CONNECTIONS - 2]]
    for number, address in enumerate(MANY):
        await post.wait_for(CONNECTIONS - 1 if number < len(post.under_way) else number + 2)
        post.arrive(address)
        await post.wait_for(min(CONNECTIONS + number, len(MANY) + 1))
    assert [message.to for message in post.tried].count("mary@example.org") == 1
    post.arrive("mary@example.org")
    await post.wait_for(len(MANY) + 2)
    assert post.carried[-1] == post.tried[0]
    post.arrive("mary@example.org")
    assert await delivery == len(MANY) + 2
    assert await store.read(count_backlog) == Backlog(0, 0, None)


async def test_a_link_to_sign_in_goes_before_all_others_also_while_they_hang(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = SlowPost()
    outbox = outbox_of(store, encryption, post, clock)
    await queue_to(store, encryption, clock, *MANY)
    await queue_to(store, encryption, clock, "ann@example.org", kind="access/sign_in")
    delivery = asyncio.create_task(outbox.deliver_due())
    await post.wait_for(CONNECTIONS)
    assert post.tried[0].to == "ann@example.org"
    post.arrive("ann@example.org")
    await queue_to(store, encryption, clock, "joe@example.org", kind="access/sign_in")
    outbox.nudge()
    await post.wait_for(CONNECTIONS + 1)
    assert post.tried[-1].to == "joe@example.org"
    assert len(post.carried) == 1, "all others hang still"
    while not delivery.done():
        post.arrive()
        await asyncio.sleep(0)
    assert await delivery == len(MANY) + 2


async def test_a_letter_in_a_dead_hand_waits_for_seconds(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    dying = Post(raising(asyncio.CancelledError()))
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    with pytest.raises(asyncio.CancelledError):
        await outbox_of(store, encryption, dying, clock).deliver_due()
    clock.advance(seconds=20)
    assert await outbox_of(store, encryption, Post(), clock).deliver_due() == 1


async def test_a_lease_is_renewed_as_long_as_its_letter_is_under_way(
    store: Database, encryption: Encryption, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.mail.outbox.RENEW_SECONDS", 0.01)
    slow, other = SlowPost(), Post()
    await queue_to(store, encryption, clock, "mary@example.org")
    delivery = asyncio.create_task(outbox_of(store, encryption, slow, clock).deliver_due())
    await slow.wait_for(1)
    clock.advance(seconds=20)
    until = clock() + LEASE
    while (await the_letter(store)).lease_until < until:
        await asyncio.sleep(0.01)
    assert await outbox_of(store, encryption, other, clock).deliver_due() == 0
    slow.arrive()
    assert await delivery == 1


async def test_a_letter_written_or_tried_by_a_clock_that_was_ahead_is_sent_all_the_same(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(TemporaryFailure("SMTP 451 for the letter")))
    outbox = outbox_of(store, encryption, post, clock)
    await queue_to(store, encryption, clock, "mary@example.org")
    clock.advance(days=366)
    await queue_to(store, encryption, clock, "joe@example.org")
    assert await outbox.deliver_due() == 2
    clock.now -= timedelta(days=366)
    post.then = lambda message: None
    assert await outbox.deliver_due() == 2
    assert await store.read(count_backlog) == Backlog(0, 0, None)


async def test_what_was_sent_while_the_store_was_unavailable_is_recorded_and_not_sent_again(
    store: Database, encryption: Encryption, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.mail.outbox.RECORD_AGAIN_SECONDS", 0.01)
    post = Post()
    await store.insert([letter_row(encryption, LETTER, now=clock())])
    record, refusals = mail_store.record_attempt, [StoreUnavailable(), StoreUnavailable()]

    def refuse_first(*args: Any) -> None:
        clock.now += LEASE
        if refusals:
            raise refusals.pop()
        record(*args)

    monkeypatch.setattr(mail_store, "record_attempt", refuse_first)
    assert await outbox_of(store, encryption, post, clock).deliver_due() == 1
    assert len(post.carried) == 1
    assert (await the_letter(store)).state == "sent"


async def test_what_was_taken_in_hand_and_not_begun_is_given_back_at_the_end(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = SlowPost()
    outbox = outbox_of(store, encryption, post, clock)
    await queue_to(store, encryption, clock, *MANY)
    delivery = asyncio.create_task(outbox.deliver_due())
    await post.wait_for(CONNECTIONS - 1)
    ending = asyncio.create_task(outbox.finish())
    await asyncio.sleep(0)
    post.arrive()
    await ending
    assert await delivery == CONNECTIONS - 1
    assert await outbox_of(store, encryption, Post(), clock).deliver_due() == 3


async def test_a_failed_letter_is_sent_when_it_is_queued_again(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    post = Post(raising(PermanentFailure("SMTP 550 for the recipient")))
    outbox = outbox_of(store, encryption, post, clock)
    await queue_to(store, encryption, clock, "mary@example.org", "joe@example.org")
    await outbox.deliver_due()
    failed = await store.read(lambda c: mail_store.undelivered(c, ["failed"]))
    assert [letter.last_error for letter in failed] == ["SMTP 550 for the recipient"] * 2
    post.then = lambda message: None
    clock.advance(days=10)
    ids = [failed[1].id]
    requeued = await store.write(
        lambda c: mail_store.requeue_failed(c, ids, clock(), "operator jo")
    )
    assert requeued == 1
    assert await outbox.deliver_due() == 1
    assert post.carried[0].to == "joe@example.org"
    assert (await store.read(count_backlog)).failed == 1
    assert await store.read(audit.verify) is None


def test_a_burst_that_is_over_is_over(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [100.0]
    monkeypatch.setattr("api.store.writer.monotonic", lambda: seconds[0])
    with Database(sqlite_url) as store:
        store._writer._grouped_at = seconds[0]
        busy = [store.busy]
        seconds[0] += 1.1
        busy.append(store.busy)
        assert busy == [True, False]
