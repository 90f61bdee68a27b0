"""The find form answered without scripts: what is not known is said, and old links still work."""

from typing import Any

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
