"""Two years of acts and of silence, drawn at random: whatever happens, every promise has an end."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from tests.api.renewals.conftest import BY_HAND
from tests.api.service_under_test import project_settings
from tests.support.depth import examples

WHO = ("one", "two", "three", "four")
ACTS = ("all as it was", "answers", "stops", "withdraws", "renames", "looks", "the pledge ends")


def place(folder: Path) -> Path:
    register = folder / "content" / "pledges" / "connector"
    register.mkdir(parents=True)
    (folder / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (register / "index.md").write_text(PLEDGE)
    for number, who in enumerate(WHO):
        until = date(2027, 1, 10) + timedelta(days=60 * number)
        text = BY_HAND.replace("2027-01-10", until.isoformat()).replace("Candlebeck", who.title())
        (register / f"{who}.md").write_text(text)
    return folder


def context(database: Database, encryption: Encryption, folder: Path, now: datetime) -> Context:
    reading = load.read_project(folder)
    assert reading.catalogue is not None, reading.faults  # no act may break a build
    given = project_settings(folder)
    context = assemble_context(given, database, encryption, CurrentRelease(folder), lambda: now)
    return msgspec.structs.replace(context, content=reading.catalogue, actor="signatory")


def act(what: str, who: str, at: Context) -> None:
    """Do one thing, as the pages behind the letters would; a frozen register refuses."""
    one = next((x for x in at.catalogue.signatories if who in (x.slug, *x.former_slugs)), None)
    if one is None or one.status == "withdrawn":
        return
    try:
        if what == "all as it was":
            check_in.renew("connector", one.slug, {}, {}, at)
        elif what == "answers":
            not_yet = CommitmentAnswer("not yet", by=at.today + timedelta(days=40))
            check_in.renew("connector", one.slug, {"listen": not_yet}, {"listen": "Ill."}, at)
        elif what == "stops":
            with suppress(check_in.NothingPromised):
                stopped = CommitmentAnswer("stopped")
                check_in.renew("connector", one.slug, {"listen": stopped}, {}, at)
        elif what == "withdraws":
            self_service.withdraw("connector", one.slug, at)
        elif what == "renames":
            new = f"{one.slug[:60]}-x" if len(one.slug) < 60 else who
            rename_and_merge.rename("connector", one.slug, f"{one.name[:60]} x", new, at)
        elif what == "the pledge ends":
            index = at.project / "content/pledges/connector/index.md"
            ended = f"status: ended\nended_on: {at.today}\nsummary:"
            said = index.read_text()
            if "status: ended" not in said:  # it ends once, however often it is drawn
                index.write_text(said.replace("summary:", ended, 1))
    except PledgeEnded:
        assert at.catalogue.pledges[0].status == "ended"


def states(at: Context) -> dict[str, str]:
    """Return where each promise is: each is in exactly one known state."""
    return {one.slug: _state(one, at) for one in at.catalogue.signatories}


def _state(of: Signatory, at: Context) -> str:
    if of.status == "withdrawn":
        return "withdrawn"
    page = signatory_view(of, at.catalogue, at.now)
    assert (page.holds == "now") == (at.today <= of.confirmed_until + GRACE)
    if page.holds == "past":
        return "past"
    return "in grace" if page.overdue else "held"


ONE_STORE = [HealthCheck.function_scoped_fixture]
ANY_ACTS = st.lists(
    st.tuples(st.integers(1, 730), st.sampled_from(WHO), st.sampled_from(ACTS)), max_size=14
)
ANY_DAYS = st.sets(st.integers(1, 740), min_size=40, max_size=120)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=ONE_STORE)
@given(acts=ANY_ACTS, awake=ANY_DAYS)
def test_two_years_of_acts_and_silence_leave_every_promise_in_a_known_state(
    encryption: Encryption, database: Database, acts: list[tuple[int, str, str]], awake: set[int]
) -> None:
    live_through(encryption, database, acts, awake)


def live_through(
    encryption: Encryption, database: Database, acts: list[tuple[int, str, str]], awake: set[int]
) -> None:
    """Live through two years and all that comes after; on days `awake` the day's work is done."""
    with TemporaryDirectory() as temporary:
        folder = place(Path(temporary))
        for table in (schema.reminder, schema.check_in, schema.register_change, schema.letter):
            database.write_now(lambda write, gone=table: write.execute(gone.delete()))  # type: ignore[misc]
        by_day = dict[int, list[tuple[str, str]]]()
        for day, who, what in acts:
            by_day.setdefault(day, []).append((who, what))
        for day in sorted(awake | set(by_day)):
            at = context(database, encryption, folder, START + timedelta(days=day))
            for who, what in by_day.get(day, ()):
                act(what, who, at)
                at = context(database, encryption, folder, at.now)
            if day in awake:
                reminders.send_due(at)
            states(at)
        _ends(database, encryption, folder)


def _ends(database: Database, encryption: Encryption, folder: Path) -> None:
    """From wherever they are, silence ends every promise, and no reminder went out twice."""
    later = context(database, encryption, folder, START + timedelta(days=4 * 365))
    assert set(states(later).values()) <= {"past", "withdrawn"}
    assert reminders.send_due(later) == 0
    with_all = database.read_now(lambda look: [*look.execute(schema.reminder.select())])
    made = [(row.who, row.until, row.kind) for row in with_all]
    assert len(made) == len(set(made))
    for row in with_all:
        left = (date.fromisoformat(row.until) - row.created_at.date()).days
        assert left <= {"first": 60, "second": 30, "past": -31}[row.kind]
        assert left > {"first": 30, "second": -31, "past": -92}[row.kind]
    for one in later.catalogue.signatories:  # and whoever is past may still leave or come back
        if one.status == "published" and later.catalogue.pledges[0].status == "open":
            renewed = check_in.renew("connector", one.slug, {}, {}, later)
            assert renewed.confirmed_until > later.today
        if one.status == "published":
            self_service.withdraw("connector", one.slug, later)
            assert read(folder, "connector", one.slug).signatory.status == "withdrawn"
