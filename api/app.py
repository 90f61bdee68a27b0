"""Assembles the service: features that answer requests, and background jobs.

The path of a request: `http/protection` (ids, limits of size, origin, one log line) ->
`http/static_files` for what the site holds -> a feature's `routes.py`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from api.context import Clock, Context, build_context, utc_now
from api.features.activities.routes import router as activities
from api.features.api_docs.routes import router as api_docs
from api.features.connectors import self_service
from api.features.connectors.routes import router as connectors
from api.features.corrections.routes import router as corrections
from api.features.entries.routes import router as entries
from api.features.gaps.counter import WRITE_EVERY_SECONDS, GapCounter
from api.features.gaps.routes import router as gaps
from api.features.pledges.bulk import background as bulk_jobs
from api.features.pledges.bulk.job import JobBegun
from api.features.pledges.register import content_sync
from api.features.pledges.routes import router as pledges
from api.features.renewals.reminders import run_nightly_job as run_renewals_job
from api.features.renewals.routes import router as renewals
from api.features.signposting.routes import router as signposting
from api.http import openapi, problems, query_parameters
from api.http.protection import BODY_BYTES, Protection
from api.http.static_files import Site
from api.jobs import health_check, nightly, status_store
from api.jobs.health import router as health_routes
from api.jobs.health_check import CHECK_EVERY_SECONDS, HealthCheck
from api.jobs.scheduler import RECORD_EVERY_SECONDS, Scheduler
from api.jobs.steady_clock import steadily
from api.mail.outbox import POLL_SECONDS
from api.operations.nightly import note_audit_head, reconcile_content
from api.releases import current_release, rebuild_queue, search_reindex, watch
from api.settings import Settings
from api.staff.home import router as staff_home
from api.staff.routes import router as access

FEATURES = (
    activities,
    signposting,
    pledges,
    renewals,
    connectors,
    corrections,
    entries,
    gaps,
    api_docs,
    access,
    staff_home,
    health_routes,
)
"""Every feature that answers over HTTP."""


def create_app(settings: Settings, clock: Clock = utc_now) -> ASGIApp:
    """Return the service as one ASGI application."""
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
        before_request=query_parameters.refuse_unknown,
        exception_handlers=problems.handlers(context.pages.problem),
        lifespan=[_lifespan(context)],
        openapi_config=openapi.config(),
        request_max_body_size=BODY_BYTES,
        logging_config=None,
    )
    openapi.refuse_unknown_fields(app)
    site = Site(app, context.current_release.site_folder)
    return Protection(site, settings, context.pages.problem)


def schedule_jobs(context: Context) -> Scheduler:
    """Return the background jobs of the service."""
    jobs = Scheduler(context.clock)
    health = context.state.get(HealthCheck)
    health.scheduler = jobs
    jobs.every(CHECK_EVERY_SECONDS, partial(health.check, context), name="health")
    shrink_wal = partial(health_check.shrink_wal, context)
    jobs.every(health_check.SHRINK_EVERY_SECONDS, shrink_wal, name="write-ahead log")
    note = partial(health_check.note_what_is_there, context)
    jobs.every(CHECK_EVERY_SECONDS, note, name="note of what is there", at_end=note)
    for name, nightly_round in (("retention", nightly.erase), ("renewals", run_renewals_job)):
        jobs.nightly(steadily(context, name, partial(nightly_round, context)), name=name)
    jobs.nightly(partial(reconcile_content, context), name="reconcile", at_start=False)
    jobs.nightly(partial(note_audit_head, context), name="audit head")
    jobs.nightly(partial(nightly.rebuild, context), name="new day's build", at_start=False)

    release, queue = context.current_release, context.rebuild_queue
    jobs.every(
        current_release.LOOK_EVERY_SECONDS, release.reload_if_changed, name="current release"
    )
    jobs.every(
        rebuild_queue.TRY_AGAIN_SECONDS, queue.build_if_requested, name="rebuild", wake=queue.wake
    )
    outbox, gap_counter = context.outbox, context.state.get(GapCounter)
    jobs.every(
        POLL_SECONDS,
        outbox.deliver_due,
        name="outbox",
        wake=outbox.wake,
        at_end=outbox.finish,
    )
    jobs.every(WRITE_EVERY_SECONDS, gap_counter.write, name="gaps", at_end=gap_counter.write)
    name = "letters to connectors"
    letters = steadily(context, name, partial(self_service.write_letters, context))
    jobs.every(self_service.LETTERS_EVERY_SECONDS, letters, name=name)
    sync = content_sync.ContentSync(context)
    jobs.every(content_sync.LOOK_EVERY_SECONDS, sync.sync_now, name="content sync")
    jobs.every(
        bulk_jobs.LOOK_EVERY_SECONDS,
        partial(bulk_jobs.run_batches, context),
        name="bulk invalidation",
        wake=context.state.get(JobBegun),
    )
    if context.settings.meili_url:
        reindex = search_reindex.SearchReindex(release)
        jobs.every(
            search_reindex.LOOK_EVERY_SECONDS, reindex.reindex_if_needed, name="search index"
        )
    if context.settings.watch:
        edits = partial(watch.build_edits, context.project, queue)
        jobs.every(watch.AGAIN_AFTER_SECONDS, edits, name="watch", endless=True)

    async def record() -> None:
        await context.database.write(
            lambda connection: status_store.record_statuses(connection, jobs.statuses)
        )

    jobs.every(RECORD_EVERY_SECONDS, record, name="record of jobs", at_end=record)
    return jobs


def _lifespan(context: Context) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        """Run the background jobs while requests are answered, then close the context."""
        try:
            await context.state.get(HealthCheck).check(context)
            async with schedule_jobs(context).running():
                yield
        finally:
            context.database.close()
            context.current_release.close()

    return lifespan
