"""Which engine answers: the one in the process, or the one on a server with that as its fallback.

One client and one circuit breaker for the whole process; an engine for each release.
"""

import logging
from pathlib import Path
from typing import Protocol

from api.search.circuit_breaker import CircuitBreaker, Seconds
from api.search.embedded.engine import EmbeddedEngine
from api.search.fallback import FallbackEngine
from api.search.meilisearch.client import MeilisearchClient
from api.search.meilisearch.engine import MeilisearchEngine
from api.search.port import Engine
from api.search.postcodes import store
from api.search.postcodes.store import Postcodes

logger = logging.getLogger("kith.search")


class Engines(Protocol):
    """Opens the engine of a release."""

    def open(self, stamp: str, folder: Path) -> Engine:
        """Open it from the release's stamp and the folder of its index. Raises EngineDown."""

    def close(self) -> None:
        """Close what all engines share."""


class EmbeddedEngines:
    """Engines in the process. `postcodes` is the file of an import, where there is one."""

    def __init__(self, postcodes: Path | None = None) -> None:
        self._postcodes = postcodes

    def open(self, stamp: str, folder: Path) -> Engine:
        """Open the index in a folder."""
        return EmbeddedEngine.open(folder, _open_postcodes(self._postcodes))

    def close(self) -> None:
        """Do nothing: nothing is shared."""


class MeilisearchEngines:
    """Engines on a server, reached with a search-only key."""

    def __init__(self, url: str, key: str, clock: Seconds, postcodes: Path | None = None) -> None:
        self._postcodes = postcodes
        self._client = MeilisearchClient(url, key)
        self._breaker = CircuitBreaker(clock)

    def open(self, stamp: str, folder: Path) -> Engine:
        """Open the engine of a release; the server is not asked for that."""
        postcodes = _open_postcodes(self._postcodes)
        in_process = EmbeddedEngine.open(folder, postcodes)
        on_server = MeilisearchEngine(self._client, stamp, in_process)
        return FallbackEngine(on_server, in_process, self._breaker)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _open_postcodes(file: Path | None) -> Postcodes | None:
    """Open what was imported; a broken file is logged, and outward codes are used instead."""
    try:
        return store.open_postcodes(file)
    except store.UnreadablePostcodes as error:
        logger.warning("%s Outward codes have to do.", error)
        return None
