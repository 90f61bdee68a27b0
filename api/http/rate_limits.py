"""Rate limits for each client and purpose: a burst, and a steady rate.

Counts are kept in memory under keyed digests whose key changes daily: no address is stored, and
days cannot be linked. Asking for help is limited so loosely that only a program reaches the limit.
"""

import hmac
import ipaddress
import math
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import msgspec
from litestar.types import Scope

from api.errors import TooMany
from api.settings import Network


class Window(msgspec.Struct, frozen=True):
    """At most `count` in any `seconds`, at an even pace once they are used up."""

    count: int
    seconds: int


class Rule(msgspec.Struct, frozen=True):
    """What holds for a purpose: both windows must have room."""

    burst: Window
    steady: Window


HOUR, DAY = 3_600, 86_400

RULES: Mapping[str, Rule] = {
    # A library's or a job centre's readers share one address, and may all need help today.
    "ask": Rule(Window(20, 60), Window(200, HOUR)),
    "sign_up": Rule(Window(5, 60), Window(30, HOUR)),
    # A sign-up is five pages, and one more for every slip. Past "sign_up" one by the form is held.
    "sign_up_pages": Rule(Window(120, 60), Window(1_200, HOUR)),
    "sign_up_forms": Rule(Window(30, 60), Window(200, HOUR)),
    "sign_ups_everywhere": Rule(Window(120, 60), Window(3_000, HOUR)),
    "sign_ups_of_contact": Rule(Window(4, 60), Window(20, DAY)),
    "sign_ups_of_name": Rule(Window(4, 60), Window(20, DAY)),
    "confirm": Rule(Window(20, 60), Window(120, HOUR)),
    "search": Rule(Window(60, 10), Window(1_200, HOUR)),
    # A search that found nothing is counted as a gap: a program must not write the statistics.
    "gap": Rule(Window(5, 60), Window(20, HOUR)),
    # A class of learners may share one address.
    "course": Rule(Window(40, 60), Window(400, HOUR)),
    # A phone sends at once what it stored in a week without a connection.
    "point": Rule(Window(60, 60), Window(240, HOUR)),
    "correct": Rule(Window(5, 60), Window(30, HOUR)),
    # A library's readers share one address; one device is counted once a day besides.
    "was_it_true": Rule(Window(20, 60), Window(200, HOUR)),
    "sign_in_links": Rule(Window(10, 60), Window(60, HOUR)),
    "sign_in": Rule(Window(10, 60), Window(60, HOUR)),
    # Six digits must not be guessed by whoever reads somebody's letters.
    "codes_of_staff": Rule(Window(10, 600), Window(30, DAY)),
    # Letters that a stranger can cause to be sent to one address.
    "letters_to_address": Rule(Window(3, HOUR), Window(6, DAY)),
}

_ADDRESSES_READ = 1_024  # cached: parsing an address costs as much as counting its call
UNKNOWN = "unknown"
"""Stands for an address that cannot be parsed."""

CALLERS_REMEMBERED = 100_000
"""Beyond so many, the caller not seen for longest is forgotten."""


class Limits:
    """One for the process, used from the event loop only. `clock` counts seconds, never back."""

    def __init__(
        self,
        trusted_proxies: Sequence[Network] = (),
        *,
        rules: Mapping[str, Rule] = RULES,
        clock: Callable[[], float] = time.monotonic,
        callers_remembered: int = CALLERS_REMEMBERED,
    ) -> None:
        self._callers_remembered = callers_remembered
        self._trusted = trusted_proxies
        self._rules = rules
        self._clock = clock
        self._full_at: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._new_day(clock())

    def check(self, scope: Scope, purpose: str) -> None:
        """Count one call from this client; raise `TooMany` if it comes too soon."""
        self.check_value(purpose, client_network(scope, self._trusted))

    def source(self, scope: Scope) -> str:
        """Return the network a call came from, empty where nobody can tell."""
        network = client_network(scope, self._trusted)
        return "" if network == UNKNOWN else network

    def has_room(self, purpose: str, value: str) -> bool:
        """Count one call for any value, and say whether there was room for it."""
        try:
            self.check_value(purpose, value)
        except TooMany:
            return False
        return True

    def check_value(self, purpose: str, value: str) -> None:
        """Count one call for any value, such as a canonical address; raise `TooMany`."""
        now = self._now()
        rule = self._rules[purpose]
        key, burst, steady = self._counted_until(purpose, value, now)
        wait = max(_wait(burst, rule.burst, now), _wait(steady, rule.steady, now))
        if wait > 0:
            raise TooMany(math.ceil(wait))
        self._full_at[key] = (_counted(burst, rule.burst, now), _counted(steady, rule.steady, now))
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._callers_remembered:
            self._full_at.popitem(last=False)

    def is_full(self, purpose: str, value: str) -> bool:
        """Say whether one more call would be too many, without counting one."""
        now = self._now()
        rule = self._rules[purpose]
        _key, burst, steady = self._counted_until(purpose, value, now)
        return max(_wait(burst, rule.burst, now), _wait(steady, rule.steady, now)) > 0

    def _now(self) -> float:
        now = self._clock()
        if now - self._day_began >= DAY:
            self._new_day(now)
        return now

    def _counted_until(self, purpose: str, value: str, now: float) -> tuple[bytes, float, float]:
        """Return a value's key, and when what was counted for it is paced out in each window."""
        key = hmac.digest(self._key, f"{purpose}\0{value}".encode(), "sha256")
        burst, steady = self._full_at.get(key, (now, now))
        return key, burst, steady

    def _new_day(self, now: float) -> None:
        self._key = os.urandom(32)
        self._day_began = now
        self._full_at.clear()


def client_network(scope: Scope, trusted: Sequence[Network]) -> str:
    """The address a call came from; of IPv6 the /64, for a household has a whole one.

    `X-Forwarded-For` counts only as far as trusted proxies wrote it: read from the right, the
    first address that is no trusted proxy is the caller's. What is left of it cannot be trusted.
    """
    client = scope.get("client")
    proxies = tuple(trusted)
    last = str(client[0]) if client else ""
    forwarded = [
        part.strip().decode("latin-1")
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for part in value.split(b",")
    ]
    while forwarded and _is_among(last, proxies):
        last = forwarded.pop()
    return _network_of(last)


@lru_cache(_ADDRESSES_READ)
def _is_among(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


@lru_cache(_ADDRESSES_READ)
def _network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def _wait(full_at: float, window: Window, now: float) -> float:
    """Seconds until there is room for one more; nought or less if there is room now.

    The generic cell rate algorithm: `full_at` is when all counted calls are paced out; it may lie
    at most a window, less one call, ahead.
    """
    return full_at - now - window.seconds * (window.count - 1) / window.count


def _counted(full_at: float, window: Window, now: float) -> float:
    return max(full_at, now) + window.seconds / window.count
