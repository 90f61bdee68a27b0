"""The engine in the process against the plain way, on invented directories and queries."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from api.search import facets, filters, ranking
from api.search.embedded.columns import Columns, WordMatches, filter_and_rank, write
from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import OnlyYes, Order, Query
from catalogue.model.activity import Way
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import Point
from catalogue.outputs.activity.freshness import Level
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS
from tests.search.conftest import TAXONOMY, make_document
from tests.search.reference import gazetteer_of, ranked
from tests.support.depth import examples

KNOWN = ["yes", "no", "unknown"]
YES: list[OnlyYes] = ["", "", "yes"]
AREAS = [area.name for area in TAXONOMY.areas]
FACTS = ["step-free", "hearing-loop"]
PROMISES = ["p/greet", "p/wait"]
SLOTS = [f"{day}/{part}" for day in ("", *DAYS[:3]) for part in ("", *PARTS)][1:]
WAYS = get_args(Way)
SESSIONS = [
    ("2026-12-01T10:00:00+00:00", "2026-12-01T10:30:00+00:00"),
    ("2026-12-01T10:00:00+00:00", "2026-12-03T09:00:00+00:00"),
    ("2026-12-01T19:00:00+00:00", "2026-12-02T01:00:00+00:00"),
    *((f"2026-12-0{day}T14:00:00+00:00", f"2026-12-0{day}T16:00:00+00:00") for day in (1, 2, 3)),
]
DATES = [date(2026, 12, day) for day in (1, 2, 3, 4)]
NOW = datetime(2026, 12, 1, 11, tzinfo=UTC)


class Inventor:
    """Invents directories and questions out of one number; many facts in few words."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret hangs on it
        self.one = self._random.choice
        self.worlds = self.one([[True], [False], [True, False]])

    def subset(self, values: Any, most: int = 2) -> tuple[Any, ...]:
        return tuple(self._random.sample(list(values), self._random.randint(0, most)))

    def point(self) -> Point:
        north, east = self._random.randint(0, 40), self._random.randint(0, 40)
        return Point(54.5 + north / 100, 1.6 + east / 100, self.one([True, False]))

    def directory(self) -> list[SearchDocument]:
        count = self._random.randint(0, 90)
        return [self.document(f"entry-{number * 37 % 91:02}") for number in range(count)]

    def document(self, slug: str) -> SearchDocument:
        access = {fact: self.one(KNOWN) for fact in FACTS}
        return make_document(
            slug,
            *self.subset(["choir", "quiz", "lunch-club"]),
            places=self.subset(AREAS),
            area_served=self.subset(AREAS),
            outward_codes=self.subset(["ZZ1", "ZZ3", "QQ7"]),
            points=tuple(self.point() for _ in self.subset("ab")),
            ways=self.subset(WAYS, 3),
            slots=self.subset(SLOTS, 3),
            free=self.one(KNOWN),
            welcomes_newcomers_alone=self.one(KNOWN),
            lift_offered=self.one(KNOWN),
            buddy=self.one(KNOWN),
            access_yes=tuple(name for name, answer in access.items() if answer == "yes"),
            access_unknown=tuple(name for name, answer in access.items() if answer == "unknown"),
            minimum_age=self.one([None, 18, 60]),
            maximum_age=self.one([None, 25, 70]),
            languages=self.subset(["English", "Polish"]),
            promises=self.subset(PROMISES),
            freshness=self.one(get_args(Level)),
            demonstration=self.one(self.worlds),
            coming=tuple(sorted(self.subset(SESSIONS))),
        )

    def query(self, q: str = "") -> Query:
        return Query(
            q=q,
            kind=self.one(["", "", "choir"]),
            need=self.one(["", "", "", "widowed"]),
            place=self.one(["", *AREAS, "Thistlow", "ZZ3", "qq7 1aa", "Atlantis"]),
            near=self.one(["", "", "54.70,1.80", "0.0,-30.0"]),
            within_km=self.one([0, 0, 3, 20]),
            days=self.subset(DAYS[:3]),
            dates=self.one([(), (), self.subset(DATES)]),
            now=self.one([None, NOW]),
            times=self.subset(PARTS),
            free=self.one(YES),
            alone=self.one(YES),
            lift=self.one(YES),
            buddy=self.one(YES),
            invented=self.one(YES),
            ways=self.subset(WAYS),
            access=self.subset(FACTS),
            promises=self.one([(), (), ("p/greet",)]),
            age=self.one([None, None, 20, 74]),
            language=self.one(["", "", "polish", "English", "Welsh"]),
            order=self.one(get_args(Order)),
            page=self.one([1, 2, 3]),
            per_page=self.one([1, 7, 100]),
        )


SEEDS = st.integers(0, 2**32)


@settings(max_examples=examples(60), deadline=None)
@given(SEEDS)
def test_columns_filter_and_rank_as_the_rules_do_document_by_document(seed: int) -> None:
    inventor = Inventor(seed)
    documents = inventor.directory()
    gazetteer = gazetteer_of(documents, TAXONOMY)
    columns = columns_of(documents, gazetteer)
    scores = np.array([inventor.one([0.0, 1.5, 3.25]) for _ in documents], np.int64)
    rows = np.flatnonzero(scores)
    word_matches = WordMatches(columns.mask_of(rows), scores)
    for _ in range(20):
        query = inventor.query(q="words")
        near = filters.place_filter(query, gazetteer)
        pairs = [(documents[row], float(scores[row])) for row in rows]
        expected = ranking.rank(pairs, query, near, gazetteer)
        matches = filter_and_rank(columns, word_matches, query, near)
        assert matches.counts == expected.groups
        assert matches.too_old == expected.too_old
        slugs = [documents[row].slug for row in matches.page(query)]
        assert slugs == [hit.document.slug for hit in expected.page(query)]


@settings(max_examples=examples(15), deadline=None)
@given(SEEDS)
def test_the_engine_answers_as_the_plain_way(seed: int) -> None:
    inventor = Inventor(seed)
    documents = inventor.directory()
    gazetteer = gazetteer_of(documents, TAXONOMY)
    with tempfile.TemporaryDirectory() as folder:
        build_index(documents, TAXONOMY, Path(folder) / "search")
        engine = EmbeddedEngine.open(Path(folder) / "search")
        for _ in range(30):
            query = inventor.query()
            answer = engine.search(query)
            expected = ranked(documents, TAXONOMY, query)
            assert answer.hits == expected.page(query)
            assert answer.groups == expected.groups
            assert answer.facets == facets.count_facets(expected.hits, gazetteer, TAXONOMY)
            assert (answer.total, answer.too_old) == (len(expected.hits), expected.too_old)


def columns_of(documents: list[SearchDocument], gazetteer: Gazetteer) -> Columns:
    with tempfile.TemporaryDirectory() as folder:
        write(documents, gazetteer, Path(folder))
        return Columns(Path(folder))
