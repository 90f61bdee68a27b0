"""The reviewer's pages of corrections: the queue, one beside its entry, decisions and undoing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.access import audit
from api.access.guard import COOKIE
from api.access.routes import router as access
from api.corrections.routes import router
from api.corrections.whole import Whole
from api.references import make
from api.store import schema
from api.store.database import Database
from api.vault import Vault
from tests.api.access.conftest import hired, signed_in
from tests.api.bench import Bench, opened
from tests.api.conftest import Clock
from tests.api.corrections.conftest import CANARIES, ENTRY, PATH, content, says

pytestmark = pytest.mark.anyio

URL = "/staff/corrections"
WHEN = "schedule[0].when"
TEN, ELEVEN = "every Tuesday 10:30-12:00", "every Tuesday 11:00-12:30"
LATER = {f"set.{WHEN}": ELEVEN, f"was.{WHEN}": TEN}


@pytest.fixture
async def bench(
    database: Database, vault: Vault, clock: Clock, project: Path
) -> AsyncIterator[Bench]:
    made = Bench([router, access], database, vault, clock, project, content(project))
    async with opened(made) as ready:
        await signed_in(ready, hired(ready))
        yield ready


async def received(bench: Bench, **changes: Any) -> str:
    return str((await says(bench, **changes)).json()["reference"])


async def open_one(bench: Bench, reference: str) -> Whole:
    """Read a correction as the reviewer does."""
    answer = await bench.client.get(f"{URL}/{reference}")
    assert answer.status_code == 200, answer.text
    whole = bench.shown.context["of"]
    assert isinstance(whole, Whole)
    return whole


def known(bench: Bench) -> dict[str, str]:
    """What the forms of the page shown last carry unseen."""
    context = bench.shown.context
    return {"version": str(context["version"]), "entry": context["entry"]}


async def act(bench: Bench, reference: str, name: str, **said: str) -> Any:
    """Press a button of the page shown last."""
    return await bench.client.post(f"{URL}/{reference}/{name}", data={**known(bench), **said})


async def accepted(bench: Bench, **changes: Any) -> str:
    """Say that it has ended, and accept it."""
    reference = await received(bench, about="ended", **changes)
    await open_one(bench, reference)
    assert (await act(bench, reference, "accept")).status_code == 303
    return reference


async def state(bench: Bench, reference: str) -> str:
    rows = await bench.rows(schema.correction)
    return next(str(row.state) for row in rows if row.reference == reference)


async def actions(bench: Bench, reference: str) -> list[str]:
    rows = await bench.rows(schema.audit)
    return [row.action.removeprefix("correction.") for row in rows if row.subject == reference]


async def somebody_else(bench: Bench, email: str = "ann@example.org") -> str:
    """Sign a second reviewer in; gives the first one's cookie."""
    mine = str(bench.client.cookies[COOKIE])
    bench.client.cookies.clear()
    await signed_in(bench, hired(bench, email))
    return mine


def errors(bench: Bench) -> list[tuple[str, str]]:
    return [(one.field, one.message) for one in bench.shown.context["form"].errors]


async def test_addresses_that_lead_nowhere_are_answered_as_pages(bench: Bench) -> None:
    for path in ("/no-reference", f"/{make('C')}", f"/{make('P')}"):
        assert (await bench.client.get(URL + path)).status_code == 404
    reference = await received(bench)
    await open_one(bench, reference)
    assert (await act(bench, reference, "delete")).status_code == 404
    for query in ("show=lost", "after=C-2222-2222", "activity=%3Cb%3E", "after=%27--"):
        assert (await bench.client.get(f"{URL}?{query}")).status_code == 200
    assert (await bench.client.get(f"{URL}?reference=C-22")).status_code == 422
    assert errors(bench)[0][0] == "reference"
    found = await bench.client.get(URL, params={"reference": reference.lower().replace("-", "")})
    assert found.headers["location"] == f"{URL}/{reference}"


