"""The circuit breaker, by a clock that is told."""

import pytest

from api.search.circuit_breaker import FAILURES, OPEN_SECONDS, CircuitBreaker


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def tripped(ticks: Ticks) -> CircuitBreaker:
    breaker = CircuitBreaker(ticks)
    opened_states = [breaker.record_failure() for _ in range(FAILURES)]
    assert opened_states == [False] * (FAILURES - 1) + [True]
    return breaker


def test_failures_that_are_not_in_a_row_open_nothing(ticks: Ticks) -> None:
    breaker = CircuitBreaker(ticks)
    for _ in range(FAILURES):
        breaker.record_failure()
        breaker.record_success()
    assert breaker.allows_call()
    assert not breaker.is_open


def test_after_failures_in_a_row_nobody_passes_for_a_while(
    ticks: Ticks, tripped: CircuitBreaker
) -> None:
    assert tripped.is_open
    ticks.now += OPEN_SECONDS - 0.1
    assert not tripped.allows_call()


def test_then_one_caller_tries_and_the_others_wait_for_it(
    ticks: Ticks, tripped: CircuitBreaker
) -> None:
    ticks.now += OPEN_SECONDS
    assert [tripped.allows_call() for _ in range(3)] == [True, False, False]


def test_a_probe_that_is_answered_closes_it(ticks: Ticks, tripped: CircuitBreaker) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.allows_call()
    tripped.record_success()
    assert [tripped.allows_call() for _ in range(3)] == [True, True, True]
    assert not tripped.is_open


def test_a_probe_that_fails_opens_it_again_and_says_nothing_new(
    ticks: Ticks, tripped: CircuitBreaker
) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.allows_call()
    assert not tripped.record_failure()
    ticks.now += OPEN_SECONDS - 0.1
    assert not tripped.allows_call()
    ticks.now += 0.1
    assert tripped.allows_call()


def test_a_probe_that_never_comes_back_does_not_keep_it_open_for_ever(
    ticks: Ticks, tripped: CircuitBreaker
) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.allows_call()
    ticks.now += OPEN_SECONDS
    assert tripped.allows_call()
