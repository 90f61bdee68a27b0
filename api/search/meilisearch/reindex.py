"""Re-index: build a release's index on a Meilisearch server beside the old one, then swap it in.

Searches go on meanwhile: the index appears under its name in one step, complete and checked. A run
that was killed leaves an unfinished index behind, which the next run deletes. One run at a time in
a project; a server that goes away for a while is waited for.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from api.search.embedded.index import ABOUT, IndexMetadata
from api.search.embedded.stored_documents import StoredDocuments
from api.search.meilisearch import documents as remote_index
from api.search.meilisearch.client import (
    MeilisearchClient,
    MeilisearchRefused,
    MeilisearchUnreachable,
    Read,
    Search,
)
from api.search.meilisearch.documents import NEW_INDEX, PREFIX, MeilisearchDocument
from catalogue.model.gazetteer import Gazetteer
from catalogue.progress import Progress, silent

BATCH = 2_000  # documents sent at once
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 120.0  # for a server that does not answer
STEP = "Indexing for Meilisearch"
INDEXES = "/indexes?limit=1000"


class NotIndexed(Exception):
    """The index could not be made, in one line for an operator. The earlier index stays."""


class _Task(msgspec.Struct, frozen=True, rename="camel"):
    task_uid: int


class _TaskError(msgspec.Struct, frozen=True):
    code: str = "unknown"


class _TaskState(msgspec.Struct, frozen=True):
    status: str
    error: _TaskError | None = None


class _Index(msgspec.Struct, frozen=True):
    uid: str


class _Indexes(msgspec.Struct, frozen=True):
    results: tuple[_Index, ...]


class _Stats(msgspec.Struct, frozen=True, rename="camel"):
    number_of_documents: int


class _Source(msgspec.Struct, frozen=True):
    """What an index is built from."""

    name: str
    documents: tuple[MeilisearchDocument, ...]


def reindex(
    client: MeilisearchClient,
    stamp: str,
    folder: Path,
    progress: Progress = silent,
    force: bool = False,
) -> bool:
    """Build the index of a release, whose in-process index lies in `folder`.

    Returns False where it was there already. The client's key must be one that may make indexes.
    Raises NotIndexed or MeilisearchError.
    """
    source = _read(stamp, folder)
    with _lock(folder):
        run = _Reindexing(client, progress)
        if run.is_current(source) and not force:
            return False
        run.build(source)
        run.swap_in(source)
        return True


def _read(stamp: str, folder: Path) -> _Source:
    about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=IndexMetadata)
    gazetteer = Gazetteer(about.taxonomy.areas, about.venue_codes, about.middles)
    rows = StoredDocuments(folder)
    documents = [rows[row] for row in range(len(rows))]
    name = remote_index.index_name(stamp)
    return _Source(name, tuple(remote_index.meilisearch_documents(documents, gazetteer)))


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the project's lock: beside all its releases, and let go whenever the process ends."""
    lock = FileLock(folder.parents[1] / ".meilisearch.lock", fallback_to_soft=False)
    try:
        acquired = lock.acquire(blocking=False)
    except Timeout:
        raise NotIndexed("Another run is indexing this project: wait for it.") from None
    with acquired:
        yield


class _Reindexing:
    """The steps of one run."""

    def __init__(self, client: MeilisearchClient, progress: Progress) -> None:
        self._client = client
        self._progress = progress

    def is_current(self, source: _Source) -> bool:
        """Say whether the index is there and complete."""
        return source.name in self._indexes() and self._count(source.name) == len(source.documents)

    def build(self, source: _Source) -> None:
        """Build the new index and check it."""
        if NEW_INDEX in self._indexes():
            self._run_task("DELETE", f"/indexes/{NEW_INDEX}", None)
        total = len(source.documents)
        self._progress(STEP, 0, total)
        self._run_task(
            "POST",
            "/indexes",
            {"uid": NEW_INDEX, "primaryKey": "slug"},
            ignore="index_already_exists",
        )
        self._run_task("PATCH", f"/indexes/{NEW_INDEX}/settings", remote_index.settings())
        for start in range(0, total, BATCH):
            batch = source.documents[start : start + BATCH]
            self._run_task("POST", f"/indexes/{NEW_INDEX}/documents", batch)
            self._progress(STEP, start + len(batch), total)
        self._check(source)

    def swap_in(self, source: _Source) -> None:
        """Put the new index in place in one step, and delete those of other releases."""
        exists = source.name in self._indexes()
        swap = {"indexes": (NEW_INDEX, source.name), "rename": not exists}
        self._run_task("POST", "/swap-indexes", (swap,))
        for other in self._indexes():
            if other.startswith(PREFIX) and other != source.name:
                self._run_task("DELETE", f"/indexes/{other}", None, ignore="index_not_found")

    def _check(self, source: _Source) -> None:
        """Refuse an index that lacks documents, or does not find one by its own words."""
        if (count := self._count(NEW_INDEX)) != len(source.documents):
            raise NotIndexed(
                f"The new index has {count} entries instead of {len(source.documents)}."
            )
        if source.documents:
            first = source.documents[0]
            words = remote_index.equal("words", first.words[:1])
            only = (*words, *remote_index.equal("slug", (first.slug,)))
            search = Search(index_uid=NEW_INDEX, filter=only)
            (result,) = self._retry(lambda: self._client.search((search,)))
            if [hit.slug for hit in result.hits] != [first.slug]:
                raise NotIndexed("The new index does not find what is in it.")

    def _indexes(self) -> frozenset[str]:
        return frozenset(index.uid for index in self._call("GET", INDEXES, None, _Indexes).results)

    def _count(self, name: str) -> int:
        return self._call("GET", f"/indexes/{name}/stats", None, _Stats).number_of_documents

    def _run_task(self, method: str, path: str, body: Any, ignore: str = "") -> None:
        """Start a task and wait until it is done. Raises NotIndexed where it fails.

        `ignore` is an error code that does not matter.
        """
        task = self._call(method, path, body, _Task)
        while True:
            state = self._call("GET", f"/tasks/{task.task_uid}", None, _TaskState)
            if state.status not in ("enqueued", "processing"):
                break
            time.sleep(POLL_SECONDS)
        code = state.error.code if state.error else state.status
        if state.status != "succeeded" and code != ignore:
            raise NotIndexed(f"Meilisearch could not do it: {code}.")

    def _call(self, method: str, path: str, body: Any, read: type[Read]) -> Read:
        return self._retry(lambda: self._client.call(method, path, body, read))

    def _retry(self, call: Callable[[], Read]) -> Read:
        """Make a call again while the server is away: each may be made twice without harm."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return call()
            except MeilisearchUnreachable:
                if time.monotonic() > until:
                    raise
            except MeilisearchRefused as error:
                raise NotIndexed(f"{error}. Is KITH_MEILI_ADMIN_KEY right?") from None
            time.sleep(POLL_SECONDS)
