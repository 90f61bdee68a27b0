"""The same thing sent twice is kept once, and answered the same."""

import asyncio
from datetime import timedelta

import pytest

from api.errors import Invalid
from api.jobs.store import REPEATS_KEPT, delete_temporary_rows
from api.mail.letters import Letter
from api.mail.outbox import letter_row
from api.security.encryption import Encryption, Key
from api.security.references import make
from api.store import idempotency, schema
from api.store.database import Database, Row
from tests.api.conftest import Clock
from tests.api.test_store import count, request_rows

pytestmark = pytest.mark.anyio

LETTER = Letter("signposting/arrived", "team@example.org", "A request", "There is one.\n")


class Context:
    """Keeps requests the way a feature does."""

    def __init__(self, store: Database, encryption: Encryption, clock: Clock) -> None:
        self.store, self.encryption, self.clock = store, encryption, clock
        self.references = (make("R") for _ in iter(int, 1))

    def prepare(self) -> tuple[str, list[Row]]:
        reference = next(self.references)
        letter = letter_row(self.encryption, LETTER, now=self.clock(), about=reference)
        return reference, [*request_rows(self.clock(), reference), letter]

    async def insert(self, key: str | None, body: bytes = b"{}", route: str = "ask") -> str:
        return await idempotency.insert_once(
            self.store,
            self.encryption,
            self.prepare,
            route=route,
            key=key,
            body=body,
            now=self.clock(),
        )

    async def stored_counts(self) -> tuple[int, int]:
        requests = await self.store.read(count(schema.signposting_request))
        return requests, await self.store.read(count(schema.letter))


@pytest.fixture
def context(store: Database, encryption: Encryption, clock: Clock) -> Context:
    return Context(store, encryption, clock)


async def test_a_hundred_at_once_are_one(context: Context) -> None:
    answers = await asyncio.gather(*(context.insert("key-12345") for _ in range(100)))
    assert len(set(answers)) == 1
    assert await context.stored_counts() == (1, 1)


async def test_without_a_key_each_is_kept(context: Context) -> None:
    assert await context.insert(None) != await context.insert(None)
    assert await context.stored_counts() == (2, 2)


async def test_the_same_key_with_another_body_is_refused(context: Context) -> None:
    await context.insert("key-12345", b"one")
    with pytest.raises(Invalid):
        await context.insert("key-12345", b"two")
    assert await context.stored_counts() == (1, 1)


async def test_the_same_key_at_another_route_is_another(context: Context) -> None:
    await context.insert("key-12345", route="ask")
    await context.insert("key-12345", route="sign_up")
    assert await context.stored_counts() == (2, 2)


async def test_a_key_may_be_used_again_when_its_row_is_gone(context: Context) -> None:
    first = await context.insert("key-12345")
    context.clock.now += REPEATS_KEPT + timedelta(seconds=1)
    now = context.clock.now
    await context.store.write(lambda connection: delete_temporary_rows(connection, now))
    assert await context.insert("key-12345", b"other") != first
    assert await context.stored_counts() == (2, 2)


async def test_a_key_is_known_for_a_day_at_least_and_by_a_clock_that_is_a_year_ahead(
    context: Context,
) -> None:
    first = await context.insert("key-12345")
    for ahead in (idempotency.VALID_FOR - timedelta(seconds=1), timedelta(days=365)):
        context.clock.now += ahead
        assert await context.insert("key-12345") == first
    assert await context.stored_counts() == (1, 1)


async def test_a_repeat_is_known_when_the_sealing_key_has_changed(context: Context) -> None:
    first = await context.insert("key-12345")
    context.encryption = Encryption(
        [Key("new", bytes(range(50, 82))), Key("test", bytes(range(32)))]
    )
    assert await context.insert("key-12345") == first


async def test_a_taken_reference_is_drawn_again(context: Context) -> None:
    context.references = iter(["R-7KQ4-XM2P", "R-7KQ4-XM2P", "R-2222-2222"])  # type: ignore[assignment]
    assert await context.insert("key-one-1") == "R-7KQ4-XM2P"
    assert await context.insert("key-two-2") == "R-2222-2222"
    assert await context.stored_counts() == (2, 2)


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "key\n12345", "kéy-12345"])
async def test_a_poor_key_is_refused(context: Context, key: str) -> None:
    with pytest.raises(Invalid):
        await context.insert(key)
    assert await context.stored_counts() == (0, 0)
