"""The pages of a job as values: what is meant, what was counted, how far it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from api.features.pledges.bulk.conditions import Conditions
from api.features.pledges.bulk.job import REMOVING, decision_type_for, may_undo
from api.features.pledges.bulk.matching import MatchedSignUps
from api.features.pledges.bulk.store import BulkRequest, Job
from api.features.pledges.review import queue, reasons
from api.features.pledges.review.queue import STAGES, QueuedSignUp, moment
from api.features.pledges.signing.hold_reasons import HELD_WHY
from api.moderation.undo import UNDO_WITHIN
from api.security import normalise
from api.security.encryption import Encryption
from api.staff.people import actor_name
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import Form
from catalogue.outputs.search.choices import Choice

URL = f"{queue.URL}/bulk"

STATES: Mapping[str, str] = {
    "held": gettext_noop("Held"),
    "awaiting_confirmation": gettext_noop("Waiting for their confirmation"),
    "confirmed": gettext_noop("Confirmed, waiting to be read"),
    "published": gettext_noop("On the register, hidden ones too: they are taken off"),
}
JOB_STATES: Mapping[str, str] = {
    "running": gettext_noop("Running"),
    "finished": gettext_noop("Done"),
    "cancelled": gettext_noop("Stopped"),
    "undoing": gettext_noop("Being undone"),
    "undone": gettext_noop("Undone"),
}
OUTCOMES: Mapping[str, str] = {
    "waiting": gettext_noop("Still to come"),
    "done": gettext_noop("Invalidated"),
    "locked": gettext_noop("Left alone: somebody was reading them"),
    "moved": gettext_noop("Left alone: they had changed since they were counted"),
    "undone": gettext_noop("Put back as they were"),
    "busy": gettext_noop("Not put back: somebody was reading them"),
    "left": gettext_noop("Not put back: decided otherwise since, or their place is taken"),
}
NEVER_REACHED = gettext_noop("Not reached")


class CountLine(msgspec.Struct, frozen=True):
    """A number of sign-ups, and which."""

    words: str
    number: int


class BulkCount(msgspec.Struct, frozen=True):
    """What was counted. `at` and `seen` go back with the press that begins the job."""

    total: int
    by_stage: tuple[CountLine, ...]
    by_pledge: tuple[CountLine, ...]
    sample: tuple[QueuedSignUp, ...]
    at: str
    seen: str
    conditions: tuple[tuple[str, str], ...]
    refuses: bool
    removes: bool
    free_mail: bool
    """Anybody may have an address of the domain that was asked for."""


class BulkJobLine(msgspec.Struct, frozen=True):
    """A job on the list."""

    url: str
    state: str
    actor: str
    at: str
    total: int


class BulkJobProgress(msgspec.Struct, frozen=True):
    """How far a job is: `count_done` of `total` sign-ups were looked at, or put back."""

    url: str
    state: str
    at_work: bool
    actor: str
    at: str
    undone_by: str
    why: tuple[str, ...]
    words: str
    conditions: tuple[tuple[str, str], ...]
    count_done: int
    total: int
    became: tuple[CountLine, ...]
    undo_until: str


class BulkSelectionPage(Page, frozen=True, kw_only=True):
    """The form that says which sign-ups are meant, and the jobs there were."""

    template = "staff/bulk.html"

    form: Form
    jobs: tuple[BulkJobLine, ...]
    pledges: tuple[Choice, ...]
    states: tuple[tuple[str, str], ...]
    hold_reasons: tuple[Choice, ...]


class BulkCountPage(Page, frozen=True, kw_only=True):
    """What was counted. `hidden_fields` are names and values of the form."""

    template = "staff/bulk_counted.html"

    form: Form
    count: BulkCount
    hidden_fields: tuple[tuple[str, str], ...]
    anew: bool
    may_start: bool
    refusals: tuple[Choice, ...]
    removals: tuple[Choice, ...]
    back: str


class BulkJobPage(Page, frozen=True, kw_only=True):
    """How far one job is. `sentence` says why nothing was done, or is empty."""

    template = "staff/bulk_job.html"

    job: BulkJobProgress
    may_undo: bool
    sentence: str
    back: str


def selection_page(
    form: Form, jobs: tuple[BulkJobLine, ...], catalogue: Catalogue
) -> BulkSelectionPage:
    """Return the form with what it offers to choose from."""
    return BulkSelectionPage(
        form=form,
        jobs=jobs,
        pledges=tuple(Choice(pledge.slug, pledge.title) for pledge in catalogue.pledges),
        states=tuple((name, _(words)) for name, words in STATES.items()),
        hold_reasons=tuple(Choice(name, _(words)) for name, words in HELD_WHY.items()),
    )


def bulk_count(
    matched: MatchedSignUps, conditions: Conditions, catalogue: Catalogue, now: datetime
) -> BulkCount:
    """Return what was counted, with what staff read in their queue of the first of them."""
    decisions = {decision_type_for(match.stage).name for match in matched.matches}
    titles = {pledge.slug: pledge.title for pledge in catalogue.pledges}
    return BulkCount(
        total=len(matched.matches),
        by_stage=tuple(
            CountLine(_(STAGES[stage]), number) for stage, number in matched.by_stage().items()
        ),
        by_pledge=tuple(
            CountLine(titles.get(slug, slug), number)
            for slug, number in matched.by_pledge().items()
        ),
        sample=queue.queued_sign_ups(matched.sample, {}, catalogue, now),
        at=matched.at.isoformat(),
        seen=matched.fingerprint,
        conditions=describe_conditions(conditions, catalogue),
        refuses=bool(decisions - {REMOVING}),
        removes=REMOVING in decisions,
        free_mail=bool(conditions.domain)
        and normalise.is_free_mail(f"somebody@{conditions.domain}"),
    )


def describe_conditions(
    conditions: Conditions, catalogue: Catalogue
) -> tuple[tuple[str, str], ...]:
    """Return conditions as pairs of a label and a value."""
    pledge = catalogue.pledge(conditions.pledge)
    start, before = conditions.received_from, conditions.received_before
    pairs = (
        (_("State"), "; ".join(_(STATES[state]) for state in conditions.states)),
        (_("Pledge"), pledge.title if pledge else conditions.pledge),
        (_("Address ends in"), f"@{conditions.domain}" if conditions.domain else ""),
        (_("Name begins with"), conditions.name_starts),
        (_("Name has in it"), conditions.name_contains),
        (_("Received from"), moment(start) if start else ""),
        (_("Received before"), moment(before) if before else ""),
        (_("Held because"), _(HELD_WHY[conditions.held_why]) if conditions.held_why else ""),
        (_("Came from the same connection as"), conditions.like),
    )
    return tuple((label, value) for label, value in pairs if value)


def job_lines(
    jobs: Sequence[tuple[Job, Mapping[str, int]]], names: Mapping[str, str]
) -> tuple[BulkJobLine, ...]:
    """Return jobs for the list."""
    return tuple(
        BulkJobLine(
            url=f"{URL}/{job.id}",
            state=_(JOB_STATES[job.state]),
            actor=actor_name(job.actor, names),
            at=moment(job.created_at),
            total=sum(counts.values()),
        )
        for job, counts in jobs
    )


def progress(
    job: Job,
    counts: Mapping[str, int],
    names: Mapping[str, str],
    encryption: Encryption,
    catalogue: Catalogue,
    now: datetime,
) -> BulkJobProgress:
    """Return how far a job is."""
    request = encryption.decrypt_as(job.id, job.sealed, BulkRequest)
    undoing = job.state in ("undoing", "undone")
    settled = ("undone", "left", "busy") if undoing else ("done", "locked", "moved")
    states = (*settled, "done" if undoing else "waiting")
    can = may_undo(job, dict(counts), now)
    return BulkJobProgress(
        url=f"{URL}/{job.id}",
        state=_(JOB_STATES[job.state]),
        at_work=job.is_active,
        actor=actor_name(job.actor, names),
        at=moment(job.created_at),
        undone_by=actor_name(job.undone_by, names) if job.undone_by else "",
        why=tuple(_(reasons.title(code)) for code in (job.refused_why, job.removed_why) if code),
        words=request.words,
        conditions=describe_conditions(request.conditions, catalogue),
        count_done=sum(counts.get(state, 0) for state in settled),
        total=sum(counts.get(state, 0) for state in states),
        became=_became(job, counts),
        undo_until=moment(job.ended_at + UNDO_WITHIN) if can and job.ended_at else "",
    )


def _became(job: Job, counts: Mapping[str, int]) -> tuple[CountLine, ...]:
    words = dict(OUTCOMES)
    if job.state != "running":
        words["waiting"] = NEVER_REACHED
    return tuple(CountLine(_(words[state]), counts[state]) for state in words if counts.get(state))
