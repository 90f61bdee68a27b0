"""The memory of a build: searched seldom while it runs, and as before once it ended."""

import gc

import pytest

from api.releases import garbage_collection


def test_after_a_build_that_broke_memory_is_searched_as_before() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError, match="no room"), garbage_collection.steady():
        _broken_build()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_refers_to_itself_is_given_back_while_building_too() -> None:
    before = _given_back()
    with garbage_collection.steady():
        for _ in range(2 * garbage_collection.YOUNG):
            ring: list[object] = []
            ring.append(ring)
        assert _given_back() > before


def _broken_build() -> None:
    garbage_collection.settle()
    assert gc.get_threshold() == (
        garbage_collection.YOUNG,
        garbage_collection.MIDDLE,
        garbage_collection.OLD,
    )
    assert gc.get_freeze_count() > 0
    raise RuntimeError("no room")


def _given_back() -> int:
    return sum(one["collected"] for one in gc.get_stats())
