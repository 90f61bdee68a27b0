"""Every engine answers the search vectors as the file says, slug for slug in order."""

from pathlib import Path

import pytest

from tests.search import vectors
from tests.search.vectors import CONTENTS, Vector, Vectors
from tests.support.meilisearch_server import Server


@pytest.fixture(scope="module")
def stored_vectors() -> Vectors:
    """The vectors of the file."""
    return vectors.read()


def wrong(expected: list[Vector], answers: list[Vector]) -> dict[str, object]:
    """Return the questions that were answered otherwise, with both answers."""
    assert len(answers) == len(expected)
    return {
        str(vector.query): (answer, vector)
        for vector, answer in zip(expected, answers, strict=True)
        if answer != vector
    }


def test_the_file_is_as_its_program_writes_it(stored_vectors: Vectors) -> None:
    assert vectors.FILE.read_bytes() == vectors.encoded(stored_vectors)
    assert stored_vectors.now == vectors.NOW


def test_there_are_enough_different_questions(stored_vectors: Vectors) -> None:
    assert len(stored_vectors.demonstration) >= 250
    assert len(stored_vectors.invented) >= 150
    for content in CONTENTS:
        queries = [str(vector.query) for vector in stored_vectors.of(content)]
        assert len(set(queries)) == len(queries)


def test_no_answer_mixes_what_is_real_with_what_is_invented(stored_vectors: Vectors) -> None:
    documents, _taxonomy = vectors.documents_of("demonstration")
    invented = {document.slug: document.demonstration for document in documents}
    worlds = [{invented[slug] for slug in vector.slugs} for vector in stored_vectors.demonstration]
    assert max(map(len, worlds)) == 1
    assert worlds.count({True}) > 100 < worlds.count({False})


@pytest.mark.parametrize("content", CONTENTS)
def test_the_engine_in_the_process_answers_as_the_vectors_say(
    content: str, stored_vectors: Vectors, tmp_path: Path
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_in_process(
        vectors.documents_of(content), tmp_path / "index", queries, vectors.pages_of(content)
    )
    assert wrong(expected, answers) == {}


@pytest.mark.parametrize("content", CONTENTS)
def test_the_search_in_the_page_answers_as_the_vectors_say(
    content: str, stored_vectors: Vectors, tmp_path: Path
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_in_browser(
        vectors.documents_of(content), tmp_path, queries, vectors.pages_of(content)
    )
    assert wrong(expected, answers) == {}


@pytest.mark.meilisearch
@pytest.mark.xdist_group("meilisearch")
@pytest.mark.parametrize("content", CONTENTS)
def test_meilisearch_answers_as_the_vectors_say(
    content: str,
    stored_vectors: Vectors,
    own_meilisearch: Server,
    tmp_path: Path,
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_meilisearch(
        vectors.documents_of(content), own_meilisearch, tmp_path, queries, vectors.pages_of(content)
    )
    assert wrong(expected, answers) == {}
