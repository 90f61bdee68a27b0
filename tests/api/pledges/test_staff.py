"""The reviewer's pages: the queue, one sign-up, the lock, each decision and its undoing."""

import asyncio
from pathlib import Path

import pytest

from api.features.pledges.register import publish
from api.features.pledges.register.content_sync import unpublish_entries
from api.features.pledges.review import decide, undo
from api.store import audit, schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import PUB, TAXI, confirmed, content, context_of, filled, signs
from tests.api.pledges.reviewing import act, actions, open_one, stage

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]

ENTRY = "content/pledges/connector/the-wennimere-arms.md"


async def test_the_queue_shows_the_public_half_only_the_oldest_first(bench: Bench) -> None:
    pub = await confirmed(bench)
    bench.clock.passes(minutes=5)
    taxi = await confirmed(bench, TAXI)
    await signs(bench, name="Not confirmed yet", contact_email="c@example.org")
    page = await bench.client.get("/staff/sign-ups")
    rows = bench.shown.values["rows"]
    assert [row.reference for row in rows] == [pub, taxi]
    assert [row.title for row in rows] == ["The Wennimere Arms", "A taxi driver in Temeford"]
    assert "canary" not in page.text.casefold()


async def test_the_queue_says_why_one_is_held(bench: Bench) -> None:
    await filled(bench, website2="x")
    await bench.client.get("/staff/sign-ups")
    (row,) = bench.shown.values["rows"]
    assert (row.stage, row.look_at) == (
        "Held",
        ("A field that people do not see was filled in.",),
    )
    shown = await open_one(bench, row.reference)
    assert shown["of"].look_at == row.look_at


async def test_reading_one_whole_is_written_down(bench: Bench) -> None:
    reference = await confirmed(bench)
    await bench.client.get("/staff/sign-ups")
    assert "sign_up.read" not in await actions(bench)
    shown = await open_one(bench, reference)
    assert shown["of"].contact == "landlady.canary@example.org"
    assert shown["of"].would_stand.startswith("The Wennimere Arms, since 22 November 2026, good")
    assert (await actions(bench))[-1] == "sign_up.read"


async def test_a_reference_that_was_read_out_finds_its_page(bench: Bench) -> None:
    reference = await confirmed(bench)
    typed = reference.replace("-", " ").lower()
    answer = await bench.client.get("/staff/sign-ups", params={"reference": typed})
    assert answer.headers["location"] == f"/staff/sign-ups/{reference}"
    answer = await bench.client.get("/staff/sign-ups", params={"reference": "P-2222-2222"})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert (await bench.client.get("/staff/sign-ups/P-2222")).status_code == 404


async def test_publishing_writes_the_entry_and_asks_for_a_build(
    bench: Bench, project: Path
) -> None:
    reference = await confirmed(bench)
    assert await act(bench, reference, "publish") == 303
    assert (project / ENTRY).is_file()
    assert bench.context.rebuild_queue.under_way
    assert await stage(bench, reference) == "published"
    assert (await open_one(bench, reference))["of"].stands.words == "It is being put on the site."


async def test_the_letter_waits_until_the_decision_cannot_be_undone(bench: Bench) -> None:
    await act(bench, await confirmed(bench), "publish")
    before = len(await bench.letters())
    bench.clock.passes(minutes=9)
    assert len(await bench.letters()) == before
    bench.clock.passes(minutes=1)
    assert (await bench.letters())[-1].subject == "Your promise is on the register"


