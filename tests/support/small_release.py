"""A built site without pages, for tests that need one to be there and read none of it."""

from pathlib import Path

import msgspec

from api.search.embedded.index import build_index
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search import site_pages
from tests.api.service_under_test import project_taxonomy


def make_small_release(project: Path) -> None:
    """Put an empty catalogue and search index where a build puts them, and link to it."""
    folder = project / "build" / "releases" / "0123"
    folder.mkdir(parents=True)
    catalogue = Catalogue(project_taxonomy())
    build_index([], catalogue.taxonomy, folder / "search")
    (folder / "search" / site_pages.FILE).write_text("[]")
    (folder / "catalogue.msgpack").write_bytes(msgspec.msgpack.encode(catalogue))
    (project / "build" / "current").symlink_to(Path("releases", "0123"))
