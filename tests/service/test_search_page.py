"""The find form answered without scripts: what is not known is said, and old links still work."""

from typing import Any

from litestar.testing import TestClient


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
