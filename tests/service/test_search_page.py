"""The find form answered without scripts: what is not known is said, and old links still work."""

from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from api.house import House
from api.store import schema

COUNTED = select(schema.gap)


def test_a_place_nobody_knows_is_said_and_not_passed_over(client: TestClient[Any]) -> None:
    page = client.get("/search?q=coffee&place=Nowhereton")
    assert page.status_code == 200
    assert "We do not know a place called “Nowhereton”" in page.text


def test_a_filter_from_an_old_link_is_left_out_and_not_refused(client: TestClient[Any]) -> None:
    page = client.get("/search?q=coffee&day=frogday&way=by+pigeon&free=perhaps&page=x")
    assert page.status_code == 200
    assert "A choice in this link is no longer known, so we left it out" in page.text
    assert "Tuesday coffee morning at the Mill" in page.text


def test_markup_in_a_question_stays_words(client: TestClient[Any]) -> None:
    page = client.get("/search?q=<script>alert(1)</script>&place=<b>")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_search_that_finds_nothing_is_counted_by_its_kind_and_area_alone(
    client: TestClient[Any], house: House
) -> None:
    client.get("/search?q=canaryfeather&place=ZZ1+1AA&kind=choir")
    client.get("/search?q=coffee")  # this one finds something
    with client.portal() as portal:
        portal.call(house.gaps.write)
    rows = house.database.read_now(lambda look: [tuple(row) for row in look.execute(COUNTED)])
    assert rows == [("2026-11", "Temeford", "choir", "", 1)]


@pytest.mark.parametrize(
    "asked",
    [
        "kind=falconry", "need=nothing", "access=moat", "language=Klingon", "promise=a/b",
        "page=0", "page=-1", "page=999999999999", "age=old", "age=999", "age=%C2%B2",
        "within_km=9999", "near=north", "near=91,0", "order=shuffled", "time=noon",
    ],
)  # fmt: skip
def test_what_no_longer_means_anything_is_left_out_and_said(
    client: TestClient[Any], asked: str
) -> None:
    page = client.get(f"/search?q=coffee&{asked}")
    assert page.status_code == 200
    assert "no longer known" in page.text
    assert "Tuesday coffee morning at the Mill" in page.text


def test_a_link_that_is_sound_says_nothing_of_the_kind(client: TestClient[Any]) -> None:
    page = client.get("/search?q=coffee&day=tuesday&age=74&near=&order=soonest")
    assert "no longer known" not in page.text


def test_ten_thousand_letters_are_answered_as_far_as_they_are_read(
    client: TestClient[Any],
) -> None:
    page = client.get("/search?q=coffee+" + "a" * 10_000)
    assert page.status_code in (200, 414)
    page = client.get("/search?q=coffee+morning+" + "tea+" * 300)
    assert page.status_code == 200
    assert "We looked for the first of them" in page.text
