"""The site from the one process: what a browser, a cache and a prying program get."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.releases import build
from catalogue.build import content_security_policy
from tests.service.conftest import MARY

pytestmark = pytest.mark.xdist_group("static")
Client = TestClient[Any]
HTML = {"accept": "text/html"}
PAGES = ("/", "/find/", "/ask/", "/about/", "/activities/net-loft-shed/", "/pledges/", "/404.html")
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
INLINE = re.compile(
    r"<script(?![^>]*\s(?:src=|type=\"application/ld))[^>]*>(.*?)</script>", re.DOTALL
)


def test_a_page_that_did_not_change_is_not_sent_again(reader: Client) -> None:
    first = reader.get("/about/")
    headers = {"if-none-match": first.headers["etag"]}
    repeat = reader.get("/about/", headers=headers)
    assert (repeat.status_code, repeat.content) == (304, b"")
    assert repeat.headers["etag"] == first.headers["etag"]
    assert repeat.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert reader.get("/find/", headers=headers).status_code == 200


@pytest.mark.parametrize("etags", ["W/{}", '"other", {}', "{} , W/{}", "*"])
def test_a_cache_may_write_its_question_as_it_likes(reader: Client, etags: str) -> None:
    etag = reader.get("/about/").headers["etag"].removeprefix("W/")
    headers = {"if-none-match": etags.replace("{}", etag)}
    assert reader.get("/about/", headers=headers).status_code == 304


@pytest.mark.parametrize("path", [*PAGES, "/assets/kith.css", "/nowhere", "/api/activities"])
def test_a_head_is_told_what_a_get_would_be(reader: Client, path: str) -> None:
    plain = {"accept-encoding": "identity"}
    full_answer, head = reader.get(path, headers=plain), reader.head(path, headers=plain)
    assert (head.status_code, head.content) == (full_answer.status_code, b"")
    passing = {"x-request-id", "date"}
    headers = {name: value for name, value in full_answer.headers.items() if name not in passing}
    if "x-request-id" in full_answer.text or full_answer.status_code >= 400:
        headers.pop("content-length")  # the body names the request
    assert headers.items() <= dict(head.headers).items()


def test_pages_are_sent_small_to_those_who_can_read_them_so(
    reader: Client, built_project: Path
) -> None:
    release = build.find_current(built_project)
    assert release
    on_disk = (release.site / "about" / "index.html").read_bytes()
    with reader.stream("GET", "/about/", headers={"accept-encoding": "gzip"}) as small:
        raw = b"".join(small.iter_raw())
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) == len(raw) < len(on_disk) / 2
    assert gzip.decompress(raw) == on_disk
    for unwilling in ("identity", "br", "gzip;q=0", "br, gzip ; q=0.000", "x-gzip2"):
        plain = reader.get("/about/", headers={"accept-encoding": unwilling})
        assert "content-encoding" not in plain.headers
        assert plain.content == on_disk
    assert "accept-encoding" in small.headers["vary"].lower()


@pytest.mark.parametrize(
    ("path_asked", "target"),
    [
        ("/about", "/about/"),
        ("/activities/net-loft-shed", "/activities/net-loft-shed/"),
        ("/find?q=a%26b&place=ZZ1", "/find/?q=a%26b&place=ZZ1"),
    ],
)
def test_a_folder_is_asked_for_with_its_slash(reader: Client, path_asked: str, target: str) -> None:
    answer = reader.get(path_asked, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, target)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/activities/net-loft-shed/calendar.ics", "text/calendar; charset=utf-8"),
        ("/places/harrow-vale/calendar.ics", "text/calendar; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
    ],
)
def test_what_lies_beside_the_pages_is_sent_as_what_it_is(
    reader: Client, path: str, kind: str
) -> None:
    with reader.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        answer.read()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/nowhere", "/activities/no-such-thing/", "/frame.html"])
def test_what_is_not_there_is_a_page_of_ours_or_a_problem(reader: Client, path: str) -> None:
    page = reader.get(path, headers=HTML)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Find company" in page.text, "it stands in the frame"
    assert page.headers["cache-control"] == "no-store"
    program = reader.get("/api" + path, headers=HTML)
    assert program.status_code == 404
    assert program.headers["content-type"] == "application/problem+json"


PRYING = (
    "/../mkdocs.yml",
    "/about/../../catalogue.msgpack",
    "/%2e%2e/catalogue.msgpack",
    "/..%2fcatalogue.msgpack",
    "/%2e%2e%2fcatalogue.msgpack",
    "/%252e%252e%252fcatalogue.msgpack",
    "/..%5ccatalogue.msgpack",
    "/assets/..%2f..%2fstamp",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/about/%00",
    "/about/index.html%00.css",
    "/%2e/about/",
    "/about/%2e/",
    "/" + "a" * 300,
    "/" + "/".join(["a"] * 900),
    "/%ff%fe",
    "/\u202e",
)


@pytest.mark.parametrize("path", PRYING)
def test_nothing_outside_the_site_is_served(reader: Client, path: str) -> None:
    answer = reader.get(path, headers=HTML, follow_redirects=False)
    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]
    assert "root:" not in answer.text


def test_a_link_that_leads_out_of_the_site_is_not_followed(
    reader: Client, built_project: Path
) -> None:
    release = build.find_current(built_project)
    assert release
    way_out = release.site / "way-out.txt"
    way_out.symlink_to(built_project / "mkdocs.yml")
    try:
        assert reader.get("/way-out.txt").status_code == 404
    finally:
        way_out.unlink()


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_a_page_runs_its_own_scripts_and_no_other(reader: Client, path: str) -> None:
    answer = reader.get(path, headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for script in INLINE.findall(answer.text):
        assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    assert not re.search(r"\son\w+=|javascript:|<style|\sstyle=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2)"', answer.text)


@pytest.mark.parametrize("path", ["/", "/search?q=tea", "/nowhere", "/confirm/x"])
def test_every_page_is_sent_with_the_policy_of_the_build(
    reader: Client, built_project: Path, path: str
) -> None:
    release = build.find_current(built_project)
    assert release
    answer = reader.get(path, headers=HTML)
    assert answer.headers["content-security-policy"] == content_security_policy.read_policy(
        release.site
    )
    for unserved in ("/_headers", "/_policy"):
        assert reader.get(unserved).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/assets/kith.css", 200),
        ("GET", "/about", 308),
        ("GET", "/nowhere", 404),
        ("GET", "/api/nowhere", 404),
        ("GET", "/search?q=tea", 200),
        ("GET", "/api/activities", 200),
        ("GET", "/api/docs", 200),
        ("GET", "/livez", 200),
        ("DELETE", "/ask", 405),
        ("POST", "/about/", 404),
        ("GET", "/" + "a" * 3_000, 414),
        ("GET", "/?" + "a" * 9_000, 414),
    ],
)
def test_every_answer_is_protected_and_leaves_nothing_in_the_browser(
    reader: Client, method: str, path: str, status: int
) -> None:
    answer = reader.request(method, path, follow_redirects=False)
    assert answer.status_code == status
    is_data = path in ("/api/nowhere", "/api/activities")
    shared = {"cross-origin-resource-policy": "cross-origin"} if is_data else {}
    assert {**SECURITY, **shared}.items() <= answer.headers.items()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])
    assert "set-cookie" not in answer.headers


def test_too_much_at_once_is_refused_with_the_same_protection(reader: Client) -> None:
    answer = reader.post("/api/signposting-requests", json={**MARY, "matters": "x" * 70_000})
    assert answer.status_code == 413
    assert SECURITY.items() <= answer.headers.items()
    assert "set-cookie" not in answer.headers


def test_all_that_the_pages_ask_for_is_there(reader: Client) -> None:
    for path in (*PAGES, "/api/docs"):
        page = reader.get(path).text
        for needed in re.findall(r'(?:<script[^>]*\bsrc|<link[^>]*\bhref)="(/[^"]*)"', page):
            assert reader.get(needed).status_code == 200, f"{path} asks for {needed}"
