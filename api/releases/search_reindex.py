"""A background job that gives each release that is served an index on the Meilisearch server.

The work is a process of its own with a key of its own, so that requests are answered meanwhile and
the service never holds a key that may change an index. Until it is done the engine inside answers.
"""

import asyncio
import logging
import sys

from api.releases.build import Release
from api.releases.current_release import CurrentRelease

LOOK_EVERY_SECONDS = 1.0
AGAIN_AFTER_LOOKS = 60
NOT_ASKED_RIGHT = 2  # the command's exit code: no key was given for it

logger = logging.getLogger("kith.search")


class SearchReindex:
    """Indexes each new current release once."""

    def __init__(self, served: CurrentRelease) -> None:
        self._served = served
        self._done: Release | None = None
        self._wait = 0

    async def reindex_if_needed(self) -> bool:
        """Index the release served if that is still to do; return whether it was tried.

        A failure is tried again after some calls.
        """
        newest = self._served.now.release
        if newest == self._done:
            return False
        if self._wait:
            self._wait -= 1
            return False
        status = await self._index()
        if status in (0, NOT_ASKED_RIGHT):
            self._done = newest
        else:
            self._wait = AGAIN_AFTER_LOOKS
        return True

    async def _index(self) -> int:
        words = ("--project", str(self._served.root), "search", "index")
        indexing = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "api.cli", *words,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            _out, errors = await indexing.communicate()
        except asyncio.CancelledError:
            indexing.terminate()
            await indexing.wait()
            raise
        status = indexing.returncode or 0
        if status:
            last_line = errors.decode(errors="replace").strip().splitlines()[-1:]
            logger.warning("Meilisearch was not given the release: %s", "".join(last_line))
        else:
            logger.info("Meilisearch has release %s", self._served.now.release.folder.name)
        return status
