"""A build beside the running service: a process of its own, in no hurry, so requests go first.

Whoever follows `build/current` (`api.served`) turns over when the new release stands.
"""

import asyncio
import sys
from pathlib import Path

PATIENCE = 10  # added to its niceness: requests go first
PROGRAM = "import os; os.nice({patience}); from api.cli import main; main()"


async def build(root: Path, patience: int = PATIENCE) -> tuple[bool, str]:
    """Build the project; return whether it could be built, and what `kith build` said of faults.

    Cancelling ends the build; the release that stands goes on standing.
    """
    building = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM.format(patience=patience), "--project", str(root), "build"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await building.communicate()
    except asyncio.CancelledError:
        if building.returncode is None:
            building.terminate()
        await building.wait()
        raise
    return building.returncode == 0, said.decode(errors="replace").strip()
