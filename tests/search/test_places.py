"""Places as people type them: known, offered or unknown, the same in the API and in the page.

`tests/fixtures/place_vectors.json` holds the cases over the demonstration: a text, the place that
it is taken for, and what is offered.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import Query
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import Point
from catalogue.model.text import tidy_postcode
from catalogue.model.uk_places import UkPlace, place_key, uk_places
from catalogue.outputs.search import browser_index
from tests.search import vectors
from tests.search.vectors import ASK, NOW
from tests.support.node import find_node

VECTORS = json.loads((vectors.FILE.parent / "place_vectors.json").read_text("utf-8"))
UK = uk_places()
NEAR_LONDON = "There is nothing within 7 miles of London. The nearest is about"


@pytest.fixture(scope="module")
def content() -> vectors.Content:
    """The demonstration."""
    return vectors.documents_of("demonstration")


@pytest.fixture(scope="module")
def engine(content: vectors.Content, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    """The engine in the process."""
    folder = tmp_path_factory.mktemp("places") / "index"
    build_index(content[0], content[1], folder)
    return EmbeddedEngine.open(folder)


@pytest.fixture(scope="module")
def site(content: vectors.Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the page searches."""
    folder = tmp_path_factory.mktemp("page")
    browser_index.write_search(folder, *content)
    return folder


def ask_page(site: Path, queries: list[dict[str, str]], **options: object) -> list[dict[str, Any]]:
    """Return what the page's own scripts answer."""
    at = {"now": NOW.timestamp() * 1000, **options}
    lines = (json.dumps({**at, "question": query}) for query in queries)
    result = subprocess.run(
        [str(find_node()), str(ASK), str(site)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=vectors.NODE_SECONDS,
        check=True,
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_api_understands_places_as_the_vectors_say(engine: EmbeddedEngine) -> None:
    answers = [engine.search(Query(place=vector["text"])) for vector in VECTORS]
    understood = [
        {
            "text": vector["text"],
            "place": answer.place or None,
            **({"town": answer.place_town} if answer.place_town else {}),
            **({"offers": list(answer.place_offers)} if answer.place_offers else {}),
        }
        for vector, answer in zip(VECTORS, answers, strict=True)
    ]
    assert understood == VECTORS
    assert all(answer.place_known == bool(answer.place) for answer in answers)


def test_the_page_understands_places_as_the_vectors_say(site: Path) -> None:
    queries = [{"place": vector["text"]} for vector in VECTORS]
    places = [answer["place"] for answer in ask_page(site, queries, rules=True)]
    understood = [
        {
            "text": vector["text"],
            "place": place["label"] if place["known"] else None,
            **({"town": place["town"]} if place["town"] else {}),
            **({"offers": place["offers"]} if place["offers"] else {}),
        }
        for vector, place in zip(VECTORS, places, strict=True)
    ]
    assert understood == VECTORS


def test_both_find_the_same_near_every_place_of_the_vectors(
    engine: EmbeddedEngine, site: Path
) -> None:
    queries = [{"place": vector["text"]} for vector in VECTORS]
    in_page = ask_page(site, queries, rules=True)
    for query, answer in zip(queries, in_page, strict=True):
        hits = engine.search(Query(place=query["place"], per_page=100)).hits
        assert [hit.document.slug for hit in hits] == [hit[0] for hit in answer["hits"]], query


@pytest.mark.parametrize("areas", ["none", "of the demonstration"])
def test_no_name_of_the_uk_is_taken_for_another_place(areas: str, content: vectors.Content) -> None:
    gazetteer = Gazetteer(() if areas == "none" else content[1].areas)
    own_areas = {place_key(area.name) for area in gazetteer.areas}
    wrong: list[object] = []
    for uk in UK.places:
        full_match = gazetteer.look_up(uk.label).place
        if full_match is None or (
            full_match.point != uk.point and full_match.name not in content[1].area
        ):
            wrong.append((uk.label, full_match))
        for key in uk.keys:
            match = gazetteer.look_up(key.replace("-", " "))
            is_taken = match.place is not None and match.place.point == uk.point
            if not is_taken and uk.label not in match.offers and key not in own_areas:
                wrong.append((key, match))
    assert wrong == []


def test_a_place_left_out_of_the_gazetteer_is_never_taken_for_its_neighbour_in_spelling() -> None:
    """Villages too small for the list: what is spelt almost like a place is offered at most."""
    gazetteer = Gazetteer(())
    for uk in UK.places[::7]:
        for other in misspelt(uk):
            place = gazetteer.look_up(other).place
            assert place is None or other in place_key(place.name) or place_key(other) in UK.keys


def misspelt(uk: UkPlace) -> list[str]:
    """Return a name with a letter left out, doubled and swapped."""
    name, at = uk.keys[0].replace("-", " "), len(uk.keys[0]) // 2
    swapped = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    return [name[:at] + name[at + 1 :], name[:at] + name[at : at + 1] + name[at:], swapped]


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("wr12ab", "WR1 2AB"),
        ("WR1  2AB", "WR1 2AB"),
        ("wr1\u00a02ab", "WR1 2AB"),
        (" wr 1 2ab ", "WR1 2AB"),
        ("wr1-2ab", "WR1 2AB"),
        ("sw1a1aa", "SW1A 1AA"),
        ("SWIA 1AA", "SW1A 1AA"),
        ("wrl 2ab", "WR1 2AB"),
        ("BS1O 5NB", "BS10 5NB"),
        ("0x1 1aa", "OX1 1AA"),
        ("S0IO 1AA", "SO10 1AA"),
        ("w1a oax", "W1A 0AX"),
        ("B1O", "B10"),
        ("MILTON", "MILTON"),
        ("Q01 1AA", "Q01 1AA"),
        ("10", "10"),
        ("zz3", "ZZ3"),
        ("wr 12", "WR12"),
        ("WR1 2", "WR1 2"),
        ("Wells", "Wells"),
        ("12 High Street", "12 High Street"),
        ("", ""),
    ],
)
def test_a_postcode_has_one_way_to_be_written(typed: str, tidy: str) -> None:
    assert tidy_postcode(typed) == tidy


