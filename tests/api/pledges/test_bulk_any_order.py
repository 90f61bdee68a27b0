"""Whatever happens in whatever order: each sign-up is in one state, and the trail tells how."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from api.context import Context, assemble_context
from api.errors import DomainError
from api.features.pledges.bulk import batch, job, matching, store
from api.features.pledges.bulk.conditions import STATES, Conditions
from api.features.pledges.bulk.job import CountChanged, JobReasons
from api.features.pledges.register import publish
from api.features.pledges.register.content_sync import show_again, unpublish_entries
from api.features.pledges.review import decide, undo
from api.features.pledges.review.decide import DecisionNote
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.store import SignUp
from api.releases.current_release import CurrentRelease
from api.security.encryption import Encryption
from api.staff import people
from api.store import audit, schema
from api.store.audit import AuditEvent
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.pledges.many_sign_ups import make_sign_up, status_of
from tests.api.service_under_test import project_settings
from tests.support.depth import examples

SIGN_UPS = ("held", "awaiting_confirmation", "confirmed", "confirmed", "published", "hidden")
BATCH = 2
LEADS_TO = {
    "sign_up.published": "published",
    "sign_up.rejected": "rejected",
    "sign_up.removed": "withdrawn",
    "sign_up.hidden": "hidden",
    "sign_up.shown_again": "published",
    "sign_up.put_on_hold": "held",
}

WHICH = st.integers(0, len(SIGN_UPS) - 1)
DOES = st.one_of(
    st.sampled_from(["start", "batch", "batch", "batch", "cancel", "undo", "crash"]).map(
        lambda name: (name, 0)
    ),
    st.tuples(st.sampled_from(["reject", "remove", "hold", "show", "back", "lock", "free"]), WHICH),
)


class Town(msgspec.Struct):
    """Some sign-ups, a coordinator with a job, and a colleague who decides about single ones."""

    context: Context
    clock: Clock
    catalogue: Catalogue
    colleague: str
    sign_ups: list[SignUp]
    began_after: int

    def trail(self) -> list[AuditEvent]:
        """What was written down since it was set up, the oldest first."""
        most = audit.EVER
        lines = self.context.database.read_now(
            lambda connection: audit.newest(connection, 200, before=most)
        )
        return [line for line in reversed(lines) if line.seq > self.began_after]

    def at(self, operator: str = "") -> Context:
        """The context a second later."""
        later = self.clock.advance(seconds=1)
        actor = operator or self.context.actor
        return msgspec.structs.replace(self.context, now=later, actor=actor)

    def now(self) -> list[SignUp]:
        references = [sign_up.reference for sign_up in self.sign_ups]
        return self.context.database.read_now(
            lambda connection: [
                decide.find_sign_up(connection, reference) for reference in references
            ]
        )


def make_town(
    database: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> Town:
    """Set one up, a day after what came before."""
    clock.advance(days=1)
    context = assemble_context(
        project_settings(project), database, encryption, CurrentRelease(project), clock
    )
    mail = f"{clock.now:%d%H%M%S}"
    boss, colleague = (
        database.write_now(
            lambda connection: people.add(
                connection,
                "Jo",
                f"{staff}{mail}@example.org",  # noqa: B023
                ["moderator"],
                context.as_actor("operator test"),
            )
        )
        for staff in ("boss", "ann")
    )
    context = context.as_actor(f"staff {boss.id}")
    began_after = database.read_now(audit.head)[0]
    town = Town(context, clock, catalogue, colleague.id, [], began_after)
    for number, stage in enumerate(SIGN_UPS):
        state = "confirmed" if stage in ("published", "hidden") else stage
        name = f"Pub {mail} {number}"
        new, row = make_sign_up(town.at(), number, state, name=name, domain=f"a{mail}.example.org")
        database.insert_now([row])
        if stage in ("published", "hidden"):
            publish.approve(new.reference, town.at(), catalogue)
        if stage == "hidden":
            decide.decide(new.reference, "hide", DecisionNote(), town.at(), catalogue)
            unpublish_entries(project, database, clock.now)
        town.sign_ups.append(new)
    return town


def start_job(town: Town) -> None:
    context = town.at()
    conditions = Conditions(states=STATES, received_from=town.sign_ups[0].created_at)
    matches = context.database.read_now(
        lambda connection: matching.find_matches(
            connection, conditions, context.encryption, context.now
        )
    )
    with suppress(CountChanged):
        job.start(
            conditions, context.now, matches.fingerprint, JobReasons("made_up", "made_up"), context
        )


def run_batch(town: Town) -> None:
    context = town.at()
    if at_work := context.database.read_now(store.find_active):
        batch.run(at_work, context, town.catalogue)


def crash_in_a_batch(town: Town) -> None:
    """Everything is thrown away that was not committed; the next start looks at the content."""
    with patch.object(batch, "insert_rows", side_effect=MemoryError), suppress(MemoryError):
        run_batch(town)
    unpublish_entries(town.context.project, town.context.database)


def act_on_latest_job(town: Town, act: Callable[[str, Context], None]) -> None:
    jobs = town.context.database.read_now(store.latest)
    if jobs:
        act(jobs[0].id, town.at())


def decide_alone(town: Town, name: str, number: int) -> None:
    of, context = town.sign_ups[number], town.at(f"staff {town.colleague}")

    def take_lock(connection: Connection) -> None:
        LOCKS.take(connection, of.id, town.colleague, context.now)

    if name == "lock":
        context.database.write_now(take_lock)
    elif name == "free":
        context.database.write_now(
            lambda connection: LOCKS.release(connection, of.id, town.colleague)
        )
    elif name == "back":
        undo.undo(of.reference, context)
    elif name == "show":
        show_again(of.reference, "", context, town.catalogue)
    else:
        note = DecisionNote("made_up" if name in ("reject", "remove") else "")
        decide.decide(of.reference, name, note, context, town.catalogue)
        unpublish_entries(context.project, context.database, context.now)


def perform(town: Town, name: str, number: int) -> None:
    jobs: dict[str, Callable[[], None]] = {
        "start": lambda: start_job(town),
        "batch": lambda: run_batch(town),
        "crash": lambda: crash_in_a_batch(town),
        "cancel": lambda: act_on_latest_job(town, job.cancel),
        "undo": lambda: act_on_latest_job(town, job.undo),
    }
    with suppress(DomainError):
        jobs.get(name, lambda: decide_alone(town, name, number))()


def stages_by_history(trail: Sequence[AuditEvent], sign_ups: Sequence[SignUp]) -> list[str]:
    """Return the stage of each as its history tells it: each act from what it was, undoing back."""
    stages = {sign_up.reference: sign_up.stage for sign_up in sign_ups}
    acts: dict[str, list[str]] = {reference: [] for reference in stages}
    for line in trail:
        if line.subject not in stages:
            continue
        if line.action == "sign_up.undone":
            assert acts[line.subject], "undone, and nothing was decided"
            stages[line.subject] = acts[line.subject].pop()
        elif line.action in LEADS_TO:
            assert line.detail["was"] == stages[line.subject]
            acts[line.subject].append(stages[line.subject])
            stages[line.subject] = LEADS_TO[line.action]
    return [*stages.values()]


def check_consistent(town: Town) -> None:
    now, trail = town.now(), town.trail()
    assert [sign_up.stage for sign_up in now] == stages_by_history(trail, town.sign_ups)
    for sign_up in now:
        if sign_up.entry_path:
            status = "published" if sign_up.stage == "published" else "withdrawn"
            assert status_of(town.context.project, sign_up.entry_path) == status
    jobs = town.context.database.read_now(
        lambda connection: connection.execute(schema.invalidation.select()).all()
    )
    assert sum(bulk_job.turn or 0 for bulk_job in jobs) <= 1
    for bulk_job in jobs:
        if bulk_job.created_at > town.context.now:
            check_job_counts(town, trail, bulk_job.id, bulk_job.state)


def check_job_counts(town: Town, trail: Sequence[AuditEvent], job_id: str, state: str) -> None:
    members = town.context.database.read_now(
        lambda connection: connection.execute(
            schema.invalidation_member.select().where(
                schema.invalidation_member.c.invalidation_id == job_id
            )
        ).all()
    )
    job_lines = [line for line in trail if line.detail.get("invalidation") == job_id]
    decided = [line.subject for line in job_lines if line.action != "sign_up.undone"]
    undone = [line.subject for line in job_lines if line.action == "sign_up.undone"]
    ever = [member for member in members if member.decision_id]
    assert len(decided) == len(set(decided)) == len(ever), "nobody is invalidated twice"
    ids = {sign_up.reference: sign_up.id for sign_up in town.sign_ups}
    when_counted = {member.sign_up_id: member.stage for member in members}
    for line in job_lines:
        stage = when_counted[ids[str(line.subject)]]
        assert line.detail.get("was", stage) == stage, "what has changed since is left alone"
    assert len(undone) == len(set(undone)) == sum(member.state == "undone" for member in members)
    counts = town.context.database.read_now(lambda connection: store.counts(connection, job_id))
    assert sum(counts.values()) == len(members)
    waits = counts.get("waiting", 0)
    assert state in ("running", "cancelled", "undoing", "undone") or not waits


@pytest.fixture
def new_town(
    database: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> Callable[[], Town]:
    return lambda: make_town(database, encryption, clock, project, catalogue)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(DOES, min_size=4, max_size=18))
def test_any_story_leaves_each_sign_up_in_one_state_that_its_history_tells(
    new_town: Callable[[], Town], story: Sequence[tuple[str, int]]
) -> None:
    town = new_town()
    with patch.object(batch, "SIZE", BATCH):
        perform(town, "start", 0)
        for name, number in story:
            perform(town, name, number)
            check_consistent(town)
        finishes(town)
    assert town.context.database.read_now(audit.verify) is None


def finishes(town: Town) -> None:
    """Whatever came before, the job at work comes to an end in as many batches as it has."""
    for _ in range(len(SIGN_UPS) // BATCH + 2):
        run_batch(town)
    check_consistent(town)
    assert town.context.database.read_now(store.find_active) is None
