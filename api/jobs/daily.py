"""Once a day, while the service runs: due records go, features do theirs, the site turns over.

A page names its next sessions, so a site built yesterday is wrong today. The build is a process of
its own: requests are answered meanwhile, and `releases.current_release` loads it when it is done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from api.jobs import retention
from api.releases import build_process
from api.store.database import Database
from catalogue.outputs.formatting import LOCAL

LOOK_EVERY_SECONDS = 60

Work = Callable[[], Awaitable[object]]

logger = logging.getLogger("kith.daily")


class Daily:
    """Does the day's work when the local date changes; all but the build also at the start.

    `also` is the work of features by its name; what a day missed, it does the next.
    """

    def __init__(
        self,
        root: Path,
        database: Database,
        clock: Callable[[], datetime],
        also: Mapping[str, Work] | None = None,
    ) -> None:
        self._root = root
        self._database = database
        self._clock = clock
        self._built_for: date = self._today()
        self._erased_for: date | None = None
        self._also = dict(also or {})
        self._done_for: dict[str, date] = {}

    async def run(self) -> None:
        """Look at the date each minute, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def look(self) -> None:
        """Do what the day still asks for; what fails is logged and tried at the next look."""
        today = self._today()
        if self._erased_for != today and await self._erase():
            self._erased_for = today
        for name, work in self._also.items():
            if self._done_for.get(name) != today and await self._do(name, work):
                self._done_for[name] = today
        if self._built_for != today and await self._build():
            self._built_for = today

    def _today(self) -> date:
        return self._clock().astimezone(LOCAL).date()

    async def _erase(self) -> bool:
        now = self._clock()
        try:
            erased = await self._database.write(lambda store: retention.erase_due(store, now))
        except retention.TooManyAtOnce as error:
            logger.error("nothing was erased today: %s", error)
            return False
        except Exception as error:  # whatever it is, tomorrow's work must still be done
            logger.error("nothing was erased: %s", type(error).__name__)
            return False
        logger.info("erased requests=%d sign_ups=%d", erased.requests, erased.sign_ups)
        return True

    async def _do(self, name: str, work: Work) -> bool:
        try:
            await work()
        except Exception as error:  # whatever it is, the rest of the day's work must be done
            logger.error("%s could not be done: %s", name, type(error).__name__)
            return False
        return True

    async def _build(self) -> bool:
        built, _ = await build_process.build(self._root)
        if not built:
            logger.error("the site could not be built for the new day; yesterday's stands")
        return built
