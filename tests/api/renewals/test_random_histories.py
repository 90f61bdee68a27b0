"""Two years of random actions and of silence: every promise comes to an end in each of them."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from api.content_files.signatory_files import read
from api.context import Context, assemble_context
from api.features.renewals import check_in, reminders, self_service
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.renewal_rules import PledgeEnded
from api.features.renewals.store import CommitmentAnswer
from api.releases.current_release import CurrentRelease
from api.security.encryption import Encryption
from api.store import schema
from api.store.database import Database
from catalogue.model.pledge import GRACE, Signatory
from catalogue.outputs.pledges.signatory import signatory_view
from catalogue.read import load
from tests.api.conftest import START
from tests.api.pledges.conftest import PLEDGE, TAXONOMY
from tests.api.renewals.conftest import EDITOR_ENTRY
from tests.api.service_under_test import project_settings
from tests.support.depth import examples

END = START + timedelta(days=4 * 365)
SLUGS = ("one", "two", "three", "four")
ACTIONS = (
    "renew",
    "renew with answers",
    "stop all",
    "withdraw",
    "rename",
    "read",
    "end the pledge",
)
Action = tuple[int, str, str]
"""The day, the slug at the start, and one of `ACTIONS`."""


def make_project(folder: Path) -> Path:
    register = folder / "content" / "pledges" / "connector"
    register.mkdir(parents=True)
    (folder / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (register / "index.md").write_text(PLEDGE)
    for number, slug in enumerate(SLUGS):
        until = date(2027, 1, 10) + timedelta(days=60 * number)
        text = EDITOR_ENTRY.replace("2027-01-10", until.isoformat())
        (register / f"{slug}.md").write_text(text.replace("Candlebeck", slug.title()))
    return folder


def context_at(database: Database, encryption: Encryption, folder: Path, now: datetime) -> Context:
    """The context of a moment, with the content on the disk, which no action may have broken."""
    project_read = load.read_project(folder)
    assert project_read.catalogue is not None, project_read.faults
    release = CurrentRelease(folder)
    context = assemble_context(project_settings(folder), database, encryption, release, lambda: now)
    return msgspec.structs.replace(context, content=project_read.catalogue, actor="signatory")


def perform(action: str, first_slug: str, context: Context) -> None:
    """Perform an action as the pages behind the letters would; an ended pledge refuses it."""
    signatory = next(
        (
            signatory_found
            for signatory_found in context.catalogue.signatories
            if first_slug in signatory_found.names
        ),
        None,
    )
    if signatory is None or signatory.status == "withdrawn":
        return
    try:
        perform_for(signatory, action, first_slug, context)
    except PledgeEnded:
        assert context.catalogue.pledges[0].status == "ended"


def perform_for(signatory: Signatory, action: str, first_slug: str, context: Context) -> None:
    slug = signatory.slug
    if action == "renew":
        check_in.renew("connector", slug, {}, {}, context)
    elif action == "renew with answers":
        not_yet = CommitmentAnswer("not yet", by=context.today + timedelta(days=40))
        check_in.renew("connector", slug, {"listen": not_yet}, {"listen": "Ill."}, context)
    elif action == "stop all":
        stopped = CommitmentAnswer("stopped")
        with suppress(check_in.NothingPromised):
            check_in.renew("connector", slug, {"listen": stopped}, {}, context)
    elif action == "withdraw":
        self_service.withdraw("connector", slug, context)
    elif action == "rename":
        new_slug = f"{slug[:60]}-x" if len(slug) < 60 else first_slug
        name = f"{signatory.name[:60]} x"
        rename_and_merge.rename("connector", slug, name, new_slug, context)
    elif action == "end the pledge":
        index = context.project / "content/pledges/connector/index.md"
        fields = f"status: ended\nended_on: {context.today}\nsummary:"
        text = index.read_text()
        if "status: ended" not in text:  # it ends once, however often it is drawn
            index.write_text(text.replace("summary:", fields, 1))


def states(context: Context) -> dict[str, str]:
    """The state of each promise by slug: each is in exactly one known state."""
    return {
        signatory.slug: state_of(signatory, context) for signatory in context.catalogue.signatories
    }


def state_of(signatory: Signatory, context: Context) -> str:
    if signatory.status == "withdrawn":
        return "withdrawn"
    page = signatory_view(signatory, context.catalogue, context.now)
    assert (page.validity == "now") == (context.today <= signatory.confirmed_until + GRACE)
    if page.validity == "past":
        return "past"
    return "in grace" if page.overdue else "held"


SHARED_FIXTURES = [HealthCheck.function_scoped_fixture]
ANY_ACTIONS = st.lists(
    st.tuples(st.integers(1, 730), st.sampled_from(SLUGS), st.sampled_from(ACTIONS)), max_size=14
)
ANY_DAYS = st.sets(st.integers(1, 740), min_size=40, max_size=120)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=SHARED_FIXTURES)
@given(actions=ANY_ACTIONS, nightly_days=ANY_DAYS)
def test_two_years_of_actions_and_silence_leave_every_promise_in_a_known_state(
    encryption: Encryption, database: Database, actions: list[Action], nightly_days: set[int]
) -> None:
    check_two_years(encryption, database, actions, nightly_days)


def delete_rows(connection: Connection) -> None:
    for table in (schema.reminder, schema.check_in, schema.register_change, schema.letter):
        connection.execute(table.delete())


def check_two_years(
    encryption: Encryption, database: Database, actions: list[Action], nightly_days: set[int]
) -> None:
    """Run two years, then silence. Reminders are sent on `nightly_days` alone."""
    with TemporaryDirectory() as temporary:
        folder = make_project(Path(temporary))
        database.write_now(delete_rows)
        by_day = dict[int, list[tuple[str, str]]]()
        for day, slug, action in actions:
            by_day.setdefault(day, []).append((slug, action))
        for day in sorted(nightly_days | set(by_day)):
            now = START + timedelta(days=day)
            for slug, action in by_day.get(day, ()):
                perform(action, slug, context_at(database, encryption, folder, now))
            context = context_at(database, encryption, folder, now)
            if day in nightly_days:
                reminders.send_due(context)
            states(context)
        check_every_promise_ends(context_at(database, encryption, folder, END))


def check_every_promise_ends(context: Context) -> None:
    """Silence ends every promise, and no reminder was made twice or on a wrong day."""
    assert set(states(context).values()) <= {"past", "withdrawn"}
    assert reminders.send_due(context) == 0
    rows = context.database.read_now(
        lambda connection: [*connection.execute(schema.reminder.select())]
    )
    keys = [(row.who, row.until, row.kind) for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        days_left = (date.fromisoformat(row.until) - row.created_at.date()).days
        assert days_left <= {"first": 60, "second": 30, "past": -31}[row.kind]
        assert days_left > {"first": 30, "second": -31, "past": -92}[row.kind]
    for signatory in context.catalogue.signatories:  # a past promise can be renewed or withdrawn
        slug = signatory.slug
        if signatory.status == "published" and context.catalogue.pledges[0].status == "open":
            renewed = check_in.renew("connector", slug, {}, {}, context)
            assert renewed.confirmed_until > context.today
        if signatory.status == "published":
            self_service.withdraw("connector", slug, context)
            assert read(context.project, "connector", slug).signatory.status == "withdrawn"
