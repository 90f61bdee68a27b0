"""From a correction to a mended entry, once, checked, and back again."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from api.content_files.atomic_write import Unfit
from api.content_files.entry_change import EntryChange
from api.features.corrections import change as entry_change
from api.features.corrections.change import EntryGone
from api.features.corrections.review import decide, undo
from api.features.corrections.store import Correction
from api.jobs import retention
from api.store import audit, schema
from catalogue.read import load
from tests.api.corrections.conftest import ENTRY, PATH, content, context_of, dated, send_correction
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio

ELEVEN = {"schedule[0].when": "every Tuesday 11:00-12:30"}


async def received(service: ServiceUnderTest, **changes: Any) -> str:
    return str((await send_correction(service, **changes)).json()["reference"])


def find_correction(service: ServiceUnderTest, reference: str) -> Correction:
    return service.database.read_now(
        lambda connection: decide.find_correction(connection, reference)
    )


def show_change(
    service: ServiceUnderTest, reference: str, values: dict[str, str] | None = None
) -> EntryChange:
    """Show a correction to the operator, and return the change it would make."""
    of, catalogue = find_correction(service, reference), content(service.settings.project)
    plain = entry_change.build_change(of, {}, context_of(service), catalogue, checked=False)
    context, digest = context_of(service), plain.before_digest
    service.database.write_now(
        lambda connection: decide.note_reading(connection, of, digest, context)
    )
    return entry_change.build_change(
        of, values or {}, context_of(service), catalogue, checked=False
    )


def accept(service: ServiceUnderTest, reference: str, change: EntryChange, **more: Any) -> None:
    of, catalogue = find_correction(service, reference), content(service.settings.project)
    decide.accept(of, change, context_of(service), catalogue, **more)


async def lines(service: ServiceUnderTest, action: str) -> list[Any]:
    return [row for row in await service.rows(schema.audit) if row.action == action]


async def test_it_has_ended_changes_one_line_and_dates_the_change(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    change = show_change(service, reference)
    assert "-status: active\n+status: defunct\n" in change.diff
    accept(service, reference, change, reason="Rang the Mill.")
    mended = (project / PATH).read_text()
    assert mended == dated(ENTRY.replace("status: active", "status: defunct"), "It has ended")
    assert content(project).activities[0].status == "defunct"


async def test_all_is_right_makes_it_fresh_today(service: ServiceUnderTest, project: Path) -> None:
    reference = await received(service, about="still_right", words="")
    accept(service, reference, show_change(service, reference))
    assert (project / PATH).read_text() == ENTRY.replace("2026-01-02", "2026-11-22")


async def test_the_operator_gives_the_words_and_the_visitors_never_reach_the_entry(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    with pytest.raises(decide.NothingToWrite):
        accept(service, reference, show_change(service, reference))
    accept(service, reference, show_change(service, reference, ELEVEN))
    mended = (project / PATH).read_text()
    new = ENTRY.replace("10:30-12:00", "11:00-12:30")
    assert mended == dated(new, "Now every Tuesday 11:00-12:30")
    assert "Quillfeather" not in mended


async def test_the_audit_trail_says_who_why_and_between_what(service: ServiceUnderTest) -> None:
    reference = await received(service, about="ended")
    change = show_change(service, reference)
    accept(service, reference, change, reason="Rang the Mill.")
    (line,) = await lines(service, "correction.accepted")
    assert (line.subject, line.actor) == (reference, "operator jo")
    assert json.loads(line.detail) == {
        "after": change.after_digest,
        "before": change.before_digest,
        "reason": "Rang the Mill.",
    }
    assert await service.database.read(audit.verify) is None


async def test_what_was_not_shown_as_it_stands_is_not_written_over(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    unseen = entry_change.build_change(
        find_correction(service, reference),
        {},
        context_of(service),
        content(project),
        checked=False,
    )
    with pytest.raises(decide.EntryChanged):
        accept(service, reference, unseen)
    proposed_change = show_change(service, reference)
    (project / PATH).write_text(ENTRY.replace("£", "") + "An editor was here.\n")
    for change in (
        proposed_change,
        entry_change.build_change(
            find_correction(service, reference),
            {},
            context_of(service),
            content(project),
            checked=False,
        ),
    ):
        with pytest.raises(decide.EntryChanged):
            accept(service, reference, change)
    assert "An editor was here." in (project / PATH).read_text()
    assert (await service.rows(schema.correction))[0].state == "received"


async def test_what_would_break_a_build_is_not_written(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    for field, value in {
        "schedule[0].when": "every Frogday",
        "kinds[0]": "no-such-kind",
        "provider.signatory": "nobody/there",
        "status": "perhaps",
        "nonsense": "x",
    }.items():
        change = show_change(service, reference, {field: value})
        with pytest.raises(Unfit):
            accept(service, reference, change)
    assert (project / PATH).read_text() == ENTRY
    assert [path.name for path in (project / PATH).parent.iterdir()] == ["sing-anyway.md"]


async def test_two_operators_at_once_write_one_change(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    changes = [
        show_change(service, reference, {"schedule[0].when": f"every Tuesday 1{hour}:00"})
        for hour in range(4)
    ]

    async def accept_change(change: EntryChange) -> str:
        try:
            await asyncio.to_thread(accept, service, reference, change)
        except (decide.EntryChanged, decide.CorrectionAlreadyDecided):
            return "refused"
        return "written"

    outcomes = await asyncio.gather(*map(accept_change, changes))
    assert sorted(outcomes) == ["refused", "refused", "refused", "written"]
    winner = changes[outcomes.index("written")]
    assert (project / PATH).read_bytes() == winner.after
    assert len(await lines(service, "correction.accepted")) == 1


async def test_what_was_given_to_be_asked_back_at_is_not_published(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    for values in (
        {"contact.phone": "(01632) 960199"},
        {"contact.email": "mary.canary@example.org"},
    ):
        reached = await received(
            service,
            reach_at="mary.canary@example.org" if "contact.email" in values else "01632 960199",
        )
        change = show_change(service, reached, values)
        with pytest.raises(decide.PrivateContactInChange):
            accept(service, reached, change)
        assert (project / PATH).read_text() == ENTRY
    accept(service, reached, change, they_agreed=True)
    assert find_correction(service, reference).state == "received"


async def test_an_accepted_one_is_undone_to_the_byte_and_waits_again(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    accept(service, reference, show_change(service, reference))
    assert undo.undo(
        find_correction(service, reference), context_of(service), content(project), "A slip."
    )
    assert (project / PATH).read_text() == ENTRY
    assert not undo.undo(find_correction(service, reference), context_of(service), content(project))
    (line,) = await lines(service, "correction.undone")
    assert json.loads(line.detail)["reason"] == "A slip."
    accept(service, reference, show_change(service, reference, ELEVEN))
    assert find_correction(service, reference).state == "accepted"


async def test_what_was_mended_since_is_not_undone(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    accept(service, reference, show_change(service, reference))
    mended = (project / PATH).read_text() + "An editor was here.\n"
    (project / PATH).write_text(mended)
    with pytest.raises(decide.EntryChanged):
        undo.undo(find_correction(service, reference), context_of(service), content(project))
    assert (project / PATH).read_text() == mended


@pytest.mark.parametrize("step", ["put_in_place", "finish"])
async def test_a_crash_between_the_steps_is_finished_by_accepting_again(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    reference = await received(service, about="ended")
    change = show_change(service, reference)
    with monkeypatch.context() as patched:
        patched.setattr(decide, step, dies)
        with pytest.raises(KeyboardInterrupt):
            accept(service, reference, change)
    if not decide.finish_begun(
        find_correction(service, reference), context_of(service), content(project)
    ):
        accept(service, reference, change)
    assert find_correction(service, reference).state == "accepted"
    assert content(project).activities[0].status == "defunct"
    assert len(await lines(service, "correction.accepted")) == 1


async def test_a_rejected_one_stays_rejected_with_its_reason(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    change = show_change(service, reference)
    decide.reject(reference, "It runs: Jo rang.", context_of(service))
    with pytest.raises(decide.CorrectionAlreadyDecided):
        decide.reject(reference, "Again.", context_of(service))
    with pytest.raises(decide.CorrectionAlreadyDecided):
        accept(service, reference, change)
    assert (project / PATH).read_text() == ENTRY
    (line,) = await lines(service, "correction.rejected")
    assert json.loads(line.detail) == {"reason": "It runs: Jo rang."}


async def test_an_entry_that_is_gone_can_only_be_rejected(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    (project / PATH).unlink()
    project_read = load.read_project(project)
    assert project_read.catalogue
    with pytest.raises(EntryGone):
        entry_change.build_change(
            find_correction(service, reference),
            {},
            context_of(service),
            project_read.catalogue,
            checked=False,
        )
    decide.reject(reference, "Gone.", context_of(service))


async def test_words_go_ninety_days_after_the_decision_or_a_year_after_they_came(
    service: ServiceUnderTest,
) -> None:
    decided, undecided = await received(service, about="ended"), await received(service)
    accept(service, decided, show_change(service, decided))
    for days, sealed in ((89, {decided, undecided}), (91, {undecided}), (366, set())):
        now = service.clock() + timedelta(days=days)
        await service.database.write(lambda store, now=now: retention.erase_due(store, now))  # type: ignore[misc]
        rows = await service.rows(schema.correction)
        assert {row.reference for row in rows if row.sealed is not None} == sealed
    assert {row.before_text for row in rows} == {None}
    with pytest.raises(decide.CorrectionAlreadyDecided):
        undo.undo(
            find_correction(service, decided),
            context_of(service),
            content(service.settings.project),
        )


async def test_the_mode_of_the_file_stays(service: ServiceUnderTest, project: Path) -> None:
    (project / PATH).chmod(0o640)
    reference = await received(service, about="ended")
    accept(service, reference, show_change(service, reference))
    assert (project / PATH).stat().st_mode & 0o777 == 0o640


async def test_the_database_knows_no_other_state(service: ServiceUnderTest) -> None:
    from api.store.errors import StoreFault

    await received(service)
    with pytest.raises(StoreFault):
        await service.database.write(
            lambda connection: connection.execute(update(schema.correction).values(state="lost"))
        )
