"""The Atom feed: what changed last stands first, dated by the entry and not by the build."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import msgspec

from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.feeds import atom
from catalogue.outputs.listings import news
from tests.site.reading import read

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://kith.example.org/"


def real(activity: Activity, **changes: object) -> Activity:
    return msgspec.structs.replace(activity, demonstration=False, **changes)


def entries(content: bytes) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(content)  # noqa: S314 - our own words
    elements = root.findall(f"{ATOM}entry")
    return [
        (str(element.findtext(f"{ATOM}id")), str(element.findtext(f"{ATOM}updated")))
        for element in elements
    ]


def test_the_feed_of_a_site_starts_with_the_latest(built: Path) -> None:
    listed = entries((built / "feed.xml").read_bytes())
    at_calls = "http://127.0.0.1:8000/activities/phone-calls/"
    assert listed[0] == (at_calls, "2026-11-20T00:00:00Z")
    assert [day for _, day in listed] == sorted((day for _, day in listed), reverse=True)
    assert read(built, "/").one("link", type="application/atom+xml", href="/feed.xml")


def test_what_people_write_does_not_break_the_feed(catalogue: Catalogue) -> None:
    hostile = real(
        catalogue.activities[0], title='</title>&"\x00\x1b', summary="]]></summary><script>"
    )
    feed = atom.feed([hostile], catalogue.taxonomy, "A & B", SITE)
    root = ElementTree.fromstring(feed)  # noqa: S314 - our own words
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == '</title>&"'
    assert root.findtext(f"{ATOM}entry/{ATOM}summary") == "]]></summary><script>"
    assert not list(root.iter("script"))


def test_an_entry_that_changed_comes_up_a_check_alone_moves_nothing(catalogue: Catalogue) -> None:
    base = msgspec.structs.replace(
        catalogue.activities[0], changed_on=date(2026, 11, 2), changed=""
    )
    activities = [msgspec.structs.replace(base, slug=f"a-{number:03}") for number in range(60)]
    activities[59] = msgspec.structs.replace(
        activities[59], changed_on=date(2027, 1, 5), changed="Moved"
    )
    activities[58] = msgspec.structs.replace(activities[58], assured_on=date(2027, 2, 5))
    newest, _invented = news.latest(activities)
    assert len(newest) == news.KEPT_ENTRIES
    assert [activity.slug for activity in newest[:2]] == ["a-059", "a-000"]
    days = news.news(activities).days
    assert [(day.on, day.items[0].what) for day in days] == [
        ("2027-01-05", "Moved"),
        ("2026-11-02", "Changed"),
    ]


def test_the_feed_and_its_page_never_mix_real_and_invented(
    built: Path, catalogue: Catalogue
) -> None:
    invented = {activity.slug for activity in catalogue.activities if activity.demonstration}
    followed = [url.split("/")[-2] for url, _ in entries((built / "feed.xml").read_bytes())]
    assert followed
    assert invented.isdisjoint(followed)
    page = (built / "new" / "index.html").read_text()
    real_part, invented_part = page.split("From the invented example place")
    listed = [re.findall('"/activities/([^/"]+)/"', part) for part in (real_part, invented_part)]
    assert listed[0] == followed
    assert listed[1]
    assert invented.issuperset(listed[1])
    examples = [activity for activity in catalogue.activities if activity.demonstration]
    feed = atom.feed(examples, catalogue.taxonomy, "A", SITE)
    assert len(entries(feed)) == feed.count(b"<title>Demonstration: ") > 0


def test_a_directory_without_entries_has_a_feed_without_any(catalogue: Catalogue) -> None:
    assert entries(atom.feed([], catalogue.taxonomy, "A", SITE)) == []


def test_new_and_changed_is_a_page_with_the_feed_linked(built: Path) -> None:
    text = (built / "new" / "index.html").read_text()
    assert text.index("Friday 20 November 2026") < text.index("Sunday 1 November 2026")
    assert "Now on Tuesdays" in text
    assert text.count('<a href="/feed.xml">') == 1
    assert 'href="/new/"' in (built / "index.html").read_text()
