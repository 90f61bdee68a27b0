"""A directory that a real Meilisearch knows, as the tests of that engine need it."""

from collections.abc import Sequence
from pathlib import Path

from api.search.circuit_breaker import CircuitBreaker, Seconds
from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.fallback import FallbackEngine
from api.search.meilisearch import reindex
from api.search.meilisearch.client import MeilisearchClient
from api.search.meilisearch.engine import MeilisearchEngine
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument
from tests.search.conftest import TAXONOMY
from tests.support.meilisearch_server import Server

STAMP = "0123456789abcdef"


def release(
    root: Path,
    documents: Sequence[SearchDocument],
    stamp: str = STAMP,
    taxonomy: Taxonomy = TAXONOMY,
) -> Path:
    """Write the index in the process as a release has it, and return its folder."""
    folder = root / "releases" / stamp / "search"
    build_index(documents, taxonomy, folder)
    return folder


CLIENTS: list[MeilisearchClient] = []
"""All that were made, for the fixture that closes them at the end."""


def client(url: str, key: str, seconds: float) -> MeilisearchClient:
    """Return a client that is closed at the end."""
    CLIENTS.append(MeilisearchClient(url, key, seconds))
    return CLIENTS[-1]


def patient(server: Server) -> MeilisearchClient:
    """Return a client that may do everything and waits long."""
    return client(server.url, server.master_key, 30)


def remote(server: Server, folder: Path, key: str = "", seconds: float = 10) -> MeilisearchEngine:
    """Return the engine on the server for the release in a folder."""
    asking = client(server.url, key or server.master_key, seconds)
    return MeilisearchEngine(asking, folder.parent.name, EmbeddedEngine.open(folder))


def guarded(
    engine: MeilisearchEngine, folder: Path, clock: Seconds = lambda: 0.0
) -> FallbackEngine:
    """Return it with the engine in the process behind it."""
    return FallbackEngine(engine, EmbeddedEngine.open(folder), CircuitBreaker(clock))


def indexed(server: Server, folder: Path) -> MeilisearchEngine:
    """Have the server know a release, and return the engine for it."""
    reindex.reindex(patient(server), folder.parent.name, folder)
    return remote(server, folder)
