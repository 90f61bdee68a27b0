"""What the page is given: columns, numbers of terms, a stamp, and an index of the same build."""

import json
from pathlib import Path

from catalogue.outputs.search import browser_index
from tests.search_browser.conftest import node
from tests.search_browser.directory import DOCUMENTS, TAXONOMY, document


def test_every_column_has_every_document() -> None:
    columns = browser_index.columns(DOCUMENTS, TAXONOMY)
    lengths = {
        len(getattr(columns, name))
        for name in browser_index.Columns.__struct_fields__
        if name not in ("stamp", "terms", "since", "langs")
    }
    assert lengths == {len(DOCUMENTS)}


def test_the_stamp_changes_with_the_words_and_only_then() -> None:
    once = browser_index.columns(DOCUMENTS, TAXONOMY).stamp
    assert once == browser_index.columns(DOCUMENTS, TAXONOMY).stamp
    assert once != browser_index.columns(DOCUMENTS[1:], TAXONOMY).stamp


def test_areas_around_and_needs_of_a_kind_are_not_sent_twice() -> None:
    columns = browser_index.columns(DOCUMENTS, TAXONOMY)
    at = columns.slugs.index("coffee-at-the-mill")
    assert (columns.places[at], columns.needs[at]) == ((1,), ())


def test_a_need_of_the_entry_itself_is_sent() -> None:
    visit = document("visit", "A visit", kinds=("choir",), needs=("know-nobody",))
    assert browser_index.columns([visit], TAXONOMY).needs == [(1,)]


def test_no_documents_make_a_search_that_finds_nothing(tmp_path: Path) -> None:
    browser_index.write_search(tmp_path, [], TAXONOMY)
    assert json.loads((tmp_path / "search" / "index.json").read_text())["rows"] == []


def test_a_long_summary_ends_after_a_whole_word() -> None:
    text = browser_index.shortened("somebody " * 30)
    assert len(text) <= browser_index.SUMMARY_CHARACTERS
    assert text.endswith("somebody…")
    assert browser_index.shortened("Tea and toast.") == "Tea and toast."


def test_an_index_of_another_build_is_refused(tmp_path: Path) -> None:
    browser_index.write_search(tmp_path, DOCUMENTS, TAXONOMY)
    index = (tmp_path / "search" / "index.json").read_bytes()
    browser_index.write_search(tmp_path, DOCUMENTS[1:], TAXONOMY)
    (tmp_path / "search" / "index.json").write_bytes(index)
    with node(tmp_path) as process:
        assert "two builds" in process.communicate(timeout=60)[1]
    assert process.returncode != 0
