"""The reviewer's pages: the queue, one sign-up, the lock, each decision and its undoing."""

import asyncio
import email.policy
from pathlib import Path

import pytest

from api.features.pledges.register import publish
from api.features.pledges.register.content_sync import SyncResult, unpublish_entries
from api.features.pledges.review import decide
from api.mail import store as mail_store
from api.moderation.undo import LETTER_DELAY
from api.store import audit, schema
from tests.api.pledges.conftest import (
    PUB,
    TAXI,
    content,
    context_of,
    sign_and_confirm,
    sign_by_form,
    sign_by_json,
)
from tests.api.pledges.reviewing import act, actions, open_one, stage
from tests.api.service_under_test import ServiceUnderTest
from tests.support.read_letters import html_of, plain_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]

ENTRY = "content/pledges/connector/the-wennimere-arms.md"


async def test_the_queue_shows_the_public_half_only_the_oldest_first(
    service: ServiceUnderTest,
) -> None:
    pub = await sign_and_confirm(service)
    service.clock.advance(minutes=5)
    taxi = await sign_and_confirm(service, TAXI)
    await sign_by_json(service, name="Not confirmed yet", contact_email="c@example.org")
    page = await service.client.get("/staff/sign-ups")
    rows = service.last_page.values["sign_ups"]
    assert [row.reference for row in rows] == [pub, taxi]
    assert [row.title for row in rows] == ["The Wennimere Arms", "A taxi driver in Temeford"]
    assert "canary" not in page.text.casefold()


async def test_an_arabic_name_stays_apart_from_the_words_around_it(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service, name="مقهى الزيتون")
    for url in ("/staff/sign-ups", f"/staff/sign-ups/{reference}"):
        assert "<bdi>مقهى الزيتون</bdi>" in (await service.client.get(url)).text, url
    await service.letters()
    [content] = [
        message.content for message in service.transport.messages if "confirm" in message.name
    ]
    letter = email.message_from_bytes(content, policy=email.policy.default)
    assert "<bdi>مقهى الزيتون</bdi>" in html_of(letter)
    assert "bdi" not in plain_of(letter)


async def test_the_queue_says_why_one_is_held(service: ServiceUnderTest) -> None:
    await sign_by_form(service, website2="x")
    await service.client.get("/staff/sign-ups")
    (row,) = service.last_page.values["sign_ups"]
    assert (row.stage, row.warnings) == (
        "Held",
        ("A field that people do not see was filled in.",),
    )
    values = await open_one(service, row.reference)
    assert values["sign_up"].warnings == row.warnings


