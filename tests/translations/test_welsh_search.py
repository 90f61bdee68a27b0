"""A Welsh directory names its closed lists in Welsh and understands Welsh questions, everywhere."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from api.search.embedded.engine import EmbeddedEngine
from api.search.port import Answer
from catalogue.i18n import gettext
from catalogue.i18n.taxonomy_words import TaxonomyWords, read_taxonomy_words
from catalogue.i18n.welsh import mutations
from catalogue.outputs.search import documents as search
from catalogue.read import load
from catalogue.read.taxonomy import read_taxonomy
from tests.search import vectors
from tests.search.vectors import Content
from tests.support.meilisearch_server import Server
from tests.translations.conftest import ROOT

pytestmark = pytest.mark.xdist_group("Welsh search")

ACTIVITIES = (
    *("sing-anyway", "ring-and-sing", "pavilion-tea-dance", "knit-and-natter-at-tolverby"),
    *("gentle-walk-from-the-clock-tower", "tuesday-coffee-morning-at-the-mill", "weir-lane-plot"),
    *("the-empty-chair-tea", "plough-quiz-and-the-odd-table", "friendly-phone-call"),
)
QUESTIONS = {  # with the kind of what comes first
    "canu": "choir",
    "rhywle i ganu": "choir",
    "côr": "choir",
    "cor": "choir",
    "i gerdded": "walking-group",
    "cerded": "walking-group",
    "paned": "coffee-morning",
    "fore coffi": "coffee-morning",
    "unig": "coffee-morning",
    "dawnsio": "dancing",
    "gwau": "knit-and-natter",
    "gwnio": "knit-and-natter",
    "i arddio": "allotment",
    "bu farw fy ngŵr": "bereavement-group",
    "choir": "choir",
}
FILTERS = {
    "coffi bore mawrth": {("times", "morning"), ("days", "tuesday")},
    "rhywbeth nos wener": {("days", "friday"), ("times", "evening")},
    "canu am ddim": {("free", "yes")},
    "ar-lein": {("ways", "online")},
    "canu dros y ffôn": {("ways", "by phone")},
    "coffi yfory": {("dates", "2026-11-25")},
    "cwis heno": {("dates", "2026-11-24"), ("times", "evening")},
    "dros y penwythnos": {("days", "saturday"), ("days", "sunday")},
    "dolen glyw": {("access", "hearing-loop")},
    "dim grisiau": {("access", "step-free")},
    "fy nhad": {("someone_else", "yes")},
    "coffee on sundays": {("days", "sunday")},
}
QUERIES: list[dict[str, object]] = [{"q": q} for q in (*QUESTIONS, *FILTERS)]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Content]:
    """A few activities of the demonstration, read as a Welsh directory."""
    root = tmp_path_factory.mktemp("welsh-content")
    (root / "content" / "activities").mkdir(parents=True)
    shutil.copy(ROOT / "content" / "taxonomy.yml", root / "content")
    shutil.copytree(ROOT / "content" / "pledges", root / "content" / "pledges")
    for slug in ACTIVITIES:
        file = ROOT / "content" / "activities" / "demo" / f"{slug}.md"
        shutil.copy(file, root / "content" / "activities")
    gettext.activate("cy")
    reading = load.read_project(root)
    assert reading.catalogue, reading.faults
    yield search.documents(reading.catalogue, vectors.NOW), reading.catalogue.taxonomy
    gettext.activate("en")


@pytest.fixture(scope="module")
def answers(content: Content, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What the engine in the process answers."""
    folder = tmp_path_factory.mktemp("welsh-search") / "index"
    vectors.ask_in_process(content, folder, [])
    engine = EmbeddedEngine.open(folder)
    return {str(query["q"]): engine.search(vectors.port_query(query)) for query in QUERIES}


def slugs_of(answers: dict[str, Answer]) -> list[list[str]]:
    return [[hit.document.slug for hit in answer.hits] for answer in answers.values()]


def test_welsh_questions_find_their_kind(answers: dict[str, Answer]) -> None:
    for q, kind in QUESTIONS.items():
        assert kind in answers[q].hits[0].document.kinds, q
        assert answers[q].left_out == (), q


def test_days_times_and_the_like_are_filters_in_welsh(answers: dict[str, Answer]) -> None:
    for q, filters in FILTERS.items():
        filters_found = {
            pair for understood in answers[q].understood for pair in understood.filters
        }
        assert filters_found == filters, q


