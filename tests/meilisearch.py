"""A real Meilisearch for the tests marked `meilisearch`; where none can be had they say unknown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.meilisearch_server import NoServer, Server, running


@pytest.fixture(scope="session")
def meilisearch() -> Iterator[Server]:
    """One server for all tests of a process; each makes indexes of its own."""
    try:
        with running() as server:
            yield server
    except NoServer as error:
        pytest.skip(f"unknown: {error}")


@pytest.fixture
def own_meilisearch(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, to be killed and held still."""
    server = Server(tmp_path / "meilisearch")
    try:
        yield server.start()
    except NoServer as error:
        pytest.skip(f"unknown: {error}")
    finally:
        server.end()
