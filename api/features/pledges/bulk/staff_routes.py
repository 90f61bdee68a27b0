"""Staff's pages to invalidate many sign-ups: say which, see how many, begin, stop, undo."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid
from api.features.pledges.bulk import job, matching, store, views
from api.features.pledges.bulk.conditions import Answers, Conditions, read_conditions
from api.features.pledges.bulk.job import AnotherJobRunning, CountChanged, JobBegun, JobReasons
from api.features.pledges.bulk.matching import MatchedSignUps
from api.features.pledges.bulk.store import Job
from api.features.pledges.bulk.views import URL
from api.features.pledges.review import reasons
from api.http.request_bodies import AnyRequest, form_answers
from api.moderation.reasons import choices
from api.staff import people, roles
from api.staff.sign_in import SignedInStaff
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

CONDITION_FIELDS = (
    "pledge",
    "states",
    "domain",
    "name_starts",
    "name_contains",
    "received_from",
    "received_until",
    "held_why",
    "like",
)
"""The fields of the form, which ride along unseen on the page that shows what was counted."""


@get(URL, opt={"may": "sign_ups"})
async def which_page(
    context: NamedDependency[Context],
    like: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[str]:
    """Ask which sign-ups are conditions, and list the jobs there were."""
    return await _selection_page(context, {"like": [like]} if like else {})


@post(URL, opt={"may": "sign_ups"})
async def count_page(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Count them, and change nothing. That it was counted is written down."""
    answers = form_answers(await request.body())
    now = context.now

    def read(connection: Connection) -> MatchedSignUps:
        return matching.find_matches(connection, conditions, context.encryption, now)

    try:
        conditions = read_conditions(answers, context.catalogue)
        matched = await context.database.read(read)
    except Invalid as error:
        return await _selection_page(context, answers, error.errors)
    number = len(matched.matches)
    line = audit.new_event("invalidation.counted", None, actor=staff.actor, at=now, matched=number)
    await context.database.write(lambda connection: insert_rows(connection, [line]))
    return _count_page(context, staff, answers, conditions, matched)


