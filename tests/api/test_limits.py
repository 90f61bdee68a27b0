"""Limits slow a program down, and hardly ever a person."""

import ipaddress
from typing import Any

import pytest

from api.errors import TooMany
from api.http.rate_limits import DAY, RULES, Limits, Rule, Window, client_network

PROXY = (ipaddress.ip_network("10.0.0.0/8"),)


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def scope(client: str | None, *forwarded: str) -> Any:
    headers = [(b"x-forwarded-for", address.encode()) for address in forwarded]
    return {"client": (client, 1) if client else None, "headers": headers}


def count_allowed(limits: Limits, purpose: str, value: str, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            limits.check_value(purpose, value)
        except TooMany:
            continue
        count += 1
    return count


def test_a_burst_is_taken_and_then_a_pace(seconds: Seconds) -> None:
    limits = Limits(clock=seconds, rules={"x": Rule(Window(3, 60), Window(100, 3_600))})
    assert count_allowed(limits, "x", "a", 10) == 3
    with pytest.raises(TooMany) as error:
        limits.check_value("x", "a")
    assert error.value.after_seconds == 20
    seconds.now += 20
    assert count_allowed(limits, "x", "a", 10) == 1


def test_the_steady_window_holds_when_the_burst_has_room(seconds: Seconds) -> None:
    limits = Limits(clock=seconds, rules={"x": Rule(Window(10, 1), Window(5, 3_600))})
    assert count_allowed(limits, "x", "a", 10) == 5
    seconds.now += 60
    assert count_allowed(limits, "x", "a", 10) == 0
    seconds.now += 3_600
    assert count_allowed(limits, "x", "a", 10) == 5


def test_callers_and_purposes_are_counted_apart(seconds: Seconds) -> None:
    limits = Limits(clock=seconds)
    assert count_allowed(limits, "sign_up", "a", 99) == 5
    assert count_allowed(limits, "sign_up", "b", 99) == 5
    assert count_allowed(limits, "ask", "a", 10) == 10


def test_being_refused_costs_nothing(seconds: Seconds) -> None:
    limits = Limits(clock=seconds, rules={"x": Rule(Window(1, 10), Window(100, 3_600))})
    assert count_allowed(limits, "x", "a", 50) == 1
    seconds.now += 10
    assert count_allowed(limits, "x", "a", 1) == 1


def test_a_whole_library_may_ask_for_help() -> None:
    assert RULES["ask"].burst.count >= 20
    assert RULES["ask"].steady.count >= 200


def test_no_address_is_kept(seconds: Seconds) -> None:
    limits = Limits(clock=seconds)
    limits.check_value("ask", "192.0.2.7")
    assert "192.0.2.7" not in repr(vars(limits))


def test_nobody_is_known_again_on_the_next_day(seconds: Seconds) -> None:
    window = Window(1, 3 * DAY)
    limits = Limits(clock=seconds, rules={"x": Rule(window, window)})
    assert count_allowed(limits, "x", "a", 2) == 1
    seconds.now += DAY - 1
    assert count_allowed(limits, "x", "a", 2) == 0
    seconds.now += 1
    assert count_allowed(limits, "x", "a", 2) == 1


def test_memory_is_bounded(seconds: Seconds) -> None:
    rules = {"x": Rule(Window(1, 60), Window(100, 3_600))}
    limits = Limits(clock=seconds, rules=rules, callers_remembered=10)
    for caller in ("first", *map(str, range(10))):
        assert count_allowed(limits, "x", caller, 2) == 1
    assert count_allowed(limits, "x", "9", 1) == 0, "one of the last ten was forgotten"
    assert count_allowed(limits, "x", "first", 1) == 1, "the eleventh last is still remembered"


@pytest.mark.parametrize(
    ("caller_request", "network"),
    [
        (scope("192.0.2.7"), "192.0.2.7"),
        (scope("192.0.2.7", "198.51.100.1"), "192.0.2.7"),
        (scope("10.0.0.1", "198.51.100.1"), "198.51.100.1"),
        (scope("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1"),
        (scope("10.0.0.1", "203.0.113.9", "198.51.100.1"), "198.51.100.1"),
        (scope("10.0.0.1", "canary"), "unknown"),
        (scope("2001:db8:1:2:3::4"), "2001:db8:1:2::/64"),
        (scope("::ffff:192.0.2.7"), "192.0.2.7"),
        (scope(None), "unknown"),
    ],
)
def test_the_caller_is_the_last_address_no_proxy_of_ours_has(
    caller_request: Any, network: str
) -> None:
    assert client_network(caller_request, PROXY) == network


def test_a_forged_header_gains_nothing(seconds: Seconds) -> None:
    limits = Limits(PROXY, clock=seconds)
    refused = 0
    for number in range(1_000):
        try:
            limits.check(scope("10.0.0.1", f"203.0.113.{number % 250}, 198.51.100.1"), "sign_up")
        except TooMany:
            refused += 1
    assert refused == 995
