"""The catalogues are sound, and the Welsh one makes a Welsh site."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from litestar.testing import TestClient

from api.releases import build
from catalogue.i18n import gettext
from tests.api.conftest import Clock
from tests.service.conftest import ORIGIN, opened_context, service, settings_of
from tests.site.small_project import PROSE, WORDS
from tests.translations.conftest import NOW, ROOT, with_theme

pytestmark = pytest.mark.xdist_group("Welsh")  # one site serves all tests of this module

FILES = sorted(gettext.CATALOGUES.glob("*/LC_MESSAGES/kith.po"))
GAP = re.compile(r"%\((\w+)\)s|%%|%")
ALTERNATE = """
extra:
  alternate:
    - {name: English, link: "https://example.org/", lang: en}
    - {name: Cymraeg, link: "https://cy.example.org/", lang: cy}
"""
MARKUP = re.compile(r"</?[a-z][^>]*>")
TAKEN_AWAY = {"Menu", "Main", "every %(days)s"}
"""Messages that the Welsh of these tests lacks: on a page, in an attribute, and of Python."""


def catalogue_in(file: Path) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale=file.parents[1].name, abort_invalid=True)


def translated_forms(message: Any) -> list[tuple[str, str]]:
    """Return every translated form beside the English it stands for."""
    if isinstance(message.string, str):
        return [(message.id, message.string)] if message.string else []
    return [(message.id[-1], form) for form in message.string if form]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parents[1].name)
def test_a_translation_keeps_gaps_and_markup(file: Path) -> None:
    for message in catalogue_in(file):
        for english, other in translated_forms(message) if message.id else ():
            gaps = {*GAP.findall(english)}
            # one of several forms may leave the number unsaid: "no dates"
            assert {*GAP.findall(other)} <= gaps, other
            if isinstance(message.string, str):
                assert {*GAP.findall(other)} == gaps, other
            assert sorted(MARKUP.findall(other)) == sorted(MARKUP.findall(english)), other
            assert '"' not in MARKUP.sub("", other.replace('--why "..."', "")), other


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parents[1].name)
def test_every_plural_has_all_its_forms(file: Path) -> None:
    catalogue = catalogue_in(file)
    message: Any
    for message in catalogue:
        if message.pluralizable and any(message.string):
            assert len(message.string) == catalogue.num_plurals
            assert all(message.string), message.id


def test_the_welsh_catalogue_says_that_nobody_has_read_it_yet() -> None:
    assert "NOT YET READ BY A WELSH SPEAKER" in FILES[0].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The catalogues with a few messages that nobody has translated yet."""
    folder = tmp_path_factory.mktemp("catalogues")
    shutil.copytree(gettext.CATALOGUES, folder, dirs_exist_ok=True)
    file = folder / "cy" / "LC_MESSAGES" / "kith.po"
    catalogue = catalogue_in(file)
    for message in catalogue:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        if TAKEN_AWAY.intersection(ids):
            message.string = ""
    with file.open("wb") as text:
        write_po(text, catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gettext, "CATALOGUES", folder)
        yield


