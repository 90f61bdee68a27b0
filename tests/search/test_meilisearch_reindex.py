"""An index is made aside and swapped in whole, whoever reads or kills meanwhile."""

import multiprocessing
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.search.meilisearch import reindex
from api.search.meilisearch.client import MeilisearchError, Search
from api.search.meilisearch.documents import NEW_INDEX, PREFIX
from api.search.meilisearch.reindex import NotIndexed
from api.search.port import Query
from catalogue.outputs.search.documents import SearchDocument
from tests.search.conftest import make_document
from tests.search.meilisearch_engines import (
    STAMP,
    client,
    guarded,
    indexed,
    patient,
    release,
    remote,
)
from tests.support.meilisearch_server import Server

pytestmark = [pytest.mark.meilisearch, pytest.mark.xdist_group("meilisearch")]
NEW = "fedcba9876543210"
READERS = 3


def choirs(count: int, name: str = "sing") -> Sequence[SearchDocument]:
    return [make_document(f"{name}-{n}", "choir", title=f"Choir {n}") for n in range(count)]


def indexes(server: Server) -> set[str]:
    answer = patient(server).call("GET", "/indexes", None, dict[str, Any])
    names = {index["uid"] for index in answer["results"]}
    return {name for name in names if name.startswith(PREFIX)}


def test_a_swap_under_constant_reading_has_no_error_and_no_empty_answer(
    meilisearch: Server, tmp_path: Path
) -> None:
    """The same release made anew, three times, while others read: nobody is even degraded."""
    folder = release(tmp_path, choirs(300))
    engine = indexed(meilisearch, folder)
    is_done = threading.Event()

    def read() -> list[int]:
        totals = []
        while not is_done.is_set():
            totals.append(engine.search(Query(q="choir")).total)
        return totals

    with ThreadPoolExecutor(READERS) as pool:
        readings = [pool.submit(read) for _ in range(READERS)]
        try:
            for _ in range(3):
                assert reindex.reindex(patient(meilisearch), STAMP, folder, force=True)
        finally:
            is_done.set()
        totals = [total for reader in readings for total in reader.result()]
    assert len(totals) > READERS
    assert set(totals) == {300}


def test_an_index_that_stands_is_not_made_again(meilisearch: Server, tmp_path: Path) -> None:
    folder = release(tmp_path, choirs(3))
    steps: list[tuple[int, int]] = []

    def progress(step: str, count_done: int, total: int) -> None:
        steps.append((count_done, total))

    assert reindex.reindex(patient(meilisearch), STAMP, folder, progress, force=True)
    assert steps == [(0, 3), (3, 3)]
    assert not reindex.reindex(patient(meilisearch), STAMP, folder)


def test_indexes_of_older_releases_are_thrown_away_and_others_left(
    meilisearch: Server, tmp_path: Path
) -> None:
    patient(meilisearch).call("POST", "/indexes", {"uid": "of-another-program"}, dict[str, Any])
    indexed(meilisearch, release(tmp_path, choirs(3)))
    newer = indexed(meilisearch, release(tmp_path, choirs(4), NEW))
    assert indexes(meilisearch) == {newer.index}
    of_another = [Search(index_uid="of-another-program")]
    assert patient(meilisearch).search(tuple(of_another))[0].hits == ()


def test_an_empty_directory_can_be_indexed(meilisearch: Server, tmp_path: Path) -> None:
    engine = indexed(meilisearch, release(tmp_path, ()))
    assert engine.search(Query(q="choir")).total == 0


def test_two_runs_at_once_are_refused(meilisearch: Server, tmp_path: Path) -> None:
    folder = release(tmp_path, choirs(3))
    refused: list[str] = []

    def index_again(step: str, count_done: int, total: int) -> None:
        if not count_done:
            with pytest.raises(NotIndexed) as error:
                reindex.reindex(patient(meilisearch), STAMP, folder)
            refused.append(str(error.value))

    reindex.reindex(patient(meilisearch), STAMP, folder, index_again, force=True)
    assert refused == ["Another run is indexing this project: wait for it."]


def _killed_half_way(url: str, key: str, folder: Path) -> None:
    """Index, and be gone without a word when the first entries were sent."""
    import os
    import signal

    from api.search.meilisearch.client import MeilisearchClient

    def progress(step: str, count_done: int, total: int) -> None:
        if count_done:
            os.kill(os.getpid(), signal.SIGKILL)

    reindex.BATCH = 100
    reindex.reindex(MeilisearchClient(url, key, 30), folder.parent.name, folder, progress)


def test_a_killed_run_is_taken_up_by_the_next(meilisearch: Server, tmp_path: Path) -> None:
    folder = release(tmp_path, choirs(300))
    arguments = (meilisearch.url, meilisearch.master_key, folder)
    run = multiprocessing.get_context("spawn").Process(target=_killed_half_way, args=arguments)
    run.start()
    run.join(60)
    assert run.exitcode == -9
    assert NEW_INDEX in indexes(meilisearch)
    engine = indexed(meilisearch, folder)
    assert engine.search(Query(q="choir")).total == 300
    assert indexes(meilisearch) == {engine.index}


def test_a_server_restarted_half_way_is_waited_for_and_every_search_answered(
    own_meilisearch: Server, tmp_path: Path
) -> None:
    old = release(tmp_path, choirs(5))
    newer = release(tmp_path, choirs(900), NEW)
    readers = guarded(indexed(own_meilisearch, old), old)
    answers = []

    def progress(step: str, count_done: int, total: int) -> None:
        answers.append(readers.search(Query(q="choir")))
        if count_done == 300:
            own_meilisearch.kill()
            answers.append(readers.search(Query(q="choir")))
            own_meilisearch.start()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reindex, "BATCH", 300)
        reindex.reindex(patient(own_meilisearch), NEW, newer, progress)
    assert {answer.total for answer in answers} == {5}
    assert any(answer.degraded for answer in answers)
    assert remote(own_meilisearch, newer).search(Query(q="choir")).total == 900


def test_a_key_that_may_only_search_makes_no_index(meilisearch: Server, tmp_path: Path) -> None:
    """The two keys as docs/settings.md has them made."""
    search_only = _key(meilisearch, ["search"])
    indexing = _key(
        meilisearch,
        [
            "search", "indexes.get", "indexes.create", "indexes.delete", "indexes.swap",
            "settings.update", "documents.add", "tasks.get", "stats.get",
        ],
        indexes="*",  # the task of a swap belongs to no index
    )  # fmt: skip
    folder = release(tmp_path, choirs(3))
    with pytest.raises(NotIndexed, match="KITH_MEILI_ADMIN_KEY"):
        reindex.reindex(client(meilisearch.url, search_only, 10), STAMP, folder, force=True)
    assert reindex.reindex(client(meilisearch.url, indexing, 10), STAMP, folder, force=True)
    assert remote(meilisearch, folder, key=search_only).search(Query(q="choir")).total == 3
    with pytest.raises(MeilisearchError):
        client(meilisearch.url, search_only, 10).call("GET", "/keys", None, dict[str, object])


def _key(server: Server, actions: list[str], indexes: str = "kith-*") -> str:
    body = {"actions": actions, "indexes": [indexes], "expiresAt": None}
    return str(patient(server).call("POST", "/keys", body, dict[str, object])["key"])
