"""The in-process index of a catalogue: what a build and the operator's command call."""

from collections.abc import Sequence
from pathlib import Path

from api.search.tantivy.index import build_index
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.documents import SearchDocument
from catalogue.progress import Progress, silent


def build(
    catalogue: Catalogue,
    documents: Sequence[SearchDocument],
    folder: Path,
    progress: Progress = silent,
) -> None:
    """Write the index of a catalogue's documents into a new folder.

    Raises FileExistsError where the folder is there.
    """

    def indexed(done: int, total: int) -> None:
        progress("Indexing for search", done, total)

    build_index(documents, catalogue.taxonomy, folder, indexed)
