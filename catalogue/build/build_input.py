"""What `kith build` hands to MkDocs for `site/hooks.py`, as `config.extra["kith"]`."""

from datetime import datetime
from pathlib import Path

import msgspec

from catalogue.build.default_texts import PageText
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.documents import SearchDocument
from catalogue.progress import Progress, silent


class BuildInput(msgspec.Struct, frozen=True):
    """The catalogue as it is built at `now` (aware), and its search documents at that moment.

    `earlier_site` is the folder of a finished site whose files may be used again, or None. `texts`
    is filled while MkDocs runs: what editors wrote for pages at fixed addresses, by address.
    """

    catalogue: Catalogue
    documents: list[SearchDocument]
    now: datetime
    progress: Progress = silent
    earlier_site: Path | None = None
    texts: dict[str, PageText] = {}
