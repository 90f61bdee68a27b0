"""The same thing sent twice is kept once, and answered the same."""

import asyncio
from datetime import timedelta

import pytest

from api.errors import Invalid
from api.mail.letters import Letter
from api.mail.outbox import queued
from api.security.encryption import Key, Vault
from api.security.references import make
from api.store import idempotency, schema
from api.store.database import Database, Row
from tests.api.conftest import Clock
from tests.api.test_store import count, request_rows

pytestmark = pytest.mark.anyio

LETTER = Letter("signposting/arrived", "team@example.org", "A request", "There is one.\n")


class Desk:
    """Keeps requests the way a feature does."""

    def __init__(self, store: Database, vault: Vault, clock: Clock) -> None:
        self.store, self.vault, self.clock = store, vault, clock
        self.references = (make("R") for _ in iter(int, 1))

    def prepare(self) -> tuple[str, list[Row]]:
        reference = next(self.references)
        letter = queued(self.vault, LETTER, now=self.clock(), about=reference)
        return reference, [*request_rows(self.clock(), reference), letter]

    async def take(self, key: str | None, body: bytes = b"{}", route: str = "ask") -> str:
        return await idempotency.once(
            self.store,
            self.vault,
            self.prepare,
            route=route,
            key=key,
            body=body,
            now=self.clock(),
        )

    async def kept(self) -> tuple[int, int]:
        requests = await self.store.read(count(schema.signposting_request))
        return requests, await self.store.read(count(schema.letter))


@pytest.fixture
def desk(store: Database, vault: Vault, clock: Clock) -> Desk:
    return Desk(store, vault, clock)


async def test_a_hundred_at_once_are_one(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.take("key-12345") for _ in range(100)))
    assert len(set(answers)) == 1
    assert await desk.kept() == (1, 1)


async def test_without_a_key_each_is_kept(desk: Desk) -> None:
    assert await desk.take(None) != await desk.take(None)
    assert await desk.kept() == (2, 2)


async def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    await desk.take("key-12345", b"one")
    with pytest.raises(Invalid):
        await desk.take("key-12345", b"two")
    assert await desk.kept() == (1, 1)


async def test_the_same_key_at_another_route_is_another(desk: Desk) -> None:
    await desk.take("key-12345", route="ask")
    await desk.take("key-12345", route="sign_up")
    assert await desk.kept() == (2, 2)


async def test_a_key_may_be_used_again_after_a_day(desk: Desk) -> None:
    first = await desk.take("key-12345")
    desk.clock.now += idempotency.KEPT + timedelta(seconds=1)
    assert await desk.take("key-12345", b"other") != first
    assert await desk.kept() == (2, 2)


async def test_a_repeat_is_known_when_the_sealing_key_has_changed(desk: Desk) -> None:
    first = await desk.take("key-12345")
    desk.vault = Vault([Key("new", bytes(range(50, 82))), Key("test", bytes(range(32)))])
    assert await desk.take("key-12345") == first


async def test_a_taken_reference_is_drawn_again(desk: Desk) -> None:
    desk.references = iter(["R-7KQ4-XM2P", "R-7KQ4-XM2P", "R-2222-2222"])
    assert await desk.take("key-one-1") == "R-7KQ4-XM2P"
    assert await desk.take("key-two-2") == "R-2222-2222"
    assert await desk.kept() == (2, 2)


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "key\n12345", "kéy-12345"])
async def test_a_poor_key_is_refused(desk: Desk, key: str) -> None:
    with pytest.raises(Invalid):
        await desk.take(key)
    assert await desk.kept() == (0, 0)
