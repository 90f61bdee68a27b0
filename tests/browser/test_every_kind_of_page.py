"""What each kind of page keeps, in a real browser: for eyes, for thumbs, for keyboards.

What a program can tell is told here. Whether somebody can use the page, only people can say.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import found_by_axe, wide

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

PHONE, NARROWEST, DESK = 390, 320, 1280
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
LEAST, THUMB = 24, 44  # CSS pixels: WCAG 2.5.8, and what a thumb hits


def test_axe_finds_nothing_at_any_width_in_any_light(page: Page) -> None:
    assert found_by_axe(page) == []


def test_nothing_is_read_sideways(page: Page) -> None:
    for width in (NARROWEST, PHONE):
        wide(page, width)
        assert page.evaluate("measure.sideways()") == []


def test_four_times_as_large_nothing_is_read_sideways_or_covers_the_focus(page: Page) -> None:
    """A desk's screen of 1280 by 1024 at 400 %, as WCAG 1.4.10 and 2.4.11 have it."""
    wide(page, NARROWEST, height=256)
    assert page.evaluate("measure.sideways()") == []
    assert page.evaluate("measure.coveredFocus()") == []


def test_text_twice_as_large_stays_on_the_page(page: Page) -> None:
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    for width in (PHONE, DESK):
        wide(page, width)
        assert page.evaluate("measure.sideways()") == []
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})


def test_letters_and_lines_set_wider_stay_on_the_page(page: Page) -> None:
    """The spacing of WCAG 1.4.12, which readers with dyslexia set."""
    wide(page, NARROWEST)
    page.evaluate(SPACED)
    assert page.evaluate("measure.sideways()") == []
    page.evaluate("document.adoptedStyleSheets = []")


def test_targets_are_large_enough_to_hit(page: Page) -> None:
    wide(page, PHONE)
    assert (
        page.evaluate("([least, thumb]) => measure.smallTargets(least, thumb)", [LEAST, THUMB])
        == []
    )


def test_a_keyboard_user_sees_where_they_are(page: Page) -> None:
    wide(page, DESK)
    assert page.evaluate("measure.unseenFocus()") == []


def test_the_first_press_of_tab_leads_past_the_header(page: Page) -> None:
    wide(page, PHONE)
    assert page.evaluate("measure.first()") == "skip"
    skip = page.get_by_role("link", name="Skip to the page")
    skip.focus()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#content, footer') !== null")


def test_the_policy_is_kept_and_nobody_else_is_asked(page: Page) -> None:
    """Nor is anything left in the browser. What a page does later, its own tests hold."""
    assert page.evaluate("breaches") == []
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert asked
    assert [one for one in asked if not one.startswith(page.evaluate("origin"))] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_headings_leave_no_step_out(page: Page) -> None:
    assert page.evaluate("measure.headingSteps()") == []


def test_the_page_says_its_language_and_its_name(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "en"
    name = page.title().removesuffix(" · Kith")
    assert name != page.title()
    assert name.removeprefix("Error: ")
