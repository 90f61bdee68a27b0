"""Counts gaps: in memory at once, in the database some seconds later, so that no request waits.

What is counted is an area, a kind and a need off the closed lists, and the month. No text that
somebody typed is kept, no address and no time finer than the month. The counts of some seconds are
lost when the process dies; they are numbers, not people.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from contextlib import suppress
from datetime import datetime

from litestar.types import Scope

from api.context import Clock, Context
from api.errors import TooMany, Unavailable
from api.features.gaps import store
from api.features.gaps.store import ANY, Gap
from api.store.database import Database
from catalogue.model.gazetteer import area_of
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL

logger = logging.getLogger("kith.gaps")

WRITE_EVERY_SECONDS = 10.0
MAX_UNWRITTEN_GAPS = 10_000
MAX_PAGE_VIEWS = 10_000


class GapCounter:
    """Counts of the process, used from its event loop. A background job calls `write`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._unwritten: Counter[Gap] = Counter()
        self._page_views: OrderedDict[str, None] = OrderedDict()
        self._writing = asyncio.Lock()

    def count(
        self,
        terms: Taxonomy,
        *,
        place: str = "",
        kind: str = "",
        need: str = "",
        page_view: str = "",
    ) -> Gap | None:
        """Count that there was nothing, and return what was counted; None where nothing was.

        `place` may be free text or a postcode: only the area it names is kept. What the closed
        lists do not know is "any", and "any" alone is not counted. A `page_view` counts once.
        """
        gap = gap_in_closed_lists(terms, self._clock(), place=place, kind=kind, need=need)
        if gap is None or (page_view and self._is_repeated(page_view)):
            return gap
        if gap in self._unwritten or len(self._unwritten) < MAX_UNWRITTEN_GAPS:
            self._unwritten[gap] += 1
        return gap

    async def write(self) -> None:
        """Write the counts to the database; those that cannot be written are kept for next time.

        Returns after a write that is under way, so that the last call leaves nothing unwritten.
        """
        async with self._writing:
            counts, self._unwritten = self._unwritten, Counter()
            if not counts:
                return
            try:
                await self._database.write(lambda connection: store.add_gaps(connection, counts))
            except Unavailable:
                logger.warning("The store cannot be reached; %d gaps wait.", len(counts))
                self._unwritten.update(counts)

    def _is_repeated(self, page_view: str) -> bool:
        if page_view in self._page_views:
            return True
        self._page_views[page_view] = None
        if len(self._page_views) > MAX_PAGE_VIEWS:
            self._page_views.popitem(last=False)
        return False


def count_gap(
    context: Context, scope: Scope, *, place: str = "", kind: str = "", need: str = ""
) -> None:
    """Count that somebody's search found nothing: at once, and without waiting.

    Only `place` may be free text, of which the area it names is counted; kind and need are slugs.
    What the closed lists do not know is not counted, nor what one caller sends too often.
    """
    with suppress(TooMany):
        context.limits.check(scope, "gap")
        counter = context.state.get(GapCounter)
        counter.count(context.catalogue.taxonomy, place=place, kind=kind, need=need)


def gap_in_closed_lists(
    terms: Taxonomy, now: datetime, *, place: str, kind: str, need: str
) -> Gap | None:
    """Return a gap in names of our lists only; None where they know none of it."""
    area = area_of(place, terms) or ANY
    kind = kind if kind in terms.kind else ANY
    need = need if need in terms.need else ""
    if area == ANY and kind == ANY and not need:
        return None
    return Gap(f"{now.astimezone(LOCAL):%Y-%m}", area, kind, need)
