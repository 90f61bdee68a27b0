"""A reviewer accepts, rejects and undoes on the pages: once, and never over the work of others."""

import asyncio
from pathlib import Path

import pytest

from api.staff.guard import COOKIE
from api.store import audit, schema
from catalogue.outputs.feeds import atom
from catalogue.outputs.listings import news
from tests.api.corrections.conftest import ENTRY, PATH, content, dated
from tests.api.corrections.reviewing import (
    ELEVEN,
    LATER,
    TEN,
    URL,
    WHEN,
    accepted,
    act,
    actions,
    errors,
    hidden_fields,
    open_one,
    received,
    somebody_else,
    state,
)
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service(reviewing: ServiceUnderTest) -> ServiceUnderTest:
    """The service, with a reviewer signed in."""
    return reviewing


async def test_accepting_writes_the_entry_once_and_asks_for_the_site(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await accepted(service)
    ended_entry = ENTRY.replace("status: active", "status: defunct")
    assert (project / PATH).read_text() == dated(ended_entry, "It has ended")
    assert service.builds.is_pending
    assert await state(service, reference) == "accepted"
    line = [row for row in await service.rows(schema.audit) if row.action == "correction.accepted"]
    assert [row.actor.split()[0] for row in line] == ["staff"]
    repeat = await act(service, reference, "accept")  # the button pressed twice
    assert repeat.status_code == 409
    assert "Changed the entry." in [
        change.sentence for change in service.last_page.values["changes"]
    ]
    assert await service.database.read(audit.verify) is None


def news_of(project: Path) -> list[tuple[str, list[str]]]:
    """Return what "New and changed" says of the content as it stands."""
    days = news.news(content(project).activities).days
    return [(day.on, [item.what for item in day.items]) for day in days]


@pytest.mark.parametrize(
    ("about", "typed", "news_text"),
    [
        ("times", LATER, f"Now {ELEVEN}"),
        ("times", {**LATER, "set.cost[0].price_pence": "300"}, f"Now {ELEVEN}; New price"),
        ("cost", {"set.cost[0].price_pence": "300"}, "New price"),
        ("contact", {"set.contact.email": "mill@example.org"}, "New way to ask about it"),
        ("place", {"set.venues[0].name": "The Mill"}, "New place"),
        ("ended", {"set.status": "temporarily closed"}, "Closed for a while"),
        ("other", {"set.summary": "Everybody can."}, "Changed"),
    ],
)
async def test_what_was_accepted_is_new_that_day_on_the_page_and_in_the_feed(
    service: ServiceUnderTest, project: Path, about: str, typed: dict[str, str], news_text: str
) -> None:
    earlier = ENTRY.replace("assured_on", "changed_on: 2026-01-09\nchanged: Moved\nassured_on")
    (project / PATH).write_text(earlier)
    assert news_of(project) == [("2026-01-09", ["Moved"])]
    reference = await received(service, about=about)
    await open_one(service, reference)
    assert (await act(service, reference, "accept", **typed)).status_code == 303
    assert news_of(project) == [("2026-11-22", [news_text])]
    feed = atom.feed(
        content(project).activities, content(project).taxonomy, "A", "https://a.example/"
    )
    assert b"<updated>2026-11-22T00:00:00Z</updated>" in feed
    await open_one(service, reference)
    assert (await act(service, reference, "undo")).status_code == 303
    assert news_of(project) == [("2026-01-09", ["Moved"])]


async def test_a_check_alone_is_no_news(service: ServiceUnderTest, project: Path) -> None:
    for about, typed in (("still_right", {}), ("times", {"checked": "yes"})):
        reference = await received(service, about=about, words="All of it is right.")
        await open_one(service, reference)
        await act(service, reference, "accept", **typed)
        assert "assured_on: 2026-11-22" in (project / PATH).read_text()
        assert news_of(project) == []
        await open_one(service, reference)
        await act(service, reference, "undo")


async def test_an_emptied_field_is_taken_out(service: ServiceUnderTest, project: Path) -> None:
    reference = await received(service, about="contact")
    await open_one(service, reference)
    typed = {"was.contact.phone": "01632 960100", "set.contact.phone": ""}
    more = {"set.contact.email": "mill@example.org"}
    assert (await act(service, reference, "accept", **typed, **more)).status_code == 303
    assert "phone" not in (project / PATH).read_text()
    assert "email: mill@example.org" in (project / PATH).read_text()


async def test_two_editors_at_once_write_one_change_and_the_other_is_told(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    own_form, jo = hidden_fields(service), str(service.client.cookies[COOKIE])
    await somebody_else(service)
    assert (await open_one(service, reference)).reader.startswith("Jo Canary opened it at")
    ann = str(service.client.cookies[COOKIE])

    async def accept(cookie: str, hour: int) -> int:
        when = f"every Tuesday {hour}:00"
        answer = await service.client.post(
            f"{URL}/{reference}/accept",
            data={**own_form, **LATER, f"set.{WHEN}": when},
            headers={"cookie": f"{COOKIE}={cookie}"},
        )
        return int(answer.status_code)

    service.client.cookies.clear()
    statuses = await asyncio.gather(
        *(accept(session, 13 + n) for n, session in enumerate((jo, ann) * 2))
    )
    assert sorted(statuses) == [303, 409, 409, 409]
    hour = 13 + statuses.index(303)
    assert f"every Tuesday {hour}:00\n" in (project / PATH).read_text()
    assert (await actions(service, reference)).count("accepted") == 1
    assert service.last_page.template == "staff/not_decided.html"
    assert [change.sentence for change in service.last_page.values["changes"]] == [
        "Changed the entry."
    ]


async def test_one_rejects_what_another_has_just_accepted_and_is_refused(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    await open_one(service, reference)
    form = hidden_fields(service)
    assert (await act(service, reference, "accept")).status_code == 303
    late = {**form, "reason": "right_already"}
    refused = await service.client.post(f"{URL}/{reference}/reject", data=late)
    assert refused.status_code == 409
    assert await state(service, reference) == "accepted"


async def test_an_entry_changed_since_it_was_sent_is_shown_beside(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    (project / PATH).write_text(ENTRY.replace("price_pence: 200", "price_pence: 300"))
    review = await open_one(service, reference)
    assert review.entry_changed
    assert [(change.field, change.old, change.new) for change in review.entry_changes] == [
        ("cost[0].price_pence", "200", "300")
    ]


async def test_an_entry_changed_while_it_was_read_is_never_written_over(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    edited = ENTRY.replace("price_pence: 200", "price_pence: 300")
    (project / PATH).write_text(edited)
    refused = await act(service, reference, "accept", **LATER)
    assert refused.status_code == 409
    assert "changed while you read it" in errors(service)[0][1]
    assert (project / PATH).read_text() == edited
    hidden_fields = dict(service.last_page.values["correction"].proposal.hidden_fields)
    assert hidden_fields == LATER  # the words are kept
    assert (await act(service, reference, "accept", **hidden_fields)).status_code == 303
    assert (project / PATH).read_text() == dated(edited.replace(TEN, ELEVEN), f"Now {ELEVEN}")


async def test_words_for_a_place_that_is_gone_are_not_dropped_silently(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="cost")
    await open_one(service, reference)
    (project / PATH).write_text(ENTRY.replace("cost:\n  - price_pence: 200\n", ""))
    typed = {"set.cost[0].condition": "with tea", "set.cost[2].price_pence": "5"}
    refused = await act(service, reference, "accept", **typed)
    assert refused.status_code == 409
    assert any("no such place any more" in message for _field, message in errors(service))


async def test_an_entry_that_is_gone_is_told_and_its_correction_can_be_closed(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="ended")
    await open_one(service, reference)
    (project / PATH).rename(project / "content/activities/sing-on.md")
    service.catalogue = content(project)
    refused = await act(service, reference, "accept")
    assert refused.status_code == 409
    review = await open_one(service, reference)
    assert (review.is_missing, review.proposal) == (True, None)
    assert [activity.url for activity in review.same_title] == ["/activities/sing-on/"]
    assert review.statement is not None
    page = await service.client.get(URL)
    assert "sing-anyway" in page.text
    await open_one(service, reference)
    assert (await act(service, reference, "reject", reason="entry_gone")).status_code == 303
    assert await state(service, reference) == "rejected"


async def test_a_number_given_in_confidence_needs_a_tick_to_be_published(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service, about="contact", reach_at="01632 960199")
    await open_one(service, reference)
    form = {"was.contact.phone": "01632 960100", "set.contact.phone": "01632 960 199"}
    refused = await act(service, reference, "accept", **form)
    assert (refused.status_code, errors(service)[0][0]) == (422, "they_agreed")
    assert 'id="they_agreed"' in refused.text
    assert (project / PATH).read_text() == ENTRY
    agreed = await act(service, reference, "accept", **form, they_agreed="yes")
    assert agreed.status_code == 303


async def test_a_rejected_one_has_a_reason_off_the_list_and_can_wait_again(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    assert (await act(service, reference, "reject", reason="right_already")).status_code == 303
    line = (await service.rows(schema.audit))[-1]
    assert (line.action, line.detail) == ("correction.rejected", '{"reason":"right_already"}')
    review = await open_one(service, reference)
    assert review.undo_by == "reopen"
    assert any("and the page is right" in history_line.sentence for history_line in review.history)
    assert (await act(service, reference, "undo")).status_code == 303
    assert await state(service, reference) == "undone"
    assert (await open_one(service, reference)).open


async def test_an_accepted_one_is_undone_only_as_long_as_the_entry_is_what_was_written(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await accepted(service)
    review = await open_one(service, reference)
    assert review.undo_by == "undo"
    assert [(change.old, change.new) for change in review.written] == [
        ("Yes, it runs", "No, it has ended"),
        ("", "2026-11-22"),
        ("", "It has ended"),
    ]
    source = (project / PATH).read_text()
    edited = source + "An editor was here.\n"
    (project / PATH).write_text(edited)
    assert (await act(service, reference, "undo")).status_code == 409
    assert (project / PATH).read_text() == edited
    assert (await open_one(service, reference)).undo_by == ""
    (project / PATH).unlink()
    assert (await act(service, reference, "undo")).status_code == 409
    (project / PATH).write_text(source)
    await open_one(service, reference)
    assert (await act(service, reference, "undo")).status_code == 303
    assert (project / PATH).read_text() == ENTRY
    assert (await act(service, reference, "undo")).status_code == 409  # pressed twice
    assert (await actions(service, reference)).count("undone") == 1


async def test_what_a_crash_left_half_done_is_noted_by_one_button(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.features.corrections.review import decide

    def dies(*args: object) -> None:
        raise RuntimeError

    reference = await received(service, about="ended")
    await open_one(service, reference)
    with monkeypatch.context() as patched:
        patched.setattr(decide, "finish", dies)
        assert (await act(service, reference, "accept")).status_code == 500
    assert "status: defunct" in (project / PATH).read_text()
    assert (await open_one(service, reference)).half_done
    assert (await act(service, reference, "accept")).status_code == 303
    assert await state(service, reference) == "accepted"
