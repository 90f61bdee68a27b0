"""What a page tells machines (JSON-LD): the same as it tells people, and nothing that is hidden."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalogue.model.activity import Activity, CostOption, Timetable
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity import page
from tests.site.conftest import NOW
from tests.site.reading import Page, pages, read

JSON_LD = "application/ld+json"
MILL = "/activities/coffee-at-the-mill/"
ENDED = "/activities/old-lunch-club/"


def json_ld_of(site: Path, url: str) -> dict[str, Any]:
    """Return the JSON-LD of a page, which has one block of it."""
    node: dict[str, Any] = json.loads(read(site, url).one("script", type=JSON_LD).text)
    return node


def of(activity: Activity, catalogue: Catalogue, now: datetime = NOW, **changes: object) -> Any:
    changed = msgspec.structs.replace(activity, **changes)
    return json.loads(page.activity_view(changed, catalogue, now).json_ld)


@pytest.fixture
def mill(catalogue: Catalogue) -> Activity:
    activity = catalogue.activity("coffee-at-the-mill")
    assert activity
    return activity


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_every_activity_tells_machines_and_nothing_else_does(
    site: str, request: pytest.FixtureRequest
) -> None:
    for at, page_read in pages(request.getfixturevalue(site)):
        blocks = page_read.all("script", type=JSON_LD)
        of_an_entry = at.startswith("/activities/") and at != "/activities/"
        has_ended = at in (ENDED, "/activities/upper-thistlow-luncheon-club/")
        assert len(blocks) == (of_an_entry and not has_ended), at
        for block in blocks:
            node = json.loads(block.text)
            assert node["@context"] == "https://schema.org"
            assert node["@type"] == ("Event" if "startDate" in node else "Service"), at
            for event in [node, *node.get("subEvent", [])]:
                assert event["@type"] != "Event" or "startDate" in event, at
            assert node["url"] == f"http://127.0.0.1:8000{at}"
            assert node["name"].removeprefix("Demonstration: ") == page_read.one("h1").text


def test_a_weekly_activity_tells_its_rule_and_the_next_six_sessions(built: Path) -> None:
    node = json_ld_of(built, MILL)
    assert node["startDate"] == "2026-11-24T10:30:00Z"
    assert node["endDate"] == "2026-11-24T12:00:00Z"
    assert node["eventStatus"] == "https://schema.org/EventScheduled"
    assert node["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    (rule,) = node["eventSchedule"]
    assert rule == {
        "@type": "Schedule",
        "scheduleTimezone": "Europe/London",
        "repeatFrequency": "P1W",
        "byDay": ["https://schema.org/Tuesday"],
        "startTime": "10:30:00",
        "endTime": "12:00:00",
        "exceptDate": ["2026-12-22"],
    }
    first = datetime.fromisoformat(node["startDate"])
    weekly = [first + timedelta(weeks=week) for week in range(6)]
    assert [datetime.fromisoformat(event["startDate"]) for event in node["subEvent"]] == weekly
    off = [event["startDate"] for event in node["subEvent"] if "eventStatus" in event]
    assert off == ["2026-12-22T10:30:00Z"]
    assert node["subEvent"][4]["eventStatus"] == "https://schema.org/EventCancelled"


def test_where_who_and_what_it_costs_are_told_as_far_as_known(built: Path) -> None:
    node = json_ld_of(built, MILL)
    (place,) = node["location"]
    assert place["name"] == "The Mill"
    assert place["address"]["streetAddress"] == "Water Lane"
    assert place["address"]["postalCode"] == "ZZ3 1AA"
    assert "geo" not in place, "an invented place is nowhere"
    features = {feature["name"]: feature["value"] for feature in place["amenityFeature"]}
    assert features == {"Step-free": True, "Hearing loop": False}
    assert node["organizer"]["name"] == "The Mill"
    assert node["organizer"]["contactPoint"]["telephone"] == "01632 960123"
    assert node["isAccessibleForFree"] is True
    assert [offer["price"] for offer in node["offers"]] == ["0.00"]
    assert node["typicalAgeRange"] == "18-"


def test_what_is_not_known_is_not_told(catalogue: Catalogue, mill: Activity) -> None:
    node = of(mill, catalogue, cost=(), access={}, status="unknown")
    assert not {"offers", "isAccessibleForFree", "eventStatus"} & set(node)
    assert "amenityFeature" not in node["location"][0]
    paid = CostOption(price_pence=250)
    assert of(mill, catalogue, cost=(paid,))["isAccessibleForFree"] is False
    for_some = of(mill, catalogue, cost=(paid, CostOption(price_pence=0)))
    assert "isAccessibleForFree" not in for_some, "it hangs on who comes"
    assert [offer["price"] for offer in for_some["offers"]] == ["2.50", "0.00"]


def test_a_hidden_venue_is_its_place_alone(built: Path) -> None:
    node = json_ld_of(built, "/activities/quiet-coffee/")
    assert node["availableChannel"]["serviceLocation"] == [
        {
            "@type": "Place",
            "@id": "#place-1",
            "name": "Blackpool",
            "description": "The address is not shown. You are told it when you ask.",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": "Blackpool",
                "addressCountry": "GB",
            },
        }
    ]
    assert not {"eventStatus", "subEvent", "startDate"} & set(node)


def test_each_session_is_at_its_own_venue_or_from_home(built: Path) -> None:
    node = json_ld_of(built, "/activities/net-loft-shed/")
    assert node["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    names = {place["@id"]: place.get("name", place["@type"]) for place in node["location"]}
    at = [[names[place["@id"]] for place in session["location"]] for session in node["subEvent"]]
    assert at == [["Net Loft", "VirtualLocation"]] * 6
    assert len(node["eventSchedule"]) == 1, "the yearly sale is no rule"


def test_what_has_neither_time_nor_venue_is_a_service(built: Path) -> None:
    node = json_ld_of(built, "/activities/phone-calls/")
    assert node["@type"] == "Service"
    assert node["serviceType"] == ["Phone befriending"]
    assert node["areaServed"] == [{"@type": "Place", "name": "Fylde coast"}]
    assert "offers" not in node


def test_what_comes_to_you_is_where_it_comes_to(catalogue: Catalogue, mill: Activity) -> None:
    home = {"ways": ("comes to you",), "venues": (), "area_served": ("Temeford", "Oxley Bridge")}
    node = of(mill, catalogue, **home)  # type: ignore[arg-type]
    assert [place["name"] for place in node["location"]] == ["Temeford", "Oxley Bridge"]
    assert node["subEvent"][0]["location"] == [{"@id": "#place-1"}, {"@id": "#place-2"}]


def test_what_has_ended_is_not_told_to_machines(built: Path) -> None:
    assert read(built, ENDED).all("script", type=JSON_LD) == []


@pytest.mark.parametrize(
    "when", ["roughly weekly, ring first", "no fixed time", "5 November 2026 10:00-12:00"]
)
def test_what_has_no_date_to_come_is_a_service_with_its_place(
    catalogue: Catalogue, mill: Activity, when: str
) -> None:
    node = of(mill, catalogue, schedule=(Timetable(when=when),))
    assert node["@type"] == "Service"
    (place,) = node["availableChannel"]["serviceLocation"]
    assert place["name"] == "The Mill"
    assert {feature["name"] for feature in place["amenityFeature"]} == {"Step-free", "Hearing loop"}
    assert not {"startDate", "eventSchedule", "subEvent"} & set(node)


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("every 2 weeks on Monday 10:00-11:30 from 2026-11-23", {"repeatFrequency": "P2W"}),
        ("2nd and last Friday of the month 19:00", {"byDay": ["2FR", "-1FR"]}),
        ("15th of the month 10:00-11:00", {"byMonthDay": [15], "repeatFrequency": "P1M"}),
        ("every day 10:00-11:00 until 2027-01-31", {"endDate": "2027-01-31"}),
    ],
)
def test_a_rule_keeps_its_frequency_and_its_days(
    catalogue: Catalogue, mill: Activity, when: str, rule: dict[str, object]
) -> None:
    (rule_made,) = of(mill, catalogue, schedule=(Timetable(when=when),))["eventSchedule"]
    assert {**rule_made, **rule} == rule_made


def test_whole_months_left_out_are_told_by_month(catalogue: Catalogue, mill: Activity) -> None:
    term = Timetable(when="every Tuesday 10:30-12:00", except_=("August", "bank holidays"))
    (rule_made,) = of(mill, catalogue, schedule=(term,))["eventSchedule"]
    assert rule_made["byMonth"] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]
    assert "exceptDate" not in rule_made, "no Tuesday of the next half year is a bank holiday"
    assert (
        rule_made["description"] == "Every Tuesday, 10:30 to 12:00, except August and bank holidays"
    )


def test_times_keep_the_offset_of_their_day(catalogue: Catalogue, mill: Activity) -> None:
    node = of(mill, catalogue, datetime(2026, 10, 20, tzinfo=UTC))
    starts = [event["startDate"] for event in node["subEvent"]][:2]
    assert starts == ["2026-10-20T10:30:00+01:00", "2026-10-27T10:30:00Z"]


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<!--<script>", "\\u003c"])
def test_words_cannot_leave_the_block(catalogue: Catalogue, mill: Activity, words: str) -> None:
    hostile = msgspec.structs.replace(mill, title=words, summary=words)
    block = page.activity_view(hostile, catalogue, NOW).json_ld
    assert "<" not in block
    read_back = Page(f'<head><script type="{JSON_LD}">{block}</script><p>after</p>')
    assert read_back.one("p").text == "after"
    assert json.loads(read_back.one("script").text)["name"] == f"Demonstration: {words}"
