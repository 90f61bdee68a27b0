"""The judged questions hold together, and the engine keeps to them at a small size."""

from collections import Counter
from pathlib import Path

import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search import documents as search
from catalogue.read import load
from tests.search.reference import PlainEngine
from tests.support import generate, judged
from tests.support.judged import MISSPELLINGS, score

COUNT = 300


def test_there_are_enough_questions_in_two_like_halves() -> None:
    questions = judged.questions()
    halves = Counter((question.class_, question.half) for question in questions)
    assert len(questions) >= 150
    assert all(halves[name, "report"] == halves[name, "tune"] for name, _ in halves)
    assert len({(question.q, str(question.where)) for question in questions}) == len(questions)


def test_questions_speak_of_kinds_needs_and_places_that_exist() -> None:
    terms = generate.terms()
    judge = judged.Judge((), terms)
    for question in judged.questions():
        question.query()
        assert set(question.answers.kinds) <= set(terms.kind), question.q
        assert set(question.answers.needs) <= set(terms.need), question.q
        assert not question.answers.place or judge.knows(question.answers.place), question.q


def test_promises_asked_for_are_commitments_of_a_pledge() -> None:
    """One that does not exist is dropped from the question, which then asks for everything."""
    project = load.read_project(generate.ROOT)
    assert project.catalogue, project.faults
    promise_ids = {
        f"{pledge.slug}/{commitment.id}"
        for pledge in project.catalogue.pledges
        for version in pledge.versions
        for commitment in version.commitments
    }
    promises = [
        question.where["promise"] for question in judged.questions() if "promise" in question.where
    ]
    assert promises
    assert set(promises) <= promise_ids


def test_machine_made_misspellings_are_the_same_for_the_same_seed() -> None:
    terms = generate.terms()
    questions = list(judged.machine_made(terms))
    assert questions == list(judged.machine_made(terms))
    assert questions != list(judged.machine_made(terms, judged.TUNE_SEED))


def test_recall_counts_the_first_ten_against_what_could_be_among_them() -> None:
    assert judged.recall(["a", "x", "b"], frozenset("ab")) == 1
    assert judged.recall([*"abcdefghij", "k"], frozenset("kz")) == 0
    assert judged.recall("abcde", frozenset("abcdefghijklmnop")) == 0.5


def test_an_invented_directory_is_the_same_for_the_same_seed() -> None:
    first = [generate.entry(activity) for activity in generate.activities(5)]
    assert first == [generate.entry(activity) for activity in generate.activities(5)]
    assert first != [generate.entry(activity) for activity in generate.activities(5, seed=8)]


def test_invented_entries_are_read_without_a_fault_and_give_the_same_documents(
    tmp_path: Path,
) -> None:
    generate.write(60, generate.SEED, tmp_path)
    project = load.read_project(tmp_path)
    assert project.faults == ()
    assert isinstance(project.catalogue, Catalogue)
    read = {
        document.slug: document for document in search.documents(project.catalogue, generate.NOW)
    }
    assert read == {document.slug: document for document in generate.documents(60)}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of an invented directory."""
    folder = tmp_path_factory.mktemp("judged") / "search"
    steps: list[tuple[int, int]] = []
    documents, terms = generate.documents(COUNT), generate.terms()
    build_index(
        documents, terms, folder, lambda _step, count_done, total: steps.append((count_done, total))
    )
    assert steps[-1] == (COUNT, COUNT)
    return folder


@pytest.fixture(scope="module")
def scores(index: Path) -> dict[str, list[float]]:
    documents, terms = generate.documents(COUNT), generate.terms()
    questions = [*judged.questions(), *judged.machine_made(terms)]
    return score(EmbeddedEngine.open(index), judged.Judge(documents, terms), questions)


def test_the_engine_answers_as_the_plain_way_does(index: Path) -> None:
    engine, plain = EmbeddedEngine.open(index), PlainEngine.open(index)
    for question in judged.questions():
        query = question.query(per_page=20)
        answer, expected = engine.search(query), plain.search(query)
        assert answer.hits == expected.hits, query
        assert (answer.total, answer.groups) == (expected.total, expected.groups), query
        assert answer.facets == expected.facets, query


def test_exact_words_find_everything(scores: dict[str, list[float]]) -> None:
    assert set(scores["exact"]) | set(scores["name"]) == {1.0}


def test_misspellings_find_nearly_everything(scores: dict[str, list[float]]) -> None:
    unseen = [value for name in MISSPELLINGS for value in scores[name]]
    assert sum(unseen) / len(unseen) >= 0.92


def test_filters_never_let_another_in(scores: dict[str, list[float]]) -> None:
    assert set(scores["filter"]) == {1.0}