@post(f"{URL}/start", opt={"may": "invalidate", "step_up": URL})
async def start_page(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Begin, if it is still what was shown; else show what it is now."""
    answers = form_answers(await request.body())
    fields = {name: values[0] for name, values in answers.items()}
    why = JobReasons(
        fields.get("refused_why", ""), fields.get("removed_why", ""), fields.get("words", "")
    )
    context = context.as_actor(staff.actor)
    at = _moment(fields.get("at", ""), context.now)
    try:
        conditions = read_conditions(answers, context.catalogue)
        job_id = await asyncio.to_thread(
            job.start, conditions, at, fields.get("seen", ""), why, context
        )
    except CountChanged as error:
        return _count_page(context, staff, answers, conditions, error.matched, anew=True)
    except AnotherJobRunning as error:
        return await _selection_page(context, answers, (FieldFault("", error.sentence),), 409)
    except Invalid as error:
        return await _count_again(context, staff, answers, error)
    context.state.get(JobBegun).set()
    context.outbox.nudge()
    return Redirect(f"{URL}/{job_id}", status_code=303)


@get(f"{URL}/{{job_id:str}}", opt={"may": "sign_ups"})
async def job_page(
    job_id: FromPath[str], staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show how far one is."""
    return await _job_page(job_id, staff, context)


@post(f"{URL}/{{job_id:str}}/cancel", opt={"may": "sign_ups"})
async def cancel_page(
    job_id: FromPath[str], staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Stop it before its next batch: whoever sees that something goes wrong may."""
    try:
        await asyncio.to_thread(job.cancel, job_id, context.as_actor(staff.actor))
    except Conflict as error:
        return await _job_page(job_id, staff, context, error)
    return Redirect(f"{URL}/{job_id}", status_code=303)


@post(f"{URL}/{{job_id:str}}/undo", opt={"may": "invalidate", "step_up": URL})
async def undo_page(
    job_id: FromPath[str], staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Begin to take it back."""
    try:
        await asyncio.to_thread(job.undo, job_id, context.as_actor(staff.actor))
    except Conflict as error:
        return await _job_page(job_id, staff, context, error)
    context.state.get(JobBegun).set()
    context.outbox.nudge()
    return Redirect(f"{URL}/{job_id}", status_code=303)


async def _selection_page(
    context: Context, answers: Answers, faults: tuple[FieldFault, ...] = (), status: int = 422
) -> Response[str]:
    def read_rows(connection: Connection) -> tuple[views.BulkJobLine, ...]:
        jobs = [(job, store.counts(connection, job.id)) for job in store.latest(connection)]
        names = people.names_by_id(connection, context.encryption) if jobs else {}
        return views.job_lines(jobs, names)

    errors = [FieldError(fault.field, fault.message) for fault in faults]
    jobs = await context.database.read(read_rows)
    page = views.selection_page(Form(URL, answers, errors), jobs, context.catalogue)
    return context.pages.page(page, _("Invalidate many"), status=status if faults else 200)


async def _count_again(
    context: Context, staff: SignedInStaff, answers: Answers, error: Invalid
) -> Response[str]:
    """Show what was counted again, with what is missing; or the form, where that has faults."""
    now = context.now
    try:
        conditions = read_conditions(answers, context.catalogue)
        matched = await context.database.read(
            lambda connection: matching.find_matches(
                connection, conditions, context.encryption, now
            )
        )
    except Invalid as fault:
        return await _selection_page(context, answers, fault.errors)
    return _count_page(context, staff, answers, conditions, matched, error)


def _count_page(
    context: Context,
    staff: SignedInStaff,
    answers: Answers,
    conditions: Conditions,
    matched: MatchedSignUps,
    error: Invalid | None = None,
    *,
    anew: bool = False,
) -> Response[str]:
    errors = [FieldError(fault.field, fault.message) for fault in error.errors] if error else []
    page = views.BulkCountPage(
        form=Form(f"{URL}/start", answers, errors),
        count=views.bulk_count(matched, conditions, context.catalogue, context.now),
        hidden_fields=tuple(
            (name, value) for name in CONDITION_FIELDS for value in answers.get(name, ())
        ),
        anew=anew,
        may_start=roles.has_permission(staff.roles, "invalidate"),
        refusals=choices(reasons.REFUSED),
        removals=choices(reasons.TAKEN_OFF),
        back=URL,
    )
    status = 409 if anew else 422 if errors else 200
    return context.pages.page(page, _("Invalidate many"), status=status)


async def _job_page(
    job_id: str, staff: SignedInStaff, context: Context, refused: Conflict | None = None
) -> Response[str]:
    def read_rows(connection: Connection) -> tuple[Job, dict[str, int], dict[str, str]]:
        bulk_job = job.find_job(connection, job_id)
        names = people.names_by_id(connection, context.encryption)
        return bulk_job, store.counts(connection, job_id), names

    job_found, counts, names = await context.database.read(read_rows)
    now = context.now
    page = views.BulkJobPage(
        job=views.progress(job_found, counts, names, context.encryption, context.catalogue, now),
        may_undo=roles.has_permission(staff.roles, "invalidate"),
        sentence=refused.sentence if refused else "",
        back=URL,
    )
    return context.pages.page(page, _("Invalidate many"), status=409 if refused else 200)


def _moment(typed: str, now: datetime) -> datetime:
    """Return when it was counted, as the page says; now, where it says nothing sensible."""
    try:
        at = datetime.fromisoformat(typed[:40])
    except ValueError:
        return now
    return min(at.astimezone(UTC), now) if at.tzinfo else now


bulk_pages = (which_page, count_page, start_page, job_page, cancel_page, undo_page)
