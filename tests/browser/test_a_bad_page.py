"""The measuring itself: a page that is made bad must not pass, or a good one means nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import RULES, found_by_axe, wide, with_measures

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

HARM = """([words, style]) => {
  document.querySelector("#content").insertAdjacentHTML("beforeend", words);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""
A_LONG_WORD = f"<p>{'loneliness' * 6}</p>"


@pytest.fixture
def page(visitor: Page) -> Page:
    visitor.goto("/about/")
    with_measures(visitor)
    wide(visitor, 320)
    return visitor


@pytest.mark.parametrize(
    ("measure", "words", "style"),
    [
        ("sideways()", A_LONG_WORD, "* { overflow-wrap: normal !important; }"),
        ("smallTargets(24, 0)", '<p><a href="/">Home</a></p>', "p a { font-size: 8px; }"),
        ("smallTargets(0, 44)", "", ".menu a { min-height: 43px !important; }"),
        ("unseenFocus()", "", "a { outline: none !important; }"),
        ("headingSteps()", "<h5>Below</h5>", ""),
    ],
)
def test_each_fault_is_seen(page: Page, measure: str, words: str, style: str) -> None:
    assert page.evaluate(f"measure.{measure}") == []
    page.evaluate(HARM, [words, style])
    assert page.evaluate(f"measure.{measure}") != []


def test_axe_sees_a_picture_without_words_and_pale_ones(page: Page) -> None:
    page.evaluate(HARM, ['<img src="/assets/icon.svg">', "h1 { color: #999; }"])
    found = {fault.partition(":")[0] for fault in found_by_axe(page, RULES)}
    assert {"image-alt", "color-contrast"} <= found
