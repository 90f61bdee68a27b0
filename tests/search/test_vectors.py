"""Every engine answers the search vectors as the file says, slug for slug in order."""

from pathlib import Path

import pytest

from tests.search import vectors
from tests.search.vectors import CONTENTS, Content, Vectors
from tests.support.meilisearch_server import Server


@pytest.fixture(scope="module")
def stored_vectors() -> Vectors:
    """The vectors of the file."""
    return vectors.read()


@pytest.fixture(scope="module")
def contents() -> dict[str, Content]:
    """The documents of both contents."""
    return {content: vectors.documents_of(content) for content in CONTENTS}


def wrong(expected: list[vectors.Vector], answers: list[list[str]]) -> dict[str, object]:
    """Return the questions that were answered otherwise, with both answers."""
    assert len(answers) == len(expected)
    return {
        str(vector.query): (slugs, vector.slugs)
        for vector, slugs in zip(expected, answers, strict=True)
        if slugs != vector.slugs
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


@pytest.mark.parametrize("content", CONTENTS)
def test_the_engine_in_the_process_answers_as_the_vectors_say(
    content: str, stored_vectors: Vectors, contents: dict[str, Content], tmp_path: Path
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_in_process(contents[content], tmp_path / "index", queries)
    assert wrong(expected, answers) == {}


@pytest.mark.parametrize("content", CONTENTS)
def test_the_search_in_the_page_answers_as_the_vectors_say(
    content: str, stored_vectors: Vectors, contents: dict[str, Content], tmp_path: Path
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_in_browser(contents[content], tmp_path, queries)
    assert wrong(expected, answers) == {}


@pytest.mark.meilisearch
@pytest.mark.xdist_group("meilisearch")
@pytest.mark.parametrize("content", CONTENTS)
def test_meilisearch_answers_as_the_vectors_say(
    content: str,
    stored_vectors: Vectors,
    contents: dict[str, Content],
    own_meilisearch: Server,
    tmp_path: Path,
) -> None:
    expected = stored_vectors.of(content)
    queries = [vector.query for vector in expected]
    answers = vectors.ask_meilisearch(contents[content], own_meilisearch, tmp_path, queries)
    assert wrong(expected, answers) == {}
