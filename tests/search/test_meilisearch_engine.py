"""The engine on a real Meilisearch: found by words, fitted and ordered by the rules."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.search import facets
from api.search.meilisearch.engine import MeilisearchEngine
from api.search.port import Answer, Query
from catalogue.model.geo import Point
from catalogue.outputs.search.filters import DAYS, PARTS
from tests.search.conftest import TAXONOMY, make_document
from tests.search.meilisearch_engines import indexed, release
from tests.search.reference import gazetteer_of, ranked
from tests.support import generate, judged
from tests.support.depth import examples
from tests.support.judged import MISSPELLINGS, score
from tests.support.meilisearch_server import Server

pytestmark = [pytest.mark.meilisearch, pytest.mark.xdist_group("meilisearch")]

KNOWN = ("yes", "no", "unknown")
PLACES = (("Temeford", "Harrow Vale"), ("Marrowby", "Harrow Vale"), ())
DOCUMENTS = [
    make_document(
        f"entry-{n * 37 % 101}",
        "choir",
        title="Choir",
        free=KNOWN[n % 3],
        lift_offered=KNOWN[n // 3 % 3],
        buddy=KNOWN[n // 5 % 3],
        welcomes_newcomers_alone=KNOWN[n // 7 % 3],
        access_yes=("step-free",) if n % 4 == 0 else (),
        access_unknown=("step-free",) if n % 4 == 1 else (),
        slots=((), ("monday/morning",), ("friday/",), ("/evening", "sunday/afternoon"))[n % 4],
        ways=(("in person",), ("online",), ("comes to you", "in person"), ("by phone",))[
            n // 4 % 4
        ],
        places=PLACES[n % 3],
        area_served=((), ("Temeford", "Harrow Vale"), ("Harrow Vale",))[n // 9 % 3],
        points=(Point(54.7 + n / 1000, 1.8),) if n % 2 else (),
        languages=((), ("Polish",), ("English", "Welsh"))[n // 2 % 3],
        minimum_age=(None, 18, 65)[n // 6 % 3],
        promises=("stay-connected/greet",) if n % 5 == 0 else (),
        next_session=f"2026-12-{1 + n % 9:02}T10:00:00+00:00" if n % 5 else None,
        freshness=("fresh", "ageing", "old")[n // 8 % 3],
    )
    for n in range(101)
]


@pytest.fixture(scope="module")
def engine(meilisearch: Server, tmp_path_factory: pytest.TempPathFactory) -> MeilisearchEngine:
    return indexed(meilisearch, release(tmp_path_factory.mktemp("choirs"), DOCUMENTS))


def hits_of(answer: Answer) -> list[tuple[Any, ...]]:
    return [(hit.document.slug, hit.group, hit.ask, hit.distance_km) for hit in answer.hits]


yes = st.sampled_from(["", "", "yes"])
QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "free": yes,
        "lift": yes,
        "alone": yes,
        "buddy": yes,
        "days": st.lists(st.sampled_from(DAYS), max_size=2).map(tuple),
        "times": st.lists(st.sampled_from(PARTS), max_size=2).map(tuple),
        "ways": st.lists(st.sampled_from(["in person", "online", "by phone"]), max_size=2).map(
            tuple
        ),
        "access": st.just(("step-free",)),
        "language": st.sampled_from(["english", "Polish", 'no"such']),
        "age": st.integers(0, 120),
        "promises": st.just(("stay-connected/greet",)),
        "place": st.sampled_from(["Temeford", "Harrow Vale", "ZZ3", "Atlantis"]),
        "near": st.just("54.720,1.800"),
        "within_km": st.integers(0, 10),
        "order": st.sampled_from(["soonest", "nearest"]),
        "kind": st.sampled_from(["choir", "quiz", 'x" OR slug != "']),
        "need": st.sampled_from(["widowed", "carer"]),
        "page": st.integers(1, 3),
    },
)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(params=QUESTIONS)
def test_filters_groups_and_order_are_those_of_the_rules(
    engine: MeilisearchEngine, params: dict[str, Any]
) -> None:
    """Every entry is a choir: the word finds all, and the rules alone decide what fits."""
    params = {"order": "soonest", **params}
    right = ranked(DOCUMENTS, TAXONOMY, Query(**params))
    for q in ("choir", ""):
        answer = engine.search(Query(q=q, **params))
        page = right.page(Query(**params))
        assert hits_of(answer) == [
            (hit.document.slug, hit.group, hit.ask, hit.distance_km) for hit in page
        ]
        assert (answer.total, answer.groups) == (len(right.hits), right.groups)
        assert answer.too_old == right.too_old
        gazetteer = gazetteer_of(DOCUMENTS, TAXONOMY)
        assert answer.facets == facets.count_facets(right.hits, gazetteer, TAXONOMY)


def test_a_word_that_nothing_has_beside_the_others_is_let_go(
    own_meilisearch: Server, tmp_path: Path
) -> None:
    """The commonest word goes first: what has the rarer one is better than what has neither."""
    documents = [
        *(make_document(f"plain-{n}", "choir", title="Choir", body="marmalade") for n in range(20)),
        make_document("both", "lunch-club", title="Lunch", body="trombone"),
    ]
    remote = indexed(own_meilisearch, release(tmp_path / "words", documents))
    answer = remote.search(Query(q="lunch trombone marmalade"))
    assert answer.hits[0].document.slug == "both"


def test_pages_part_the_hits(engine: MeilisearchEngine) -> None:
    for q in ("choir", "chior temeford", "choir monday parrot"):
        first = engine.search(Query(q=q, per_page=7))
        paged = [
            hit.document.slug
            for page in range(1, first.pages + 1)
            for hit in engine.search(Query(q=q, page=page, per_page=7)).hits
        ]
        assert len(paged) == len(set(paged)) == first.total


@pytest.mark.parametrize(
    "q",
    ["<script>alert(1)</script>", '"', "(((", 'kind = "x"', "\x00", "😀", "a" * 200, "choir " * 33],
)
def test_no_text_at_all_is_an_error(engine: MeilisearchEngine, q: str) -> None:
    answer = engine.search(Query(q=q[:200]))
    assert len(answer.hits) == min(20, answer.total)


@pytest.fixture(scope="module")
def scores(meilisearch: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    terms, documents = generate.terms(), generate.documents(300)
    folder = release(tmp_path_factory.mktemp("judged"), documents, "1" * 16, terms)
    questions = [*judged.questions(), *judged.machine_made(terms)]
    return score(indexed(meilisearch, folder), judged.Judge(documents, terms), questions)


def test_exact_words_find_everything(scores: dict[str, list[float]]) -> None:
    assert set(scores["exact"]) | set(scores["name"]) == {1.0}


def test_misspellings_find_nearly_everything(scores: dict[str, list[float]]) -> None:
    unseen = [value for name in MISSPELLINGS for value in scores[name]]
    assert sum(unseen) / len(unseen) >= 0.95


def test_filters_never_let_another_in(scores: dict[str, list[float]]) -> None:
    assert set(scores["filter"]) == {1.0}


def test_needs_in_plain_words_are_found(scores: dict[str, list[float]]) -> None:
    assert sum(scores["need"]) / len(scores["need"]) >= 0.95
