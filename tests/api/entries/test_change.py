"""Staff change an entry in the browser: its other lines stay, and nobody's work is written over."""

from pathlib import Path

import pytest

from api.content_files.entry_change import EntryChange
from api.features.entries import store, write
from api.jobs import retention
from api.store import audit
from tests.api.entries.conftest import (
    ENTRY,
    PATH,
    URL,
    content,
    errors,
    inputs,
    open_form,
    put,
    trail,
)
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio

EDIT = f"{URL}/edit/sing-anyway"
DATED = "assured_on: 2026-01-02\n"


def dated(text: str, changed: str) -> str:
    """Return an entry with the day of a change and what it was."""
    return text.replace(DATED, f"{DATED}changed_on: 2026-11-22\nchanged: {changed}\n")


async def test_a_change_leaves_every_other_line_alone_and_is_undone_to_the_byte(
    service: ServiceUnderTest, project: Path
) -> None:
    sent = await open_form(service)
    sent["schedule[0].when"] = "every Tuesday 11:00-12:00"
    answer = await put(service, EDIT, sent)
    assert (answer.status_code, answer.headers["location"]) == (303, EDIT)
    assert service.builds.is_pending
    new = ENTRY.replace("10:30-12:00", "11:00-12:00")
    assert (project / PATH).read_text() == dated(new, "Now every Tuesday 11:00-12:00")
    page = await service.client.get(EDIT)
    assert "Undo: put back what stood before" in page.text
    last = service.last_page.values["last_change"]
    assert (last.actor, last.sentence) == ("Jo Canary", "Changed the entry.")
    assert (await service.client.post(last.undo_url)).headers["location"] == EDIT
    assert (project / PATH).read_text() == ENTRY
    assert (await service.client.post(last.undo_url)).status_code == 303  # pressed twice
    assert [line.action for line in await trail(service)] == ["entry.changed", "entry.undone"]
    await service.client.get(EDIT)
    assert [line.sentence for line in service.last_page.values["history"]] == [
        "Took the last change back.",
        "Changed the entry.",
    ]
    assert service.last_page.values["last_change"] is None
    assert await service.database.read(audit.verify) is None


async def test_an_untouched_form_changes_nothing(service: ServiceUnderTest, project: Path) -> None:
    sent = await open_form(service)
    for button in ("look", "put"):
        answer = await service.client.post(EDIT, data={**sent, "act": button})
        assert answer.status_code == 200
        assert "Nothing would change yet" in answer.text
    assert (project / PATH).read_text() == ENTRY


async def test_what_would_change_is_shown_field_by_field_with_the_coming_dates(
    service: ServiceUnderTest, project: Path
) -> None:
    sent = await open_form(service)
    changes = {
        "kinds": ["coffee-morning"],
        "schedule[1].when": "every Friday 19:00",
        "schedule[0].except": "",
        "cost[0].price_pence": "",
        "cost[0].condition": "",
        "access.hearing-loop": "no",
        "body": "Other words.",
    }
    looked = await service.client.post(EDIT, data={**sent, **changes, "act": "look"})
    preview = service.last_page.values["preview"]
    assert {
        (difference.field, difference.old, difference.new) for difference in preview.differences
    } == {
        ("kinds[0]", "talking-cafe", "coffee-morning"),
        ("kinds[1]", "coffee-morning", ""),
        ("schedule[0].except[0]", "August", ""),
        ("schedule[1].when", "last Friday of the month 19:00", "every Friday 19:00"),
        ("cost[0].price_pence", "250", ""),
        ("access.hearing-loop", "Not known", "No"),
        ("changed_on", "", "2026-11-22"),
        ("changed", "", "Now every Friday 19:00; New price; More is known about getting in"),
    }
    assert (preview.words_changed, len(preview.timetables)) == (True, 2)
    assert "Friday 27 November" in looked.text
    await service.client.post(EDIT, data={**inputs(looked.text), "act": "put"})
    text = (project / PATH).read_text()
    for line in ("# Ruth knows more", "  # Ruth says it moves in spring", "# the author's own"):
        assert line in text
    activity = content(project).activity("sing-anyway")
    assert activity is not None
    assert (activity.body, activity.cost) == ("Other words.", ())
    assert activity.kinds == ("coffee-morning",)


