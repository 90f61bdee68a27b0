"""The folders of releases: publishes a finished one, switches the link to it, deletes old ones.

A folder that may be in use is never moved: neither the one that the link points to, nor one of the
same stamp that a service still serves. So a file that two releases have is always available.

A process that serves a release holds a shared lock on its folder, which the kernel releases when
the process ends. `filelock` has no shared locks.
"""

import fcntl
import os
import shutil
import weakref
from itertools import count
from pathlib import Path

DELETED_PREFIX = ".gone"
RELEASES_TO_KEEP = 2  # the one served and the one before it, for requests still under way


def stamp_of(folder: Path) -> str:
    """Return the stamp of a release; a second one of the same stamp has a number behind it."""
    return folder.name.partition("-")[0]


def find_release(releases: Path, stamp: str) -> Path | None:
    """Return an earlier release of this stamp, such as after an edit was undone, or None."""
    folders = (folder for folder in releases.glob(f"{stamp}*") if stamp_of(folder) == stamp)
    return max(folders, key=lambda folder: folder.stat().st_mtime, default=None)


def publish(making: Path, stamp: str, link: Path) -> Path:
    """Give a finished folder its name beside the others, turn over to it, and return it."""
    names = (stamp if number == 1 else f"{stamp}-{number}" for number in count(1))
    final = next(path for name in names if not (path := making.with_name(name)).exists())
    making.rename(final)
    switch_to(final, link)
    return final


def switch_to(folder: Path, link: Path) -> None:
    """Point the link to a release, atomically, and delete old ones."""
    os.utime(folder)
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(folder.parent.name) / folder.name)
    fresh.replace(link)
    _delete_old(folder)


def _delete_old(served: Path) -> None:
    """Delete releases, except the newest ones and those that a running service has locked.

    A folder is renamed before it is deleted: a kill in between leaves no incomplete release.
    """
    deleted = [folder for folder in served.parent.glob(".*") if stamp_of(folder) == DELETED_PREFIX]
    folders = [folder for folder in served.parent.iterdir() if not folder.name.startswith(".")]
    older = sorted(
        (folder for folder in folders if folder != served),
        key=lambda folder: folder.stat().st_mtime,
        reverse=True,
    )
    for folder in older[RELEASES_TO_KEEP - 1 :]:
        if not is_locked(folder):
            deleted.append(folder.rename(folder.with_name(f"{DELETED_PREFIX}-{folder.name}")))
    for folder in deleted:
        shutil.rmtree(folder, ignore_errors=True)


class ReleaseLock:
    """Locks a folder until this object is deleted. Raises OSError if there is no such folder."""

    def __init__(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)

    def end(self) -> None:
        """Release the lock now."""
        self._release()


def is_locked(folder: Path) -> bool:
    """Return whether a process has locked the folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
