"""What fits a question, in which group and in which order: the rules every engine is held to."""

from typing import Any

import pytest

from api.errors import Invalid
from api.search import ranking
from api.search.port import Query
from catalogue.model.geo import Point
from catalogue.outputs.search.documents import SearchDocument
from tests.search.conftest import TAXONOMY, make_document
from tests.search.reference import ranked


def slugs_and_groups(*documents: SearchDocument, **params: Any) -> list[tuple[str, str]]:
    """Return slug and group of all hits, in order."""
    result = ranked(documents, TAXONOMY, Query(**params))
    return [(document.slug, fit.group) for document, fit in result.hits]


def slugs(*documents: SearchDocument, **params: Any) -> list[str]:
    return [slug for slug, _group in slugs_and_groups(*documents, **params)]


def test_what_is_unknown_comes_after_what_is_known_and_is_asked() -> None:
    documents = (
        make_document("asks", free="unknown"),
        make_document("free", free="yes"),
        make_document("paid", free="no"),
    )
    result = ranked(documents, TAXONOMY, Query(free="yes"))
    assert [(document.slug, fit.ask) for document, fit in result.hits] == [
        ("free", ()),
        ("asks", ("free",)),
    ]
    assert [(group.matching, group.may) for group in result.groups] == [(1, 1)]


@pytest.mark.parametrize("param", ["alone", "lift", "buddy"])
def test_a_welcome_nobody_wrote_down_may_be_one(param: str) -> None:
    assert slugs(make_document("x"), **{param: "yes"}) == ["x"]


def test_a_day_and_a_time_must_meet_in_one_slot() -> None:
    documents = (
        make_document("both", slots=("monday/morning", "friday/evening")),
        make_document("fits", slots=("monday/evening",)),
        make_document("hour-unknown", slots=("monday/",)),
        make_document("unknown"),
    )
    params = {"days": ("monday",), "times": ("evening",)}
    assert slugs(*documents, **params) == ["fits", "hour-unknown", "unknown"]


def test_every_access_fact_asked_for_must_hold_or_be_asked() -> None:
    documents = (
        make_document("no-loop", access_yes=("step-free",)),
        make_document("ask-loop", access_yes=("step-free",), access_unknown=("hearing-loop",)),
        make_document("all", access_yes=("step-free", "hearing-loop")),
    )
    assert slugs(*documents, access=("step-free", "hearing-loop")) == ["all", "ask-loop"]


def test_an_age_is_kept_out_only_by_a_limit_that_is_written() -> None:
    documents = (make_document("any"), make_document("young", maximum_age=25))
    assert slugs(*documents, age=74) == ["any"]


def test_coverage_is_not_proximity() -> None:
    documents = (
        make_document("line", ways=("by phone",), places=(), area_served=("Harrow Vale",)),
        make_document("visits", ways=("comes to you",), places=(), area_served=("Temeford",)),
        make_document("bus", places=("Marrowby", "Harrow Vale"), area_served=("Temeford",)),
        make_document("here"),
        make_document("there", places=("Marrowby", "Harrow Vale")),
    )
    groups = [("here", "near"), ("bus", "serves"), ("visits", "comes"), ("line", "remote")]
    assert slugs_and_groups(*documents, place="Temeford") == groups


def test_where_nothing_is_near_the_nearest_is_shown() -> None:
    far = make_document("far", places=("Marrowby",), points=(Point(54.9, 1.8),))
    farther = make_document("farther", places=("Marrowby",), points=(Point(55.2, 1.8),))
    assert slugs_and_groups(farther, far, near="54.700,1.800") == [
        ("far", "further"),
        ("farther", "further"),
    ]


def test_what_nobody_checked_for_a_year_leaves_near_me_and_is_counted() -> None:
    old = make_document("old", freshness="old")
    result = ranked((old,), TAXONOMY, Query(place="Temeford"))
    assert (result.hits, result.too_old) == ((), 1)
    assert slugs(old) == ["old"]


def test_facts_checked_long_ago_sort_lower() -> None:
    at = {"next_session": "2026-12-01T10:00:00+00:00"}
    ageing = make_document("a", freshness="ageing", **at)
    confirmed = make_document("b", freshness="fresh", **at)
    assert slugs(ageing, confirmed) == ["b", "a"]


def test_near_means_the_distance_asked_for() -> None:
    near = make_document("near", places=(), points=(Point(54.71, 1.80),))
    off = make_document("off", places=(), points=(Point(54.80, 1.80),))
    assert slugs_and_groups(near, off, near="54.700,1.800", within_km=5) == [("near", "near")]
    both_near = [("near", "near"), ("off", "near")]
    assert slugs_and_groups(near, off, near="54.700,1.800", within_km=20) == both_near


def test_order_falls_back_on_what_can_be_done() -> None:
    assert ranking.sort_order(Query(order="best"), None) == "soonest"
    assert ranking.sort_order(Query(q="choir"), None) == "best"
    assert ranking.sort_order(Query(q="choir", order="nearest"), None) == "soonest"


@pytest.mark.parametrize("near", ["91,0", "north", "54.7", "54.7;1.8", "1e9,0", "54.7,1.8,2"])
def test_coordinates_that_cannot_be_are_refused(near: str) -> None:
    with pytest.raises(Invalid) as refused:
        Query(near=near)
    assert [fault.field for fault in refused.value.errors] == ["near"]
