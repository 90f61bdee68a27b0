"""Whatever becomes of the server, every search is answered: killed, hung, wrong, never there."""

import json
import logging
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from api.search.circuit_breaker import FAILURES, OPEN_SECONDS
from api.search.meilisearch import reindex
from api.search.port import Query
from tests.search.conftest import make_document
from tests.search.meilisearch_engines import guarded, indexed, patient, release, remote
from tests.serving import answering
from tests.support.meilisearch_server import Server

pytestmark = pytest.mark.xdist_group("meilisearch")
CHOIR = Query(q="choir canaryword")
NEW = "fedcba9876543210"


class Ticks:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return release(tmp_path, [make_document(f"sing-{n}", "choir", title="Choir") for n in range(5)])


@pytest.mark.meilisearch
def test_a_killed_server_degrades_and_a_new_start_mends(
    own_meilisearch: Server, folder: Path
) -> None:
    ticks = Ticks()
    engine = guarded(indexed(own_meilisearch, folder), folder, ticks)
    assert (engine.search(CHOIR).engine, engine.degraded) == ("meilisearch", False)
    own_meilisearch.kill()
    for _ in range(FAILURES + 2):
        answer = engine.search(CHOIR)
        assert (answer.total, answer.degraded, answer.engine) == (5, True, "embedded")
    assert engine.degraded
    own_meilisearch.start()
    assert engine.search(CHOIR).degraded  # the circuit is still open
    ticks.now += OPEN_SECONDS
    assert not engine.search(CHOIR).degraded
    assert not engine.degraded


@pytest.mark.meilisearch
def test_a_hung_server_is_waited_for_no_longer_than_the_limit(
    own_meilisearch: Server, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    indexed(own_meilisearch, folder)
    engine = guarded(remote(own_meilisearch, folder, seconds=0.3), folder)
    own_meilisearch.send_signal(signal.SIGSTOP)
    assert [engine.search(CHOIR).degraded for _ in range(FAILURES)] == [True] * FAILURES
    assert [record.getMessage() for record in caplog.records if record.name == "kith.search"] == [
        "search is answered in the process instead of by Meilisearch: "
        "Meilisearch did not answer in time"
    ]
    own_meilisearch.send_signal(signal.SIGCONT)


def test_no_server_at_all_is_answered_from_the_start(folder: Path) -> None:
    nowhere = Server(folder)
    engine = guarded(remote(nowhere, folder), folder)
    answer = engine.search(CHOIR)
    assert (answer.total, answer.degraded) == (5, True)
    assert not engine.search(Query(kind="choir")).degraded  # needs no server


@pytest.mark.meilisearch
def test_a_wrong_key_degrades_and_is_not_told(
    meilisearch: Server, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = guarded(remote(meilisearch, folder, key="canarykey-canarykey"), folder)
    assert engine.search(CHOIR).degraded
    assert "invalid_api_key" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.meilisearch
def test_an_index_of_another_release_is_not_asked_and_that_is_said_once(
    meilisearch: Server, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    indexed(meilisearch, folder)
    newer = release(tmp_path, [make_document("new", "choir", title="Choir")], NEW)
    engine = guarded(remote(meilisearch, newer), newer)
    for _ in range(FAILURES + 1):
        answer = engine.search(CHOIR)
        assert ([hit.document.slug for hit in answer.hits], answer.degraded) == (["new"], True)
    messages = [record for record in caplog.records if "kith search index" in record.getMessage()]
    assert len(messages) == 1
    reindex.reindex(patient(meilisearch), NEW, newer)
    assert not engine.search(CHOIR).degraded


@pytest.mark.meilisearch
def test_hits_this_release_does_not_have_are_never_shown(
    meilisearch: Server, folder: Path, tmp_path: Path
) -> None:
    """A foreign index under our very name: the server's slugs are not believed."""
    indexed(meilisearch, folder)
    other = release(tmp_path / "other", [make_document("mine", "choir", title="Choir")])
    engine = guarded(remote(meilisearch, other), other)
    answer = engine.search(CHOIR)
    assert ([hit.document.slug for hit in answer.hits], answer.degraded) == (["mine"], True)


class EmptyServer(BaseHTTPRequestHandler):
    """A server that only listens: what it received, and an answer that is none."""

    received: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received.append(f"{self.requestline}\n{self.headers}{body}")
        empty_results: dict[str, list[dict[str, list[str]]]] = {
            "results": [{"hits": []} for _ in json.loads(body)["queries"]]
        }
        answer = json.dumps(empty_results).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def sink() -> Iterator[str]:
    EmptyServer.received.clear()
    with answering(EmptyServer) as origin:
        yield origin


def test_the_server_is_told_the_words_and_nothing_of_who_asks(
    sink: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from api.search.embedded.engine import EmbeddedEngine
    from api.search.meilisearch.engine import MeilisearchEngine
    from tests.search.meilisearch_engines import client

    caplog.set_level(logging.DEBUG, "kith")
    asking = client(sink, "searchkey", 5)
    embedded = EmbeddedEngine.open(folder)
    engine = guarded(MeilisearchEngine(asking, "x", embedded), folder)
    query = Query(q="choir canaryword", place="Temeford", near="54.123,1.456")
    assert not engine.search(query).degraded  # it answers that there is nothing
    assert EmptyServer.received
    for received in EmptyServer.received:
        head, _, body = received.partition("\n\n")
        names = {line.partition(":")[0].casefold() for line in head.splitlines()[1:]}
        assert names <= {
            "host", "accept", "accept-encoding", "connection", "user-agent", "authorization",
            "content-type", "content-length",
        }  # fmt: skip
        assert "user-agent: kith" in head.casefold()
        assert "accept-encoding: identity" in head.casefold()
        assert "choir" in body
        assert "54.123" not in received
    assert "canaryword" not in caplog.text
    assert "searchkey" not in caplog.text