async def test_a_question_goes_by_letter_and_the_promise_waits(bench: Bench) -> None:
    reference = await confirmed(bench)
    assert await act(bench, reference, "ask", words="Who sits at the door?") == 303
    assert await stage(bench, reference) == "asked"
    bench.clock.passes(minutes=10)
    letter = (await bench.letters())[-1]
    assert letter.to == PUB["contact_email"]
    assert "Who sits at the door?" in letter.body
    assert reference in letter.body
    assert (await open_one(bench, reference))["of"].wrote[0].words == "Who sits at the door?"
    assert await act(bench, reference, "publish") == 303
    assert await stage(bench, reference) == "published"


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("ask", {}, "Write the question."),
        ("reject", {}, "Choose a reason."),
        ("reject", {"code": "closed"}, "Choose a reason."),  # one of the other list
        ("reject", {"code": "other"}, "Write the reason."),
        ("ask", {"words": "x" * 501}, "Write it shorter, in plain letters."),
        ("hold", {"words": "a\u202eb"}, "Write it shorter, in plain letters."),
    ],
)
async def test_a_decision_that_says_too_little_is_shown_again_with_what_was_typed(
    bench: Bench, name: str, said: dict[str, str], told: str
) -> None:
    reference = await confirmed(bench)
    assert await act(bench, reference, name, **said) == 422
    shown = bench.shown.values
    assert [one.message for one in shown["form"].errors] == [told]
    assert shown["opened"] == name
    for part, words in said.items():
        assert shown["form"].value(f"{name}_{part}") == words
    assert await stage(bench, reference) == "confirmed"


async def test_a_refusal_tells_the_reason_off_the_list(bench: Bench) -> None:
    reference = await confirmed(bench)
    said = {"code": "elsewhere", "words": "Try your own council."}
    assert await act(bench, reference, "reject", **said) == 303
    bench.clock.passes(minutes=10)
    letter = (await bench.letters())[-1]
    assert "We only list who is in our area." in letter.body
    assert "Try your own council." in letter.body
    assert (
        (await open_one(bench, reference))["of"]
        .history[1]
        .what.endswith("They are not in our area.")
    )


async def test_one_on_hold_goes_on_to_be_read_again_and_nobody_is_written_to(
    bench: Bench,
) -> None:
    reference = await confirmed(bench)
    before = len(await bench.letters())
    await act(bench, reference, "hold", words="Same wording as three others.")
    assert await stage(bench, reference) == "held"
    bench.clock.passes(minutes=20)
    assert await act(bench, reference, "release") == 303
    assert await stage(bench, reference) == "confirmed"
    bench.clock.passes(minutes=20)
    assert len(await bench.letters()) == before


async def test_taking_off_withdraws_the_entry_and_keeps_what_an_editor_added(
    bench: Bench, project: Path
) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "publish")
    entry = project / ENTRY
    entry.write_text(entry.read_text() + "\nWords of an editor.\n")
    bench.clock.passes(minutes=20)
    assert await act(bench, reference, "remove", code="closed") == 303
    assert entry.read_text().endswith("status: withdrawn\n---\n\nWords of an editor.\n")
    assert content(project).register("connector") == ()
    bench.clock.passes(minutes=10)
    assert "We were told that you have closed." in (await bench.letters())[-1].body
    (row,) = await bench.rows(schema.sign_up)
    assert row.delete_after == bench.clock() - decide.CALLED_BACK_FOR + decide.KEPT_REFUSED


async def test_what_is_hidden_is_shown_again_as_it_was(bench: Bench, project: Path) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "publish")
    written = (project / ENTRY).read_bytes()
    bench.clock.passes(minutes=20)
    assert await act(bench, reference, "hide") == 303
    assert content(project).register("connector") == ()
    bench.clock.passes(minutes=20)
    assert await act(bench, reference, "show") == 303
    assert (project / ENTRY).read_bytes() == written
    assert await stage(bench, reference) == "published"


@pytest.mark.parametrize(
    ("before", "name", "said", "leads_to"),
    [
        ("", "publish", {}, "confirmed"),
        ("", "ask", {"words": "Who?"}, "confirmed"),
        ("", "hold", {}, "confirmed"),
        ("", "reject", {"code": "unclear"}, "confirmed"),
        ("publish", "remove", {"code": "closed"}, "published"),
        ("publish", "hide", {}, "published"),
    ],
)
async def test_each_decision_is_undone_whole_and_its_letter_never_leaves(
    bench: Bench, project: Path, before: str, name: str, said: dict[str, str], leads_to: str
) -> None:
    reference = await confirmed(bench)
    if before:
        await act(bench, reference, before)
        bench.clock.passes(minutes=15)
    stood = content(project).register("connector")
    letters = len(await bench.letters())
    (row,) = await bench.rows(schema.sign_up)
    await act(bench, reference, name, **said)
    bench.clock.passes(minutes=5)
    assert await act(bench, reference, "undo") == 303
    assert await stage(bench, reference) == leads_to
    (now,) = await bench.rows(schema.sign_up)
    assert now == row
    assert content(project).register("connector") == stood
    bench.clock.passes(hours=1)
    assert len(await bench.letters()) == letters
    assert await bench.database.read(audit.verify) is None


