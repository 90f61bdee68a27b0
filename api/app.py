"""Where a request comes in: all rooms of the service put together, and nothing decided here.

The way in: `web/protection` (ids, limits of size, origin, one log line) -> `web/static` for what
the site holds -> a feature's `routes.py`. The clock is asked by `house.py`, `desk.py` and `cli.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from api import documented
from api.access.routes import router as access
from api.activities.routes import router as activities
from api.connectors.me_routes import means_of as connecting
from api.connectors.rounds import Rounds
from api.connectors.routes import router as connectors
from api.corrections.routes import router as corrections
from api.daily import Daily
from api.gaps.routes import router as gaps
from api.health import router as health
from api.house import Clock, House, furnish, utc_now
from api.indexing import Indexing
from api.keeping.daily import day_of_keeping
from api.keeping.routes import router as keeping
from api.pledges.bulk.rounds import Rounds as Invalidating
from api.pledges.following import Following
from api.pledges.routes import router as pledges
from api.settings import Settings
from api.signposting.routes import router as signposting
from api.watching import build_edits
from api.web import problems
from api.web.protection import BODY_BYTES, Protection
from api.web.static import Site

FEATURES = (
    activities,
    signposting,
    pledges,
    keeping,
    connectors,
    corrections,
    gaps,
    access,
    health,
)
"""Every room that answers over HTTP."""


def create_app(settings: Settings, clock: Clock = utc_now) -> ASGIApp:
    """Return the whole service as one ASGI application."""
    house = furnish(settings, clock)

    def the_house() -> House:
        return house

    app = Litestar(
        route_handlers=FEATURES,
        dependencies={"house": Provide(the_house, sync_to_thread=False)},
        state=State({"house": house}),  # for the guard of the staff pages: it has no dependencies
        exception_handlers=problems.handlers(house.pages.problem),
        lifespan=[_living(house)],
        openapi_config=documented.config(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
    )
    documented.refuse_unknown_fields(app)
    site = Site(app, house.served.site_folder)
    return Protection(site, settings, house.pages.problem)


def _living(house: House) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(app: Litestar) -> AsyncIterator[None]:
        """Deliver letters and follow releases while requests are answered; then close in order."""
        root = house.settings.project
        also = {"keeping": lambda: day_of_keeping(house)}
        daily = Daily(root, house.database, house.clock, also)
        rounds = Rounds(lambda: connecting(house), house.outbox.nudge)
        following = Following(root, house.database, house.clock, house.builds)
        works = [house.served.follow(), daily.run(), house.builds.run()]
        works += [rounds.run(), following.run(), Invalidating(house).run()]
        if house.settings.meili_url:
            works.append(Indexing(house.served).run())
        if house.settings.watch:
            works.append(build_edits(root, house.builds))
        tasks = [asyncio.create_task(work) for work in works]
        try:
            async with house.outbox.running(), house.gaps.running():
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            house.database.close()
            house.served.close()

    return living
