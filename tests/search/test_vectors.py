"""Both of our engines answer the search vectors as the file says, slug for slug in order."""

from pathlib import Path

import pytest

from tests.search import vectors
from tests.search.vectors import CONTENTS, Content, Vectors


@pytest.fixture(scope="module")
def kept() -> Vectors:
    """The vectors of the file."""
    return vectors.read()


@pytest.fixture(scope="module")
def contents() -> dict[str, Content]:
    """The documents of both contents."""
    return {content: vectors.documents_of(content) for content in CONTENTS}


def test_the_file_is_as_its_program_writes_it(kept: Vectors) -> None:
    assert vectors.FILE.read_bytes() == vectors.encoded(kept)
    assert kept.now == vectors.NOW
    for content in CONTENTS:
        differing = [one for one in kept.of(content) if one.browser is not None]
        assert kept.differing[content] == len(differing)
        assert all(one.browser != one.slugs for one in differing)


def test_there_are_enough_different_questions(kept: Vectors) -> None:
    assert len(kept.demonstration) >= 130
    assert len(kept.invented) >= 100
    for content in CONTENTS:
        queries = [str(one.query) for one in kept.of(content)]
        assert len(set(queries)) == len(queries)


def test_engines_agree_wherever_no_word_is_asked(kept: Vectors) -> None:
    """The rules decide alone then; words are weighed by two different indexes."""
    for content in CONTENTS:
        without_words = [one for one in kept.of(content) if not one.query.get("q")]
        assert len(without_words) >= 40
        assert [one.query for one in without_words if one.browser is not None] == []


@pytest.mark.parametrize("content", CONTENTS)
def test_the_engine_in_the_process_answers_as_the_vectors_say(
    content: str, kept: Vectors, contents: dict[str, Content], tmp_path: Path
) -> None:
    expected = kept.of(content)
    queries = [one.query for one in expected]
    answers = vectors.ask_in_process(contents[content], tmp_path / "index", queries)
    assert len(answers) == len(expected)
    wrong = {
        str(one.query): (slugs, one.slugs)
        for one, slugs in zip(expected, answers, strict=True)
        if slugs != one.slugs
    }
    assert wrong == {}


@pytest.mark.parametrize("content", CONTENTS)
def test_the_search_in_the_page_answers_as_the_vectors_say(
    content: str, kept: Vectors, contents: dict[str, Content], tmp_path: Path
) -> None:
    expected = kept.of(content)
    queries = [one.query for one in expected]
    answers = vectors.ask_in_browser(contents[content], tmp_path, queries)
    wrong = {
        str(one.query): (slugs, one.in_browser)
        for one, slugs in zip(expected, answers, strict=True)
        if slugs != one.in_browser
    }
    assert wrong == {}
