"""Which devices have answered today: digests under a key that is thrown away at midnight.

In memory only. Neither an address nor a browser's name is kept, and yesterday's digests could not
be told from today's. After a restart a device may answer once more.
"""

import hmac
import os
from datetime import date

KEPT = 200_000
"""More answers than this in a day are a program's: they are not counted."""


class AnsweredToday:
    """One for the process, used from the event loop only."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._seen: set[bytes] = set()

    def first(self, device: str, about: str, today: date) -> bool:
        """Say whether this device answers about this for the first time today, and note it."""
        if today != self._day:
            self._day, self._key, self._seen = today, os.urandom(32), set()
        digest = hmac.digest(self._key, f"{device}\0{about}".encode(), "sha256")
        if digest in self._seen or len(self._seen) >= KEPT:
            return False
        self._seen.add(digest)
        return True
