"""Answers that take long are made apart: the same once, some wait, more are refused."""

import asyncio
import threading

import pytest

from api.errors import Unavailable
from api.http import render_queue
from api.http.render_queue import RenderQueue

pytestmark = pytest.mark.anyio


async def test_the_same_is_made_once_for_all_who_ask() -> None:
    queue, made = RenderQueue(), []

    def make() -> bytes:
        made.append(threading.current_thread().name)
        return b"sheet"

    answers = await asyncio.gather(*(queue.render(make, "key") for _ in range(200)))
    assert {*answers, await queue.render(make, "key")} == {b"sheet"}
    assert len(made) == 1
    assert made[0].startswith("render")
    assert await queue.render(make, "another") == b"sheet"
    assert len(made) == 2


async def test_more_than_may_wait_are_refused_and_the_rest_is_answered() -> None:
    queue, go_on = RenderQueue(), threading.Event()

    def make() -> bytes:
        go_on.wait(20)
        return b"sheet"

    count = render_queue.MOST_WAITING + 1
    waiting = [asyncio.ensure_future(queue.render(make, number)) for number in range(count)]
    for _ in range(3):
        await asyncio.sleep(0)
    for key in (None, "one more"):
        with pytest.raises(Unavailable) as refusal:
            await queue.render(make, key)
        assert refusal.value.after_seconds
    go_on.set()
    assert await asyncio.gather(*waiting) == [b"sheet"] * count
    assert await queue.render(make) == b"sheet"


async def test_one_who_leaves_ends_it_for_nobody_else() -> None:
    queue, go_on = RenderQueue(), threading.Event()

    def make() -> bytes:
        go_on.wait(20)
        return b"sheet"

    leaves, stays = (asyncio.ensure_future(queue.render(make, "key")) for _ in range(2))
    await asyncio.sleep(0)
    leaves.cancel()
    go_on.set()
    assert await stays == b"sheet"


async def test_a_failure_is_told_and_not_kept() -> None:
    queue = RenderQueue()

    def fail() -> bytes:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the very one
        await queue.render(fail, "key")
    assert await queue.render(lambda: b"sheet", "key") == b"sheet"


async def test_the_cache_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_queue, "CACHE_BYTES", 10)
    queue, made = RenderQueue(), []

    async def ask(key: str) -> None:
        await queue.render(lambda: made.append(key) or b"12345", key)  # type: ignore[func-returns-value]

    for key in ("a", "b", "c", "c", "b", "a"):
        await ask(key)
    assert made == ["a", "b", "c", "a"]
