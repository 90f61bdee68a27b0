"""Somebody types that they cannot go on: numbers to ring stand there at once, scripts or not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.search_browser.conftest import asked_for
from tests.support.running_site import OpenPage, RunningSite

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


NEUTRAL = "https://www.bbc.co.uk/weather"
TO_LEAVE = ["/get-help-now/", "/ask/", "/search?q=suicide", "/activities/the-other-kitchen-table/"]


@contextmanager
def somebody_watched(browser: Browser, running_site: RunningSite, scripts: bool) -> Iterator[Page]:
    """Give a page whose way out is answered here, and from no other host."""
    context = browser.new_context(base_url=running_site.origin, java_script_enabled=scripts)
    context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="It is sunny."))
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", TO_LEAVE)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_of_a_crisis_or_of_abuse_is_left_quickly(
    browser: Browser, running_site: RunningSite, path: str, scripts: bool
) -> None:
    with somebody_watched(browser, running_site, scripts) as page:
        page.goto(path)
        page.get_by_role("link", name="Leave this page quickly").first.click()
        expect(page).to_have_url(NEUTRAL)
        if scripts:
            page.go_back()
            assert not page.url.endswith(path), "there is a way back to it"


def test_three_presses_of_shift_leave_only_a_page_that_says_so(
    browser: Browser, running_site: RunningSite
) -> None:
    with somebody_watched(browser, running_site, scripts=True) as page:
        page.goto("/get-help-now/")
        for key in ("Shift", "Shift", "a", "Shift", "Shift"):
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile("/get-help-now/"))
        page.keyboard.press("Shift")
        expect(page).to_have_url(NEUTRAL)
        page.goto("/find/")
        for _ in range(3):
            page.keyboard.press("Shift")
        page.get_by_label("What would you like?").fill("coffee")
        expect(page).to_have_url(re.compile("/find/"))


def test_sources_of_the_numbers_are_folded(open_page: OpenPage) -> None:
    page = open_page("/get-help-now/", java_script_enabled=False)
    expect(page.get_by_text("several NHS trusts and surgeries")).to_be_hidden()
    page.get_by_text("Where we read these numbers").click()
    expect(page.get_by_text("several NHS trusts and surgeries")).to_be_visible()