@pytest.fixture(scope="module")
def welsh(catalogues: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project in Welsh, built."""
    root = with_theme(tmp_path_factory.mktemp("welsh"))
    for path, text in {**WORDS, **PROSE}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    welsh_settings = settings.replace("language: en", "language: cy")
    (root / "mkdocs.yml").write_text(welsh_settings.replace("\nextra:\n", ALTERNATE))
    build.build_release(root, NOW, lambda line: None)
    return root


def page(root: Path, name: str) -> str:
    release = build.find_current(root)
    assert release
    return (release.site / name / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Help ar unwaith"),
        ("find", "Dod o hyd i gwmni"),
        ("ask", "Anfon hwn at berson"),
        ("days/tuesday", "Dydd Mawrth 24 Tachwedd, 10:30 i 12:00"),
        ("pledges/stay-connected", "Beth rydych yn ei addo"),
        ("activities", "Popeth sydd ar gael"),
        ("kinds/coffee-morning", "Boreau coffi"),
        ("activities/coffee-at-the-mill", "Bore coffi"),
    ],
)
def test_the_site_speaks_welsh(welsh: Path, name: str, words: str) -> None:
    html = page(welsh, name)
    assert '<html lang="cy"' in html
    assert words in html


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "https://example.org/"),
        ("find", "https://example.org/find/?from=cy"),
        ("about", "https://example.org/about/?from=cy"),
        (
            "activities/coffee-at-the-mill",
            "https://example.org/activities/coffee-at-the-mill/?from=cy",
        ),
    ],
)
def test_the_header_links_to_the_same_page_in_another_language(
    welsh: Path, name: str, address: str
) -> None:
    header = page(welsh, name).partition("<header")[2].partition("</header>")[0]
    [(attributes, words)] = re.findall(r"<a\s([^>]*hreflang[^>]*)>([^<]*)</a>", header)
    assert f'href="{address}"' in attributes
    assert 'lang="en"' in attributes
    assert words == "English"


def test_what_is_not_translated_is_marked_as_english(welsh: Path) -> None:
    html = page(welsh, "activities/coffee-at-the-mill")
    assert '<span lang="en">Menu</span>' in html
    assert re.search(r'<span lang="en">(every|Every) [Dd]ydd Mawrth', html)
    assert 'aria-label="Main"' in html
    assert not re.search("[\ue000\ue001]", html)


def test_names_and_titles_run_in_the_direction_of_their_script(welsh: Path) -> None:
    assert re.search(r'<h1[^>]* dir="auto"', page(welsh, "pledges/stay-connected/the-mill"))
    assert re.search(r'<h2 class="card__title"><a [^>]*dir="auto"', page(welsh, "find"))


def test_scripts_of_the_site_speak_welsh(welsh: Path) -> None:
    release = build.find_current(welsh)
    assert release
    words = (release.site / "assets" / "words.js").read_text(encoding="utf-8")
    assert 'language = "cy"' in words
    assert '"Tomorrow":"Yfory"' in words
    assert '"weekdays":["dydd Llun",' in words, "a browser that knows no Welsh names the days"
    assert '"months":["Ionawr",' in words


@pytest.fixture(scope="module")
def client(welsh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    settings = settings_of(welsh, tmp_path_factory.mktemp("var"))
    with opened_context(settings, Clock()) as context:
        app: Any = service(context)
        with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as caller:
            yield caller


def test_answers_of_the_service_are_welsh_too(client: TestClient[Any]) -> None:
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    wrong = client.post("/ask", headers=headers, data={"name": "Mair"})
    assert wrong.status_code == 422
    assert "Mae problem" in wrong.text
    assert "Dewiswch un ffordd y cawn gysylltu â chi" in wrong.text
    assert "Ni allwn ddod o hyd" in client.get("/nowhere", headers=headers).text


def test_answers_of_the_service_mark_what_is_not_translated(client: TestClient[Any]) -> None:
    answer = client.get("/search?q=mill", headers={"accept": "text/html"})
    assert '<span lang="en">Menu</span>' in answer.text
    assert 'href="https://example.org/search?q=mill"' in answer.text
    staff = client.get("/staff/sign-in", headers={"accept": "text/html"})
    assert '<span lang="en">For those who work here.' in staff.text
    assert 'href="https://example.org/"' in staff.text
    for page in (answer.text, staff.text):
        assert not re.search("[\ue000\ue001]", page)


def test_who_comes_from_the_other_language_for_a_page_that_is_not_here_sees_the_first(
    client: TestClient[Any],
) -> None:
    page = client.get("/find/?from=en", follow_redirects=False)
    assert page.status_code == 200
    elsewhere = client.get("/activities/only-in-english/?from=en", follow_redirects=False)
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (302, "/")
    assert client.get("/activities/only-in-english/").status_code == 404


def test_a_build_in_a_language_without_words_says_so(welsh: Path, tmp_path: Path) -> None:
    root = tmp_path / "polish"
    shutil.copytree(welsh, root, symlinks=True)
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(settings.replace("language: cy", "language: pl"))
    with pytest.raises(build.BuildFailed, match=r'no words for "pl". There are: cy, en\.'):
        build.build_release(root, NOW, lambda line: None)
    gettext.activate_for_project(welsh)
