"""From a correction to a mended entry, once, checked, and back again."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from api.content_files.atomic_write import Unfit
from api.features.corrections import change as changing
from api.features.corrections import decide, undo
from api.features.corrections.change import EntryChange, EntryGone
from api.features.corrections.store import Correction
from api.jobs import retention
from api.store import audit, schema
from catalogue.read import load
from tests.api.bench import Bench
from tests.api.corrections.conftest import ENTRY, PATH, content, context_of, says

pytestmark = pytest.mark.anyio

ELEVEN = {"schedule[0].when": "every Tuesday 11:00-12:30"}


async def received(bench: Bench, **changes: Any) -> str:
    return str((await says(bench, **changes)).json()["reference"])


def found(bench: Bench, reference: str) -> Correction:
    return bench.database.read_now(lambda look: decide.correction(look, reference))


def shown(bench: Bench, reference: str, given: dict[str, str] | None = None) -> EntryChange:
    """Show a correction to the operator, and return the change it would make."""
    of, catalogue = found(bench, reference), content(bench.settings.project)
    plain = changing.mending(of, {}, context_of(bench), catalogue, checked=False)
    decide.note_seen(of, context_of(bench), plain)
    return changing.mending(of, given or {}, context_of(bench), catalogue, checked=False)


def accept(bench: Bench, reference: str, change: EntryChange, **more: Any) -> None:
    of, catalogue = found(bench, reference), content(bench.settings.project)
    decide.accept(of, change, context_of(bench), catalogue, **more)


async def lines(bench: Bench, action: str) -> list[Any]:
    return [one for one in await bench.rows(schema.audit) if one.action == action]


async def test_it_has_ended_changes_one_line_and_no_other(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="ended")
    change = shown(bench, reference)
    assert "-status: active\n+status: defunct\n" in change.diff
    accept(bench, reference, change, reason="Rang the Mill.")
    mended = (project / PATH).read_text()
    assert mended == ENTRY.replace("status: active", "status: defunct")
    assert content(project).activities[0].status == "defunct"


async def test_all_is_right_makes_it_fresh_today(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="still_right", words="")
    accept(bench, reference, shown(bench, reference))
    assert (project / PATH).read_text() == ENTRY.replace("2026-01-02", "2026-11-22")


async def test_the_operator_gives_the_words_and_the_visitors_never_reach_the_entry(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    with pytest.raises(decide.NothingToWrite):
        accept(bench, reference, shown(bench, reference))
    accept(bench, reference, shown(bench, reference, ELEVEN))
    mended = (project / PATH).read_text()
    assert mended == ENTRY.replace("10:30-12:00", "11:00-12:30")
    assert "Quillfeather" not in mended


async def test_the_audit_trail_says_who_why_and_between_what(bench: Bench) -> None:
    reference = await received(bench, about="ended")
    change = shown(bench, reference)
    accept(bench, reference, change, reason="Rang the Mill.")
    (line,) = await lines(bench, "correction.accepted")
    assert (line.subject, line.actor) == (reference, "operator jo")
    assert json.loads(line.detail) == {
        "after": change.after_digest,
        "before": change.before_digest,
        "reason": "Rang the Mill.",
    }
    assert await bench.database.read(audit.verify) is None


async def test_what_was_not_shown_as_it_stands_is_not_written_over(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="ended")
    unseen = changing.mending(
        found(bench, reference), {}, context_of(bench), content(project), checked=False
    )
    with pytest.raises(decide.ChangedSince):
        accept(bench, reference, unseen)
    seen = shown(bench, reference)
    (project / PATH).write_text(ENTRY.replace("£", "") + "An editor was here.\n")
    for change in (
        seen,
        changing.mending(
            found(bench, reference), {}, context_of(bench), content(project), checked=False
        ),
    ):
        with pytest.raises(decide.ChangedSince):
            accept(bench, reference, change)
    assert "An editor was here." in (project / PATH).read_text()
    assert (await bench.rows(schema.correction))[0].state == "received"


async def test_what_would_break_a_build_is_not_written(bench: Bench, project: Path) -> None:
    reference = await received(bench)
    for field, value in {
        "schedule[0].when": "every Frogday",
        "kinds[0]": "no-such-kind",
        "provider.signatory": "nobody/there",
        "status": "perhaps",
        "nonsense": "x",
    }.items():
        change = shown(bench, reference, {field: value})
        with pytest.raises(Unfit):
            accept(bench, reference, change)
    assert (project / PATH).read_text() == ENTRY
    assert [one.name for one in (project / PATH).parent.iterdir()] == ["sing-anyway.md"]


async def test_two_operators_at_once_write_one_change(bench: Bench, project: Path) -> None:
    reference = await received(bench)
    changes = [
        shown(bench, reference, {"schedule[0].when": f"every Tuesday 1{hour}:00"})
        for hour in range(4)
    ]

    async def one(change: EntryChange) -> str:
        try:
            await asyncio.to_thread(accept, bench, reference, change)
        except (decide.ChangedSince, decide.DecidedBefore):
            return "refused"
        return "written"

    outcomes = await asyncio.gather(*map(one, changes))
    assert sorted(outcomes) == ["refused", "refused", "refused", "written"]
    winner = changes[outcomes.index("written")]
    assert (project / PATH).read_bytes() == winner.after
    assert len(await lines(bench, "correction.accepted")) == 1


async def test_what_was_given_to_be_asked_back_at_is_not_published(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    for given in (
        {"contact.phone": "(01632) 960199"},
        {"contact.email": "mary.canary@example.org"},
    ):
        reached = await received(
            bench,
            reach_at="mary.canary@example.org" if "contact.email" in given else "01632 960199",
        )
        change = shown(bench, reached, given)
        with pytest.raises(decide.TheirsToKeep):
            accept(bench, reached, change)
        assert (project / PATH).read_text() == ENTRY
    accept(bench, reached, change, they_agreed=True)
    assert found(bench, reference).state == "received"


async def test_an_accepted_one_is_undone_to_the_byte_and_waits_again(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="ended")
    accept(bench, reference, shown(bench, reference))
    assert undo.undo(found(bench, reference), context_of(bench), content(project), "A slip.")
    assert (project / PATH).read_text() == ENTRY
    assert not undo.undo(found(bench, reference), context_of(bench), content(project))
    (line,) = await lines(bench, "correction.undone")
    assert json.loads(line.detail)["reason"] == "A slip."
    accept(bench, reference, shown(bench, reference, ELEVEN))
    assert found(bench, reference).state == "accepted"


async def test_what_was_mended_since_is_not_undone(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="ended")
    accept(bench, reference, shown(bench, reference))
    mended = (project / PATH).read_text() + "An editor was here.\n"
    (project / PATH).write_text(mended)
    with pytest.raises(decide.ChangedSince):
        undo.undo(found(bench, reference), context_of(bench), content(project))
    assert (project / PATH).read_text() == mended


@pytest.mark.parametrize("step", ["put_in_place", "finish"])
async def test_a_crash_between_the_steps_is_finished_by_accepting_again(
    bench: Bench, project: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    reference = await received(bench, about="ended")
    change = shown(bench, reference)
    with monkeypatch.context() as patched:
        patched.setattr(decide, step, dies)
        with pytest.raises(KeyboardInterrupt):
            accept(bench, reference, change)
    if not decide.finish_begun(found(bench, reference), context_of(bench), content(project)):
        accept(bench, reference, change)
    assert found(bench, reference).state == "accepted"
    assert content(project).activities[0].status == "defunct"
    assert len(await lines(bench, "correction.accepted")) == 1


async def test_a_rejected_one_stays_rejected_with_its_reason(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="ended")
    change = shown(bench, reference)
    decide.reject(reference, "It runs: Jo rang.", context_of(bench))
    with pytest.raises(decide.DecidedBefore):
        decide.reject(reference, "Again.", context_of(bench))
    with pytest.raises(decide.DecidedBefore):
        accept(bench, reference, change)
    assert (project / PATH).read_text() == ENTRY
    (line,) = await lines(bench, "correction.rejected")
    assert json.loads(line.detail) == {"reason": "It runs: Jo rang."}


async def test_an_entry_that_is_gone_can_only_be_rejected(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="ended")
    (project / PATH).unlink()
    reading = load.read_project(project)
    assert reading.catalogue
    with pytest.raises(EntryGone):
        changing.mending(
            found(bench, reference), {}, context_of(bench), reading.catalogue, checked=False
        )
    decide.reject(reference, "Gone.", context_of(bench))


async def test_words_go_ninety_days_after_the_decision_or_a_year_after_they_came(
    bench: Bench,
) -> None:
    decided, waiting = await received(bench, about="ended"), await received(bench)
    accept(bench, decided, shown(bench, decided))
    for days, left in ((89, {decided, waiting}), (91, {waiting}), (366, set())):
        now = bench.clock() + timedelta(days=days)
        await bench.database.write(lambda store, now=now: retention.erase_due(store, now))  # type: ignore[misc]
        rows = await bench.rows(schema.correction)
        assert {row.reference for row in rows if row.sealed is not None} == left
    assert {row.before_text for row in rows} == {None}
    with pytest.raises(decide.DecidedBefore):
        undo.undo(found(bench, decided), context_of(bench), content(bench.settings.project))


async def test_the_mode_of_the_file_stays(bench: Bench, project: Path) -> None:
    (project / PATH).chmod(0o640)
    reference = await received(bench, about="ended")
    accept(bench, reference, shown(bench, reference))
    assert (project / PATH).stat().st_mode & 0o777 == 0o640


async def test_the_database_knows_no_other_state(bench: Bench) -> None:
    from api.store.errors import StoreFault

    await received(bench)
    with pytest.raises(StoreFault):
        await bench.database.write(
            lambda write: write.execute(update(schema.correction).values(state="lost"))
        )
