"""A circuit breaker: after failures in a row nobody waits for a server that does not answer.

Closed, everything may pass. After `FAILURES` in a row it is open for `OPEN_SECONDS`; then one
caller, the probe, may try. What the probe meets closes it, or opens it for as long again.
"""

from collections.abc import Callable
from threading import Lock

FAILURES = 3
OPEN_SECONDS = 30.0

Seconds = Callable[[], float]  # a clock that only ever goes forward, such as time.monotonic


class CircuitBreaker:
    """Counts failures of one server. Safe to call from many threads."""

    def __init__(self, clock: Seconds) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Say whether the server is left alone for now."""
        with self._lock:
            return self._failures >= FAILURES

    def allows_call(self) -> bool:
        """Say whether this caller may try. Who tries records success or failure afterwards."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + OPEN_SECONDS  # others wait for what the probe meets
            return True

    def record_success(self) -> None:
        """Record an answer."""
        with self._lock:
            self._failures = 0

    def record_failure(self) -> bool:
        """Record a failure; say whether it opened the circuit just now."""
        with self._lock:
            was_open = self._failures >= FAILURES
            self._failures += 1
            if self._failures < FAILURES:
                return False
            self._open_until = self._clock() + OPEN_SECONDS
            return not was_open
