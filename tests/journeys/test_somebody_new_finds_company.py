"""Somebody who has not been out for months types two words, both wrong, on an old phone."""

import pytest
from playwright.sync_api import expect

from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
MILL = "Tuesday coffee morning at the Mill"


def test_two_misspelt_words_lead_to_the_coffee_morning(open_page: OpenPage) -> None:
    page = open_page("/", **PHONE)
    page.get_by_label("What would you like?").fill("cofee mornng")
    page.get_by_label("Near").fill("ZZ3")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#result-count")).to_contain_text("ZZ3")
    page.get_by_role("link", name=MILL).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MILL)
    expect(page.get_by_text("Jo, in a yellow scarf")).to_be_visible()
    expect(page.get_by_role("link", name="01632 960123").first).to_have_attribute(
        "href", "tel:+441632960123"
    )


def test_the_words_typed_never_leave_the_device(open_page: OpenPage) -> None:
    page = open_page("/find/", **PHONE)
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.get_by_label("What would you like?").press_sequentially("lonley")
    page.get_by_label("Near").fill("Temeford")
    expect(page.locator("#result-count")).to_contain_text("Temeford")
    assert not [url for url in urls if "lonley" in url or "emeford" in url]


def test_the_same_search_is_answered_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/find/", java_script_enabled=False, **PHONE)
    page.get_by_label("What would you like?").fill("cofee mornng")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("We also looked for: coffee morning")).to_be_visible()
    page.get_by_role("link", name=MILL).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MILL)


def test_listings_lead_there_too_by_kind_place_and_day(open_page: OpenPage) -> None:
    page = open_page("/activities/", java_script_enabled=False)
    for sort, name in (("kinds", "Coffee mornings"), ("places", "Osmery Bridge"), ("days", "Tues")):
        page.goto("/activities/")
        link = page.locator(f'a[href*="/{sort}/"]', has_text=name).first
        tile = page.locator("details.tile").filter(has=link)
        if tile.count():
            tile.first.locator("summary").click()
        link.click()
        expect(page.get_by_role("link", name=MILL)).to_be_visible()