def test_a_far_place_is_known_and_said_to_be_far(engine: EmbeddedEngine, site: Path) -> None:
    answer = engine.search(Query(place="London"))
    assert [group.group for group in answer.groups if group.group in ("near", "serves")] == []
    assert all(not hit.document.demonstration for hit in answer.hits)
    (page,) = ask_page(site, [{"place": "London", "ways": ["in person"]}])  # type: ignore[dict-item]
    assert page["said"].startswith(NEAR_LONDON)
    assert "within reach" not in page["said"]


def test_imported_codes_are_measured_from_their_middle_by_both(
    content: vectors.Content, tmp_path: Path
) -> None:
    """Codes that the directory names and others, near it and far; BT and QQ8 were not imported."""
    middles = {
        "TA24": Point(51.18423, -3.45512, about=True),
        "SW1A": Point(51.50123, -0.14188, about=True),
        "BA5": Point(51.21154, -2.64321, about=True),
        "ZZ3": Point(54.67244, 1.74311, about=True),
    }
    documents, terms = content[0], msgspec.structs.replace(content[1], middles=middles)
    browser_index.write_search(tmp_path, documents, terms)
    build_index(documents, terms, tmp_path / "index")
    engine = EmbeddedEngine.open(tmp_path / "index")
    texts = ["TA24", "ta24 5aa", "SW1A 1AA", "BA5", "BT1 1AA", "ZZ3 1AA", "QQ8 1AA"]
    pages = ask_page(tmp_path, [{"place": text} for text in texts], rules=True)
    towns: dict[str, str] = {}
    for text, page in zip(texts, pages, strict=True):
        answer, place = engine.search(Query(place=text, per_page=100)), page["place"]
        towns[text] = place["town"]
        assert (answer.place, answer.place_town) == (place["label"] * place["known"], towns[text])
        assert [hit.document.slug for hit in answer.hits] == [hit[0] for hit in page["hits"]]
        for hit, of_page in zip(answer.hits, page["hits"], strict=True):
            assert hit.distance_km == pytest.approx(of_page[3], abs=0.05), text
    assert {text: town for text, town in towns.items() if town} == {"BT1 1AA": "Belfast"}


def test_an_unknown_place_counts_nothing_as_within_its_reach(site: Path) -> None:
    for place in ("Atlantis", "Newport", "temford"):
        (page,) = ask_page(site, [{"place": place}])
        assert "within reach" not in page["said"]


def test_a_county_is_all_areas_of_the_directory_in_it(engine: EmbeddedEngine, site: Path) -> None:
    answer = engine.search(Query(place="Lancashire", kind="befriending", per_page=100))
    assert (answer.within_km, answer.place_about) == (0, False)
    assert {group.group for group in answer.groups} <= {"near", "serves", "comes", "remote"}
    (page,) = ask_page(site, [{"place": "Lancashire", "kind": "befriending"}], rules=True)
    assert [hit.document.slug for hit in answer.hits] == [hit[0] for hit in page["hits"]]


def test_real_and_invented_never_mix_near_a_place(engine: EmbeddedEngine) -> None:
    for place, invented in (("Wells", False), ("Leeds", False), ("Temeford", True), ("ZZ3", True)):
        hits = engine.search(Query(place=place, per_page=100)).hits
        assert hits
        assert {hit.document.demonstration for hit in hits} == {invented}, place
