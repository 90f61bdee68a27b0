"""Builds the site when its content has changed, by the service itself or by an editor.

Several changes at once are one build; changes while it builds are built after it. One that fails
leaves the site that stands, is shown to staff (`last`), and is tried again until it succeeds.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from api.releases import build_process

QUIET_SECONDS = 0.3  # decisions closer together than this are one build
TRY_AGAIN_SECONDS = 60.0

Build = Callable[[Path], Awaitable[tuple[bool, str]]]

logger = logging.getLogger("kith.building")


class BuildResult(msgspec.Struct, frozen=True):
    """How the last build that was asked for ended; `output` holds the faults, a line each."""

    at: datetime
    succeeded: bool
    output: str


class RebuildQueue:
    """One for the process. Call `request` after the commit; `build_if_requested` is a job."""

    def __init__(
        self, root: Path, clock: Callable[[], datetime], build: Build = build_process.build
    ) -> None:
        self._root = root
        self._clock = clock
        self._build = build
        self._is_requested = False
        self.wake = asyncio.Event()
        """Set when there is something to build."""
        self._settled = asyncio.Event()
        self._is_building = False
        self.last: BuildResult | None = None

    def set_builder(self, build: Build) -> None:
        """Have the builds to come made by `build`."""
        self._build = build

    @property
    def is_pending(self) -> bool:
        """Say whether something is asked for that does not stand yet."""
        return self._is_requested or self._is_building

    @property
    def failed(self) -> tuple[str, ...]:
        """Return why the site could not be built last, line by line; nothing where it could."""
        return (
            () if self.last is None or self.last.succeeded else tuple(self.last.output.splitlines())
        )

    def request(self, settled: bool = False) -> None:
        """Say that the content has changed; from the event loop only.

        With `settled` no more is to come: then what was asked for before is built with it, at once.
        """
        self._is_requested = True
        self.wake.set()
        if settled:
            self._settled.set()

    async def build_if_requested(self) -> bool:
        """Build if it was asked for or failed before; say whether it did.

        To be run when `wake` is set, and every `TRY_AGAIN_SECONDS`.
        """
        if not (self._is_requested or self._has_failed):
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_SECONDS):
                await self._settled.wait()
        self._is_requested = False
        self.wake.clear()
        self._settled.clear()
        await self.build_once()
        return True

    async def build_once(self) -> None:
        """Build now, and note how it ended."""
        self._is_building = True
        try:
            succeeded, output = await self._build(self._root)
        except Exception as error:  # what was asked for must not be lost: it is tried again
            succeeded, output = False, getattr(error, "strerror", None) or type(error).__name__
        finally:
            self._is_building = False
        is_logged = self._has_failed and self.last is not None and self.last.output == output
        self.last = BuildResult(self._clock(), succeeded, output)
        if not succeeded and not is_logged:
            logger.error("the content is written, but the site could not be built")
            for line in output.splitlines():
                logger.error("%s", line)

    @property
    def _has_failed(self) -> bool:
        return self.last is not None and not self.last.succeeded
