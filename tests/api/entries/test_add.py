"""Staff add an activity in the browser: looked at, written once, and taken out again."""

import asyncio
import re
from pathlib import Path

import pytest

from catalogue.outputs.activity.page import activity_view
from catalogue.read.entry import parse_entry
from tests.api.entries.conftest import (
    ENTRY,
    NEW,
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

ADD = f"{URL}/add"
FILE = "content/activities/tea-and-cake-at-st-oswalds.md"
EVERYTHING = {
    **NEW,
    "kinds": ["coffee-morning", "talking-cafe"],
    "ways": ["in person", "by phone"],
    "body": "Come as you are.\r\n\r\nBring: a mug # or two",
    "provider.website": "https://example.org/tea",
    "provider.charity_number": "1234567",
    "language": "Welsh",
    "needs": ["know-nobody"],
    "schedule[0].when": "every Tuesday 10:30-12:00",
    "schedule[0].except": "22 December 2026\r\nAugust",
    "schedule[0].venue": "The hall",
    "schedule[0].note": "doors at ten",
    "schedule[2].when": "last Friday of the month 7pm",
    "venues[0].name": "The hall",
    "venues[0].address": "3 Mill Lane",
    "venues[0].postcode": "zz31aa",
    "venues[0].access.step-free": "yes",
    "venues[1].place": "Osmery Bridge",
    "area_served": "Temeford\r\nOsmery Bridge",
    "eligibility.who": "Anybody",
    "eligibility.minimum_age": "16",
    "languages": "English\r\nPolish",
    "cost[0].price_pence": "£2.50",
    "cost[1].price_pence": "free",
    "cost[1].condition": "for carers",
    "access.hearing-loop": "no",
    "first_visit.greeter": "Mo, at the door",
    "first_visit.what_happens": "You get tea.\r\nThen we talk.",
    "first_visit.bring_someone": "yes",
    "getting_there.bus": "The 44",
    "places.booking": "ring first",
    "places.as_of": "2026-11-01",
    "sources[0].name": "Parish paper",
    "sources[0].read_on": "2026-11-03",
}


async def test_what_is_added_reads_back_and_can_be_taken_out_again(
    service: ServiceUnderTest, project: Path
) -> None:
    empty = inputs((await service.client.get(ADD)).text)
    looked = await service.client.post(ADD, data={**empty, **EVERYTHING, "act": "look"})
    assert (looked.status_code, errors(service)) == (200, {})
    assert not (project / FILE).exists()
    preview = service.last_page.values["preview"]
    assert preview.card.title == NEW["title"]
    assert preview.address.endswith("/activities/tea-and-cake-at-st-oswalds/")
    assert [len(timetable.dates) for timetable in preview.timetables] == [6, 6]
    assert "Can I come on my own?" in preview.unknown
    for words in ("Tuesday 24 November", "Put it in the directory", "Come as you are.", "srcdoc="):
        assert words in looked.text
    sent = {**inputs(looked.text), "act": "put"}
    pressed = (service.client.post(ADD, data=sent) for _ in range(4))
    for answer in (*await asyncio.gather(*pressed), await service.client.post(ADD, data=sent)):
        assert answer.status_code == 303  # and none comes in twice
        assert answer.headers["location"] == f"{URL}/edit/{Path(FILE).stem}"
    assert service.builds.is_pending

    added = content(project).activity(Path(FILE).stem)
    assert added is not None
    assert added.body == "Come as you are.\n\nBring: a mug # or two"
    assert (added.venues[0].postcode, added.venues[0].access) == ("ZZ3 1AA", {"step-free": "yes"})
    assert [option.price_pence for option in added.cost] == [250, 0]
    assert added.schedule[0].except_ == ("22 December 2026", "August")
    assert (added.languages, added.changed) == (("English", "Polish"), "New here")
    assert added.first_visit.what_happens == "You get tea. Then we talk."
    assert activity_view(added, content(project), service.clock()).title == NEW["title"]

    assert sorted(file.name for file in (project / "content/activities").glob("*.md")) == [
        Path(FILE).name
    ]
    sent = await open_form(service, Path(FILE).stem)
    differs = {
        "venues[0].postcode": "zz31aa",
        "first_visit.what_happens": "You get tea. Then we talk.",
        "cost[0].price_pence": "2.50",
        "cost[1].price_pence": "0",
        "schedule[1].when": "last Friday of the month 7pm",
    }
    typed = {**EVERYTHING, **differs}
    del typed["schedule[2].when"]
    assert {name: sent[name] for name in typed} == typed

    (line,) = await trail(service)
    assert re.fullmatch(r"E-\w{4}-\w{4}", line.subject)
    assert "oswald" not in line.detail.casefold()
    undone = await service.client.post(f"{URL}/changes/{line.subject}/undo")
    assert (undone.status_code, undone.headers["location"]) == (303, URL)
    assert not (project / FILE).exists()
    assert [event.action for event in await trail(service)] == ["entry.added", "entry.undone"]


async def test_all_that_is_wrong_is_said_at_once_with_every_word_kept(
    service: ServiceUnderTest, project: Path
) -> None:
    wrong = {
        "title": " ",
        "summary": "x" * 230,
        "venues[1].place": "Temford",
        "venues[1].postcode": "nowhere",
        "schedule[0].when": "every Frogday",
        "schedule[3].note": "and a note alone",
        "cost[0].price_pence": "two pounds",
        "contact.phone": "01632 96",
        "contact.email": "me at home",
        "eligibility.minimum_age": "sixty",
        "assured_on": "yesterday",
        "body": "Look: <b>here</b> ![x](y) [z](javascript:x)",
        "getting_there.bus": "\u202e44",
    }
    answer = await service.client.post(ADD, data={**wrong, "act": "put"})
    assert answer.status_code == 422
    errors_by_field = errors(service)
    assert set(errors_by_field) == {
        "title",
        "summary",
        "kinds",
        "ways",
        "provider.name",
        "venues[0].place",
        "venues[0].postcode",
        "schedule[0].when",
        "schedule[1].when",
        "cost[0].price_pence",
        "contact.phone",
        "contact.email",
        "eligibility.minimum_age",
        "assured_on",
        "body",
        "getting_there.bus",
    }
    assert 'Did you mean "Temeford"?' in errors_by_field["venues[0].place"]
    assert not [
        words for words in errors_by_field.values() if "taxonomy" in words or "field" in words
    ]
    assert all(f'href="#{name}"' in answer.text for name in errors_by_field)
    values = inputs(answer.text)
    rows = {"venues[1]": "venues[0]", "schedule[3]": "schedule[1]"}
    for name, typed in wrong.items():
        row, dot, rest = name.partition(".")
        assert values[rows.get(row, row) + dot + rest].strip() == typed.strip()
    assert [file.name for file in (project / "content").rglob("*.md")] == [Path(PATH).name]


async def test_the_title_makes_the_name_and_none_is_written_over(
    service: ServiceUnderTest, project: Path
) -> None:
    for title, slug in (
        ("Sing anyway!", "sing-anyway-temeford"),
        ("Sing anyway!", "sing-anyway-2"),
        ("Caffi Tŷ Mawr", "caffi-ty-mawr"),
        ("محفل", "coffee-morning"),
        ("Index", "index-temeford"),
        ("a" * 200, "a" * 80),
    ):
        answer = await put(service, ADD, {**NEW, "title": title})
        assert answer.headers["location"] == f"{URL}/edit/{slug}"
    assert (project / PATH).read_text() == ENTRY
    assert len([*(project / "content" / "activities").rglob("*.md")]) == 7


async def test_what_is_too_long_is_said_beside_its_field(
    service: ServiceUnderTest, project: Path
) -> None:
    days = "\n".join(f"{day} March 2027" for day in range(1, 32))
    times = {"schedule[0].when": "weekdays 10:00", "schedule[0].except": days}
    long = {**NEW, **times, "title": "x" * 3_000, "body": "y" * 2_500}
    await service.client.post(ADD, data={**long, "act": "look"})
    assert set(errors(service)) == {"title", "body"}
    assert (await put(service, ADD, {**NEW, **times})).is_redirect
    assert "except:\n      - 1 March 2027\n" in (project / FILE).read_text()


async def test_one_of_the_same_title_is_shown_and_one_that_came_first_keeps_its_name(
    service: ServiceUnderTest, project: Path
) -> None:
    looked = await service.client.post(ADD, data={**NEW, "title": "Sing Anyway", "act": "look"})
    same = service.last_page.values["preview"].same_title
    assert [link.url for link in same] == ["/activities/sing-anyway/"]
    first = inputs(looked.text)
    other = ENTRY.replace("Nobody", "Somebody")
    (project / "content/activities/sing-anyway-temeford.md").write_text(other)
    answer = await service.client.post(ADD, data={**first, "act": "put"})
    assert answer.status_code == 409
    assert service.last_page.values["preview"].address.endswith("/sing-anyway-2/")
    assert (await service.client.post(ADD, data={**inputs(answer.text), "act": "put"})).is_redirect
    assert (project / "content/activities/sing-anyway-temeford.md").read_text() == other


async def test_what_was_not_looked_at_is_shown_first(
    service: ServiceUnderTest, project: Path
) -> None:
    looked = await service.client.post(ADD, data={**NEW, "act": "look"})
    sent = {**inputs(looked.text), "summary": "Something else.", "act": "put"}
    answer = await service.client.post(ADD, data=sent)
    assert (answer.status_code, service.last_page.values["preview"] is None) == (200, False)
    assert "Look at it once more" in answer.text
    assert not (project / FILE).exists()


async def test_a_button_gives_room_for_another_line_and_keeps_what_is_typed(
    service: ServiceUnderTest,
) -> None:
    typed = {**NEW, "schedule[0].when": "every Tuesday 10:30", "cost[0].price_pence": "what?"}
    answer = await service.client.post(ADD, data={**typed, "act": "more-schedule"})
    assert (answer.status_code, errors(service)) == (200, {})
    sent = inputs(answer.text)
    assert [name for name in sent if name.endswith(".when")] == [
        f"schedule[{number}].when" for number in range(2)
    ]
    assert {name: sent[name] for name in typed} == typed
    assert f'formaction="{ADD}#schedule-2"' in answer.text


async def test_markup_stays_text(service: ServiceUnderTest) -> None:
    wild = '"><script>alert(1)</script>'
    answer = await service.client.post(ADD, data={**NEW, "title": wild, "act": "look"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    safe = 'Tea "x" \' & {{ 7*7 }}'
    answer = await service.client.post(ADD, data={**NEW, "title": safe, "act": "look"})
    assert inputs(answer.text)["title"] == safe


async def test_the_pages_are_for_those_who_keep_entries(service: ServiceUnderTest) -> None:
    await service.client.get("/staff")
    assert URL in [area.url for area in service.last_page.values["areas"]]
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, "case@example.org", roles=("caseworker",)))
    assert (await service.client.get(ADD)).status_code == 403
    assert (await service.client.post(ADD, data={**NEW, "act": "put"})).status_code == 403


async def test_an_entry_of_the_content_is_written_as_an_editor_would(
    service: ServiceUnderTest, project: Path
) -> None:
    await put(
        service, ADD, {**NEW, "cost[0].price_pence": "0", "schedule[0].when": "weekdays 9am-5pm"}
    )
    assert (project / FILE).read_text() == (
        "---\n"
        "title: Tea & Cake at St Oswald's\n"
        "summary: A cup of tea with neighbours.\n"
        "kinds: [coffee-morning]\n"
        "ways: [in person]\n"
        "provider:\n"
        "  name: St Oswald's Church\n"
        "status: active\n"
        "venues:\n"
        "  - place: Temeford\n"
        "schedule:\n"
        "  - when: weekdays 9am-5pm\n"
        "cost:\n"
        "  - price_pence: 0\n"
        "contact:\n"
        "  phone: 01632 960111\n"
        "assured_on: 2026-11-20\n"
        "changed_on: 2026-11-22\n"
        "changed: New here\n"
        "---\n"
    )
    assert parse_entry((project / FILE).read_bytes(), FILE).body == ""
