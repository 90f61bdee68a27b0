"""Sentences over the demonstration, in the process; vectors hold the other engines to the same."""

import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import Answer, OnlyYes, Query
from catalogue.outputs.search.phrases import tokenise
from catalogue.outputs.search.word_index import stem
from tests.search import vectors


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    folder = tmp_path_factory.mktemp("demonstration") / "search"
    build_index(*vectors.documents_of("demonstration"), folder)
    return EmbeddedEngine.open(folder)


def search(engine: EmbeddedEngine, q: str, invented: OnlyYes = "") -> Answer:
    return engine.search(Query(q=q, invented=invented, now=vectors.NOW, per_page=100))


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Somebody to walk in with", "somebody-to-walk-in-with"),
        ("someone to walk in with", "somebody-to-walk-in-with"),
        ("sunday roast at saint wilfra\u2019s", "sunday-roast-at-st-wilfras"),
        ("SUNDAY ROAST at St. Wilfra\u2018s", "sunday-roast-at-st-wilfras"),
        ("Tuesday coffee\u00a0morning at the Mill", "tuesday-coffee-morning-at-the-mill"),
        ("friendly phone call", "friendly-phone-call"),
        ("last friday lunch", "last-friday-lunch-club"),
    ],
)
def test_the_title_of_an_entry_finds_it_first(engine: EmbeddedEngine, q: str, first: str) -> None:
    assert search(engine, q).hits[0].document.slug == first


@pytest.mark.parametrize("q", ["st oswald", "basket ball", "food lines", "choir trombone"])
def test_a_known_word_fits_or_is_said_to_be_left_out(engine: EmbeddedEngine, q: str) -> None:
    answer = search(engine, q)
    stems = {stem(word) for word in q.split() if word not in answer.left_out}
    for hit in answer.hits:
        document = hit.document
        texts = (
            document.title,
            document.summary,
            document.body,
            document.venue,
            document.provider,
            *document.kind_labels,
        )
        text = " ".join((*texts, *document.kind_aliases, *document.need_words))
        assert stems <= {stem(word) for word in tokenise(text)}, hit.document.slug


@pytest.mark.parametrize("q", ["lonly", "lonly xylophagous", "cofee zebraphone", "basket ball"])
def test_no_word_is_both_left_out_and_looked_for(engine: EmbeddedEngine, q: str) -> None:
    answer = search(engine, q)
    if "lonly" in q:
        assert (answer.also_looked_for, "lonly" in answer.left_out) == (("lonely",), False)
    assert not {"bake", "basketry"} & set(answer.also_looked_for)


def test_somebody_to_talk_to_is_a_voice_on_the_phone_or_a_visitor(engine: EmbeddedEngine) -> None:
    kinds = {
        kind for hit in search(engine, "somebody to talk to").hits for kind in hit.document.kinds
    }
    assert {"phone-befriending", "befriending-visit"} <= kinds


def test_a_relative_is_no_parent_with_a_baby(engine: EmbeddedEngine) -> None:
    for q in ("my dad is lonely", "dad", "nan", "my mum needs company"):
        answer = search(engine, q)
        first = [hit.document.kinds for hit in answer.hits[:5]]
        assert first
        assert not [kinds for kinds in first if "parent-and-baby" in kinds], q
        assert ("someone_else", "yes") in [
            pair for understood in answer.understood for pair in understood.filters
        ]
    lonely = search(engine, "my dad is lonely")
    assert all("know-nobody" in hit.document.needs for hit in lonely.hits)


def test_facts_of_access_are_words_too(engine: EmbeddedEngine) -> None:
    for q, fact in (("hearing loop", "hearing-loop"), ("wheel chair", "step-free")):
        answer = search(engine, q, invented="yes")
        assert answer.matching
        assert all(fact in hit.document.access_yes for hit in answer.hits if not hit.ask)


def worlds(answer: Answer) -> set[bool]:
    return {hit.document.demonstration for hit in answer.hits}


def test_what_is_real_is_the_answer_and_what_is_invented_is_asked_for_by_itself(
    engine: EmbeddedEngine,
) -> None:
    answer, examples = search(engine, "coffee morning"), search(engine, "coffee morning", "yes")
    assert (answer.world, worlds(answer)) == ("real", {False})
    assert (examples.world, worlds(examples)) == ("invented", {True})
    for search_answer in (answer, examples):
        kinds = {facet.value: facet.count + facet.may for facet in search_answer.facets["kinds"]}
        assert kinds["coffee-morning"] == sum(
            "coffee-morning" in hit.document.kinds for hit in search_answer.hits
        )


@pytest.mark.parametrize("q", ["choir", "repair cafe", "walking football"])
def test_examples_are_shown_where_nothing_real_fits(engine: EmbeddedEngine, q: str) -> None:
    answer = search(engine, q)
    assert (answer.world, worlds(answer)) == ("invented", {True})


@pytest.mark.parametrize(
    "q", ["coffee morning in Temeford", "Friendly phone call", "somebody to walk in with"]
)
def test_words_that_name_an_invented_place_or_activity_ask_for_it(
    engine: EmbeddedEngine, q: str
) -> None:
    answer = search(engine, q)
    assert (answer.world, worlds(answer)) == ("", {True})


@pytest.mark.parametrize("q", ["as well as a coffee morning", "Coffee morning", "I like to walk"])
def test_other_words_never_hide_what_is_real(engine: EmbeddedEngine, q: str) -> None:
    assert search(engine, q).world in ("real", "invented")