async def test_a_fault_is_said_beside_its_field_and_nothing_is_written(
    service: ServiceUnderTest, project: Path
) -> None:
    sent = await open_form(service)
    typed = {"schedule[1].when": "every Frogday", "venues[0].place": "", "venues[0].name": ""}
    answer = await service.client.post(EDIT, data={**sent, **typed, "act": "put"})
    assert answer.status_code == 422
    assert set(errors(service)) == {"schedule[1].when", "venues[0].place", "area_served"}
    assert inputs(answer.text)["schedule[1].when"] == "every Frogday"
    assert (project / PATH).read_text() == ENTRY


async def test_a_colleagues_change_is_kept_beside_what_was_typed(
    service: ServiceUnderTest, project: Path
) -> None:
    sent = await open_form(service)
    theirs = ENTRY.replace("Nobody has", "Nobody ever has").replace("01632 960100", "01632 960105")
    (project / PATH).write_text(theirs)
    typed = {"contact.phone": "01632 960199", "provider.name": "The Old Mill"}
    typed |= {"cost[0].price_pence": "three"}
    answer = await service.client.post(EDIT, data={**sent, **typed, "act": "put"})
    assert answer.status_code == 409
    assert service.last_page.values["conflicts"] == ("Ask: phone: 01632 960105",)
    merged = inputs(answer.text)
    assert merged["summary"] == "Nobody ever has to be able to."
    assert {name: merged[name] for name in typed} == typed
    assert (project / PATH).read_text() == theirs
    merged["cost[0].price_pence"] = "2.50"
    assert (await put(service, EDIT, merged)).status_code == 303
    new = theirs.replace("01632 960105", "01632 960199").replace("The Mill}", "The Old Mill}")
    assert (project / PATH).read_text() == dated(new, "New way to ask about it")


async def test_two_who_write_at_once_write_one_change(
    service: ServiceUnderTest, project: Path
) -> None:
    first = {**await open_form(service), "summary": "One."}
    second = {**await open_form(service), "summary": "Two."}
    pages = [
        await service.client.post(EDIT, data={**sent, "act": "look"}) for sent in (first, second)
    ]
    answers = [
        await service.client.post(EDIT, data={**inputs(page.text), "act": "put"}) for page in pages
    ]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "summary: One." in (project / PATH).read_text()
    twice = await service.client.post(EDIT, data={**inputs(pages[0].text), "act": "put"})
    assert twice.status_code == 303  # pressed twice
    assert [line.action for line in await trail(service)] == ["entry.changed"]


async def test_it_has_ended_and_runs_again(service: ServiceUnderTest, project: Path) -> None:
    digest = (await open_form(service))["entry"]
    ended = await service.client.post(f"{EDIT}/ended", data={"entry": digest})
    assert ended.status_code == 303
    text = ENTRY.replace("status: active", "status: defunct")
    assert (project / PATH).read_text() == dated(text, "It has ended")
    stale = await service.client.post(f"{EDIT}/reopened", data={"entry": digest})
    assert (stale.status_code, (project / PATH).read_text()) == (409, dated(text, "It has ended"))
    digest = (await open_form(service))["entry"]
    assert (await service.client.post(f"{EDIT}/reopened", data={"entry": digest})).is_redirect
    assert (project / PATH).read_text() == dated(ENTRY, "It runs again")
    assert (await service.client.post(f"{EDIT}/other", data={"entry": digest})).status_code == 404


