"""The circuit breaker, by a clock that is told."""

import pytest

from api.search.circuit_breaker import FAILURES, OPEN_SECONDS, Breaker


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def tripped(ticks: Ticks) -> Breaker:
    breaker = Breaker(ticks)
    said = [breaker.failed() for _ in range(FAILURES)]
    assert said == [False] * (FAILURES - 1) + [True]
    return breaker


def test_failures_that_are_not_in_a_row_open_nothing(ticks: Ticks) -> None:
    breaker = Breaker(ticks)
    for _ in range(FAILURES):
        breaker.failed()
        breaker.went_well()
    assert breaker.may_pass()
    assert not breaker.open


def test_after_failures_in_a_row_nobody_passes_for_a_while(ticks: Ticks, tripped: Breaker) -> None:
    assert tripped.open
    ticks.now += OPEN_SECONDS - 0.1
    assert not tripped.may_pass()


def test_then_one_caller_tries_and_the_others_wait_for_it(ticks: Ticks, tripped: Breaker) -> None:
    ticks.now += OPEN_SECONDS
    assert [tripped.may_pass() for _ in range(3)] == [True, False, False]


def test_a_probe_that_is_answered_closes_it(ticks: Ticks, tripped: Breaker) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.may_pass()
    tripped.went_well()
    assert [tripped.may_pass() for _ in range(3)] == [True, True, True]
    assert not tripped.open


def test_a_probe_that_fails_opens_it_again_and_says_nothing_new(
    ticks: Ticks, tripped: Breaker
) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.may_pass()
    assert not tripped.failed()
    ticks.now += OPEN_SECONDS - 0.1
    assert not tripped.may_pass()
    ticks.now += 0.1
    assert tripped.may_pass()


def test_a_probe_that_never_comes_back_does_not_keep_it_open_for_ever(
    ticks: Ticks, tripped: Breaker
) -> None:
    ticks.now += OPEN_SECONDS
    assert tripped.may_pass()
    ticks.now += OPEN_SECONDS
    assert tripped.may_pass()
