"""Watches the project's files while an editor works, and requests a build after each change.

Not for production, where `kith build` is run when a change is finished (`KITH_WATCH=no`).
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from api.releases.build_process import WaitingBuilder
from api.releases.rebuild_queue import RebuildQueue

FOLDERS = ("content", "site", "tongues")
FILES = ("mkdocs.yml", "package-lock.json")
AGAIN_AFTER_SECONDS = 60.0  # where watching ended with a fault
QUIET_MS = 150  # edits closer together than this are one
TEMPORARY = (r"^\.", r"^#", r"^4913$", r"\.(tmp|bak|orig|part)$")  # of editors and of our own

logger = logging.getLogger("kith.watching")


async def build_edits(root: Path, builds: RebuildQueue) -> None:
    """Build after each edit, in a process that waits with the program loaded, until cancelled."""
    ready = WaitingBuilder(root)
    builds.set_builder(ready.build)
    watching = ProjectWatcher(root, partial(builds.request, settled=True))
    await asyncio.gather(watching.run(), ready.run())  # watched first: nothing is missed


class ProjectWatcher:
    """Watches one project; `changed` is called some time after the last of several edits."""

    def __init__(self, root: Path, changed: Callable[[], None]) -> None:
        self._root = root
        self._changed = changed

    async def run(self) -> None:
        """Watch until cancelled. A machine that cannot watch says so once."""
        await asyncio.gather(*(self._look(*place) for place in self._places()))

    def _places(self) -> Iterator[tuple[tuple[Path, ...], bool]]:
        """Yield what to watch and whether with all in it: a file that is replaced is watched by
        its folder, and the project's own folder holds too much to be watched whole.
        """
        folders = tuple(self._root / name for name in FOLDERS if (self._root / name).is_dir())
        yield folders, True
        yield (self._root,), False

    async def _look(self, places: tuple[Path, ...], recursive: bool) -> None:
        changes = awatch(
            *places,
            watch_filter=EditFilter(None if recursive else FILES),
            debounce=1600,
            step=QUIET_MS,
            recursive=recursive,
        )
        try:
            async for _ in changes:
                self._changed()
        except OSError as error:
            logger.warning("edits are not seen (%s): run `kith build` after them", error.strerror)


class EditFilter(DefaultFilter):
    """Lets through what an editor meant to write; with `names`, only files of these names."""

    def __init__(self, names: tuple[str, ...] | None) -> None:
        super().__init__(ignore_entity_patterns=[*DefaultFilter.ignore_entity_patterns, *TEMPORARY])
        self._names = names

    def __call__(self, change: Change, path: str) -> bool:
        """Say whether a change counts."""
        return (self._names is None or Path(path).name in self._names) and super().__call__(
            change, path
        )
