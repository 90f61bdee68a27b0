"""Bytes that no browser sends: refused in one shape or cut off, nothing kept, nothing repeated."""

import json
import random
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from api.http.problems import PROBLEM_TYPE, Problem
from api.store import schema
from api.store.database import Database
from tests.service.conftest import CANARY, MARY, ORIGIN
from tests.service.raw_http import CHUNKED, JSON, Answer, answers, asking, chunks, getting
from tests.support.kith_process import Started, running

pytestmark = pytest.mark.xdist_group("bytes")

BODY = json.dumps(MARY).encode()
FORM = b"content-type: application/x-www-form-urlencoded\r\n"
TABLES = (schema.signposting_request, schema.sign_up, schema.letter, schema.repeat, schema.audit)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def started(built_project: Path, data: Path) -> Iterator[Started]:
    with running(
        built_project, data, KITH_TRUSTED_PROXIES="127.0.0.1", KITH_BASE_URL=ORIGIN
    ) as service:
        yield service
        assert "Traceback" not in service.output()
        assert "status=5" not in service.output()
        assert CANARY not in service.output().casefold()


@pytest.fixture(scope="module")
def store(started: Started, data: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{data / 'kith.sqlite3'}") as opened_database:
        yield opened_database


Say = Callable[..., list[Answer]]


@pytest.fixture
def send_bytes(started: Started) -> Say:
    """Say these bytes on a connection of their own; return the answers until it is closed."""

    def send(raw: bytes, *, hang_up: bool = False, patience: float = 30) -> list[Answer]:
        received = b""
        with socket.create_connection(("127.0.0.1", started.port), patience) as wire:
            try:
                wire.sendall(raw)
                if hang_up:
                    wire.shutdown(socket.SHUT_WR)
                while piece := wire.recv(65_536):
                    received += piece
            except OSError:
                pass  # cut off in the middle of what we said, or asked to say more
        return answers(received)

    return send


def references(store: Database) -> set[str]:
    statement = select(schema.signposting_request.c.reference)
    return set(store.read_now(lambda connection: connection.execute(statement).scalars().all()))


def count(store: Database) -> list[int]:
    return store.read_now(
        lambda connection: [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        ]
    )


BAD_BODIES = {
    "invalid UTF-8": asking(BODY.replace(b"Mary", b"M\xff\xfery")),
    "an overlong NUL": asking(BODY.replace(b"Mary", b"M\xc0\x80ry")),
    "UTF-16": asking(BODY.decode().encode("utf-16")),
    "a byte order mark": asking(b"\xef\xbb\xbf" + BODY),
    "5,000 lists": asking(b'{"needs":' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
    "5,000 objects": asking(b'{"name":' * 5_000 + b"1" + b"}" * 5_000),
    "NUL": asking(b"\0" * 100),
    "NUL in a name": asking(BODY.replace(b"Mary", rb"M\u0000ary")),
    "a huge number": asking(b'{"who_asks":' + b"9" * 20_000 + b"}"),
    "a huge exponent": asking(b'{"who_asks":1e999999999}'),
    "two bodies": asking(BODY + BODY),
    "a list of it": asking(b"[" + BODY + b"]"),
    "64 kB and one": asking(b" " * (65_537 - len(BODY)) + BODY),
    "64 kB and one in pieces": asking(chunks(*[b" " * 4_096] * 16, b" " + BODY), JSON + CHUNKED),
    "a piece that never ends": asking(b"ffffffff\r\n" + b" " * 200_000, JSON + CHUNKED),
    "too short a length": asking(BODY, length=b"10"),
    "no JSON type": asking(BODY, b""),
    "text": asking(BODY, b"content-type: text/plain\r\n"),
    "a type in capitals with a twist": asking(BODY, b"content-type: Application/JSONP\r\n"),
    "parts": asking(BODY, b"content-type: multipart/form-data; boundary=x\r\n"),
    "a form": asking(b"name=Mary+Canaryfeather", FORM),
    "compressed": asking(BODY, JSON + b"content-encoding: gzip\r\n"),
    "a foreign page": asking(BODY, JSON + b"origin: https://canaryfeather.example\r\n"),
    "a hidden page": asking(BODY, JSON + b"origin: null\r\n"),
    "a page that is none": asking(BODY, JSON + b"origin: http://[::canaryfeather\r\n"),
    "a foreign fetch": asking(BODY, JSON + b"sec-fetch-site: cross-site\r\n"),
    "a cookie": asking(BODY, JSON + b"cookie: canaryfeather=1\r\n"),
    "a key of control signs": asking(BODY, JSON + b"idempotency-key: canary\tfeather\r\n"),
    "a key of other letters": asking(BODY, JSON + b"idempotency-key: canaryfeather\xe9\r\n"),
    "a long address": getting(b"/" + CANARY.encode() * 200),
    "a long question": getting(b"/api/activities?q=" + CANARY.encode() * 800),
    "another way out": getting(b"/../../catalogue.msgpack"),
    "a hidden way out": getting(b"/%2e%2e/%2e%2e/catalogue.msgpack"),
    "a backslash way out": getting(b"/..\\..\\catalogue.msgpack"),
    "a NUL in the address": getting(b"/api/activities/%00canaryfeather"),
    "invalid UTF-8 in the address": getting(b"/api/activities/%ff%fecanaryfeather"),
    "invalid UTF-8 in a question": getting(b"/api/activities?page=%ff%fecanaryfeather"),
    "a page beyond all numbers": getting(b"/api/activities?page=" + b"9" * 4_000),
    "a page that is half a number": getting(b"/api/activities?page=1.5"),
    "a thousand questions": getting(b"/api/activities?" + b"day=canaryfeather&" * 200),
    "a method nobody takes": getting(b"/api/signposting-requests", method=b"DELETE"),
    "a method for proxies": getting(b"/api/signposting-requests", method=b"TRACE"),
    "no such register": getting(b"/api/pledges/canaryfeather/register"),
}
"""Well said as HTTP: the service itself refuses them."""

BAD_HTTP = {
    "two lengths": asking(BODY, JSON + b"content-length: 5\r\n"),
    "a length and pieces": asking(chunks(BODY), JSON + CHUNKED + b"content-length: 5\r\n"),
    "a negative length": asking(BODY, length=b"-5"),
    "a length with a sign": asking(BODY, length=b"+5"),
    "a length in words": asking(BODY, length=b"canaryfeather"),
    "a length beyond all numbers": asking(BODY, length=b"9" * 400),
    "too long a length": asking(BODY, length=b"60000"),
    "pieces without a size": asking(b"zz\r\n" + BODY, JSON + CHUNKED),
    "a piece of negative size": asking(b"-1\r\n" + BODY, JSON + CHUNKED),
    "a piece beyond all numbers": asking(b"f" * 40 + b"\r\n" + BODY, JSON + CHUNKED),
    "no last piece": asking(b"%x\r\n%s\r\n" % (len(BODY), BODY), JSON + CHUNKED),
    "pieces twice": asking(chunks(BODY), JSON + CHUNKED + CHUNKED),
    "pieces of another kind": asking(
        chunks(BODY), JSON + b"transfer-encoding: xchunked\r\n", length=b"0"
    ),
    "NUL in a header": getting(b"/livez", b"x: canary\0feather\r\n"),
    "a header over two lines": getting(b"/livez", b"x: canary\r\n feather\r\n"),
    "a header without a name": getting(b"/livez", b": canaryfeather\r\n"),
    "a header with a space": getting(b"/livez", b"x : canaryfeather\r\n"),
    "a lonely line end": b"GET /livez HTTP/1.1\nhost: x\n\n",
    "a space in the address": getting(b"/canary feather"),
    "high bytes in the address": getting(b"/canary\xff\xfefeather"),
    "no address": b"GET HTTP/1.1\r\n\r\n",
    "another version": b"GET /livez HTTP/7.3\r\nhost: x\r\n\r\n",
    "the oldest version": b"GET /livez\r\n",
    "the next version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a secret handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xab" * 200,
    "a method of our own": getting(b"/livez", method=b"CANARYFEATHER"),
    "half a request": asking(BODY)[:60],
    "headers without end": getting(b"/livez", b"x: " + b"canaryfeather" * 20_000 + b"\r\n"),
    "thousands of headers": getting(b"/livez", b"x: canaryfeather\r\n" * 10_000),
    "nothing but line ends": b"\r\n" * 1_000,
}
"""Not even HTTP, or half of it: refused, or the connection is closed."""


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_request_that_cannot_stand_is_a_problem(
    send_bytes: Say, store: Database, name: str
) -> None:
    before = count(store)
    (answer,) = send_bytes(BAD_BODIES[name])
    assert_is_a_problem(answer)
    assert count(store) == before


@pytest.mark.parametrize("name", BAD_HTTP)
def test_what_is_no_request_is_refused_or_cut_off(
    send_bytes: Say, store: Database, name: str
) -> None:
    before = count(store)
    for answer in send_bytes(BAD_HTTP[name], hang_up=True):
        assert_is_a_problem(answer)
    assert count(store) == before


def test_a_request_behind_a_bad_one_is_not_smuggled_in(send_bytes: Say, store: Database) -> None:
    before = count(store)
    hidden = asking(BODY)
    front = b"POST /api/signposting-requests HTTP/1.1\r\nhost: x\r\n" + JSON + CHUNKED
    parsed = send_bytes(front + b"content-length: %d\r\n\r\n0\r\n\r\n" % (len(hidden) + 5) + hidden)
    for answer in parsed:
        assert_is_a_problem(answer)
    assert count(store) == before


def test_the_longest_question_in_any_script_is_not_too_long(send_bytes: Say) -> None:
    sign = b"%F0%9F%8E%B6"
    (answer,) = send_bytes(getting(b"/api/activities?q=%s&place=%s" % (sign * 200, sign * 80)))
    assert answer.status == 200


@pytest.mark.parametrize("mutations", [15, pytest.param(150, marks=pytest.mark.deep)])
def test_whatever_the_bytes_what_is_acknowledged_is_kept_whole(
    send_bytes: Say, store: Database, mutations: int
) -> None:
    draw = random.Random(7)  # noqa: S311 - to be repeated
    acknowledged = set()
    for number in range(mutations):
        caller = b"x-forwarded-for: 192.0.2.%d\r\n" % (number % 250)
        for answer in send_bytes(mutated(asking(BODY, JSON + caller), draw), patience=0.5):
            assert answer.status in {200, 201} or 400 <= answer.status < 500
            if answer.status == 201:
                acknowledged.add(json.loads(answer.body)["reference"])
    assert 0 < len(acknowledged) < mutations, "some were good enough, some were not"
    assert acknowledged <= references(store)
    requests, _, letters, _, lines = count(store)
    assert requests == letters == lines


def mutated(raw: bytes, draw: random.Random) -> bytes:
    """Return the bytes with some of them changed, doubled, moved or left out."""
    changed = bytearray(raw)
    for _ in range(draw.randrange(1, 3)):
        at, to = sorted((draw.randrange(len(changed)), draw.randrange(len(changed))))
        match draw.randrange(5):
            case 0:
                changed[at] = draw.randrange(256)
            case 1:
                changed[at] ^= 1 << draw.randrange(8)
            case 2:
                changed[at:at] = changed[at : min(to, at + 20)]
            case 3:
                del changed[at : min(to, at + 5)]
            case _:
                changed[at:at] = draw.choice([b"\0", b"\r\n", b"\xff", b"\r\n\r\n", b"%", b"\x7f"])
    return bytes(changed)


def assert_is_a_problem(answer: Answer) -> None:
    assert 400 <= answer.status < 500, answer
    assert answer.headers["content-type"] == PROBLEM_TYPE
    problem = msgspec.json.decode(answer.body, type=Problem, strict=True)
    assert problem.status == answer.status
    assert problem.request_id == answer.headers["x-request-id"]
    assert re.fullmatch(r"urn:kith:[a-z-]+", problem.type)
    assert problem.title
    assert problem.detail
    assert CANARY.encode() not in answer.body.lower()
    assert "mary" not in answer.body.decode().lower()
    assert "nosniff" in answer.headers["x-content-type-options"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_all_of_it_left_the_service_whole(send_bytes: Say) -> None:
    (answer,) = send_bytes(getting(b"/readyz"))
    assert answer.status == 200
    assert json.loads(answer.body)["status"] == "ok"