async def test_what_cannot_be_read_as_a_decision_changes_nothing(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    for name, said, status in (
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
        await open_one(bench, reference)
        answer = await act(bench, reference, name, **said)
        assert (answer.status_code, name, said) == (status, name, said)
        assert "Traceback" not in answer.text
    assert (project / PATH).read_text() == ENTRY
    assert set(await actions(bench, reference)) == {"received", "read"}


async def test_a_fault_is_told_beside_its_field_with_the_words_kept(bench: Bench) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    wrong = {f"set.{WHEN}": "every Frogday", f"was.{WHEN}": TEN}
    answer = await act(bench, reference, "look", **wrong)
    assert errors(bench)[0][0] == f"set.{WHEN}"
    assert 'value="every Frogday"' in answer.text
    assert f'name="was.{WHEN}" value="{TEN}"' in answer.text
    assert "/accept" not in answer.text


async def test_the_queue_is_by_activity_and_holds_nothing_personal(bench: Bench) -> None:
    first = await received(bench)
    bench.clock.passes(days=3)
    await somebody_else(bench)
    await received(bench, about="ended")
    page = await bench.client.get(URL)
    (group,) = bench.shown.context["groups"]
    assert (group.title, group.waiting) == ("Sing anyway", 2)
    assert [one.since for one in group.rows] == ["3 days ago", "today"]
    assert group.rows[0].url == f"{URL}/{first}"
    assert not [one for one in CANARIES if one in page.content]
    counts = {one.words: one.count for one in bench.shown.context["filters"]}
    assert (counts["Waiting"], counts["Accepted"]) == (2, 0)
    assert not [one for one in await actions(bench, first) if one == "read"]


async def test_markup_in_a_proposal_stays_text(bench: Bench) -> None:
    words = "<img src=x onerror=alert(1)> </p><script>alert(2)</script>"
    reference = await received(bench, words=words, reach_at='"><b>canary</b>')
    await open_one(bench, reference)
    typed = {"set.title": "<b>Sing</b>", "was.title": "Sing anyway"}
    looked = await act(bench, reference, "look", **typed)
    assert "&lt;b&gt;Sing&lt;/b&gt;" in looked.text
    for raw in ("<img src=x", "<script>alert", "<b>canary", "<b>Sing"):
        assert raw not in looked.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in looked.text


async def test_reading_shows_all_and_is_written_down(bench: Bench) -> None:
    reference = await received(bench)
    whole = await open_one(bench, reference)
    assert whole.told is not None
    assert "Quillfeather" in whole.told.words
    assert whole.told.knows == "I go there, or tried to"
    assert whole.told.reach_at.startswith("mary.canary@")
    assert whole.ask is not None
    assert whole.ask.phone == "01632 960100"
    assert whole.proposed is not None
    assert [one.name for one in whole.proposed.first][:3] == ["status", WHEN, "schedule[0].note"]
    assert await actions(bench, reference) == ["received", "read"]


async def test_looking_shows_field_by_field_and_writes_nothing(bench: Bench, project: Path) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    answer = await act(bench, reference, "look", **LATER, checked="yes")
    assert answer.status_code == 200
    proposed = bench.shown.context["of"].proposed
    assert [(one.label, one.old, one.new) for one in proposed.differences] == [
        ("When", TEN, ELEVEN),
        ("Checked on", "2026-01-02", "2026-11-22"),
    ]
    assert f"+  - when: {ELEVEN}" in proposed.diff
    assert (project / PATH).read_text() == ENTRY
    carried = dict(proposed.carried)
    assert (await act(bench, reference, "accept", **carried)).status_code == 303
    mended = (project / PATH).read_text()
    assert mended == ENTRY.replace(TEN, ELEVEN).replace("2026-01-02", "2026-11-22")


async def test_accepting_writes_the_entry_once_and_asks_for_the_site(
    bench: Bench, project: Path
) -> None:
    reference = await accepted(bench)
    assert (project / PATH).read_text() == ENTRY.replace("status: active", "status: defunct")
    assert bench.builds.under_way
    assert await state(bench, reference) == "accepted"
    line = [row for row in await bench.rows(schema.audit) if row.action == "correction.accepted"]
    assert [one.actor.split()[0] for one in line] == ["staff"]
    again = await act(bench, reference, "accept")  # the button pressed twice
    assert again.status_code == 409
    assert "Mended the entry." in [one.what for one in bench.shown.context["changes"]]
    assert await bench.database.read(audit.verify) is None


async def test_an_emptied_field_is_taken_out(bench: Bench, project: Path) -> None:
    reference = await received(bench, about="contact")
    await open_one(bench, reference)
    typed = {"was.contact.phone": "01632 960100", "set.contact.phone": ""}
    more = {"set.contact.email": "mill@example.org"}
    assert (await act(bench, reference, "accept", **typed, **more)).status_code == 303
    assert "phone" not in (project / PATH).read_text()
    assert "email: mill@example.org" in (project / PATH).read_text()


async def test_two_editors_at_once_write_one_change_and_the_other_is_told(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    mine, jo = known(bench), str(bench.client.cookies[COOKIE])
    await somebody_else(bench)
    assert (await open_one(bench, reference)).reader.startswith("Jo Canary opened it at")
    ann = str(bench.client.cookies[COOKIE])

    async def accept(cookie: str, hour: int) -> int:
        when = f"every Tuesday {hour}:00"
        answer = await bench.client.post(
            f"{URL}/{reference}/accept",
            data={**mine, **LATER, f"set.{WHEN}": when},
            headers={"cookie": f"{COOKIE}={cookie}"},
        )
        return int(answer.status_code)

    bench.client.cookies.clear()
    statuses = await asyncio.gather(*(accept(who, 13 + n) for n, who in enumerate((jo, ann) * 2)))
    assert sorted(statuses) == [303, 409, 409, 409]
    hour = 13 + statuses.index(303)
    assert f"every Tuesday {hour}:00\n" in (project / PATH).read_text()
    assert (await actions(bench, reference)).count("accepted") == 1
    assert bench.shown.template == "staff/not_decided.html"
    assert [one.what for one in bench.shown.context["changes"]] == ["Mended the entry."]


async def test_one_rejects_what_another_has_just_accepted_and_is_refused(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="ended")
    await open_one(bench, reference)
    seen = known(bench)
    assert (await act(bench, reference, "accept")).status_code == 303
    late = {**seen, "reason": "right_already"}
    refused = await bench.client.post(f"{URL}/{reference}/reject", data=late)
    assert refused.status_code == 409
    assert await state(bench, reference) == "accepted"


async def test_an_entry_changed_since_it_was_sent_is_shown_beside(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    (project / PATH).write_text(ENTRY.replace("price_pence: 200", "price_pence: 300"))
    whole = await open_one(bench, reference)
    assert whole.moved
    assert [(one.field, one.old, one.new) for one in whole.moved_in] == [
        ("cost[0].price_pence", "200", "300")
    ]


async def test_an_entry_changed_while_it_was_read_is_never_written_over(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    edited = ENTRY.replace("price_pence: 200", "price_pence: 300")
    (project / PATH).write_text(edited)
    refused = await act(bench, reference, "accept", **LATER)
    assert refused.status_code == 409
    assert "changed while you read it" in errors(bench)[0][1]
    assert (project / PATH).read_text() == edited
    carried = dict(bench.shown.context["of"].proposed.carried)
    assert carried == LATER  # the words are kept
    assert (await act(bench, reference, "accept", **carried)).status_code == 303
    assert (project / PATH).read_text() == edited.replace(TEN, ELEVEN)


async def test_words_for_a_place_that_is_gone_are_not_dropped_silently(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="cost")
    await open_one(bench, reference)
    (project / PATH).write_text(ENTRY.replace("cost:\n  - price_pence: 200\n", ""))
    typed = {"set.cost[0].condition": "with tea", "set.cost[2].price_pence": "5"}
    refused = await act(bench, reference, "accept", **typed)
    assert refused.status_code == 409
    assert any("no such place any more" in message for _field, message in errors(bench))


async def test_an_entry_that_is_gone_is_told_and_its_correction_can_be_closed(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="ended")
    await open_one(bench, reference)
    (project / PATH).rename(project / "content/activities/sing-on.md")
    bench.catalogue = content(project)
    refused = await act(bench, reference, "accept")
    assert refused.status_code == 409
    whole = await open_one(bench, reference)
    assert (whole.gone, whole.proposed) == (True, None)
    assert [one.url for one in whole.alike] == ["/activities/sing-on/"]
    assert whole.told is not None
    page = await bench.client.get(URL)
    assert "sing-anyway" in page.text
    await open_one(bench, reference)
    assert (await act(bench, reference, "reject", reason="entry_gone")).status_code == 303
    assert await state(bench, reference) == "rejected"


async def test_a_number_given_in_confidence_needs_a_tick_to_be_published(
    bench: Bench, project: Path
) -> None:
    reference = await received(bench, about="contact", reach_at="01632 960199")
    await open_one(bench, reference)
    theirs = {"was.contact.phone": "01632 960100", "set.contact.phone": "01632 960 199"}
    refused = await act(bench, reference, "accept", **theirs)
    assert (refused.status_code, errors(bench)[0][0]) == (422, "they_agreed")
    assert 'id="they_agreed"' in refused.text
    assert (project / PATH).read_text() == ENTRY
    agreed = await act(bench, reference, "accept", **theirs, they_agreed="yes")
    assert agreed.status_code == 303


async def test_a_rejected_one_has_a_reason_off_the_list_and_can_wait_again(bench: Bench) -> None:
    reference = await received(bench)
    await open_one(bench, reference)
    assert (await act(bench, reference, "reject", reason="right_already")).status_code == 303
    line = (await bench.rows(schema.audit))[-1]
    assert (line.action, line.detail) == ("correction.rejected", '{"reason":"right_already"}')
    whole = await open_one(bench, reference)
    assert whole.may == "reopen"
    assert any("and the page is right" in one.what for one in whole.history)
    assert (await act(bench, reference, "undo")).status_code == 303
    assert await state(bench, reference) == "undone"
    assert (await open_one(bench, reference)).open


async def test_an_accepted_one_is_undone_only_as_long_as_the_entry_is_what_was_written(
    bench: Bench, project: Path
) -> None:
    reference = await accepted(bench)
    whole = await open_one(bench, reference)
    assert whole.may == "undo"
    assert [(one.old, one.new) for one in whole.wrote] == [("Yes, it runs", "No, it has ended")]
    written = (project / PATH).read_text()
    edited = written + "An editor was here.\n"
    (project / PATH).write_text(edited)
    assert (await act(bench, reference, "undo")).status_code == 409
    assert (project / PATH).read_text() == edited
    assert (await open_one(bench, reference)).may == ""
    (project / PATH).unlink()
    assert (await act(bench, reference, "undo")).status_code == 409
    (project / PATH).write_text(written)
    await open_one(bench, reference)
    assert (await act(bench, reference, "undo")).status_code == 303
    assert (project / PATH).read_text() == ENTRY
    assert (await act(bench, reference, "undo")).status_code == 409  # pressed twice
    assert (await actions(bench, reference)).count("undone") == 1


async def test_what_a_crash_left_half_done_is_noted_by_one_button(
    bench: Bench, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.corrections import decide

    def dies(*args: object) -> None:
        raise RuntimeError

    reference = await received(bench, about="ended")
    await open_one(bench, reference)
    with monkeypatch.context() as patched:
        patched.setattr(decide, "finish", dies)
        assert (await act(bench, reference, "accept")).status_code == 500
    assert "status: defunct" in (project / PATH).read_text()
    assert (await open_one(bench, reference)).half_done
    assert (await act(bench, reference, "accept")).status_code == 303
    assert await state(bench, reference) == "accepted"


async def test_a_trapped_one_says_why_it_is_held(bench: Bench) -> None:
    form = {"activity": "sing-anyway", "about": "ended", "website2": "x"}
    await bench.client.post("/put-right", data=form)
    (row,) = await bench.rows(schema.correction)
    page = await bench.client.get(f"{URL}/{row.reference}")
    assert "A hidden field was filled in" in page.text
    await bench.client.get(URL, params={"show": "held"})
    assert [len(one.rows) for one in bench.shown.context["groups"]] == [1]


async def test_the_front_door_counts_what_waits_and_is_shut_to_others(bench: Bench) -> None:
    await received(bench)
    await bench.client.get("/staff")
    counts = {one.url: one.waiting for one in bench.shown.context["areas"]}
    assert counts[URL] == 1
    bench.client.cookies.clear()
    await signed_in(bench, hired(bench, "case@example.org", roles=("caseworker",)))
    assert (await bench.client.get(URL)).status_code == 403


async def test_the_team_is_told_where_to_read_it_and_nothing_else(bench: Bench) -> None:
    reference = await received(bench)
    letter = (await bench.letters())[-1]
    assert f"https://kith.example.org/staff/corrections/{reference}" in letter.body
    assert not [one for one in CANARIES if one in letter.raw]
