"""Way 1 of the architecture: whatever is made of one entry says the same.

Each output of a site that was really built is read back from its file and compared, facet by facet,
for every activity of this project and for invented ones. Outputs are then broken one at a time: the
disagreement has to be reported.
"""

import json
import shutil
from collections import Counter
from datetime import datetime
from itertools import combinations
from pathlib import Path

import msgspec
import pytest

from api.search.embedded import stored_documents
from catalogue.outputs.search import documents as search
from catalogue.read import load
from catalogue.schedule.schedule import LONDON
from tests.catalogue.agreement import files, pages
from tests.catalogue.agreement.built import Built, Facets
from tests.site.conftest import NOW, ROOT, build
from tests.site.reading import Page
from tests.support import generate

pytestmark = pytest.mark.xdist_group("agree")  # one site serves all tests of this module

INVENTED = 40
TILES = "/tiles/{z}/{x}/{y}.png"
AS_FAR_AS_TOLD = ("days", "held sessions")  # lists of different lengths: the shorter is a beginning
PARTS = {
    "some venues": "venues",
    "some access": "access by venue",
    "access told": "access anywhere",
    "lines before the cost": "rules alone",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("agree")
    generate.write(INVENTED, generate.SEED, root)
    for name in ("content", "site"):
        shutil.copytree(ROOT / name, root / name, dirs_exist_ok=True)
    settings = (
        (ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace('tiles: ""', f'tiles: "{TILES}"')
    )
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    project_read = load.read_project(root)
    assert project_read.catalogue, project_read.faults
    site = build(root, project_read.catalogue, root / "build" / "site")
    index = root / "index"
    index.mkdir()
    stored_documents.write(search.documents(project_read.catalogue, NOW), index)
    return Built(site, index, NOW)


def facets_by_output(built: Built, slug: str) -> dict[str, Facets]:
    """Return what every output tells of an activity, by the name of the output."""
    record = built.records[slug]
    facets = {
        "page": pages.page(built, slug),
        "activities.json": files.open_data(record),
        "calendar": files.calendar(built, slug),
    }
    if record["status"] != "defunct":
        facets["JSON-LD"] = pages.json_ld(built, slug)
    if slug in built.entries:
        facets["feed"] = files.feed(built, slug)
    if record["status"] not in ("defunct", "inactive"):
        for listing, card in built.cards[slug].items():
            card_facets = pages.card(card, slug)
            # A list by day speaks of the next session on that day.
            by_day = ("next session", "hours") if listing.startswith("days/") else ()
            facets[f"card in {listing}"] = {
                name: card_facets[name] for name in card_facets if name not in by_day
            }
        facets["packed"] = files.packed(built, slug)
        facets["search document"] = files.document(built, slug)
    return facets


def disagreements(facets: dict[str, Facets]) -> list[str]:
    """Return each pair of outputs that say different things, and of what."""
    return [
        f"{name}: {output} says {facets[output][name]}, {other} says {facets[other][other_name]}"
        for output, other in combinations(facets, 2)
        for name, other_name in _in_common(facets[output], facets[other])
        if not _agree(name, facets[output][name], facets[other][other_name])
    ]


def _in_common(facets: Facets, other: Facets) -> list[tuple[str, str]]:
    shared = [(name, name) for name in facets if name in other]
    parts = [(joined, part) for part, joined in PARTS.items() if joined in facets and part in other]
    return shared + parts


def _agree(name: str, left_value: object, other: object) -> bool:
    if name in AS_FAR_AS_TOLD:
        assert isinstance(left_value, tuple)
        assert isinstance(other, tuple)
        shorter = min(len(left_value), len(other))
        return left_value[:shorter] == other[:shorter]
    if name == "rules alone":  # in a text they stand last before the cost
        assert isinstance(left_value, tuple)
        assert isinstance(other, tuple)
        return other[len(other) - len(left_value) :] == left_value
    if isinstance(other, frozenset) and isinstance(left_value, tuple):
        return other <= set(left_value)
    if isinstance(left_value, dict) and isinstance(other, dict):
        return all(left_value[key] is value for key, value in other.items())
    return left_value == other


def test_every_output_says_the_same_of_every_activity(built: Built) -> None:
    differences_by_slug = {
        slug: disagreements(facets_by_output(built, slug)) for slug in built.records
    }
    assert len(differences_by_slug) >= 75 + INVENTED
    assert {
        slug: differences for slug, differences in differences_by_slug.items() if differences
    } == {}


def test_a_card_in_a_list_by_day_names_the_next_session_on_that_day(built: Built) -> None:
    compared = 0
    for slug in built.records:
        for listing, card in built.cards.get(slug, {}).items():
            starts = pages.card(card, slug)["next session"]
            if listing.startswith("days/") and isinstance(starts, datetime):
                compared += 1
                day = f"{starts.astimezone(LONDON):%A}".lower()
                assert f"days/{day}/" == listing, (slug, starts)
    assert compared > 50


def test_each_facet_stands_in_several_outputs_of_many_activities(built: Built) -> None:
    """So that the agreement is one: a reader that finds nothing agrees with everybody."""
    told_by: dict[str, Counter[str]] = {}
    for slug in built.records:
        for output, facets in facets_by_output(built, slug).items():
            for name, value in facets.items():
                told_by.setdefault(name, Counter())[output.partition(" in ")[0]] += bool(value)
    for name in ("title", "next session", "held sessions", "venues", "cost in words", "prices"):
        assert len([count for count in told_by[name].values() if count > 50]) >= 2, told_by[name]
    for name in ("rules", "rules in one", "phone", "contact in one", "website", "languages"):
        assert len([count for count in told_by[name].values() if count >= 3]) >= 2, told_by[name]
    assert set(told_by["title"]) == set(told_by["next session"]) | {"feed"}
    assert len(told_by["title"]) == 8
    assert told_by["access by venue"]["JSON-LD"] > 50
    assert told_by["some access"]["calendar"] > 50
    assert told_by["access told"]["card"] > 50


def test_the_map_says_where_everything_is(built: Built) -> None:
    joined = [
        record
        for record in built.records.values()
        if record["status"] not in ("defunct", "inactive")
    ]
    where = Counter(place for record in joined for place in {at["place"] for at in record["where"]})
    page = Page(built.read("map/index.html").decode())
    counts = [int(element.text) for element in page.all("span", **{"class": "count"})]
    links = [
        element for element in page.all("a") if element.attributes["href"].startswith("/places/")
    ]
    heads = {element.text for element in page.all("h2")}
    listed = dict(zip([link.text for link in links if link.text not in heads], counts, strict=True))
    assert listed == {place: where[place] for place in listed}
    assert len(listed) > 10
    markers = json.loads(built.read("map/points.json"))
    assert {(marker["title"], marker["url"]) for marker in markers} <= {
        (
            f"Demonstration: {record['title']}" if record["demonstration"] else record["title"],
            f"/activities/{record['slug']}/",
        )
        for record in joined
    }


BROKEN = "net-loft-shed"  # of which every output tells something
PAGE, FEED = f"activities/{BROKEN}/index.html", "feed.xml"
CALENDAR = f"activities/{BROKEN}/calendar.ics"
SHED = "kinds/shed/index.html"
BUS = '"name":"Bus nearby","value"'


@pytest.mark.parametrize(
    ("path", "right", "wrong", "facet", "output"),
    [
        (PAGE, '<h1 dir="auto">The net loft shed', '<h1 dir="auto">The net loft', "title", "page"),
        (PAGE, 'datetime="2026-11-26T09:30', 'datetime="2026-11-26T10:30', "days", "page"),
        (PAGE, "<p>£2, a morning", "<p>£3, a morning", "cost in words", "page"),
        (PAGE, "Old Quay, Larkhythe", "New Quay, Larkhythe", "venues", "page"),
        (PAGE, '<li class="no">Step-free: no', '<li class="yes">Step-free', "access by", "page"),
        (PAGE, '"startDate":"2026-11-23T09:30', '"startDate":"2026-11-23T09:00', "next", "JSON-LD"),
        (PAGE, "<p>Every Monday", "<p>Every Tuesday", "rules", "page"),
        (PAGE, '"telephone":"', '"telephone":"0', "phone", "JSON-LD"),
        (CALENDAR, "Ask: ", "Ask: Nobody\\, ", "contact in one", "calendar"),
        (PAGE, '"price":"2.00"', '"price":"0.00"', "prices", "JSON-LD"),
        (PAGE, f"{BUS}:true", f"{BUS}:false", "access by venue", "JSON-LD"),
        ("activities.json", "The Net Loft", "The Loft", "venues", "activities.json"),
        (CALENDAR, ":20260824T0930", ":20260824T1030", "next", "calendar"),
        (CALENDAR, "Cost: £2", "Cost: £9", "cost", "calendar"),
        ("search/documents.json", '"The net loft shed"', '"A shed"', "title", "packed"),
        (SHED, ">£2<", ">Free<", "price tag", "card in kinds/shed/"),
        (SHED, "2026-11-23T09:30", "2026-11-24T09:30", "next", "card in kinds/shed/"),
    ],
)  # fmt: skip
def test_one_output_that_differs_is_reported(
    built: Built, path: str, right: str, wrong: str, facet: str, output: str
) -> None:
    text = (built.site / path).read_bytes()
    assert right.encode() in text
    changed = {path: text.replace(right.encode(), wrong.encode())}
    differences = disagreements(
        facets_by_output(msgspec.structs.replace(built, changed=changed), BROKEN)
    )
    assert [
        difference
        for difference in differences
        if difference.startswith(facet) and f"{output} says" in difference
    ], differences


def test_a_search_document_and_a_feed_that_differ_are_reported(
    built: Built, tmp_path: Path
) -> None:
    documents = [
        msgspec.structs.replace(document, free="yes", access_yes=())
        for document in built.documents.values()
    ]
    stored_documents.write(documents, tmp_path)
    slug = next(slug for slug in built.entries if built.records[slug]["free"] is not True)
    title = built.entries[slug][0]
    feed = built.read(FEED).replace(f"<title>{title}".encode(), b"<title>Something else")
    broken = msgspec.structs.replace(built, rows=tmp_path, changed={FEED: feed})
    differences = disagreements(facets_by_output(broken, slug))
    assert {difference.partition(":")[0] for difference in differences} >= {
        "title",
        "free",
        "access anywhere",
    }
