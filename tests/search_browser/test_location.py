"""Where a device is: asked on a press, used on the page, told to nobody; a no is told kindly."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.search_browser.conftest import asked_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("search in chromium")]

FAILS = """(code) => {
  navigator.geolocation.getCurrentPosition = (found, failed, settings) => {
    window.settings = settings;
    failed({ code });
  };
}"""


def test_a_location_is_used_on_the_device_and_stands_in_no_address(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(
        permissions=["geolocation"], geolocation={"latitude": 54.70049, "longitude": 1.80051}
    )
    page = context.new_page()
    urls = asked_for(page)
    page.goto(f"{site}/find/")
    page.get_by_role("button", name="Use my location").click()
    status = page.get_by_role("status")
    expect(status).to_contain_text("Your location stays on this device.")
    expect(page.locator("input[name=near]")).to_have_value("54.700,1.801")
    assert page.url == f"{site}/find/"
    assert not [url for url in urls if "54.7" in url], "a location left the device"
    page.get_by_label("Near").fill("Temeford")
    expect(status).to_contain_text("within reach of Temeford")
    expect(page.locator("input[name=near]")).to_have_value("")
    context.close()


def test_a_way_on_takes_the_location_along_without_an_address(
    chromium: Browser, site: str, indexed: Path
) -> None:
    context = chromium.new_context(
        permissions=["geolocation"], geolocation={"latitude": 54.7, "longitude": 1.8}
    )
    page = context.new_page()
    columns = json.loads((indexed / "search" / "documents.json").read_bytes())
    columns["points"][columns["slugs"].index("choir")] = [547_000, 18_000, 0]
    page.route("**/search/documents.json", lambda route: route.fulfill(json=columns))
    page.goto(f"{site}/find/?kind=choir&day=tuesday")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_role("link", name="1 thing on any day").click()
    expect(page.get_by_role("status")).to_have_text("1 thing you can get to.")
    expect(page.locator(".card__far")).to_have_text("under half a mile")
    assert page.url == f"{site}/find/?kind=choir"
    expect(page.locator("input[name=near]")).to_have_value("54.700,1.800")
    context.close()


def test_a_location_refused_is_said_in_words(page: Page, site: str) -> None:
    page.goto(f"{site}/find/")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status")).to_contain_text("Type a place instead.")
    expect(page.locator("#results a").first).to_be_visible()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1, "Your browser did not let us see where you are. Type a place instead."),
        (2, "Your device does not know where you are just now. Type a place instead."),
        (3, "Finding where you are took too long. Try again, or type a place."),
    ],
)
def test_each_way_a_device_fails_is_told_kindly_and_the_search_goes_on(
    page: Page, site: str, code: int, expected: str
) -> None:
    page.goto(f"{site}/find/?place=Temeford")
    expect(page.get_by_role("status")).to_contain_text("within reach of Temeford")
    page.evaluate(FAILS, code)
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status")).to_contain_text(expected)
    expect(page.get_by_label("Near")).to_have_value("Temeford")
    expect(page.locator("#results a").first).to_be_visible()
    page.get_by_label("Near").fill("ZZ3")
    expect(page.get_by_role("status")).to_contain_text("within reach of ZZ3")
    expect(page.get_by_role("status")).not_to_contain_text("Type a place")


def test_a_device_is_not_waited_for_without_end(page: Page, site: str) -> None:
    page.goto(f"{site}/find/")
    page.evaluate(FAILS, 3)
    page.get_by_role("button", name="Use my location").click()
    assert page.evaluate("settings.timeout") <= 20_000
