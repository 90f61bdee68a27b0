"""A hold on a release: while somebody serves it, no build takes it away.

The hold is a shared lock on the release's own folder. The kernel lets go of it when its process
ends, however that happens, so none is ever left behind.
"""

import fcntl
import os
import weakref
from pathlib import Path


class Lease:
    """Holds a folder until nobody speaks of the lease any more. Raises OSError if it is gone."""

    def __init__(self, folder: Path) -> None:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._release = weakref.finalize(self, os.close, held)
        fcntl.flock(held, fcntl.LOCK_SH)

    def end(self) -> None:
        """Let go now."""
        self._release()


def is_held(folder: Path) -> bool:
    """Say whether somebody holds the folder at this moment."""
    asked = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(asked)
    return False
