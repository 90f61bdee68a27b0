"""While an editor works: what changes in the project is built at once, and faults are told.

Not for production, where `kith build` is run when the words are ready (`KITH_WATCH=no`). A build
that fails leaves the site that stands. Edits while it builds are built after it, all in one go.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from api import aside

FOLDERS = ("content", "site", "tongues")
FILES = ("mkdocs.yml", "package-lock.json")
QUIET_MS = 150  # edits closer together than this are one
TEMPORARY = (r"^\.", r"^#", r"^4913$", r"\.(tmp|bak|orig|part)$")  # of editors and of our own

AT_ONCE = partial(aside.build, patience=0)  # somebody waits for it, and nobody else is served much

Build = Callable[[Path], Awaitable[tuple[bool, str]]]

logger = logging.getLogger("kith.watching")


class Watching:
    """Watches one project and builds it; `build` is `aside.build`, but for tests."""

    def __init__(self, root: Path, build: Build = AT_ONCE) -> None:
        self._root = root
        self._build = build
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Watch and build until cancelled. A machine that cannot watch says so once."""
        eyes = [asyncio.create_task(self._look(*one)) for one in self._places()]
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._build_and_tell()
        finally:
            for eye in eyes:
                eye.cancel()
            await asyncio.gather(*eyes, return_exceptions=True)

    def _places(self) -> Iterator[tuple[tuple[Path, ...], bool]]:
        """Yield what to watch and whether with all in it: a file that is replaced is watched by
        its folder, and the project's own folder holds too much to be watched whole.
        """
        folders = tuple(self._root / name for name in FOLDERS if (self._root / name).is_dir())
        yield folders, True
        yield (self._root,), False

    async def _look(self, places: tuple[Path, ...], recursive: bool) -> None:
        seen = awatch(
            *places,
            watch_filter=Written(None if recursive else FILES),
            debounce=1600,
            step=QUIET_MS,
            recursive=recursive,
        )
        try:
            async for _ in seen:
                self._changed.set()
        except OSError as error:
            logger.warning("edits are not seen (%s): run `kith build` after them", error.strerror)

    async def _build_and_tell(self) -> None:
        try:
            built, said = await self._build(self._root)
        except OSError as error:
            built, said = False, str(error.strerror)
        for line in () if built else said.splitlines():
            logger.warning("%s", line)


class Written(DefaultFilter):
    """Lets through what an editor meant to write; with `names`, only files of these names."""

    def __init__(self, names: tuple[str, ...] | None) -> None:
        super().__init__(ignore_entity_patterns=[*DefaultFilter.ignore_entity_patterns, *TEMPORARY])
        self._names = names

    def __call__(self, change: Change, path: str) -> bool:
        """Say whether a change counts."""
        return (self._names is None or Path(path).name in self._names) and super().__call__(
            change, path
        )