def test_the_search_in_the_page_answers_the_same(
    content: Content, answers: dict[str, Answer], tmp_path: Path
) -> None:
    page_answers = vectors.ask_in_browser(content, tmp_path, QUERIES)
    assert [answer.slugs for answer in page_answers] == slugs_of(answers)


@pytest.mark.meilisearch
@pytest.mark.xdist_group("meilisearch")
def test_meilisearch_answers_the_same(
    content: Content, answers: dict[str, Answer], own_meilisearch: Server, tmp_path: Path
) -> None:
    server_answers = vectors.ask_meilisearch(content, own_meilisearch, tmp_path, QUERIES)
    assert [answer.slugs for answer in server_answers] == slugs_of(answers)


def test_every_label_of_the_taxonomy_has_a_welsh_one(content: Content) -> None:
    _documents, taxonomy = content
    words = gettext.active_language().taxonomy_words
    plain = yaml.safe_load((ROOT / "content" / "taxonomy.yml").read_text(encoding="utf-8"))
    fields = {"label", "plural", "short", "a", "title", "text", "says"}
    lists = [value for name, value in plain.items() if name != "areas"]
    english = {
        value for mapping in _maps(lists) for name, value in mapping.items() if name in fields
    }
    assert english - {""} <= words.labels.keys()
    assert words.labels.keys() - english <= _names_and_terms(plain)
    assert taxonomy.kind["coffee-morning"].label == "Bore coffi"
    assert taxonomy.access_fact["step-free"].short == "Dim grisiau"
    assert {*words.search_words.kinds} == {*taxonomy.kind}
    assert {*words.search_words.needs} == {*taxonomy.need}


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a value."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from _maps(item)


def _names_and_terms(plain: dict[str, Any]) -> set[str]:
    """Return the names of helplines and of school terms, which need no other in every language."""
    return {mapping["name"] for mapping in _maps(plain) if "name" in mapping}


def test_what_a_directory_calls_otherwise_is_its_own_word(content: Content, tmp_path: Path) -> None:
    file = tmp_path / "content" / "taxonomy.yml"
    file.parent.mkdir()
    file.write_text(
        "kinds:\n  - {slug: choir, label: Côr y Cwm, plural: Choirs}\n"
        "needs: []\naccess: []\nsigner_kinds: []\nareas: []\n",
        encoding="utf-8",
    )
    taxonomy = read_taxonomy(file, tmp_path, [])
    assert taxonomy
    assert taxonomy.kind["choir"].label == "Côr y Cwm"
    assert taxonomy.kind["choir"].plural == "Corau"
    assert "canu" in taxonomy.kind["choir"].aliases


def test_the_words_of_a_project_come_before_those_of_the_program(tmp_path: Path) -> None:
    own = tmp_path / "taxonomy.yml"
    own.write_text("labels: {Choir: Canu}\nsearch_words: {kinds: {choir: [eisteddfod]}}\n")
    words = read_taxonomy_words([own, gettext.CATALOGUES / "cy" / "taxonomy.yml"])
    assert words.label("Choir") == "Canu"
    assert words.label("Choirs") == "Corau"
    assert {"eisteddfod", "canu"} <= {*words.search_words.kinds["choir"]}


def test_faulty_words_stop_the_build_with_their_file(tmp_path: Path) -> None:
    folder = tmp_path / "tongues" / "cy"
    folder.mkdir(parents=True)
    (folder / "taxonomy.yml").write_text("labls: {}\n")
    with pytest.raises(gettext.UnknownLanguage, match=r"taxonomy\.yml.*labls"):
        gettext.activate("cy", tmp_path)


def test_an_english_directory_is_as_it_was() -> None:
    english = gettext.ENGLISH.taxonomy_words
    assert msgspec.to_builtins(english) == msgspec.to_builtins(TaxonomyWords())


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        ("canu", ("ganu", "chanu")),
        ("paned a sgwrs", ("baned a sgwrs", "phaned a sgwrs")),
        ("gwau", ("wau",)),
        ("llyfr", ("lyfr",)),
        ("chwist", ()),
        ("nofio", ()),
        ("gêm", ()),  # two letters would be another word
    ],
)
def test_words_change_at_their_beginning(words: str, forms: tuple[str, ...]) -> None:
    assert mutations(words) == forms
