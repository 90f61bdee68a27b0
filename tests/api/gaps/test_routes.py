"""Reports that there is nothing, from a page and from a program."""

from typing import Any

import msgspec
import pytest

from api.features.gaps import count_gap
from api.store import schema
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio

REPORT = {"place": "Temeford", "kind": "choir"}
JSON = {"content-type": "application/json"}


async def stored_gaps(service: ServiceUnderTest) -> list[tuple[Any, ...]]:
    await service.gaps.write()
    return [tuple(row) for row in await service.rows(schema.gap)]


@pytest.mark.parametrize("address", ["/gaps", "/api/gaps"])
async def test_a_gap_is_reported_as_json_and_answered_in_names_of_our_lists(
    service: ServiceUnderTest, address: str
) -> None:
    answer = await service.client.post(address, json={**REPORT, "need": "canary"})
    assert answer.status_code == 202
    assert answer.json() == {"counted": True, "area": "Temeford", "kind": "choir", "need": ""}
    assert await stored_gaps(service) == [("2026-11", "Temeford", "choir", "", 1)]


async def test_a_button_without_scripts_leads_to_a_page_of_thanks(
    service: ServiceUnderTest,
) -> None:
    answer = await service.client.post("/gaps", data=REPORT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps/told")
    page = await service.client.get("/gaps/told")
    assert page.status_code == 200
    assert "nothing about you" in page.text
    assert await stored_gaps(service) == [("2026-11", "Temeford", "choir", "", 1)]


async def test_one_page_view_counts_once_however_often_it_is_pressed(
    service: ServiceUnderTest,
) -> None:
    for view in ("view-of-mary", "view-of-mary", "view-of-jo", ""):
        assert (await service.client.post("/gaps", json={**REPORT, "page_view": view})).is_success
    assert (await stored_gaps(service))[0][-1] == 3


async def test_what_no_list_knows_is_taken_and_not_counted(service: ServiceUnderTest) -> None:
    answer = await service.client.post("/gaps", json={"place": "canary", "kind": "canary"})
    assert answer.json() == {"counted": False, "area": "", "kind": "", "need": ""}
    assert await stored_gaps(service) == []


BODIES: dict[str, tuple[int, Any]] = {
    "no JSON": (400, b"{canary"),
    "a list": (422, b'["canary"]'),
    "an unknown field": (422, msgspec.json.encode({**REPORT, "who": "canary"})),
    "a number": (422, msgspec.json.encode({"place": 7})),
    "10,000 characters": (422, msgspec.json.encode({"place": "canary " * 1_500})),
    "a line end": (422, msgspec.json.encode({"place": "canary\nTemeford"})),
    "NUL": (422, msgspec.json.encode({"kind": "canary\x00"})),
}


@pytest.mark.parametrize("address", ["/gaps", "/api/gaps"])
@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_a_problem_that_repeats_nothing(
    service: ServiceUnderTest, name: str, address: str
) -> None:
    status, body = BODIES[name]
    answer = await service.client.post(address, content=body, headers=JSON)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text.casefold()
    assert await stored_gaps(service) == []


async def test_another_sites_page_cannot_count(service: ServiceUnderTest) -> None:
    answer = await service.client.post(
        "/gaps", data=REPORT, headers={"origin": "https://x.example"}
    )
    assert answer.status_code == 403
    assert await stored_gaps(service) == []


async def test_a_program_is_slowed_down(service: ServiceUnderTest) -> None:
    service.enable_rate_limits()
    answers = [(await service.client.post("/gaps", json=REPORT)).status_code for _ in range(8)]
    assert answers == [202] * 5 + [429] * 3
    assert (await stored_gaps(service))[0][-1] == 5


async def test_a_search_is_counted_as_often_and_never_refused(service: ServiceUnderTest) -> None:
    service.enable_rate_limits()
    scope: Any = {"client": ("192.0.2.1", 1), "headers": []}
    for _ in range(8):
        count_gap(service.context, scope, place="Temeford", kind="choir")
    assert (await stored_gaps(service))[0][-1] == 5
