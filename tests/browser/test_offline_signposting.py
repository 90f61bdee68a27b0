"""A connector in a valley: the tap is kept on the telephone and sent later, and twice is once."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.running_site import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

WAITING = "kith-pointed"
UNTIL_KEPT = """() => new Promise((done, failed) => {
  const look = async (left) => {
    if ((await caches.match("/point/")) && navigator.serviceWorker.controller) done();
    else if (left) setTimeout(look, 50, left - 1);
    else failed(new Error("the page was not kept"));
  };
  look(200);
})"""


@pytest.fixture
def phone(browser: Browser, running_site: RunningSite) -> Iterator[BrowserContext]:
    """A telephone whose owner has opened the page once, with a signal."""
    context = browser.new_context(base_url=running_site.origin)
    page = context.new_page()
    page.goto("/point")
    page.evaluate(UNTIL_KEPT)
    yield context
    context.close()


def signposts(running_site: RunningSite) -> list[tuple[str, ...]]:
    store = sqlite3.connect(f"file:{running_site.data / 'kith.sqlite3'}?mode=ro", uri=True)
    try:
        return store.execute("select id, day, area, kind, how from signpost").fetchall()
    finally:
        store.close()


def tap(page: Page, kind: str, place: str, button: str = "I gave a card", group: str = "") -> None:
    """Choose a kind, found by typing or, without scripts, in its group; and a place; and tap."""
    if group:
        page.get_by_text(group).click()
    else:
        page.get_by_label("Type to find it").fill(kind)
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("Where, roughly?").select_option(label=place)
    page.get_by_role("button", name=button).click()


def stored_records(page: Page) -> Any:
    return json.loads(page.evaluate(f"localStorage.getItem('{WAITING}') ?? '[]'"))


def test_what_is_tapped_without_signal_is_sent_with_the_next_one(
    phone: BrowserContext, running_site: RunningSite
) -> None:
    before = len(signposts(running_site))
    page, status = phone.pages[0], phone.pages[0].locator("[data-point-said]")
    phone.set_offline(True)
    page.goto("/point")
    expect(page.get_by_role("heading", level=1)).to_have_text("I pointed someone")
    tap(page, "Choir", "Temeford")
    expect(status).to_contain_text("Kept on this phone. It will be sent when there is a signal.")
    tap(page, "Coffee morning", "Marrowby", "I told them about it")
    expect(status).to_contain_text("2 wait")
    assert [{*record} for record in stored_records(page)] == [
        {"id", "how", "kind", "area", "day", "connector"}
    ] * 2
    assert len(signposts(running_site)) == before

    page.reload()  # the telephone was put away, and its page opened again
    expect(status).to_contain_text("2 wait")
    records = stored_records(page)
    phone.set_offline(False)
    expect(status).to_have_text("Thank you. It is counted.")
    assert stored_records(page) == []
    new = signposts(running_site)[before:]
    assert {row[2:] for row in new} == {
        ("Temeford", "choir", "card"),
        ("Marrowby", "coffee-morning", "talk"),
    }
    assert {row[0] for row in new} == {record["id"] for record in records}


def test_an_answer_that_was_lost_on_the_way_counts_no_second_time(
    phone: BrowserContext, running_site: RunningSite
) -> None:
    before = len(signposts(running_site))
    page = phone.pages[0]
    phone.set_offline(True)
    page.goto("/point/")
    tap(page, "Choir", "Temeford")
    waited = json.dumps(stored_records(page))
    phone.set_offline(False)
    expect(page.locator("[data-point-said]")).to_have_text("Thank you. It is counted.")
    page.evaluate(f"(all) => localStorage.setItem('{WAITING}', all)", waited)
    page.reload()
    expect(page.locator("[data-point-said]")).to_have_text("Thank you. It is counted.")
    assert len(signposts(running_site)) == before + 1


def test_with_a_signal_the_tap_is_answered_at_once_and_nothing_stays(
    phone: BrowserContext, running_site: RunningSite
) -> None:
    page = phone.pages[0]
    tap(page, "Choir", "Temeford", "There was nothing to point to")
    expect(page.locator("[data-point-said]")).to_contain_text("something is missing there")
    assert page.evaluate("localStorage.length") == 0


def test_without_scripts_the_same_form_is_sent(browser: Browser, running_site: RunningSite) -> None:
    context = browser.new_context(base_url=running_site.origin, java_script_enabled=False)
    page, before = context.new_page(), len(signposts(running_site))
    page.goto("/point")
    tap(page, "Choir", "Temeford", group="Music, words, games")
    assert (
        len(signposts(running_site)) == before
    )  # a page from a file bears no key: it is asked once more
    page.get_by_role("button", name="I gave a card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert len(signposts(running_site)) == before + 1
    assert context.cookies() == []
    context.close()


def test_a_kind_is_found_by_what_people_call_it(phone: BrowserContext) -> None:
    page = phone.pages[0]
    page.goto("/point")
    groups, count_line = page.locator("details[data-kinds]"), page.locator("[data-kinds-found]")
    assert page.locator("details[data-kinds][open]").count() == 0
    for typed, kind in (("ukul", "Making and hearing music"), ("Men’s sh", "Shed")):
        page.get_by_label("Type to find it").fill(typed)
        expect(page.get_by_label(kind, exact=True)).to_be_visible()
        expect(count_line).to_contain_text("fit")
    page.get_by_label("Type to find it").fill("xyzzy")
    expect(count_line).to_contain_text("Nothing like that on the list.")
    expect(page.get_by_label("Something that is not on this list")).to_be_visible()
    page.get_by_label("Type to find it").fill("")
    expect(groups.first).to_be_visible()
    page.get_by_text("Moving about").click()
    expect(page.get_by_label("Walking group")).to_be_visible()
    expect(page.locator("details[data-kinds] svg").first).to_be_visible()
