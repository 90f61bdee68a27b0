"""A job from its beginning to its end: started on what was counted, cancelled, ended, undone.

It only says what is to be done; `batch.py` does it, a hundred sign-ups at a time.
"""

import asyncio
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features.pledges.bulk import store
from api.features.pledges.bulk.conditions import Conditions
from api.features.pledges.bulk.matching import MatchedSignUps, find_matches
from api.features.pledges.bulk.store import BulkRequest, Job
from api.features.pledges.review import decide
from api.features.pledges.review.decide import DECISION_TYPES, DecisionNote, DecisionType
from api.moderation.undo import UNDO_WITHIN
from api.security.references import new_id
from api.staff import people
from api.store import audit
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop, ngettext

REFUSING, REMOVING = "reject", "remove"
JOB_DECISION_TYPES = {
    name: msgspec.structs.replace(DECISION_TYPES[name], letter="") for name in (REFUSING, REMOVING)
}
"""The two decisions of a job: as for one sign-up, but nobody is written to."""


class JobBegun(asyncio.Event):
    """Set when a job begins, for the background task of this process."""


class JobNotFound(Missing):
    """No job bears this id."""

    code = "no-job"
    sentence = gettext_noop("There is no such job, or it was deleted because it was old.")


class AnotherJobRunning(Conflict):
    """Another job has batches to come."""

    code = "at-work"
    sentence = gettext_noop("Another one is running. Wait until it is done, or stop it.")


class JobNotRunning(Conflict):
    """It is not at work: it has ended, or somebody stopped it."""

    code = "over-before"
    sentence = gettext_noop("It is not running any more.")


class JobNotUndoable(Conflict):
    """There is nothing of it to undo, or it is too late."""

    code = "no-undoing"
    sentence = gettext_noop("There is nothing to undo, or it was more than seven days ago.")


class CountChanged(Exception):
    """Other sign-ups are conditions by now than were shown."""

    def __init__(self, matched: MatchedSignUps) -> None:
        self.matched = matched
        super().__init__()


class JobReasons(msgspec.Struct, frozen=True):
    """The reasons: why those not published are refused, why published ones are taken off."""

    refused: str = ""
    removed: str = ""
    words: str = ""

    def note_for(self, decision_type: DecisionType) -> DecisionNote:
        """Return what goes with each decision."""
        return DecisionNote(
            self.removed if decision_type.name == REMOVING else self.refused, self.words
        )


def decision_type_for(stage: str) -> DecisionType:
    """Return what invalidating does with a sign-up in a stage."""
    return JOB_DECISION_TYPES[
        REMOVING if stage in DECISION_TYPES[REMOVING].from_stages else REFUSING
    ]


def start(
    conditions: Conditions, at: datetime, fingerprint: str, reasons: JobReasons, context: Context
) -> str:
    """Begin a job on what was counted `at` a moment and stood as `fingerprint`; return its id.

    Raises `CountedAnew` where that is not the same any more, `Invalid` without a reason,
    `AtWork`.
    """
    matched = context.database.read_now(
        lambda connection: find_matches(connection, conditions, context.encryption, at)
    )
    if matched.fingerprint != fingerprint or not matched.matches:
        raise CountChanged(
            context.database.read_now(
                lambda connection: find_matches(
                    connection, conditions, context.encryption, context.now
                )
            )
        )
    names = {decision_type_for(match.stage).name for match in matched.matches}
    _expect_reasons(names, reasons)
    new = Job(
        id=(job_id := new_id()),
        state="running",
        refused_why=reasons.refused if REFUSING in names else "",
        removed_why=reasons.removed if REMOVING in names else "",
        sealed=context.encryption.encrypt(job_id, BulkRequest(conditions, reasons.words)),
        actor=context.actor,
        created_at=context.now,
    )
    line = _line("started", new.id, context, matched=len(matched.matches))
    number = len(matched.matches)
    what = ngettext(
        "began to invalidate %(number)s sign-up",
        "began to invalidate %(number)s sign-ups at once",
        number,
        number=number,
    )

    def act(connection: Connection) -> None:
        insert_rows(connection, [*store.rows(new, matched.matches), line])
        people.tell_of_act(connection, what, context)

    try:
        context.database.write_now(act)
    except UniqueViolation:
        raise AnotherJobRunning from None
    return new.id


def cancel(job_id: str, context: Context) -> None:
    """Stop a job, or its undoing, before its next batch. Raises `NoJob`, `OverBefore`."""

    def act(connection: Connection) -> None:
        job = find_job(connection, job_id, alone=True)
        if not job.is_active:
            raise JobNotRunning
        if job.state == "running":
            end(connection, job, "cancelled", context)
        else:
            end(connection, job, "undone", context)

    context.database.write_now(act)


def undo(job_id: str, context: Context) -> None:
    """Begin to take all of a job back. Raises `NoJob`, `NoUndoing`, `AtWork`."""

    def act(connection: Connection) -> None:
        job = find_job(connection, job_id, alone=True)
        if store.find_active(connection):
            raise AnotherJobRunning
        if not may_undo(job, store.counts(connection, job.id), context.now):
            raise JobNotUndoable
        store.retry_busy(connection, job.id)
        store.change(connection, job.id, "undoing", undone_by=context.actor)
        insert_rows(connection, [_line("undo_started", job.id, context)])
        what = _("began to undo that many sign-ups were invalidated at once")
        people.tell_of_act(connection, what, context)

    try:
        context.database.write_now(act)
    except UniqueViolation:
        raise AnotherJobRunning from None


def may_undo(job: Job, counts: dict[str, int], now: datetime) -> bool:
    """Say whether there is something to undo, and still time."""
    if job.is_active or job.ended_at is None:
        return False
    return bool(counts.get("done") or counts.get("busy")) and now < job.ended_at + UNDO_WITHIN


def find_job(connection: Connection, job_id: str, *, alone: bool = False) -> Job:
    """Return a job. Raises `NoJob`."""
    job = store.find(connection, job_id, alone=alone)
    if job is None:
        raise JobNotFound
    return job


def end(connection: Connection, job: Job, state: str, context: Context) -> None:
    """Call a job, or its undoing, over, and write down what became of its sign-ups."""
    changes = {} if job.state == "undoing" else {"ended_at": context.now}
    store.change(connection, job.id, state, **changes)
    counts = store.counts(connection, job.id)
    insert_rows(connection, [_line(state, job.id, context, **counts)])


def _line(event: str, job_id: str, context: Context, **counts: int) -> audit.Row:
    return audit.new_event(
        f"invalidation.{event}", job_id, actor=context.actor, at=context.now, **counts
    )


def _expect_reasons(names: set[str], reasons: JobReasons) -> None:
    """Raise `Invalid` where a reason is missing, or words that one needs."""
    faults: dict[str, FieldFault] = {}
    for name, field in ((REFUSING, "refused_why"), (REMOVING, "removed_why")):
        if name not in names:
            continue
        try:
            decide.expect_valid_note(
                DECISION_TYPES[name], reasons.note_for(JOB_DECISION_TYPES[name])
            )
        except Invalid as error:
            for fault in error.errors:
                name_in_form = field if fault.field == "code" else fault.field
                faults.setdefault(name_in_form, FieldFault(name_in_form, fault.message))
    if faults:
        raise Invalid(*faults.values())