async def test_what_a_letter_has_told_cannot_be_undone(bench: Bench) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "publish")
    bench.clock.passes(minutes=10)
    await bench.letters()
    assert (await open_one(bench, reference))["letter_left"]
    assert await act(bench, reference, "undo") == 409
    assert "has left" in bench.shown.values["sentence"]
    assert await stage(bench, reference) == "published"


async def test_a_letter_that_leaves_during_the_undoing_leaves_the_entry_as_it_is(
    bench: Bench, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "publish")
    written = (project / ENTRY).read_bytes()
    monkeypatch.setattr(undo.outbox, "call_back", lambda *given: False)  # type: ignore[attr-defined]
    assert await act(bench, reference, "undo") == 409
    assert (project / ENTRY).read_bytes() == written


async def test_a_decision_that_makes_no_sense_here_changes_nothing(bench: Bench) -> None:
    reference = await confirmed(bench)
    for name, said in (("remove", {"code": "closed"}), ("hide", {}), ("show", {}), ("undo", {})):
        assert await act(bench, reference, name, **said) == 409, name
    assert await act(bench, reference, "crown") == 404
    assert await stage(bench, reference) == "confirmed"


async def test_an_entry_left_over_by_a_crash_is_taken_off_at_the_next_look(
    bench: Bench, project: Path
) -> None:
    reference = await confirmed(bench)
    await asyncio.to_thread(publish.approve, reference, context_of(bench), bench.catalogue)
    said = decide.DecisionNote("closed")  # the store knows, the content does not yet
    context = context_of(bench)
    await asyncio.to_thread(decide.decide, reference, "remove", said, context, bench.catalogue)
    assert len(content(project).register("connector")) == 1
    assert await asyncio.to_thread(unpublish_entries, project, bench.database) == 1
    assert content(project).register("connector") == ()
    assert await asyncio.to_thread(unpublish_entries, project, bench.database) == 0


async def test_an_entry_that_cannot_be_changed_is_put_aside_when_it_is_taken_off(
    bench: Bench, project: Path
) -> None:
    reference = await confirmed(bench)
    file = await asyncio.to_thread(publish.approve, reference, context_of(bench), bench.catalogue)
    file.write_text(file.read_text().replace("name:", "name: ["))
    await act(bench, reference, "remove", code="closed")
    assert await stage(bench, reference) == "withdrawn"
    assert not file.exists()
    assert [one.name for one in file.parent.glob(".*")] == [f".{file.name}.taken-off"]
    assert content(project).register("connector") == ()


async def test_words_with_a_decision_are_sealed(bench: Bench, project: Path) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "reject", code="other", words="Mrs Canaryfeather rang.")
    (row,) = await bench.rows(schema.sign_up_decision)
    assert b"Canaryfeather" not in row.sealed
    assert "Canaryfeather" not in str(await bench.rows(schema.sign_up))
    assert "Canaryfeather" not in str(await bench.rows(schema.audit))


async def test_a_build_that_failed_is_told_plainly(bench: Bench) -> None:
    reference = await confirmed(bench)
    await act(bench, reference, "publish")

    async def fails(root: Path) -> tuple[bool, str]:
        return False, "content/activities/choir.md:3: kinds: is missing"

    bench.forget_builds(fails)
    await bench.context.rebuild_queue.build_once()
    page = await bench.client.get("/staff/sign-ups")
    assert "content/activities/choir.md:3" in page.text
    shown = await open_one(bench, reference)
    assert shown["of"].stands.faults == ("content/activities/choir.md:3: kinds: is missing",)
