"""Count one answer a device, commitment and day, without keeping anything about the device.

In memory only: digests under a random key that is replaced every day, so that digests of two days
cannot be compared. After a restart a device may answer once more.
"""

import hmac
import os
from datetime import date

MAX_ANSWERS_PER_DAY = 200_000
"""More answers in a day come from a program; those past the limit are not counted."""


class DailyFeedbackLimit:
    """One for the process, used from the event loop only."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._digests: set[bytes] = set()

    def admit(self, device: str, commitment: str, today: date) -> bool:
        """Say whether this is the device's first answer about the commitment today; record it."""
        if today != self._day:
            self._day, self._key, self._digests = today, os.urandom(32), set()
        digest = hmac.digest(self._key, f"{device}\0{commitment}".encode(), "sha256")
        if digest in self._digests or len(self._digests) >= MAX_ANSWERS_PER_DAY:
            return False
        self._digests.add(digest)
        return True