async def test_what_was_taken_off_is_brought_back_to_the_byte(
    service: ServiceUnderTest, project: Path
) -> None:
    digest = (await open_form(service))["entry"]
    assert (await service.client.post(f"{EDIT}/removed", data={"entry": digest})).is_redirect
    assert not (project / PATH).exists()
    gone = await service.client.get(EDIT)
    assert "This entry is not in the directory." in gone.text
    assert service.last_page.values["heading"] == "Sing anyway"
    assert (await service.client.post(EDIT, data={"act": "put"})).status_code == 409
    undo = service.last_page.values["last_change"].undo_url
    other = project / "content/activities/sing-anyway.md"
    other.write_text(ENTRY)
    assert (await service.client.post(undo)).status_code == 409
    assert not (project / PATH).exists()
    other.unlink()
    assert (await service.client.post(undo)).headers["location"] == EDIT
    assert (project / PATH).read_text() == ENTRY


async def test_what_was_changed_since_is_never_undone(
    service: ServiceUnderTest, project: Path
) -> None:
    sent = await open_form(service)
    await put(service, EDIT, {**sent, "summary": "Mine."})
    await service.client.get(EDIT)
    undo = service.last_page.values["last_change"].undo_url
    edited = (project / PATH).read_text() + "An editor was here.\n"
    (project / PATH).write_text(edited)
    answer = await service.client.post(undo)
    assert (answer.status_code, (project / PATH).read_text()) == (409, edited)
    assert "nothing was put back" in answer.text


async def test_after_ninety_days_nothing_can_be_undone(service: ServiceUnderTest) -> None:
    await put(service, EDIT, {**await open_form(service), "summary": "Mine."})
    await service.client.get(EDIT)
    undo = service.last_page.values["last_change"].undo_url
    now = service.clock.advance(days=91)
    await service.database.write(lambda connection: retention.erase_due(connection, now))
    await sign_in(service, add_staff(service, "ann@example.org"))
    assert (await service.client.post(undo)).status_code == 404
    await service.client.get(EDIT)
    assert service.last_page.values["last_change"] is None


async def test_addresses_that_lead_nowhere_are_answered_as_pages(
    service: ServiceUnderTest,
) -> None:
    for path in ("/edit/nobody", "/edit/.hidden", "/edit/Sing"):
        assert (await service.client.get(URL + path)).status_code == 404
    for path in ("/changes/E-2222-2222/undo", "/changes/x/undo"):
        assert (await service.client.post(URL + path)).status_code == 404
    rows = (await service.client.get(URL, params={"q": "sing temef"})).text
    assert f'href="{EDIT}"' in rows
    assert "We have none of that name." in (await service.client.get(URL, params={"q": "zz"})).text


async def test_an_entry_that_the_form_would_spoil_is_left_to_an_editor(
    service: ServiceUnderTest, project: Path
) -> None:
    for text in (ENTRY.replace("status:", "stauts:"), ENTRY.replace("title:", "title: :")):
        (project / PATH).write_text(text)
        answer = await service.client.get(EDIT)
        assert answer.status_code == 200
        assert service.last_page.values["unsupported_fields"]
        assert 'id="entry"' not in answer.text


async def test_what_a_crash_left_half_done_is_finished_or_forgotten(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = service.context.as_actor("staff 1")
    raw = ENTRY.encode()
    first = EntryChange(PATH, raw, raw.replace(b"Nobody", b"Somebody"))
    second = EntryChange(PATH, first.after, raw.replace(b"Nobody", b"Anybody"))

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    for change, step in ((first, "_note_written"), (second, "_put")):
        with monkeypatch.context() as patch:
            patch.setattr(write, step, crash)
            with pytest.raises(KeyboardInterrupt):
                write.write(change, "changed", context, service.catalogue)
    write.write(second, "changed", context, service.catalogue)
    revisions = service.database.read_now(lambda look: store.of_activity(look, "sing-anyway"))
    assert {revision.before for revision in revisions} == {first.after, first.before}
    assert len(await trail(service)) == 2
