"""Without a connection: what was read opens, what was never public is not kept."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.serving import served

KEPT = """async () => {
  const open = async (name) => (await caches.open(name)).keys();
  const kept = await Promise.all((await caches.keys()).map(open));
  return kept.flat().map((request) => new URL(request.url).pathname + new URL(request.url).search);
}"""


@pytest.fixture(scope="module")
def address(own_site: Path) -> Iterator[str]:
    with served(own_site) as origin:
        yield origin


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[tuple[BrowserContext, str]]:
    """Somebody who has read home, once the service worker is at work."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    yield context, address
    context.close()


@pytest.mark.browser
@pytest.mark.xdist_group("site in chromium")
def test_pages_that_were_read_open_without_a_connection(
    visitor: tuple[BrowserContext, str],
) -> None:
    context, address = visitor
    page = context.pages[0]
    page.goto(f"{address}/activities/tuesday-coffee-morning-at-the-mill/")
    context.set_offline(True)
    page.goto(f"{address}/activities/tuesday-coffee-morning-at-the-mill/")
    assert "coffee morning" in page.locator("h1").inner_text().lower()
    page.goto(f"{address}/get-help-now/")
    assert page.locator("h1").inner_text() == "Get help now"
    page.goto(f"{address}/activities/net-loft-shed/")
    assert page.locator("h1").inner_text() == "You are not online"
    assert page.locator("a.phone").count() == 1


@pytest.mark.browser
@pytest.mark.xdist_group("site in chromium")
def test_a_list_of_what_was_read_opens_without_a_connection(
    visitor: tuple[BrowserContext, str],
) -> None:
    context, address = visitor
    page = context.pages[0]
    page.goto(f"{address}/activities/tuesday-coffee-morning-at-the-mill/")
    context.set_offline(True)
    page.goto(f"{address}/list/#list=tuesday-coffee-morning-at-the-mill,net-loft-shed")
    expect(page.locator(".list__title")).to_have_text("Tuesday coffee morning at the Mill")
    expect(page.get_by_text("One thing could not be loaded. Are you online?")).to_be_visible()
    assert [url for url in page.evaluate(KEPT) if "list=" in url] == []


@pytest.mark.browser
@pytest.mark.xdist_group("site in chromium")
def test_no_word_that_was_typed_and_no_form_is_kept(visitor: tuple[BrowserContext, str]) -> None:
    context, address = visitor
    page = context.pages[0]
    for path in ("/find/?q=my+husband+died&place=ZZ3", "/ask/", "/pledges/stay-connected/sign/"):
        page.goto(f"{address}{path}", wait_until="networkidle")
    urls = page.evaluate(KEPT)
    assert "/find/" in urls
    assert [url for url in urls if "husband" in url or "sign" in url or "/ask" in url] == []
    assert [url for url in urls if "?" in url and not url.startswith("/assets/")] == []


def test_a_device_is_told_what_it_puts_on_its_home_screen(own_site: Path) -> None:
    manifest = json.loads((own_site / "manifest.webmanifest").read_text())
    assert (manifest["name"], manifest["start_url"], manifest["lang"]) == ("Kith", "/", "en")
    assert (own_site / manifest["icons"][0]["src"].lstrip("/")).is_file()


def test_the_keeper_names_files_that_are_there(own_site: Path) -> None:
    keeper = (own_site / "sw.js").read_text()
    assert "@VERSION@" not in keeper
    always = re.findall(r'"([^"]+)"', keeper.split("const ALWAYS = ")[1].split(";")[0])
    for url in always:
        path = url.partition("?")[0]
        assert (
            own_site / path.lstrip("/") / ("index.html" if path.endswith("/") else "")
        ).is_file(), url
