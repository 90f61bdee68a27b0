"""What is sent to a pledge in error or in malice: nothing kept, nothing repeated, no accident."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from api.store import schema
from tests.api.bad_input import JSON, SMUGGLED, assert_is_a_problem, assert_not_logged
from tests.api.pledges.conftest import PUB
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio

ADDRESS = "/api/pledges/connector/sign-ups"
LISTEN = {"state": "doing"}


def saying(**changes: Any) -> bytes:
    body = {name: value for name, value in {**PUB, **changes}.items() if value is not None}
    return msgspec.json.encode(body)


def promising(**changes: Any) -> bytes:
    return saying(promises={**PUB["promises"], "listen": {**LISTEN, **changes}})


BODIES: dict[str, tuple[set[int], bytes]] = {
    "nothing": ({400, 422}, b""),
    "no JSON": ({400}, b"{canary"),
    "a list": ({422}, b'["canary"]'),
    "invalid UTF-8": ({400}, b'{"name":"canary\xff"}'),
    "5,000 lists": ({400}, b'{"promises":' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
    "5,000 objects": ({400}, b'{"promises":' + b'{"canary":' * 5_000 + b"1" + b"}" * 5_001),
    "too much": ({413}, saying(name="canary" * 12_000)),
    "an unknown field": ({422}, saying(canary=1)),
    "an unknown field inside": ({422}, promising(canary=1)),
    "promises as a list": ({422}, saying(promises=["canary"])),
    "a promise as a text": ({422}, saying(promises={"listen": "canary"})),
    "a promise nobody asked for": ({422}, saying(promises={**PUB["promises"], "canary": LISTEN})),
    "a promise named by a sentence": ({422}, saying(promises={"Canary! <b>": LISTEN})),
    "no promises": ({422}, saying(promises={})),
    "one that is needed is missing": ({422}, saying(promises={"listen": LISTEN})),
    "an impossible day": ({422}, promising(state="starting", by="2027-02-30")),
    "a start without a day": ({422}, promising(state="starting")),
    "a sentence with an address": ({422}, promising(how="Write to canary@example.org")),
    "a sentence with a number": ({422}, promising(how="Ring canary on 07700 900 123")),
    "a sentence with a postcode": ({422}, promising(how="Canary at ZZ1 1AA")),
    "a sentence with a link": ({422}, promising(how="See https://canary.example")),
    "a sentence with markup": ({422}, promising(how="<b>canary</b>")),
    "a name with markup": ({422}, saying(name="<script>canary</script>")),
    "a name with a link": ({422}, saying(name="Canary www.win.example")),
    "NUL in a name": ({422}, saying(name="canary\x00")),
    "turned direction in a name": ({422}, saying(name="canary\u202e")),
    "an encoded header in a name": ({422}, saying(name=SMUGGLED)),
    "an encoded header in an address": ({422}, saying(contact_email="=?canary?=@example.org")),
    "two addresses": ({422}, saying(contact_email="a@example.org,canary@example.org")),
    "a line end in an address": ({422}, saying(contact_email="canary@example.org\nBcc: x@y.zz")),
    "a named address": ({422}, saying(contact_email="Canary <canary@example.org>")),
    "true for yes": ({422}, saying(may_sign=True)),
    "no": ({422}, saying(may_sign="no")),
    "an old wording": ({422}, saying(version=1)),
    "a wording of text": ({422}, saying(version="2")),
    "a kind of another pledge": ({422}, saying(kind="shop")),
    "a place nobody knows": ({422}, saying(place="canary")),
    "an organisation without a signer": ({422}, saying(signer_name=None)),
}


@pytest.fixture
async def untouched(
    service: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[ServiceUnderTest]:
    """The service, and afterwards: nothing kept, and nothing of it in the log."""
    caplog.set_level(logging.DEBUG)
    yield service
    for table in (schema.sign_up, schema.letter, schema.audit, schema.repeat):
        assert await service.count(table) == 0, table.name
    assert_not_logged(caplog)


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_a_problem_that_repeats_nothing(
    untouched: ServiceUnderTest, name: str
) -> None:
    statuses, body = BODIES[name]
    answer = await untouched.client.post(ADDRESS, content=body, headers=JSON)
    assert_is_a_problem(answer, statuses)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content-type": "text/plain"}),
        (403, {**JSON, "origin": "https://elsewhere.example"}),
        (403, {**JSON, "sec-fetch-site": "cross-site"}),
    ],
)
async def test_what_comes_from_elsewhere_is_not_taken(
    untouched: ServiceUnderTest, status: int, headers: dict[str, str]
) -> None:
    answer = await untouched.client.post(ADDRESS, content=saying(), headers=headers)
    assert_is_a_problem(answer, {status})


async def test_a_pledge_that_is_not_there_is_missing(untouched: ServiceUnderTest) -> None:
    answer = await untouched.client.post(
        "/api/pledges/canary/sign-ups", content=saying(), headers=JSON
    )
    assert_is_a_problem(answer, {404})


async def test_all_faults_of_a_promise_name_the_commitment(untouched: ServiceUnderTest) -> None:
    body = saying(
        promises={"listen": {"state": "starting", "how": "a@b"}, "point-on": {"state": "doing"}}
    )
    answer = await untouched.client.post(ADDRESS, content=body, headers=JSON)
    fields = sorted(fault["field"] for fault in answer.json()["errors"])
    assert fields == ["promises.listen.by", "promises.listen.how"]


FORMS: dict[str, tuple[set[int], bytes]] = {
    "invalid UTF-8": ({400}, b"name=canary%ff"),
    "bytes that are no ASCII": ({400}, b"name=canary\xff"),
    "a thousand fields": ({400}, b"&".join(b"canary=1" for _ in range(1_000))),
    "nothing": ({200}, b""),  # the first question
    "a last page with nothing": ({422}, b"at=check"),
    "a page nobody has": ({200}, b"at=canary&change=canary&back=canary"),
    "a state of text": ({422}, b"at=check&promise-listen=canary&by-listen=canary&how-listen=%00"),
}


@pytest.mark.parametrize("path", ["/pledges/connector/sign", "/confirm/resend"])
@pytest.mark.parametrize("name", FORMS)
async def test_a_bad_form_is_never_an_accident(
    untouched: ServiceUnderTest, name: str, path: str
) -> None:
    statuses, body = FORMS[name]
    answer = await untouched.client.post(
        path, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    # whoever asks for a new link is told the same whatever they send
    assert answer.status_code in (statuses if "sign" in path else statuses | {200})


@pytest.mark.parametrize("token", ["%00", "%ff", "..%2f..", "a" * 1_900, "%ed%a0%80"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_a_strange_token_is_no_link(
    untouched: ServiceUnderTest, method: str, token: str
) -> None:
    answer = await untouched.client.request(method, f"/confirm/{token}")
    assert answer.status_code in {404, 405, 410}
