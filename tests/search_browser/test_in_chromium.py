"""search.js in a real browser, on a page with a strict policy, served from a folder."""

import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
)

from tests.chromium import chromium as launched
from tests.search_browser.conftest import MINISEARCH, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without writing a line for each."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(indexed: Path) -> Iterator[str]:
    """The address of a small site: the find page, a page without results, scripts and search."""
    shutil.copytree(ROOT / "site" / "assets", indexed / "assets", dirs_exist_ok=True)
    shutil.copyfile(MINISEARCH, indexed / "assets" / "minisearch.js")
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    (indexed / "find").mkdir()
    (indexed / "find" / "index.html").write_text(page, encoding="utf-8")
    home = page.replace('<template id="card-template">', "<template>")
    (indexed / "index.html").write_text(home, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(indexed)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose every error, in script or policy, fails the test; but not a refused fetch."""
    context = chromium.new_context(timezone_id="America/New_York")
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if is_error(said) else None)
    page.clock.set_fixed_time("2026-11-23T09:00:00Z")
    yield page
    context.close()
    assert wrong == []


def is_error(said: ConsoleMessage) -> bool:
    return said.type == "error" and "status of 503" not in said.text


def asked_for(page: Page) -> list[str]:
    urls: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)

    page.on("request", note)
    return urls


def titles(page: Page) -> list[str]:
    return page.locator("#results a").all_text_contents()


def test_nothing_is_fetched_before_the_field_is_touched(page: Page, site: str) -> None:
    urls = asked_for(page)
    page.goto(f"{site}/find/", wait_until="networkidle")
    assert not [url for url in urls if "/search/" in url or "minisearch" in url]
    expect(page.locator("#built")).to_be_visible()
    with page.expect_response("**/search/index.json"):
        page.get_by_label("What").focus()


def test_a_misspelt_word_is_answered_while_one_types(page: Page, site: str) -> None:
    urls = asked_for(page)
    page.goto(f"{site}/find/")
    page.get_by_label("What").press_sequentially("cofee mornng")
    expect(page.get_by_role("status")).to_have_text("1 thing. We also looked for coffee morning.")
    assert titles(page) == ["Tuesday coffee morning at the Mill"]
    expect(page.locator("#results [data-part=when]")).to_have_text("Tomorrow, 10:30 to 12:00")
    expect(page.locator("#results .tag--ask")).to_have_text("Step-free: ask")
    expect(page.get_by_label("What")).to_be_focused()
    assert page.url == f"{site}/find/?q=cofee+mornng"
    assert not [url for url in urls if "cof" in url], "a word left the device"


def test_an_address_with_a_question_is_answered_and_fills_the_form(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?place=zz3+1aa&way=by+phone&free=yes")
    expect(page.get_by_role("status")).to_have_text("1 thing near ZZ3.")
    expect(page.get_by_label("Near")).to_have_value("zz3 1aa")
    expect(page.get_by_label("By phone")).to_be_checked()
    expect(page.get_by_label("In person")).not_to_be_checked()
    page.get_by_label("Tuesday").check()
    expect(page.get_by_role("status")).to_have_text("Nothing found near ZZ3.")
    page.get_by_role("link", name="1 thing on any day").click()
    expect(page.get_by_role("status")).to_have_text("1 thing near ZZ3.")


def test_enter_asks_without_leaving_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/find/")
    page.get_by_label("Kind").select_option("choir")
    page.get_by_label("Near").press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 thing.")
    assert page.url == f"{site}/find/?kind=choir"
    assert (
        page.get_by_role("link", name="Sing anyway").get_attribute("href") == "/activities/choir/"
    )


def test_on_a_small_screen_the_answer_comes_into_sight(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 60})
    page.goto(f"{site}/find/")
    expect(page.get_by_role("status")).not_to_be_in_viewport()
    page.get_by_label("What").fill("choir")
    page.get_by_label("What").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 thing")
    expect(page.get_by_role("status")).to_be_in_viewport()


def test_hostile_words_stay_words(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?q=%3Cimg+src%3Dx%3E+wood+work")
    expect(page.locator("#results h2").first).to_have_text("<img src=x onerror=alert(1)> & friends")
    assert page.locator("#results img, #results script, #results b").count() == 0


def test_another_page_sends_its_question_to_the_find_page(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    with page.expect_response("**/search/index.json"):
        page.get_by_label("What").fill("choir")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/find/?q=choir**")
    expect(page.get_by_role("status")).to_contain_text("1 thing")


def test_a_search_that_cannot_load_is_answered_by_the_form(page: Page, site: str) -> None:
    page.route("**/search/documents.json", lambda route: route.fulfill(status=503))
    page.route("**/search?*", lambda route: route.fulfill(body="answered by the API"))
    page.goto(f"{site}/find/")
    page.get_by_label("What").fill("choir")
    expect(page.get_by_role("status")).to_contain_text("The search did not load")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=choir**")
