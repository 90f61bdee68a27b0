"""Calendar files beside the pages: which there are, what stands in them, and who offers them."""

from pathlib import Path
from typing import Any

import msgspec
from icalendar import Calendar

from catalogue.build import extra_files
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.pages import SitePages
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.feeds.calendar import FILE
from catalogue.outputs.listings import listing
from catalogue.outputs.search import documents as search
from tests.site.conftest import NOW, SERVICE
from tests.site.reading import read

MILL = "/activities/coffee-at-the-mill/"


def calendar(site: Path, url: str) -> Calendar:
    return Calendar.from_ical((site / url.strip("/") / FILE).read_bytes())


def events(site: Path, url: str) -> list[Any]:
    return list(calendar(site, url).walk("VEVENT"))


def titles(site: Path, url: str) -> set[str]:
    return {str(event["SUMMARY"]).removeprefix("Demonstration: ") for event in events(site, url)}


def alternates(site: Path, url: str) -> list[str]:
    links = read(site, url).all("link", rel="alternate", type="text/calendar")
    return [link.attributes["href"] for link in links]


def test_every_activity_has_a_calendar_be_it_empty(built: Path, catalogue: Catalogue) -> None:
    for activity in catalogue.activities:
        calendar_read = calendar(built, f"activities/{activity.slug}")
        assert calendar_read["X-WR-CALNAME"] == activity.title
    assert events(built, "activities/phone-calls") == []


def test_a_page_offers_its_calendar_where_a_session_lies_ahead(built: Path) -> None:
    link = read(built, MILL).one("a", href=f"{MILL}{FILE}")
    assert link.text == "Add to my calendar"
    assert alternates(built, MILL) == [f"{MILL}{FILE}"]
    for url in (
        "/activities/phone-calls/",
        "/activities/quiet-coffee/",
        "/activities/old-lunch-club/",
    ):
        assert not read(built, url).all("a", href=f"{url}{FILE}")
        assert alternates(built, url) == []


def test_an_event_tells_what_one_wants_to_know(built: Path) -> None:
    (event,) = events(built, MILL)
    assert event["SUMMARY"] == "Demonstration: Coffee & cake at the Mill"
    assert event["LOCATION"] == "The Mill, Water Lane, Oxley Bridge, ZZ3 1AA"
    assert event["URL"] == f"http://127.0.0.1:8000{MILL}"
    assert event["CONTACT"] == (
        "Jo, 01632 960123, mill@example.org, https://example.org/mill, any morning"
    )
    for words in (
        "This is a demonstration.",
        "Every Tuesday, 10:30 to 12:00, except 22 December 2026.",
        "Cost: Free. Tea by donation.",
        "Getting in: No steps on the way in; Hearing loop: no.",
    ):
        assert words in event["DESCRIPTION"]
    assert "GEO" not in event  # an invented place is nowhere


def test_a_list_s_calendar_never_mixes_real_and_invented(built: Path, own_site: Path) -> None:
    assert titles(built, "kinds/coffee-morning") == set()  # the real one is closed
    assert alternates(built, "/kinds/coffee-morning/") == []
    mixed = []
    for file in sorted(own_site.glob("*/*/calendar.ics")):
        if file.parent.parent.name == "activities":
            continue
        url = file.parent.relative_to(own_site).as_posix()
        summaries = [str(event["SUMMARY"]) for event in events(own_site, url)]
        invented = [name for name in summaries if name.startswith("Demonstration: ")]
        if invented and len(invented) != len(summaries):
            mixed.append(url)
    assert mixed == []


def test_each_timetable_stands_at_its_own_venue(built: Path) -> None:
    where = {str(event["LOCATION"]) for event in events(built, "activities/net-loft-shed")}
    assert where == {"Net Loft, Quay, Temeford, ZZ1 1AA", "Mill yard, Oxley Bridge"}


def test_a_hidden_address_is_asked_for(built: Path) -> None:
    (event,) = events(built, "activities/quiet-coffee")
    assert event["LOCATION"] == (
        "Blackpool (the address is not shown, you are told it when you ask)"
    )
    assert event["STATUS"] == "CANCELLED"


def test_kinds_and_places_have_the_sessions_of_all_that_run(built: Path) -> None:
    assert titles(built, "kinds/shed") == {"The net loft shed"}
    assert titles(built, "places/harrow-vale") == {"Coffee & cake at the Mill", "The net loft shed"}
    assert alternates(built, "/kinds/shed/") == ["/kinds/shed/calendar.ics"]
    assert read(built, "/places/harrow-vale/").one("a", href="/places/harrow-vale/calendar.ics")


def test_lists_without_a_known_time_and_days_have_none(built: Path) -> None:
    for url in ("kinds/phone-befriending", "days/tuesday"):
        assert (built / url / "index.html").is_file()
        assert not (built / url / FILE).exists()
        assert alternates(built, f"/{url}/") == []


def extra(pages: SitePages, folder: Path) -> dict[str, bytes]:
    """Return what lies beside the pages, by path."""
    extra_files.write_extra_files(pages, IncrementalOutput(folder, b""))
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_a_list_too_long_to_follow_has_none(catalogue: Catalogue, tmp_path: Path) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    crowd = tuple(
        msgspec.structs.replace(mill, slug=f"mill-{number}")
        for number in range(listing.CALENDAR_MOST + 1)
    )
    for count, has in ((listing.CALENDAR_MOST, True), (listing.CALENDAR_MOST + 1, False)):
        shortened = msgspec.structs.replace(catalogue, activities=crowd[:count])
        pages = SitePages(shortened, search.documents(shortened, NOW), NOW, SERVICE, {})
        files = extra(pages, tmp_path / str(count))
        assert ("places/oxley-bridge/calendar.ics" in files) is has


def test_a_calendar_of_many_is_the_same_in_any_order(catalogue: Catalogue, tmp_path: Path) -> None:
    """Cards stand in the order of their next session, which is another one tomorrow."""
    documents = search.documents(catalogue, NOW)
    site = SitePages(catalogue, documents, NOW, SERVICE, {})
    other = SitePages(catalogue, documents[::-1], NOW, SERVICE, {})
    assert extra(site, tmp_path / "one") == extra(other, tmp_path / "other")
