"""Somebody who cannot use a mouse: Tab, Space, arrows and Enter, from the first page to the end."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

MILL = "Tuesday coffee morning at the Mill"
FAR = 60  # presses; nobody should need as many


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus. Fails where it is never reached."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {target}")


def type_into(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(words)


def past_the_header(page: Page) -> None:
    tab_to(page, page.get_by_role("link", name="Skip to the page"))
    page.keyboard.press("Enter")


def test_from_the_first_page_through_the_search_to_an_activity(open_page: OpenPage) -> None:
    page = open_page("/")
    past_the_header(page)
    type_into(page, "What would you like?", "cofee mornng")
    type_into(page, "Near", "ZZ3")
    page.keyboard.press("Enter")
    expect(page.locator("#result-count")).to_contain_text("ZZ3")
    past_the_header(page)
    tab_to(page, page.get_by_role("link", name=MILL))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(MILL)


def test_a_filter_is_opened_and_chosen(open_page: OpenPage) -> None:
    page = open_page("/find/")
    past_the_header(page)
    tab_to(page, page.get_by_label("Free", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.locator("#more > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("checkbox", name="Tuesday"))
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Tuesday")).to_be_checked()
    expect(page).to_have_url("/find/?free=yes&day=tuesday")


def test_help_is_asked_for(open_page: OpenPage) -> None:
    page = open_page("/")
    tab_to(page, page.get_by_role("link", name="Ask for help").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for help")
    past_the_header(page)
    tab_to(page, page.get_by_label("For me"))
    page.keyboard.press("Space")
    type_into(page, "What shall we call you", "Mr Example")
    tab_to(page, page.get_by_label("Ring", exact=True))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Send a text")).to_be_checked()
    type_into(page, "At which number or address?", "07700 900111")
    type_into(page, "What matters to you?", "I type better than I talk.")
    tab_to(page, page.get_by_role("button", name="Send this to a person"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")


def test_after_a_slip_the_focus_stands_where_the_slip_is_told(open_page: OpenPage) -> None:
    page = open_page("/ask/")
    tab_to(page, page.get_by_role("button", name="Send this to a person"))
    page.keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Write what we should call you"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("What shall we call you")).to_be_focused()
