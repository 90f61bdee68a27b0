"""What no route sees, the headers every answer has, and the one line a request leaves."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.params import FromPath, JSONBody, URLEncodedBody
from litestar.testing import TestClient

from api import errors
from api.http import problems
from api.http.protection import Protection
from api.security import contact_text
from api.settings import from_environ
from catalogue.build import content_security_policy

ORIGIN = "http://127.0.0.1:8000"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Submission(msgspec.Struct, forbid_unknown_fields=True):
    name: contact_text.Name
    needs: list[str] = []


@post("/api/asked", status_code=201)
async def submit(data: JSONBody[Submission]) -> dict[str, str]:
    return {"said": data.name}


@post("/ask", status_code=200)
async def submit_form(data: URLEncodedBody[Submission]) -> str:
    return "taken"


@get("/api/letters/{token:str}")
async def fall_over(token: FromPath[str]) -> None:
    raise RuntimeError(f"cannot read {token}")


@get("/api/busy")
async def busy() -> None:
    raise errors.Unavailable(7)


def page(problem: problems.Problem) -> problems.RenderedProblem:
    return problems.RenderedProblem(
        f"<!doctype html><title>{problem.title}</title><p>{problem.detail}",
        content_security_policy.STRICTEST,
    )


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient[Any]]:
    app = Litestar(
        [submit, submit_form, fall_over, busy],
        exception_handlers=problems.handlers(page),
        logging_config=None,
        openapi_config=None,
    )
    guarded: Any = Protection(app, from_environ(tmp_path, {}), page)
    with TestClient(guarded, base_url=ORIGIN, raise_server_exceptions=False) as opened_client:
        yield opened_client


NOT_TAKEN = {
    "JSON as text": (415, {"content-type": "text/plain"}, b'{"name":"Mary"}'),
    "JSON without a type": (415, {"content-type": ""}, b'{"name":"Mary"}'),
    "a type that only begins like JSON": (415, {"content-type": "application/jsonp"}, b"{}"),
    "a compressed body": (415, {**JSON, "content-encoding": "gzip"}, b'{"name":"Mary"}'),
    "a form with parts": (415, {"content-type": "multipart/form-data; boundary=x"}, b"--x--"),
    "a foreign page": (403, {**JSON, "origin": "https://elsewhere.example"}, b'{"name":"Mary"}'),
    "a hidden page": (403, {**JSON, "origin": "null"}, b'{"name":"Mary"}'),
    "a page that only begins like ours": (
        403,
        {**JSON, "origin": ORIGIN + ".elsewhere.example"},
        b'{"name":"Mary"}',
    ),
    "a foreign fetch": (403, {**JSON, "sec-fetch-site": "cross-site"}, b'{"name":"Mary"}'),
    "a sister site": (403, {**JSON, "sec-fetch-site": "same-site"}, b'{"name":"Mary"}'),
    "a cookie from nowhere": (403, {**JSON, "cookie": "a=b"}, b'{"name":"Mary"}'),
    "a long body": (413, JSON, b'{"name":"' + b"x" * 65_536 + b'"}'),
    "no JSON": (400, JSON, b"{"),
    "no UTF-8": (400, JSON, b'{"name":"\xff"}'),
    "half a surrogate pair": (400, JSON, b'{"name":"\\ud800"}'),
    "nesting without end": (400, JSON, b"[" * 5_000 + b"]" * 5_000),
    "another shape": (422, JSON, b"[]"),
    "another type": (422, JSON, b'{"name":7}'),
    "nothing": (422, JSON, b"{}"),
    "an unknown field": (422, JSON, b'{"name":"Mary","Canary":1}'),
    "a null sign": (422, JSON, b'{"name":"Canary\\u0000"}'),
    "a turned-round name": (422, JSON, b'{"name":"Canary\\u202egod"}'),
    "a header in a name": (422, JSON, b'{"name":"=?utf-8?q?X=0D=0ABcc:_Canary@x?="}'),
    "a line break in a name": (422, JSON, b'{"name":"Canary\\n"}'),
}


@pytest.mark.parametrize(("status", "headers", "body"), NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
def test_what_cannot_be_taken_is_refused_in_one_shape(
    client: TestClient[Any], status: int, headers: dict[str, str], body: bytes
) -> None:
    answer = client.post("/api/asked", headers=headers, content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == problems.PROBLEM_TYPE
    problem = msgspec.json.decode(answer.content, type=problems.Problem, strict=True)
    assert problem.status == status
    assert problem.request_id == answer.headers["x-request-id"]
    assert b"Canary" not in answer.content
    assert "Mary" not in answer.text


def test_a_field_that_cannot_stand_is_named(client: TestClient[Any]) -> None:
    answer = client.post("/api/asked", headers=JSON, content=b'{"name":"", "needs":[1]}')
    assert answer.json()["errors"] == [
        {"field": "name", "message": "This needs at least 1 character."}
    ]
    assert answer.json()["type"] == "urn:kith:invalid"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": ORIGIN},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_pages_and_programs_may_send(
    client: TestClient[Any], headers: dict[str, str]
) -> None:
    answer = client.post(
        "/api/asked", headers={**JSON, **headers}, content=b'{"name":"Zo\xc3\xab"}'
    )
    assert (answer.status_code, answer.json()) == (201, {"said": "Zoë"})


def test_a_form_needs_a_sign_of_the_page_it_was_on(client: TestClient[Any]) -> None:
    assert client.post("/ask", headers=FORM, content="name=Mary").status_code == 403
    old_browser = {**FORM, "referer": f"{ORIGIN}/ask/"}
    assert client.post("/ask", headers=old_browser, content="name=Mary").status_code == 200


def test_a_body_of_unsaid_length_is_counted_as_it_comes(client: TestClient[Any]) -> None:
    pieces = (b" " * 4_096 for _ in range(20))
    assert client.post("/api/asked", headers=JSON, content=pieces).status_code == 413


def test_a_browser_gets_a_page_and_a_program_a_problem(client: TestClient[Any]) -> None:
    answer = client.get("/nowhere", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.get("/api/nowhere", headers={"accept": "text/html"}).json()["status"] == 404


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/letters/x", "/api/busy", "/api/asked"])
def test_every_answer_has_the_headers(client: TestClient[Any], path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers


def test_what_is_busy_says_when_to_come_back(client: TestClient[Any]) -> None:
    answer = client.get("/api/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


def test_a_wrong_method_is_told_the_right_one(client: TestClient[Any]) -> None:
    answer = client.put("/api/asked")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_a_head_is_a_get_without_its_body(client: TestClient[Any]) -> None:
    answer, head = client.get("/api/busy"), client.head("/api/busy")
    assert (head.status_code, head.content) == (503, b"")
    assert head.headers["content-length"] == str(len(answer.content))


def test_a_long_address_is_refused(client: TestClient[Any]) -> None:
    assert client.get("/api/" + "x" * 3_000).status_code == 414


def test_a_fault_of_ours_leaves_one_line_without_anything_personal(
    client: TestClient[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = client.get("/api/letters/canary-token?name=canary")
    assert answer.status_code == 500
    lines = [record for record in caplog.records if record.name != "httpx"]
    assert [line.levelname for line in lines] == ["ERROR"]
    message = lines[0].getMessage()
    assert answer.json()["request_id"] in message
    assert "route=/api/letters/{token}" in message
    assert "RuntimeError" in message
    assert "fall_over" in message
    assert "canary" not in message + answer.text


def test_every_request_leaves_one_line(
    client: TestClient[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="kith")
    client.post("/api/asked", headers=JSON, content=b'{"name":"Canary"}')
    client.post("/api/asked", headers={"content-type": "text/plain"}, content=b"Canary")
    client.get("/Canary?Canary=Canary")
    assert len(caplog.records) == 3
    assert "Canary" not in caplog.text
    assert caplog.records[0].getMessage().startswith("method=POST route=/api/asked status=201 ms=")