async def test_reading_one_whole_is_written_down(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    await service.client.get("/staff/sign-ups")
    assert "sign_up.read" not in await actions(service)
    values = await open_one(service, reference)
    assert values["sign_up"].contact == "landlady.canary@example.org"
    assert values["sign_up"].register_line.startswith(
        "The Wennimere Arms, since 22 November 2026, good"
    )
    assert (await actions(service))[-1] == "sign_up.read"


async def test_a_reference_that_was_read_out_finds_its_page(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    typed = reference.replace("-", " ").lower()
    answer = await service.client.get("/staff/sign-ups", params={"reference": typed})
    assert answer.headers["location"] == f"/staff/sign-ups/{reference}"
    answer = await service.client.get("/staff/sign-ups", params={"reference": "P-2222-2222"})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert (await service.client.get("/staff/sign-ups/P-2222")).status_code == 404


async def test_publishing_writes_the_entry_and_asks_for_a_build(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    assert await act(service, reference, "publish") == 303
    assert (project / ENTRY).is_file()
    assert service.context.rebuild_queue.is_pending
    assert await stage(service, reference) == "published"
    assert (await open_one(service, reference))[
        "sign_up"
    ].entry.words == "It is being put on the site."


async def test_the_letter_waits_until_the_decision_cannot_be_undone(
    service: ServiceUnderTest,
) -> None:
    await act(service, await sign_and_confirm(service), "publish")
    before = len(await service.letters())
    service.clock.advance(minutes=9)
    assert len(await service.letters()) == before
    service.clock.advance(minutes=1)
    assert (await service.letters())[-1].subject == "Your promise is on the register"


async def test_a_question_goes_by_letter_and_the_promise_waits(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    assert await act(service, reference, "ask", words="Who sits at the door?") == 303
    assert await stage(service, reference) == "asked"
    service.clock.advance(minutes=10)
    letter = (await service.letters())[-1]
    assert letter.to == PUB["contact_email"]
    assert "Who sits at the door?" in letter.body
    assert reference in letter.body
    assert (await open_one(service, reference))["sign_up"].decisions[
        0
    ].words == "Who sits at the door?"
    assert await act(service, reference, "publish") == 303
    assert await stage(service, reference) == "published"


@pytest.mark.parametrize(
    ("name", "fields", "message"),
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
    service: ServiceUnderTest, name: str, fields: dict[str, str], message: str
) -> None:
    reference = await sign_and_confirm(service)
    assert await act(service, reference, name, **fields) == 422
    values = service.last_page.values
    assert [error.message for error in values["form"].errors] == [message]
    assert values["open_form"] == name
    for part, words in fields.items():
        assert values["form"].value(f"{name}_{part}") == words
    assert await stage(service, reference) == "confirmed"


async def test_a_refusal_tells_the_reason_off_the_list(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    fields = {"code": "elsewhere", "words": "Try your own council."}
    assert await act(service, reference, "reject", **fields) == 303
    service.clock.advance(minutes=10)
    letter = (await service.letters())[-1]
    assert "We only list who is in our area." in letter.body
    assert "Try your own council." in letter.body
    assert (
        (await open_one(service, reference))["sign_up"]
        .history[1]
        .sentence.endswith("They are not in our area.")
    )


async def test_one_on_hold_goes_on_to_be_read_again_and_nobody_is_written_to(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service)
    before = len(await service.letters())
    await act(service, reference, "hold", words="Same wording as three others.")
    assert await stage(service, reference) == "held"
    service.clock.advance(minutes=20)
    assert await act(service, reference, "release") == 303
    assert await stage(service, reference) == "confirmed"
    service.clock.advance(minutes=20)
    assert len(await service.letters()) == before


async def test_taking_off_withdraws_the_entry_and_keeps_what_an_editor_added(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")
    entry = project / ENTRY
    entry.write_text(entry.read_text() + "\nWords of an editor.\n")
    service.clock.advance(minutes=20)
    assert await act(service, reference, "remove", code="closed") == 303
    assert entry.read_text().endswith("status: withdrawn\n---\n\nWords of an editor.\n")
    assert content(project).register("connector") == ()
    service.clock.advance(minutes=10)
    assert "We were told that you have closed." in (await service.letters())[-1].body
    (row,) = await service.rows(schema.sign_up)
    assert row.delete_after == service.clock() - LETTER_DELAY + decide.KEPT_REFUSED


async def test_what_is_hidden_is_shown_again_as_it_was(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")
    source = (project / ENTRY).read_bytes()
    service.clock.advance(minutes=20)
    assert await act(service, reference, "hide") == 303
    assert content(project).register("connector") == ()
    service.clock.advance(minutes=20)
    assert await act(service, reference, "show") == 303
    assert (project / ENTRY).read_bytes() == source
    assert await stage(service, reference) == "published"


@pytest.mark.parametrize(
    ("before", "name", "fields", "leads_to"),
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
    service: ServiceUnderTest,
    project: Path,
    before: str,
    name: str,
    fields: dict[str, str],
    leads_to: str,
) -> None:
    reference = await sign_and_confirm(service)
    if before:
        await act(service, reference, before)
        service.clock.advance(minutes=15)
    register = content(project).register("connector")
    letters = len(await service.letters())
    (row,) = await service.rows(schema.sign_up)
    await act(service, reference, name, **fields)
    service.clock.advance(minutes=5)
    assert await act(service, reference, "undo") == 303
    assert await stage(service, reference) == leads_to
    (now,) = await service.rows(schema.sign_up)
    assert now == row
    assert content(project).register("connector") == register
    service.clock.advance(hours=1)
    assert len(await service.letters()) == letters
    assert await service.database.read(audit.verify) is None


async def test_what_a_letter_has_told_cannot_be_undone(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")
    service.clock.advance(minutes=10)
    await service.letters()
    assert (await open_one(service, reference))["letter_left"]
    assert await act(service, reference, "undo") == 409
    assert "has left" in service.last_page.values["sentence"]
    assert await stage(service, reference) == "published"


async def test_a_letter_that_leaves_during_the_undoing_leaves_the_entry_as_it_is(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")
    source = (project / ENTRY).read_bytes()
    monkeypatch.setattr(mail_store, "delete_untried", lambda *args: False)
    assert await act(service, reference, "undo") == 409
    assert (project / ENTRY).read_bytes() == source


async def test_a_decision_that_makes_no_sense_here_changes_nothing(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service)
    for name, fields in (("remove", {"code": "closed"}), ("hide", {}), ("show", {}), ("undo", {})):
        assert await act(service, reference, name, **fields) == 409, name
    assert await act(service, reference, "crown") == 404
    assert await stage(service, reference) == "confirmed"


async def test_an_entry_left_over_by_a_crash_is_taken_off_at_the_next_look(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    await asyncio.to_thread(publish.approve, reference, context_of(service), service.catalogue)
    note = decide.DecisionNote("closed")  # the store knows, the content does not yet
    context = context_of(service)
    await asyncio.to_thread(decide.decide, reference, "remove", note, context, service.catalogue)
    assert len(content(project).register("connector")) == 1
    result = await asyncio.to_thread(unpublish_entries, project, service.database)
    assert result == SyncResult(1)
    assert content(project).register("connector") == ()
    result = await asyncio.to_thread(unpublish_entries, project, service.database)
    assert result == SyncResult(0)


async def test_an_entry_that_cannot_be_changed_is_put_aside_when_it_is_taken_off(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    file = await asyncio.to_thread(
        publish.approve, reference, context_of(service), service.catalogue
    )
    file.write_text(file.read_text().replace("name:", "name: ["))
    await act(service, reference, "remove", code="closed")
    assert await stage(service, reference) == "withdrawn"
    assert not file.exists()
    assert [path.name for path in file.parent.glob(".*")] == [f".{file.name}.taken-off"]
    assert content(project).register("connector") == ()


async def test_words_with_a_decision_are_sealed(service: ServiceUnderTest, project: Path) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "reject", code="other", words="Mrs Canaryfeather rang.")
    (row,) = await service.rows(schema.sign_up_decision)
    assert b"Canaryfeather" not in row.sealed
    assert "Canaryfeather" not in str(await service.rows(schema.sign_up))
    assert "Canaryfeather" not in str(await service.rows(schema.audit))


async def test_a_build_that_failed_is_told_plainly(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")

    async def fails(root: Path) -> tuple[bool, str]:
        return False, "content/activities/choir.md:3: kinds: is missing"

    service.replace_rebuild_queue(fails)
    await service.context.rebuild_queue.build_once()
    page = await service.client.get("/staff/sign-ups")
    assert "content/activities/choir.md:3" in page.text
    values = await open_one(service, reference)
    assert values["sign_up"].entry.faults == ("content/activities/choir.md:3: kinds: is missing",)
