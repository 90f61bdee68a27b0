"""A build beside the running service: a process of its own, so that requests are answered.

`api.releases.current_release` loads the new release when it is done. In production a build is in
no hurry. Where an editor waits for it, one process stands loaded and begins at once.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

PATIENCE = 10  # added to its niceness: requests go first
PATIENT = f"import os; os.nice({PATIENCE}); from api.cli import main; main()"
READY = "from api.releases.waiting_process import wait; wait(); from api.cli import main; main()"


async def build(root: Path) -> tuple[bool, str]:
    """Build the project; return whether it could be built, and what `kith build` said of faults.

    Cancelling ends the build; the release that stands goes on standing.
    """
    return await _ended(await _started(root, PATIENT))


class WaitingBuilder:
    """Builds one project at once: a process that has loaded the program waits for each build.

    Loading takes as long as building what one edit changes. It costs the memory of the one that
    waits, so it is for those who edit. One build at a time.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._waiting: Process | None = None

    async def run(self) -> None:
        """Have the first one wait; let the one that waits go when cancelled."""
        self._waiting = await _started(self._root, READY)
        try:
            await asyncio.Event().wait()
        finally:
            if self._waiting:
                await _ended(self._waiting)

    async def build(self, root: Path) -> tuple[bool, str]:
        """Build as `build` does, without delay, and have the next one wait."""
        waiting, self._waiting = self._waiting, None
        ended = await _ended(waiting or await _started(root, READY), b"build\n")
        if self._waiting is None:
            self._waiting = await _started(root, READY)
        return ended


async def _started(root: Path, program: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "--project", str(root), "build"),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
    )


async def _ended(building: Process, word: bytes = b"") -> tuple[bool, str]:
    """Give a build its word, and wait for its end; one that waits ends where there is none."""
    try:
        _, said = await building.communicate(word)
    except asyncio.CancelledError:
        if building.returncode is None:
            building.terminate()
        await building.wait()
        raise
    return building.returncode == 0, said.decode(errors="replace").strip()
