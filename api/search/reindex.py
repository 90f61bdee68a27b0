"""The in-process index of a catalogue: what a build and the operator's command call."""

from datetime import datetime
from pathlib import Path

from api.search.building import Progress, build_index, no_progress
from catalogue.catalogue import Catalogue
from catalogue.outputs import search


def build(
    catalogue: Catalogue, now: datetime, folder: Path, progress: Progress = no_progress
) -> int:
    """Write the index of a catalogue as it stands at `now` (aware) into a new folder.

    Returns how many activities can be found. Raises FileExistsError where the folder is there.
    """
    documents = search.documents(catalogue, now)
    build_index(documents, catalogue.taxonomy, folder, progress)
    return len(documents)
