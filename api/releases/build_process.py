"""Runs builds in processes of their own, so that the service goes on answering requests.

`api.releases.current_release` loads the new release when it is finished. In production a build runs
at low priority. Where an editor waits for it, a process with the program loaded begins at once.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from api.settings import build_environ

NICE_INCREMENT = 10  # added to its nice value: requests have priority
BUILD_PROGRAM = f"import os; os.nice({NICE_INCREMENT}); from api.cli import main; main()"
WAITING_PROGRAM = (
    "from api.releases.waiting_process import wait; wait(); from api.cli import main; main()"
)


async def build(root: Path) -> tuple[bool, str]:
    """Build the project; return whether it could be built, and what `kith build` output of faults.

    Cancelling ends the build; the current release stays.
    """
    return await _run_to_end(await _start(root, BUILD_PROGRAM))


class WaitingBuilder:
    """Builds one project at once: a process that has loaded the program waits for each build.

    Loading takes as long as building what one edit changes. It costs the memory of the one that
    waits, so it is for those who edit. One build at a time.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._waiting: Process | None = None

    async def run(self) -> None:
        """Start the first process; when cancelled, end the one that waits."""
        self._waiting = await _start(self._root, WAITING_PROGRAM)
        try:
            await asyncio.Event().wait()
        finally:
            if self._waiting:
                await _run_to_end(self._waiting)

    async def build(self, root: Path) -> tuple[bool, str]:
        """Build as `build` does, without delay, and start the next process."""
        process, self._waiting = self._waiting, None
        result = await _run_to_end(process or await _start(root, WAITING_PROGRAM), b"build\n")
        if self._waiting is None:
            self._waiting = await _start(root, WAITING_PROGRAM)
        return result


async def _start(root: Path, program: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "--project", str(root), "build"),
        env=build_environ(os.environ),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
    )


async def _run_to_end(building: Process, command: bytes = b"") -> tuple[bool, str]:
    """Give a build its command, and wait for its end; one that waits ends where there is none."""
    try:
        _, output = await building.communicate(command)
    except asyncio.CancelledError:
        if building.returncode is None:
            building.terminate()
        await building.wait()
        raise
    return building.returncode == 0, output.decode(errors="replace").strip()
