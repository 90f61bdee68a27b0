"""The folders of releases: how a finished one gets its name, and how the link turns over to it.

What somebody may be reading is never moved: not the folder the link points to, not one of the same
stamp that a slow service still answers from. So a file that two releases have is always there.

Who serves a release holds a shared lock on its folder, which the kernel lets go of when the
process ends. `filelock` has none: many may hold one, and no file is written for it.
"""

import fcntl
import os
import shutil
import weakref
from itertools import count
from pathlib import Path

GOING = ".gone"
KEPT = 2  # the one served and the one before it, for requests still under way


def stamp_of(folder: Path) -> str:
    """Return the stamp of a release: a second one made by force has the same, and a number."""
    return folder.name.partition("-")[0]


def find_release(releases: Path, stamp: str) -> Path | None:
    """Return a release of this stamp that still stands, such as of an edit that was taken back."""
    found = (one for one in releases.glob(f"{stamp}*") if stamp_of(one) == stamp)
    return max(found, key=lambda folder: folder.stat().st_mtime, default=None)


def publish(making: Path, stamp: str, link: Path) -> Path:
    """Give a finished folder its name beside the others, turn over to it, and return it."""
    names = (stamp if number == 1 else f"{stamp}-{number}" for number in count(1))
    final = next(path for name in names if not (path := making.with_name(name)).exists())
    making.rename(final)
    switch_to(final, link)
    return final


def switch_to(folder: Path, link: Path) -> None:
    """Have the link point to a release, in one step, and forget old ones."""
    os.utime(folder)
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(folder.parent.name) / folder.name)
    fresh.replace(link)
    _forget_old(folder)


def _forget_old(served: Path) -> None:
    """Remove releases but for the newest ones, and for those that a running service still holds.

    One that goes loses its name first: a kill in between leaves no half release that seems whole.
    """
    gone = [one for one in served.parent.glob(".*") if stamp_of(one) == GOING]
    whole = [one for one in served.parent.iterdir() if not one.name.startswith(".")]
    others = sorted(
        (folder for folder in whole if folder != served),
        key=lambda folder: folder.stat().st_mtime,
        reverse=True,
    )
    for folder in others[KEPT - 1 :]:
        if not is_locked(folder):
            gone.append(folder.rename(folder.with_name(f"{GOING}-{folder.name}")))
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)


class ReleaseLock:
    """Holds a folder until nobody speaks of this value any more. Raises OSError if it is gone."""

    def __init__(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)

    def end(self) -> None:
        """Let go now."""
        self._release()


def is_locked(folder: Path) -> bool:
    """Say whether somebody has locked the folder at this moment."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
