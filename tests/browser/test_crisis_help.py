"""Somebody types that they cannot go on: numbers to ring stand there at once, scripts or not."""

import pytest
from playwright.sync_api import expect

from tests.search_browser.conftest import asked_for
from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]


@pytest.mark.parametrize("path", ["/", "/find/"])
def test_help_stands_below_the_words_and_goes_with_them(open_page: OpenPage, path: str) -> None:
    page = open_page(path, viewport={"width": 390, "height": 800})
    urls = asked_for(page)
    words = page.get_by_label("What would you like?")
    words.fill("")
    samaritans = page.get_by_role("link", name="Samaritans 116 123")
    expect(samaritans).to_be_hidden()
    words.press_sequentially("i want to kil myself")
    expect(samaritans).to_be_visible()
    expect(samaritans).to_be_in_viewport()
    expect(samaritans).to_have_attribute("href", "tel:116123")
    assert page.locator("[data-help-now]:visible").count() == 1
    expect(words).to_be_focused()
    assert not [url for url in urls if "kil" in url], "the words left the device"
    words.fill("coffee")
    expect(samaritans).to_be_hidden()


def test_it_stands_there_though_nothing_else_of_the_search_arrives(open_page: OpenPage) -> None:
    page = open_page("/find/")
    page.route("**/search/*.json", lambda route: route.fulfill(status=200, body="{}"))
    page.get_by_label("What would you like?").fill("suicidal")
    expect(page.get_by_role("link", name="Samaritans 116 123")).to_be_visible()


def test_an_answer_asked_for_leads_to_the_help_first(open_page: OpenPage) -> None:
    page = open_page("/find/?q=suicide", viewport={"width": 390, "height": 500})
    expect(page.locator("#result-count")).not_to_have_text("")
    expect(page.get_by_role("link", name="Samaritans 116 123")).to_be_in_viewport()


def test_without_scripts_the_form_says_it_and_its_answer_begins_with_it(
    open_page: OpenPage,
) -> None:
    page = open_page("/find/", java_script_enabled=False, viewport={"width": 390, "height": 800})
    expect(page.locator(".search__still").get_by_role("link", name="116 123")).to_be_visible()
    page.get_by_label("What would you like?").fill("suicide")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("link", name="Samaritans 116 123")).to_be_in_viewport()
