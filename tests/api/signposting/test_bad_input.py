"""What is sent in error or in malice: one shape of error, nothing kept, nothing repeated."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from api.store import schema
from tests.api.bad_input import FORM, JSON, SMUGGLED, assert_is_a_problem, assert_not_logged
from tests.api.service_under_test import ServiceUnderTest
from tests.api.signposting.conftest import MARY

pytestmark = pytest.mark.anyio


def saying(**changes: Any) -> bytes:
    return msgspec.json.encode({**MARY, **changes})


BODIES: dict[str, tuple[set[int], bytes]] = {
    "nothing": ({400, 422}, b""),
    "no JSON": ({400}, b"{canary"),
    "half of it": ({400}, saying()[:-9]),
    "a list": ({422}, b'["canary"]'),
    "a text": ({422}, b'"canary"'),
    "null": ({422}, b"null"),
    "invalid UTF-8": ({400}, b'{"who_asks":"myself","name":"canary\xff"}'),
    "invalid UTF-8 in a key": ({400}, b'{"canary\xff":1}'),
    "5,000 lists": ({400}, b'{"canary":' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
    "5,000 objects": ({400}, b'{"name":' + b'{"canary":' * 5_000 + b"1" + b"}" * 5_001),
    "half a surrogate pair": ({400, 422}, b'{"name":"canary \\ud800"}'),
    "a number for a name": ({422}, saying(name=7)),
    "a list for a name": ({422}, saying(name=["canary"])),
    "an object for needs": ({422}, saying(needs={"canary": "canary"})),
    "needs that are no slugs": ({422}, saying(needs=["Canary!"])),
    "a hundred needs": ({422}, saying(needs=["canary"] * 100)),
    "true for yes": ({422}, saying(consent=True)),
    "an unknown field": ({422}, saying(canary="canary")),
    "an unknown choice": ({422}, saying(reach_by="canary")),
    "a long name": ({422}, saying(name="canary" * 20)),
    "a blank name": ({422}, saying(name="   ")),
    "a line end in a name": ({422}, saying(name="canary\nBcc: x@elsewhere.example")),
    "a line end after a name": ({422}, saying(name="canary\n")),
    "NUL in a name": ({422}, saying(name="canary\x00")),
    "a bell in a name": ({422}, saying(name="canary\x07")),
    "a C1 control in a name": ({422}, saying(name="canary\x85")),
    "turned direction in a name": ({422}, saying(name="canary\u202e")),
    "isolated direction in a name": ({422}, saying(name="canary\u2066")),
    "an encoded header in a name": ({422}, saying(name=SMUGGLED)),
    "NUL in what matters": ({422}, saying(matters="canary\x00")),
    "too long a story": ({422}, saying(matters="canary" * 100)),
    "an endless number": ({400, 422}, b'{"name":' + b"9" * 6_000 + b"}"),
    "too much": ({413}, saying(matters="canary" * 12_000)),
}


@pytest.fixture
async def untouched(
    service: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[ServiceUnderTest]:
    """The service, and afterwards: nothing kept, and nothing of it in the log."""
    caplog.set_level(logging.DEBUG)
    yield service
    assert await service.count(schema.signposting_request) == 0
    assert await service.count(schema.letter) == 0
    assert await service.count(schema.audit) == 0
    assert await service.count(schema.repeat) == 0
    assert_not_logged(caplog)


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_a_problem_that_repeats_nothing(
    untouched: ServiceUnderTest, name: str
) -> None:
    statuses, body = BODIES[name]
    answer = await untouched.client.post("/api/signposting-requests", content=body, headers=JSON)
    assert_is_a_problem(answer, statuses)


NOT_TAKEN: dict[str, tuple[int, dict[str, str]]] = {
    "JSON as text": (415, {"content-type": "text/plain"}),
    "no type": (415, {"content-type": ""}),
    "a foreign page": (403, {**JSON, "origin": "https://canary.example"}),
    "a hidden page": (403, {**JSON, "origin": "null"}),
    "a foreign fetch": (403, {**JSON, "sec-fetch-site": "cross-site"}),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
async def test_what_comes_from_elsewhere_is_not_taken(
    untouched: ServiceUnderTest, name: str
) -> None:
    status, headers = NOT_TAKEN[name]
    answer = await untouched.client.post(
        "/api/signposting-requests", content=saying(), headers=headers
    )
    assert_is_a_problem(answer, {status})


async def test_a_form_is_no_json(untouched: ServiceUnderTest) -> None:
    answer = await untouched.client.post(
        "/api/signposting-requests", content=b"name=canary", headers=FORM
    )
    assert_is_a_problem(answer, {400, 415})


@pytest.mark.parametrize("key", ["short", "x" * 201, "canary canary", "canary-\u00e9\u00e9"])
async def test_a_key_that_cannot_be_one_is_refused(untouched: ServiceUnderTest, key: str) -> None:
    answer = await untouched.client.post(
        "/api/signposting-requests",
        content=saying(),
        headers={**JSON, b"idempotency-key": key.encode()},  # type: ignore[misc]
    )
    assert_is_a_problem(answer, {422})


async def test_all_faults_of_a_body_are_told_at_once(untouched: ServiceUnderTest) -> None:
    body = saying(who_asks="someone_else", name="", reach_at="12", needs=["X"], canary=1)
    answer = await untouched.client.post("/api/signposting-requests", content=body, headers=JSON)
    assert_is_a_problem(answer, {422})
    fields = [fault["field"] for fault in answer.json()["errors"]]
    assert sorted(fields) == ["", "consent", "name", "needs", "reach_at"]


FORMS: dict[str, tuple[set[int], bytes]] = {
    "invalid UTF-8": ({400}, b"name=canary%ff"),
    "bytes that are no ASCII": ({400}, b"name=canary\xff"),
    "a thousand fields": ({400}, b"&".join(b"canary=1" for _ in range(1_000))),
    "NUL": ({422}, b"who_asks=myself&name=canary%00&reach_by=post&reach_at=here"),
    "nothing": ({422}, b""),
}


@pytest.mark.parametrize("name", FORMS)
async def test_a_bad_form_is_never_an_accident(untouched: ServiceUnderTest, name: str) -> None:
    statuses, body = FORMS[name]
    answer = await untouched.client.post("/ask", content=body, headers=FORM)
    assert answer.status_code in statuses


async def test_a_form_in_many_parts_is_not_taken(untouched: ServiceUnderTest) -> None:
    answer = await untouched.client.post("/ask", files={"name": b"canary"})
    assert answer.status_code in {400, 415, 422}
