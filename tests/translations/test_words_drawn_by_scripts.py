"""What scripts put on a page is no more untranslatable than the page itself, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import chromium
from tests.serving import served
from tests.translations.made_up_language import OPEN, unmarked

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("made-up language")]

ON_THE_EVE = "2026-11-23T12:00:00Z"  # of the coffee at the mill


@pytest.fixture(scope="module")
def page(made_up_site: Path) -> Iterator[Page]:
    with chromium() as browser, served(made_up_site) as address:
        page = browser.new_context(base_url=address).new_page()
        page.clock.set_fixed_time(ON_THE_EVE)
        yield page


def days_near_by(page: Page) -> None:
    page.goto("/activities/coffee-at-the-mill/")
    expect(page.locator(".facts__next time .off-paper")).to_contain_text(OPEN)


def characters_left(page: Page) -> None:
    page.goto("/ask/")
    area = page.locator("textarea[data-count]").first
    area.fill("α" * (int(area.get_attribute("maxlength") or 0) - 1))
    expect(page.locator(".left").first).to_contain_text(OPEN)


def copied(page: Page) -> None:
    page.goto("/activities/coffee-at-the-mill/")
    page.context.grant_permissions(["clipboard-write"])
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_contain_text(OPEN)


def search_with_hits(page: Page) -> None:
    page.goto("/find/?place=Oxley+Bridge")
    expect(page.locator("#result-count")).to_contain_text("Oxley Bridge")


def search_without_hits(page: Page) -> None:
    page.goto("/find/?q=%CF%83%CF%83%CF%83%CF%83&kind=gone")
    expect(page.locator("#ways-on")).to_be_visible()


def draw_kept_note(page: Page) -> None:
    page.goto("/kinds/coffee-morning/")
    page.locator("[data-keep]").first.click()
    expect(page.locator(".menu__list")).to_contain_text(OPEN)


def full_list(page: Page) -> None:
    page.goto("/kinds/coffee-morning/#list=" + ",".join(f"a-{number}" for number in range(20)))
    expect(page.locator("[data-keep]").first).to_contain_text("20")


def list_of_three(page: Page) -> None:
    page.goto("/list/#list=coffee-at-the-mill,net-loft-shed,quiet-coffee,<b>")
    expect(page.locator(".list__entry")).to_have_count(3)
    page.locator("[data-part=off]").first.click()
    expect(page.locator(".list__notes p")).to_have_count(1)


def list_with_things_gone(page: Page) -> None:
    page.goto("/list/#list=gone,gone-too,coffee-at-the-mill")
    expect(page.locator(".list__notes .button")).to_have_count(1)
    with page.expect_download():
        page.locator("[data-list=calendar]").click()


def empty_list(page: Page) -> None:
    page.goto("/list/")
    expect(page.locator("[data-list=empty]")).to_be_visible()


DRAWN: dict[str, Callable[[Page], None]] = {
    "a day near by": days_near_by,
    "characters left": characters_left,
    "an address copied": copied,
    "a search with hits": search_with_hits,
    "a search without hits": search_without_hits,
    "something kept": draw_kept_note,
    "a list that is full": full_list,
    "a list": list_of_three,
    "a list with things gone": list_with_things_gone,
    "an empty list": empty_list,
}


@pytest.mark.parametrize("script", DRAWN)
def test_no_word_that_a_script_says_is_untranslatable(page: Page, script: str) -> None:
    DRAWN[script](page)
    assert unmarked(page.content()) == []
