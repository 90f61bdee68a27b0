"""Making a release's index on a Meilisearch server aside, and swapping it in whole.

Searches go on meanwhile: the index appears under its name in one step, complete and tried. A run
that was killed leaves a half-made index behind, which the next run throws away. One run at a time
in a project; a server that goes away for a while is waited for.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from api.search.meilisearch import documents as remote_index
from api.search.meilisearch.client import (
    MeilisearchClient,
    MeilisearchRefused,
    MeilisearchUnreachable,
    Read,
    Search,
)
from api.search.meilisearch.documents import NEW_INDEX, PREFIX, MeilisearchDocument
from api.search.tantivy.index import ABOUT, IndexMetadata
from api.search.tantivy.stored_documents import StoredDocuments
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.progress import Progress, silent

BATCH = 2_000  # entries sent at once
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 120.0  # for a server that does not answer
STEP = "Indexing for Meilisearch"
INDEXES = "/indexes?limit=1000"


class NotIndexed(Exception):
    """The index could not be made, in one line for an operator. What stood goes on standing."""


class _Task(msgspec.Struct, frozen=True, rename="camel"):
    task_uid: int


class _Fault(msgspec.Struct, frozen=True):
    code: str = "unknown"


class _State(msgspec.Struct, frozen=True):
    status: str
    error: _Fault | None = None


class _Index(msgspec.Struct, frozen=True):
    uid: str


class _Indexes(msgspec.Struct, frozen=True):
    results: tuple[_Index, ...]


class _Stats(msgspec.Struct, frozen=True, rename="camel"):
    number_of_documents: int


class _Made(msgspec.Struct, frozen=True):
    """What an index is made of."""

    name: str
    terms: Taxonomy
    entries: tuple[MeilisearchDocument, ...]


def reindex(
    server: MeilisearchClient,
    stamp: str,
    folder: Path,
    progress: Progress = silent,
    force: bool = False,
) -> bool:
    """Make the index of a release, whose in-process index lies in `folder`; say if there was need.

    The server's key must be one that may make indexes. Raises NotIndexed or MeilisearchError.
    """
    made = _read(stamp, folder)
    with _alone(folder):
        work = _Work(server, progress)
        if work.stands(made) and not force:
            return False
        work.make(made)
        work.swap_in(made)
        return True


def _read(stamp: str, folder: Path) -> _Made:
    about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=IndexMetadata)
    gazetteer = Gazetteer(about.taxonomy.areas, about.venue_codes, about.middles)
    rows = StoredDocuments(folder)
    documents = (rows[row] for row in range(len(rows)))
    name = remote_index.index_name(stamp, about.taxonomy)
    return _Made(
        name, about.taxonomy, tuple(remote_index.meilisearch_documents(documents, gazetteer))
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the project's lock: beside all its releases, and let go whenever the process ends."""
    with (folder.parents[1] / ".meilisearch.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotIndexed("Another run is indexing this project: wait for it.") from None
        yield


class _Work:
    """The steps of one run."""

    def __init__(self, server: MeilisearchClient, progress: Progress) -> None:
        self._server = server
        self._progress = progress

    def stands(self, made: _Made) -> bool:
        """Say whether the index is there and whole."""
        return made.name in self._indexes() and self._count(made.name) == len(made.entries)

    def make(self, made: _Made) -> None:
        """Make the next index and look at it."""
        if NEW_INDEX in self._indexes():
            self._do("DELETE", f"/indexes/{NEW_INDEX}", None)
        total = len(made.entries)
        self._progress(STEP, 0, total)
        self._do(
            "POST", "/indexes", {"uid": NEW_INDEX, "primaryKey": "slug"}, but="index_already_exists"
        )
        self._do("PATCH", f"/indexes/{NEW_INDEX}/settings", remote_index.settings(made.terms))
        for start in range(0, total, BATCH):
            batch = made.entries[start : start + BATCH]
            self._do("POST", f"/indexes/{NEW_INDEX}/documents", batch)
            self._progress(STEP, start + len(batch), total)
        self._look_at(made)

    def swap_in(self, made: _Made) -> None:
        """Put the next index in its place in one step, and throw away those of other releases."""
        stands = made.name in self._indexes()
        swap = {"indexes": (NEW_INDEX, made.name), "rename": not stands}
        self._do("POST", "/swap-indexes", (swap,))
        for other in self._indexes():
            if other.startswith(PREFIX) and other != made.name:
                self._do("DELETE", f"/indexes/{other}", None, but="index_not_found")

    def _look_at(self, made: _Made) -> None:
        """Refuse an index that lacks entries, or does not find one by its own title."""
        if (count := self._count(NEW_INDEX)) != len(made.entries):
            raise NotIndexed(f"The new index has {count} entries instead of {len(made.entries)}.")
        if made.entries:
            canary = made.entries[0]
            only = remote_index.equal("slug", (canary.slug,))
            asked = Search(index_uid=NEW_INDEX, q=canary.title, filter=only)
            (found,) = self._patiently(lambda: self._server.search((asked,)))
            if [hit.slug for hit in found.hits] != [canary.slug]:
                raise NotIndexed("The new index does not find what is in it.")

    def _indexes(self) -> frozenset[str]:
        return frozenset(one.uid for one in self._call("GET", INDEXES, None, _Indexes).results)

    def _count(self, name: str) -> int:
        return self._call("GET", f"/indexes/{name}/stats", None, _Stats).number_of_documents

    def _do(self, method: str, path: str, body: Any, but: str = "") -> None:
        """Order something and wait until it is done. Raises NotIndexed where it fails.

        `but` is a failure that does not matter: what was wanted is so.
        """
        ordered = self._call(method, path, body, _Task)
        while True:
            state = self._call("GET", f"/tasks/{ordered.task_uid}", None, _State)
            if state.status not in ("enqueued", "processing"):
                break
            time.sleep(LOOK_SECONDS)
        code = state.error.code if state.error else state.status
        if state.status != "succeeded" and code != but:
            raise NotIndexed(f"Meilisearch could not do it: {code}.")

    def _call(self, method: str, path: str, body: Any, read: type[Read]) -> Read:
        return self._patiently(lambda: self._server.call(method, path, body, read))

    def _patiently(self, call: Callable[[], Read]) -> Read:
        """Make a call again while the server is away: each may be made twice without harm."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return call()
            except MeilisearchUnreachable:
                if time.monotonic() > until:
                    raise
            except MeilisearchRefused as fault:
                raise NotIndexed(f"{fault}. Is KITH_MEILI_ADMIN_KEY right?") from None
            time.sleep(LOOK_SECONDS)
