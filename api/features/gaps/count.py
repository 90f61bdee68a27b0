"""Counting a gap: in memory at once, on disk a little later, so that nobody waits for it.

What is counted is an area, a kind and a need off the closed lists, and the month. No word that
somebody typed is kept, no address and no time finer than the month. Some seconds' counts are lost
when the process dies; that is the price, and it is a small one: they are numbers, not people.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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

WRITTEN_EVERY_SECONDS = 10.0
GAPS_WAITING = 10_000
VIEWS_REMEMBERED = 10_000


class GapCounter:
    """One for the process, used from its event loop. `running` writes what `count` has counted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: Counter[Gap] = Counter()
        self._views: OrderedDict[str, None] = OrderedDict()
        self._stop = asyncio.Event()

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

        `place` may be words or a postcode: only the area they name is kept. What the closed lists
        do not know is "any", and "any" alone says nothing. One `page_view` counts one time.
        """
        gap = gap_of(terms, self._clock(), place=place, kind=kind, need=need)
        if gap is None or (page_view and self._seen(page_view)):
            return gap
        if gap in self._waiting or len(self._waiting) < GAPS_WAITING:
            self._waiting[gap] += 1
        return gap

    async def write(self) -> None:
        """Write what waits; what cannot be written now waits on."""
        met, self._waiting = self._waiting, Counter()
        if not met:
            return
        try:
            await self._database.write(lambda connection: store.add(connection, met))
        except Unavailable:
            logger.warning("The store cannot be reached; %d gaps wait.", len(met))
            self._waiting.update(met)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write now and then as long as the body runs, and once more at its end."""
        task = asyncio.create_task(self._run(), name="kith-gaps")
        try:
            yield
        finally:
            self._stop.set()
            await task

    async def _run(self) -> None:
        stopping = False
        while not stopping:
            with suppress(TimeoutError):
                stopping = await asyncio.wait_for(self._stop.wait(), WRITTEN_EVERY_SECONDS)
            try:
                await self.write()
            except Exception as error:  # a fault of ours must not stop the counting for good
                logger.error("Gaps could not be written: %s", type(error).__name__)

    def _seen(self, page_view: str) -> bool:
        if page_view in self._views:
            return True
        self._views[page_view] = None
        if len(self._views) > VIEWS_REMEMBERED:
            self._views.popitem(last=False)
        return False


def count_gap(
    context: Context, scope: Scope, *, place: str = "", kind: str = "", need: str = ""
) -> None:
    """Count that somebody's search found nothing: at once, and without waiting.

    Words are for `place` only, where the area they name is what counts; a kind and a need are
    slugs. What the closed lists do not know is not counted; nor is what one caller does often.
    """
    with suppress(TooMany):
        context.limits.check(scope, "gap")
        counter = context.state.get(GapCounter)
        counter.count(context.catalogue.taxonomy, place=place, kind=kind, need=need)


def gap_of(terms: Taxonomy, now: datetime, *, place: str, kind: str, need: str) -> Gap | None:
    """Return the gap that was met, in names of our lists only; None where nothing is known."""
    area = area_of(place, terms) or ANY
    kind = kind if kind in terms.kind else ANY
    need = need if need in terms.need else ""
    said = area != ANY or kind != ANY or need
    return Gap(f"{now.astimezone(LOCAL):%Y-%m}", area, kind, need) if said else None
