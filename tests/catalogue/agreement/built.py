"""What was built, and the words in which its outputs are compared: facets of an activity.

What an output does not tell is no facet of it. Times are aware; access facts go by their slugs.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import yaml

from api.search.embedded.stored_documents import StoredDocuments
from catalogue.outputs.formatting import LOCAL
from tests.site.reading import Element, Page

Facets = dict[str, object]
Known = frozenset[tuple[str, bool]]  # access facts that are known
When = tuple[datetime | None, datetime | None, bool]  # start, end, whether it is held
ATOM = "{http://www.w3.org/2005/Atom}"
SITE_SPEAKS = "en"
HELD = 3  # sessions compared: as many as a search document carries


class Built(msgspec.Struct, frozen=True, dict=True):
    """A built site and the rows of its search index; `changed` are files as somebody broke them."""

    site: Path
    rows: Path
    now: datetime
    changed: Mapping[str, bytes] = {}

    def read(self, path: str) -> bytes:
        return self.changed.get(path) or (self.site / path).read_bytes()

    def page(self, slug: str) -> Page:
        return Page(self.read(f"activities/{slug}/index.html").decode())

    @cached_property
    def records(self) -> dict[str, Any]:
        """Open data by slug."""
        published = json.loads(self.read("activities.json"))
        return {activity["slug"]: activity for activity in published["activities"]}

    @cached_property
    def packed(self) -> dict[str, Any]:
        """The columns of the search in the page."""
        return dict(json.loads(self.read("search/documents.json")))

    @cached_property
    def documents(self) -> dict[str, Any]:
        """The documents of the index by slug."""
        rows = StoredDocuments(self.rows)
        return {rows[row].slug: rows[row] for row in range(len(rows))}

    @cached_property
    def entries(self) -> dict[str, tuple[str, str]]:
        """Title and text of the feed's entries by slug."""
        root = ElementTree.fromstring(self.read("feed.xml"))  # noqa: S314 - our own words
        elements = root.findall(f"{ATOM}entry")
        return {
            str(element.findtext(f"{ATOM}id")).rstrip("/").rpartition("/")[2]: (
                str(element.findtext(f"{ATOM}title")),
                str(element.findtext(f"{ATOM}content")),
            )
            for element in elements
        }

    @cached_property
    def cards(self) -> dict[str, dict[str, list[Element]]]:
        """The elements of each activity's card, by slug and by the listing it stands in."""
        cards: dict[str, dict[str, list[Element]]] = {}
        for folder in ("kinds", "places", "days"):
            for file in sorted((self.site / folder).rglob("index.html")):
                path = file.relative_to(self.site).as_posix()
                for slug, card in _cards(Page(self.read(path).decode())).items():
                    cards.setdefault(slug, {})[path.removesuffix("index.html")] = card
        return cards


def _cards(listing: Page) -> dict[str, list[Element]]:
    cards: dict[str, list[Element]] = {}
    card: list[Element] = []
    for element in listing.elements:
        if element.name == "li" and element.attributes.get("class") == "card":
            card = []
        card.append(element)
        link = element.attributes.get("href", "")
        if element.name == "a" and link.startswith("/activities/") and link != "/activities/":
            cards[link.split("/")[2]] = card
    return cards


@cache
def facts() -> dict[str, str]:
    """Return the slug of each access fact by its label and by its short one."""
    root = Path(__file__).parents[3]
    terms = yaml.safe_load((root / "content" / "taxonomy.yml").read_text(encoding="utf-8"))
    return {
        name: fact["slug"]
        for fact in terms["access"]
        for name in (fact["label"], fact.get("short", fact["label"]))
    }


def without_markup(words: str) -> str:
    return "".join(filter(str.isalnum, words.casefold()))


def of_each(
    groups: list[tuple[str, set[tuple[str, bool]]]],
) -> tuple[Known, ...]:
    """Return what is known of each venue; what holds at all of them stands first."""
    shared = {
        fact
        for name, facts_known in groups
        if name in ("", "At each of them")
        for fact in facts_known
    }
    per_venue = [facts_known for name, facts_known in groups if name not in ("", "At each of them")]
    return together(frozenset(shared | facts_known) for facts_known in per_venue or [set()])


def together(known_by_place: Iterable[Known]) -> tuple[Known, ...]:
    """Return what is known of each venue, or once what is the same at all of them."""
    distinct = tuple(known_by_place)
    return distinct[:1] if len(set(distinct)) == 1 else distinct


def of_sessions(sessions: list[tuple[datetime | None, datetime | None, bool]]) -> Facets:
    """Return the facets of sessions (start, end, held) in order."""
    held_sessions = [(starts, ends) for starts, ends, on in sessions if on]
    days: dict[tuple[date, bool], tuple[datetime, bool]] = {}
    for starts, _ends, on in sessions:
        if starts:
            days.setdefault((starts.astimezone(LOCAL).date(), on), (starts, on))
    return {
        "next session": held_sessions[0][0] if held_sessions else None,
        "hours": _hours(*held_sessions[0]) if held_sessions else (),
        "held sessions": tuple(held_sessions[:HELD]),
        "days": tuple(days.values()),
    }


def _hours(starts: datetime | None, ends: datetime | None) -> tuple[str, ...]:
    if starts and ends and ends - starts >= timedelta(days=1):
        return ()
    return tuple(f"{at.astimezone(LOCAL):%H:%M}" for at in (starts, ends) if at)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def in_tags(tags: list[str]) -> dict[str, bool | None]:
    """Return the access facts among tags: True, or None for one to ask about."""
    names = {tag.removesuffix(": ask"): None if tag.endswith(": ask") else True for tag in tags}
    return {facts()[name]: answer_holds for name, answer_holds in names.items() if name in facts()}
