"""What every page keeps, whoever wrote it: a way past the header, one title, forms that work."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.site.reading import Element, Page, pages, read, target

pytestmark = pytest.mark.xdist_group("pages of the site")  # which one worker reads once

TYPED = ("input", "select", "textarea")
NOT_WRITTEN_IN = ("hidden", "submit", "checkbox", "radio")
THIRD_PARTY = ("http://", "https://", "//")


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_every_page_keeps_every_rule(site: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(site)
    whole_pages = [(at, page) for at, page in pages(folder) if at != "/frame.html"]
    names = Counter(page.one("title").text for at, page in whole_pages)
    faults = [f"{count} pages are named {name}" for name, count in names.items() if count > 1]
    for at, page in whole_pages:
        faults += [f"{at}: {fault}" for rule in RULES for fault in rule(page)]
    ids = {at: page.ids for at, page in pages(folder)}
    for at, page in pages(folder):
        faults_found = [
            *broken_links(folder, at, page, ids),
            *loaded_elsewhere(page),
            *runs_itself(page),
        ]
        faults += [f"{at}: {fault}" for fault in faults_found]
    assert faults == []


def skip_link(page: Page) -> Iterator[str]:
    if page.all("a")[0].attributes["href"] != "#content" or "content" not in page.ids:
        yield "no skip link comes first and leads somewhere"


def headings(page: Page) -> Iterator[str]:
    levels = [
        int(element.name[1])
        for element in page.elements
        if element.name in ("h1", "h2", "h3", "h4")
    ]
    if levels.count(1) != 1:
        yield "not one h1"
    if any(deeper - before > 1 for before, deeper in pairwise(levels)):
        yield "headings leave a step out"
    if not page.one("title").text.endswith("· Kith"):
        yield "the title does not name the site"


def ids_that_stand_twice(page: Page) -> Iterator[str]:
    yield from (
        f"id {identifier} stands twice"
        for identifier, count in Counter(page.ids).items()
        if count > 1
    )


def help_one_press_away(page: Page) -> Iterator[str]:
    if [link.attributes["href"] for link in page.all("a", **{"class": "now"})] != [
        "/get-help-now/"
    ]:
        yield "help is not one press away"


def forms_without_scripts(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if not form.attributes["action"].startswith("/"):
            yield f"a form is sent to {form.attributes['action']}"
        if form.attributes["method"] not in ("get", "post"):
            yield f"a form is sent by {form.attributes['method']}"


def fields_without_a_label(page: Page) -> Iterator[str]:
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for field in page.elements:
        if _is_written_in(field) and field.attributes["id"] not in labelled:
            yield f"{field.attributes['name']} has no label"


def _is_written_in(field: Element) -> bool:
    is_ours = not field.attributes.get("id", "").startswith("__")  # Material's own switches
    return field.name in TYPED and field.attributes.get("type") not in NOT_WRITTEN_IN and is_ours


RULES: tuple[Callable[[Page], Iterator[str]], ...] = (
    skip_link,
    headings,
    ids_that_stand_twice,
    help_one_press_away,
    forms_without_scripts,
    fields_without_a_label,
)


def broken_links(folder: Path, at: str, page: Page, ids: dict[str, list[str]]) -> Iterator[str]:
    for element in page.elements:
        link = element.attributes.get("href") or element.attributes.get("src") or ""
        file = target(folder, at, link) if link else None
        if file is None:
            continue
        anchor = link.partition("#")[2]
        where = f"/{file.relative_to(folder).as_posix()}".removesuffix("index.html")
        if not file.is_file() or (anchor and anchor not in ids[where]):
            yield f"a broken link to {link}"


def loaded_elsewhere(page: Page) -> Iterator[str]:
    for element in page.elements:
        loaded = element.attributes.get("src", "")
        if element.name == "link" and element.attributes.get("rel") != "canonical":
            loaded = element.attributes["href"]
        if loaded.startswith(THIRD_PARTY):
            yield f"loads {loaded}"


def runs_itself(page: Page) -> Iterator[str]:
    """What runs or styles by itself: the strictest content security policy needs no exception."""
    for element in page.elements:
        attributes = element.attributes
        is_data = attributes.get("type") == "application/ld+json"  # which is only read
        if element.name in ("style", "iframe", "object"):
            yield f"<{element.name}>"
        if element.name == "script" and not attributes.get("src") and not is_data:
            yield "a script in the page"
        yield from (name for name in attributes if name == "style" or name.startswith("on"))


BAD_PAGE = """
<title>Bad</title><a href="#nowhere">Past</a><h2 id="one">Two</h2><h4 id="one">Four</h4>
<form action="https://elsewhere.example/" method="dialog"><input name="who" id="who"></form>
<img src="//elsewhere.example/a.gif"><link rel="preload" href="https://elsewhere.example/b">
<style>p {}</style><script>alert()</script><p onclick="alert()" style="color: red">Red</p>
<a href="/gone/">Gone</a>
"""


def test_a_bad_page_breaks_every_rule(tmp_path: Path) -> None:
    bad_page = Page(BAD_PAGE)
    assert [rule.__name__ for rule in RULES if not [*rule(bad_page)]] == []
    assert len([*headings(bad_page)]) == 3
    assert len([*forms_without_scripts(bad_page)]) == 2
    (tmp_path / "index.html").touch()
    assert [*broken_links(tmp_path, "/", bad_page, {"/": bad_page.ids})] == [
        "a broken link to #nowhere",
        "a broken link to /gone/",
    ]
    assert len([*loaded_elsewhere(bad_page)]) == 2
    assert [*runs_itself(bad_page)] == ["<style>", "a script in the page", "onclick", "style"]


def test_the_header_marks_where_the_reader_is(built: Path) -> None:
    def marked(url: str) -> list[str]:
        page = read(built, url)
        return [a.attributes["href"] for a in page.all("a") if "aria-current" in a.attributes]

    assert marked("/activities/coffee-at-the-mill/") == ["/find/"]
    assert marked("/pledges/stay-connected/") == ["/pledges/"]
    assert marked("/point-someone-on/") == ["/point-someone-on/"]
    assert marked("/") == []


def test_prose_is_cleaned_of_what_runs(built: Path) -> None:
    text = (built / "about" / "index.html").read_text(encoding="utf-8")
    assert "alert(1)" not in text
    assert "onclick" not in text
    assert "Us <b" not in text


def test_words_of_an_editor_stand_on_the_pages_that_are_poured(built: Path) -> None:
    home = read(built, "/")
    assert home.one("h1").text == "Find company"
    assert "Come in." in (built / "index.html").read_text(encoding="utf-8")
    assert "Not sure?" in [heading.text for heading in home.all("h2")]
    assert read(built, "/ask/").one("h1").text == "Ask for help"
