"""Where a request comes in: all rooms of the service put together, and nothing decided here.

The way in: `web/protection` (ids, limits of size, origin, one log line) -> `web/static` for what
the site holds -> a feature's `routes.py`. The only other place that asks the clock is `cli.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ASGIApp

from api import documented
from api.activities.routes import router as activities
from api.daily import Daily
from api.health import router as health
from api.mail.outbox import Outbox
from api.mail.transports import transport_for
from api.pledges.routes import router as pledges
from api.served import Edition, Served
from api.settings import Settings
from api.signposting.routes import router as signposting
from api.store.database import Database
from api.store.migrate import migrate
from api.vault import Vault, open_vault
from api.web import problems
from api.web.frame import Pages
from api.web.limits import Limits
from api.web.protection import BODY_BYTES, Protection
from api.web.static import Site
from catalogue.catalogue import Catalogue

Clock = Callable[[], datetime]


class House(msgspec.Struct, frozen=True):
    """What the process holds once, for all requests."""

    settings: Settings
    database: Database
    vault: Vault
    outbox: Outbox
    limits: Limits
    served: Served
    pages: Pages
    clock: Clock


def utc_now() -> datetime:
    """Ask the clock."""
    return datetime.now(UTC)


def furnish(settings: Settings, clock: Clock = utc_now) -> House:
    """Open everything the service needs, the database migrated. Raises what cannot be had."""
    settings.data.mkdir(parents=True, exist_ok=True)
    served = Served(settings.project)
    vault = open_vault(settings)
    migrate(settings.database_url)
    database = Database(settings.database_url)
    return House(
        settings=settings,
        database=database,
        vault=vault,
        outbox=Outbox(
            database, vault, transport_for(settings), sender=settings.mail_from, clock=clock
        ),
        limits=Limits(settings.trusted_proxies),
        served=served,
        pages=Pages(served),
        clock=clock,
    )


def create_app(settings: Settings, clock: Clock = utc_now) -> ASGIApp:
    """Return the whole service as one ASGI application."""
    house = furnish(settings, clock)
    app = Litestar(
        route_handlers=[
            activities,
            signposting,
            pledges,
            health,
        ],
        dependencies=_dependencies(house),
        exception_handlers=problems.handlers(house.pages.problem),
        lifespan=[_living(house)],
        openapi_config=documented.config(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
    )
    documented.refuse_unknown_fields(app)
    site = Site(app, house.served.site_folder)
    return Protection(site, settings, house.pages.problem)


def _dependencies(house: House) -> dict[str, Provide]:
    """Return what a handler may ask for by name."""

    def edition() -> Edition:
        return house.served.now

    def catalogue() -> Catalogue:
        return house.served.now.catalogue

    def clock() -> Clock:
        return house.clock

    def now() -> datetime:
        return house.clock()

    given = [edition, catalogue, clock, now]
    dependencies = {give.__name__: Provide(give, sync_to_thread=False) for give in given}
    for name in ("settings", "database", "vault", "outbox", "limits", "pages"):
        dependencies[name] = _always(getattr(house, name))
    return dependencies


def _always(one: object) -> Provide:
    def give() -> Any:
        return one

    return Provide(give, sync_to_thread=False)


def _living(house: House) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(app: Litestar) -> AsyncIterator[None]:
        """Deliver letters and follow releases while requests are answered; then close in order."""
        daily = Daily(house.settings.project, house.database, house.clock)
        tasks = [asyncio.create_task(house.served.follow()), asyncio.create_task(daily.run())]
        try:
            async with house.outbox.running():
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            house.database.close()

    return living
