"""The page holds the rules that every engine is held to: for hundreds of questions, the same rows
in the same groups and order, with the same things to ask."""

import json
import random
from pathlib import Path

import msgspec
import pytest

from api.search.port import Query
from catalogue.model.geo import Point
from catalogue.outputs.search import browser_index
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS
from tests.search.reference import ranked
from tests.search_browser.conftest import node
from tests.support import generate

QUESTIONS = 400
KNOWN = ("yes", "no", "unknown")
LEVELS = ("fresh", "ageing", "ring first", "old", "unchecked")
PROMISES = ("open-door/meet", "open-door/collect", "warm-welcome/tea")
DATES = tuple(f"2026-11-{day}" for day in range(24, 31))
LANGUAGES = ("Welsh", "Urdu", "English", "BSL")
IMPORTED = {"ZZ1": Point(53.4, 1.9, about=True)}
"""A middle that no venue has, as an imported postcode directory gives it."""
TERMS = msgspec.structs.replace(generate.terms(), middles=IMPORTED)


def invented(chance: random.Random) -> list[SearchDocument]:
    """Return invented documents with every fact the rules ask about."""
    documents_made = [varied(document, chance) for document in generate.documents(240)]
    return sorted(documents_made, key=lambda document: document.slug)


def varied(document: SearchDocument, chance: random.Random) -> SearchDocument:
    invented_areas = [area for area in TERMS.areas if area.demonstration == "yes"]
    served = chance.choice([*invented_areas, *[None] * len(invented_areas)])
    ways = chance.choice([document.ways, document.ways, ("in person", "online"), ("comes to you",)])
    around = tuple(area.name for area in TERMS.around(served.name)) if served else ()
    point = Point(53 + chance.randrange(2000) / 10_000, 1.8 + chance.randrange(2000) / 10_000)
    return msgspec.structs.replace(
        document,
        ways=ways,
        area_served=chance.choice([document.area_served, around]),
        points=chance.choice([document.points, (), (point,), (*document.points, point)]),
        buddy=chance.choice(KNOWN),
        minimum_age=chance.choice([None, None, 0, 18, 50]),
        maximum_age=chance.choice([None, None, None, 25]),
        languages=tuple(chance.sample(LANGUAGES, chance.choice([0, 0, 1, 2]))),
        promises=tuple(chance.sample(PROMISES, chance.choice([0, 1, 2]))),
        freshness=chance.choice(LEVELS),
        demonstration=chance.choice([True, True, False]),
        slots=chance.choice([document.slots, document.slots, (), ("/evening",), ("monday/",)]),
    )


def make_query(chance: random.Random) -> Query:
    """Return a question without words: each filter is asked now and then."""

    def perhaps(share: float, value: object, otherwise: object = "") -> object:
        return value if chance.random() < share else otherwise

    def random_subset(values: tuple[str, ...], share: float, most: int = 2) -> tuple[str, ...]:
        count = chance.randint(1, most)
        return tuple(chance.sample(values, count)) if chance.random() < share else ()

    places = ("Temeford", "Harrow Vale", "Upper Thistlow", "thistlow", "ZZ1", "zz3 1aa", "Atlantis")
    middles = [area for area in TERMS.areas if area.latitude is not None]
    area = chance.choice(middles)
    nowhere = ("54.100,1.900", "0.000,0.000", "53.100,1.900")
    device = chance.choice([f"{area.latitude:.3f},{area.longitude:.3f}", *nowhere])
    params = {
        "kind": perhaps(0.15, chance.choice(TERMS.kinds).slug),
        "need": perhaps(0.15, chance.choice(TERMS.needs).slug),
        "place": perhaps(0.5, chance.choice(places)),
        "near": perhaps(0.3, device),
        "within_km": perhaps(0.3, chance.choice([2, 5, 30]), 0),
        "days": random_subset(DAYS, 0.25),
        "dates": random_subset(DATES, 0.25),
        "times": random_subset(PARTS, 0.2),
        **{name: perhaps(0.12, "yes") for name in ("free", "alone", "lift", "buddy")},
        "ways": random_subset(("in person", "online", "by phone", "comes to you"), 0.2),
        "access": random_subset(tuple(TERMS.access_fact), 0.15),
        "promises": random_subset(PROMISES, 0.1),
        "invented": perhaps(0.3, "yes"),
        "age": perhaps(0.15, chance.choice([0, 17, 30, 74, 120]), None),
        "language": perhaps(0.1, chance.choice(["welsh", "English", "Klingon"])),
        "order": perhaps(0.6, chance.choice(["soonest", "nearest", "best"])),
    }
    return msgspec.convert(params, Query)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[SearchDocument], Path]:
    folder = tmp_path_factory.mktemp("ruled")
    documents_made = invented(random.Random(7))  # noqa: S311 - no secret
    browser_index.write_search(folder, documents_made, TERMS)
    return documents_made, folder


def test_rows_groups_order_and_what_to_ask_are_those_of_the_rules(
    documents: tuple[list[SearchDocument], Path],
) -> None:
    search_documents, folder = documents
    chance = random.Random(11)  # noqa: S311 - no secret
    queries = [make_query(chance) for _ in range(QUESTIONS)]
    now = generate.NOW.timestamp() * 1000
    lines = [
        json.dumps({"rules": True, "now": now, "question": msgspec.to_builtins(query)})
        for query in queries
    ]
    with node(folder) as process:
        output, errors = process.communicate("\n".join(lines) + "\n", timeout=120)
    assert not errors
    answers = [json.loads(line) for line in output.splitlines()]
    assert len(answers) == QUESTIONS
    group_names = set()
    for query, answer in zip(queries, answers, strict=True):
        expected = ranked(search_documents, TERMS, msgspec.structs.replace(query, now=generate.NOW))
        hits = [[document.slug, match.group, list(match.ask)] for document, match in expected.hits]
        assert [hit[:3] for hit in answer["hits"]] == hits, query
        groups = [[group.group, group.matching, group.may] for group in expected.groups]
        assert (answer["groups"], answer["too_old"]) == (groups, expected.too_old), query
        for (_slug, _group, _ask, km, about), (_document, match) in zip(
            answer["hits"], expected.hits, strict=True
        ):
            assert about == match.about
            assert km == (None if match.distance_km is None else pytest.approx(match.distance_km))
        group_names |= {group.group for group in expected.groups}
    assert group_names == {"all", "near", "serves", "comes", "remote", "further"}
