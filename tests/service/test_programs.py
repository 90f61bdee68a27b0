"""Programs that ask the API: what they write wrongly is said, and other sites may read it."""

from typing import Any

import pytest
from litestar.testing import TestClient

ELSEWHERE = {"origin": "https://another.example"}


def test_a_parameter_nobody_knows_is_refused_with_those_there_are(reader: TestClient[Any]) -> None:
    answer = reader.get("/api/activities?q=coffee&plaec=Temeford")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"] == "urn:kith:malformed"
    assert "It takes: q, kind, need, place, near, within_km, day, time" in problem["detail"]
    assert problem["detail"].endswith('Did you mean "place"?')
    assert "plaec" not in answer.text


@pytest.mark.parametrize(
    "path", ["/api/activities/friendly-phone-call", "/api/pledges/stay-connected", "/api/gaps"]
)
def test_an_address_without_parameters_takes_none(reader: TestClient[Any], path: str) -> None:
    if reader.get(path).status_code == 200:
        assert reader.get(f"{path}?frog=1").status_code == 400


@pytest.mark.parametrize(
    ("query", "field", "choice"),
    [
        ("day=funday", "day", "monday, tuesday"),
        ("time=frogday", "time", "morning, afternoon, evening"),
        ("way=pigeon", "way", "in person, online"),
        ("order=shuffled", "order", "soonest"),
        ("free=perhaps", "free", "yes"),
        ("kind=falconry", "kind", "coffee-morning"),
        ("need=nothing", "need", "cannot-get-out"),
        ("access=moat", "access", "step-free"),
        ("promise=a/b", "promise", "stay-connected/"),
    ],
)
def test_a_value_outside_a_closed_list_is_refused_with_the_list(
    reader: TestClient[Any], query: str, field: str, choice: str
) -> None:
    answer = reader.get(f"/api/activities?{query}")
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["field"].partition("[")[0] == field
    assert choice in fault["message"]
    assert query.partition("=")[2] not in answer.text


@pytest.mark.parametrize(
    "path", ["/api/activities", "/activities.json", "/feed.xml", "/embed/stay-connected.json"]
)
def test_a_page_of_another_site_may_read_public_data(reader: TestClient[Any], path: str) -> None:
    headers = reader.get(path, headers=ELSEWHERE).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("path", ["/", "/find/", "/search?q=tea", "/staff/sign-in"])
def test_a_page_of_another_site_may_not_read_pages(reader: TestClient[Any], path: str) -> None:
    headers = reader.get(path, headers=ELSEWHERE).headers
    assert "access-control-allow-origin" not in headers


def test_a_page_of_another_site_may_not_send(reader: TestClient[Any]) -> None:
    answer = reader.post("/api/signposting-requests", json={}, headers=ELSEWHERE)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    options_answer = reader.options("/api/activities", headers=ELSEWHERE)
    assert options_answer.headers["access-control-allow-methods"] == "GET, HEAD"
