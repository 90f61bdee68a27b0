"""Where a request comes in: all rooms of the service put together, and nothing decided here.

The way in: `web/protection` (ids, limits of size, origin, one log line) -> `web/static` for what
the site holds -> a feature's `routes.py`. The clock is asked by `context.py` and `cli.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from api.context import Clock, Context, build_context, utc_now
from api.features.activities.routes import router as activities
from api.features.connectors.background import Rounds
from api.features.connectors.routes import router as connectors
from api.features.corrections.routes import router as corrections
from api.features.gaps import GapCounter
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
    context = build_context(settings, clock)
    context.state.put(GapCounter(context.database, context.clock))

    def provide_context() -> Context:
        return context.at_present()

    app = Litestar(
        route_handlers=FEATURES,
        dependencies={"context": Provide(provide_context, sync_to_thread=False)},
        state=State(
            {"context": context}
        ),  # for the guard of the staff pages: it has no dependencies
        exception_handlers=problems.handlers(context.pages.problem),
        lifespan=[_living(context)],
        openapi_config=openapi.config(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
    )
    openapi.refuse_unknown_fields(app)
    site = Site(app, context.current_release.site_folder)
    return Protection(site, settings, context.pages.problem)


def _living(context: Context) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(app: Litestar) -> AsyncIterator[None]:
        """Deliver letters and follow releases while requests are answered; then close in order."""
        root = context.settings.project
        also = {"keeping": lambda: day_of_keeping(context)}
        daily = Daily(root, context.database, context.clock, also)
        rounds = Rounds(context.at_present, context.outbox.nudge)
        following = Following(root, context.database, context.clock, context.rebuild_queue)
        works = [context.current_release.follow(), daily.run(), context.rebuild_queue.run()]
        works += [rounds.run(), following.run(), Invalidating(context).run()]
        if context.settings.meili_url:
            works.append(Indexing(context.current_release).run())
        if context.settings.watch:
            works.append(build_edits(root, context.rebuild_queue))
        tasks = [asyncio.create_task(work) for work in works]
        try:
            async with context.outbox.running(), context.state.get(GapCounter).running():
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            context.database.close()
            context.current_release.close()

    return living
