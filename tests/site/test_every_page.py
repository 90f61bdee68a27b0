"""What every page keeps, whoever wrote it: a way past the header, one title, forms that work."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.site.reading import Element, Page, pages, read

pytestmark = pytest.mark.xdist_group("pages of the site")  # which one worker reads once

TYPED = ("input", "select", "textarea")
UNSEEN = ("hidden", "submit")


@pytest.fixture(params=["built", "own"], scope="module")
def every_page(request: pytest.FixtureRequest) -> list[tuple[str, Page]]:
    return [
        (at, page)
        for at, page in pages(request.getfixturevalue(request.param))
        if at != "/frame.html"
    ]


def test_a_skip_link_comes_first_and_leads_somewhere(every_page: list[tuple[str, Page]]) -> None:
    for at, page in every_page:
        first = page.all("a")[0]
        assert first.attributes["href"] == "#content", at
        assert "content" in page.ids, at


def test_there_is_one_title_and_headings_leave_no_step_out(
    every_page: list[tuple[str, Page]],
) -> None:
    for at, page in every_page:
        levels = [int(one.name[1]) for one in page.elements if one.name in ("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1, at
        assert all(deeper - before <= 1 for before, deeper in pairwise(levels))
        assert page.one("title").text.endswith("· Kith"), at


def test_no_two_pages_have_the_same_name(every_page: list[tuple[str, Page]]) -> None:
    names = [page.one("title").text for at, page in every_page]
    assert len(names) == len(set(names))


def test_no_id_stands_twice(every_page: list[tuple[str, Page]]) -> None:
    for at, page in every_page:
        assert len(page.ids) == len(set(page.ids)), at


def test_help_is_one_press_away(every_page: list[tuple[str, Page]]) -> None:
    for at, page in every_page:
        (link,) = page.all("a", **{"class": "now"})
        assert link.attributes["href"] == "/get-help-now/", at


def test_every_form_works_without_scripts(every_page: list[tuple[str, Page]]) -> None:
    for at, page in every_page:
        for form in page.all("form"):
            assert form.attributes["action"].startswith("/"), at
            assert form.attributes["method"] in ("get", "post"), at


def test_every_field_has_a_label(every_page: list[tuple[str, Page]]) -> None:
    for at, page in every_page:
        named = {label.attributes.get("for") for label in page.all("label")}
        for field in page.elements:
            if _is_seen(field) and field.attributes.get("type") not in ("checkbox", "radio"):
                assert field.attributes["id"] in named, f"{at} {field.attributes['name']}"


def _is_seen(field: Element) -> bool:
    ours = not field.attributes.get("id", "").startswith("__")  # Material's own switches
    return field.name in TYPED and field.attributes.get("type") not in UNSEEN and ours


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
