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

from api.context import Clock, House, furnish, utc_now
from api.features.activities.routes import router as activities
from api.features.connectors.background import Rounds
from api.features.connectors.routes import router as connectors
from api.features.connectors.self_service_routes import means_of as connecting
from api.features.corrections.routes import router as corrections
from api.features.gaps.routes import router as gaps
from api.features.pledges.bulk.background import Rounds as Invalidating
from api.features.pledges.register.content_sync import Following
from api.features.pledges.routes import router as pledges
from api.features.renewals.daily import day_of_keeping
from api.features.renewals.routes import router as keeping
from api.features.signposting.routes import router as signposting
from api.http import openapi, problems
from api.http.protection import BODY_BYTES, Protection
from api.http.static_files import Site
from api.jobs.daily import Daily
from api.jobs.health import router as health
from api.releases.search_reindex import Indexing
from api.releases.watch import build_edits
from api.settings import Settings
from api.staff.routes import router as access

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
        openapi_config=openapi.config(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
    )
    openapi.refuse_unknown_fields(app)
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
