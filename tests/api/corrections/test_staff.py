"""The reviewer's pages of corrections: the queue, one beside its entry, and what is no decision."""

from pathlib import Path

import pytest

from api.security.references import make
from api.store import schema
from tests.api.corrections.conftest import CANARIES, ENTRY, PATH, dated
from tests.api.corrections.reviewing import (
    ELEVEN,
    LATER,
    TEN,
    URL,
    WHEN,
    act,
    actions,
    errors,
    open_one,
    received,
    somebody_else,
)
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service(reviewing: ServiceUnderTest) -> ServiceUnderTest:
    """The service, with a reviewer signed in."""
    return reviewing


async def test_addresses_that_lead_nowhere_are_answered_as_pages(service: ServiceUnderTest) -> None:
    for path in ("/no-reference", f"/{make('C')}", f"/{make('P')}"):
        assert (await service.client.get(URL + path)).status_code == 404
    reference = await received(service)
    await open_one(service, reference)
    assert (await act(service, reference, "delete")).status_code == 404
    for query in ("show=lost", "after=C-2222-2222", "activity=%3Cb%3E", "after=%27--"):
        assert (await service.client.get(f"{URL}?{query}")).status_code == 200
    assert (await service.client.get(f"{URL}?reference=C-22")).status_code == 422
    assert errors(service)[0][0] == "reference"
    answer = await service.client.get(URL, params={"reference": reference.lower().replace("-", "")})
    assert answer.headers["location"] == f"{URL}/{reference}"


async def test_what_cannot_be_read_as_a_decision_changes_nothing(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    for name, form, status in (
        ("accept", {}, 422),  # nothing to write
        ("accept", {"version": "x", **LATER}, 409),
        ("accept", {"entry": "", **LATER}, 409),
        ("accept", {"set.no_field": "x"}, 422),
        ("accept", {"set.../../x": "x"}, 422),
        ("accept", {"set.title": "a\nb", "was.title": "Sing anyway"}, 422),
        ("accept", {f"set.{WHEN}": "every Frogday", f"was.{WHEN}": TEN}, 422),
        ("look", {f"set.{WHEN}": "every Frogday", f"was.{WHEN}": TEN}, 422),
        ("reject", {}, 422),
        ("reject", {"reason": "Quillfeather"}, 422),
        ("undo", {}, 409),
    ):
        await open_one(service, reference)
        answer = await act(service, reference, name, **form)
        assert (answer.status_code, name, form) == (status, name, form)
        assert "Traceback" not in answer.text
    assert (project / PATH).read_text() == ENTRY
    assert set(await actions(service, reference)) == {"received", "read"}


async def test_a_fault_is_told_beside_its_field_with_the_words_kept(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    wrong = {f"set.{WHEN}": "every Frogday", f"was.{WHEN}": TEN}
    answer = await act(service, reference, "look", **wrong)
    assert errors(service)[0][0] == f"set.{WHEN}"
    assert 'value="every Frogday"' in answer.text
    assert f'name="was.{WHEN}" value="{TEN}"' in answer.text
    assert "/accept" not in answer.text


async def test_the_queue_is_by_activity_and_holds_nothing_personal(
    service: ServiceUnderTest,
) -> None:
    first = await received(service)
    service.clock.advance(days=3)
    await somebody_else(service)
    await received(service, about="ended")
    page = await service.client.get(URL)
    (group,) = service.last_page.values["groups"]
    assert (group.title, group.waiting) == ("Sing anyway", 2)
    assert [row.since for row in group.rows] == ["3 days ago", "today"]
    assert group.rows[0].url == f"{URL}/{first}"
    assert not [canary for canary in CANARIES if canary in page.content]
    counts = {choice.words: choice.count for choice in service.last_page.values["filters"]}
    assert (counts["Waiting"], counts["Accepted"]) == (2, 0)
    assert not [action for action in await actions(service, first) if action == "read"]


async def test_markup_in_a_proposal_stays_text(service: ServiceUnderTest) -> None:
    words = "<img src=x onerror=alert(1)> </p><script>alert(2)</script>"
    reference = await received(service, words=words, reach_at='"><b>canary</b>')
    await open_one(service, reference)
    typed = {"set.title": "<b>Sing</b>", "was.title": "Sing anyway"}
    page = await act(service, reference, "look", **typed)
    assert "&lt;b&gt;Sing&lt;/b&gt;" in page.text
    for raw in ("<img src=x", "<script>alert", "<b>canary", "<b>Sing"):
        assert raw not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text


async def test_reading_shows_all_and_is_written_down(service: ServiceUnderTest) -> None:
    reference = await received(service)
    review = await open_one(service, reference)
    assert review.statement is not None
    assert "Quillfeather" in review.statement.words
    assert review.statement.knows == "I go there, or tried to"
    assert review.statement.reach_at.startswith("mary.canary@")
    assert review.ask is not None
    assert review.ask.phone == "01632 960100"
    assert review.proposal is not None
    assert [field.name for field in review.proposal.first][:3] == [
        "status",
        WHEN,
        "schedule[0].note",
    ]
    assert await actions(service, reference) == ["received", "read"]


async def test_looking_shows_field_by_field_and_writes_nothing(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    answer = await act(service, reference, "look", **LATER, checked="yes")
    assert answer.status_code == 200
    proposed = service.last_page.values["correction"].proposal
    assert [
        (difference.label, difference.old, difference.new) for difference in proposed.differences
    ] == [
        ("When", TEN, ELEVEN),
        ("Checked on", "2026-01-02", "2026-11-22"),
        ("Changed on", "", "2026-11-22"),
        ("What changed, in a few words for visitors", "", f"Now {ELEVEN}"),
    ]
    assert f"+  - when: {ELEVEN}" in proposed.diff
    assert (project / PATH).read_text() == ENTRY
    hidden_fields = dict(proposed.hidden_fields)
    assert (await act(service, reference, "accept", **hidden_fields)).status_code == 303
    mended = (project / PATH).read_text()
    new = ENTRY.replace(TEN, ELEVEN).replace("2026-01-02", "2026-11-22")
    assert mended == dated(new, f"Now {ELEVEN}")


async def test_a_trapped_one_says_why_it_is_held(service: ServiceUnderTest) -> None:
    form = {"activity": "sing-anyway", "about": "ended", "website2": "x"}
    await service.client.post("/put-right", data=form)
    (row,) = await service.rows(schema.correction)
    page = await service.client.get(f"{URL}/{row.reference}")
    assert "A hidden field was filled in" in page.text
    await service.client.get(URL, params={"show": "held"})
    assert [len(group.rows) for group in service.last_page.values["groups"]] == [1]


async def test_the_front_door_counts_what_waits_and_is_shut_to_others(
    service: ServiceUnderTest,
) -> None:
    await received(service)
    await service.client.get("/staff")
    counts = {area.url: area.waiting for area in service.last_page.values["areas"]}
    assert counts[URL] == 1
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, "case@example.org", roles=("caseworker",)))
    assert (await service.client.get(URL)).status_code == 403


async def test_the_team_is_told_where_to_read_it_and_nothing_else(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    letter = (await service.letters())[-1]
    assert f"https://kith.example.org/staff/corrections/{reference}" in letter.body
    assert not [canary for canary in CANARIES if canary in letter.raw]
