"""Makes answers that take long in a thread of their own, so that they hold up nobody else.

Searches and staff share the threads of the process. What costs a tenth of a second, such as a PDF,
waits here instead: one is made at a time, a bounded number waits, and more are refused with 503.
"""

import asyncio
import contextvars
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from api.errors import Unavailable

MOST_WAITING = 16
CACHE_BYTES = 32_000_000
RETRY_AFTER_SECONDS = 5


class RenderQueue:
    """One for the process and purpose. Answers with a key are kept until the cache is full."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="render")
        self._in_flight: dict[Hashable, asyncio.Future[bytes]] = {}
        self._cache: OrderedDict[Hashable, bytes] = OrderedDict()
        self._cached_bytes = 0

    async def render(self, make: Callable[[], bytes], key: Hashable | None = None) -> bytes:
        """Return what `make` returns. Raises `Unavailable` where too many wait already.

        `key` names all that the answer depends on: those who ask for the same get the same.
        """
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        own_key = object() if key is None else key
        future = self._in_flight.get(own_key)
        if future is None:
            future = self._submit(make, own_key, is_kept=key is not None)
        return await asyncio.shield(future)  # another caller may wait for it too

    def _submit(
        self, make: Callable[[], bytes], key: Hashable, *, is_kept: bool
    ) -> asyncio.Future[bytes]:
        if len(self._in_flight) > MOST_WAITING:
            raise Unavailable(RETRY_AFTER_SECONDS)
        run = contextvars.copy_context().run
        future = asyncio.get_running_loop().run_in_executor(self._pool, run, make)
        self._in_flight[key] = future
        future.add_done_callback(partial(self._finish, key, is_kept))
        return future

    def _finish(self, key: Hashable, is_kept: bool, future: asyncio.Future[bytes]) -> None:
        del self._in_flight[key]
        if future.cancelled() or future.exception() is not None or not is_kept:
            return
        self._cache[key] = future.result()
        self._cached_bytes += len(future.result())
        while self._cached_bytes > CACHE_BYTES:
            _oldest, content = self._cache.popitem(last=False)
            self._cached_bytes -= len(content)
