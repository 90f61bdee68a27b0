"""Shows an edit two seconds sooner at 1,000 entries: a build process waits with all modules loaded.

It begins at a line on its input. Run by `build_process.Ready` as a program. Where the program's
files are newer than what was loaded, it starts itself anew: pages are made by the code that
stands there now.
"""

import os
import sys
import time
from pathlib import Path

PROGRAM = Path(__file__).parents[2]
MTIME_TOLERANCE = 1.0  # seconds by which the times of files may be rough
BUILD_PROGRAM = "from api.cli import main; main()"


def wait() -> None:
    """Load what a build needs and return at a line of input; end the program without one."""
    since = time.time() - MTIME_TOLERANCE
    import holidays.countries  # noqa: F401 - a fifth of a second

    from api.releases import build

    build.load_builder()
    if not sys.stdin.readline():
        sys.exit()
    if _is_newer(since):
        os.execv(sys.executable, [sys.executable, "-c", BUILD_PROGRAM, *sys.argv[1:]])  # noqa: S606 - itself


def _is_newer(since: float) -> bool:
    """Say whether code was written after this moment (seconds since the epoch)."""
    folders = (PROGRAM / "api", PROGRAM / "catalogue")
    files = (file for folder in folders for file in folder.rglob("*.py"))
    return any(file.stat().st_mtime >= since for file in files)
