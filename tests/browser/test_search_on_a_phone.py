"""The search on a phone: a header of one line, choices in a sheet, results in the first screen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_search_form_state import ANSWERED
from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TOP = "(one) => one.getBoundingClientRect().top + scrollY"
FIRST_CARD = ".cards .card"


def top(page: Page, selector: str) -> float:
    return float(page.locator(selector).first.evaluate(TOP))


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scripts", [True, False])
def test_results_begin_in_the_first_screen(
    open_page: OpenPage, size: dict[str, int], scripts: bool
) -> None:
    path = "/find/?q=coffee&place=Temeford" if scripts else "/search?q=coffee&place=Temeford"
    page = open_page(path, viewport=size, java_script_enabled=scripts)
    expect(page.locator("#result-count")).to_contain_text("thing")
    assert top(page, FIRST_CARD) < size["height"] - 100
    assert page.locator(".header").bounding_box()["height"] < 90  # type: ignore[index]


def test_the_sheet_says_how_many_there_are_and_closes_after_use(open_page: OpenPage) -> None:
    page = open_page("/find/?q=coffee", viewport=PHONE)
    expect(page.locator("#result-count")).to_contain_text("thing")
    page.locator("#more > summary").click()
    button = page.locator("#more-go")
    page.get_by_role("checkbox", name="Tuesday").check()
    expect(page).to_have_url("/find/?q=coffee&day=tuesday")
    expect(button).to_contain_text("Show ")
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    expect(page.locator("#more")).not_to_have_attribute("open", "")
    expect(page.locator("#result-count")).to_be_focused()
    expect(page.locator(".more__count")).to_have_text("(1 chosen)")


def test_the_sheet_works_without_scripts_and_is_closed_on_the_answer(open_page: OpenPage) -> None:
    page = open_page("/find/", viewport=PHONE, java_script_enabled=False)
    page.locator("#more > summary").click()
    expect(page.locator("#more-go")).to_be_in_viewport(ratio=1)
    page.get_by_role("checkbox", name="Tuesday").check()
    page.locator("#more-go").click()
    page.wait_for_url("**/search?**")
    expect(page.locator("#more")).not_to_have_attribute("open", "")
    expect(page.locator(".chosen").get_by_text("Tuesday")).to_be_visible()
    expect(page.locator("#result-count")).to_be_focused()


@pytest.mark.parametrize("path", ["/find/", "/"])
def test_the_first_chips_are_what_people_ask_first(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    chips = page.locator(".chips--first .chip").all_inner_texts()
    first_chips = ["Today or tomorrow", "Step-free", "Someone will greet me"]
    assert chips == [*first_chips, "Free", "Online", "By phone"]


def test_today_or_tomorrow_is_two_days_with_scripts_and_without(open_page: OpenPage) -> None:
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/London")).date()
    page = open_page("/find/?soon=yes&place=Harrow+Vale")
    expect(page.locator("#result-count")).to_have_text(ANSWERED)
    titles = page.locator("#results .card__title").all_inner_texts()
    starts = page.locator("#results time").evaluate_all("all => all.map((one) => one.dateTime)")
    days = {
        datetime.fromisoformat(start).astimezone(ZoneInfo("Europe/London")).date()
        for start in starts
    }
    page = open_page("/search?soon=yes&place=Harrow+Vale", java_script_enabled=False)
    assert titles
    assert days <= {today, today + timedelta(days=1)}
    assert page.locator(".cards .card__title").all_inner_texts() == titles


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_invented_stands_in_a_list_of_its_own(open_page: OpenPage, scripts: bool) -> None:
    path = "/find/?q=coffee+morning" if scripts else "/search?q=coffee+morning"
    page = open_page(path, java_script_enabled=scripts)
    real = page.locator(".cards").first
    heading = page.get_by_role("heading", name="From the invented example place")
    expect(heading).to_be_visible()
    expect(real.locator(".card__title")).to_contain_text(["Mendip"])
    expect(real).not_to_contain_text("at the Mill")
    invented = page.locator("h2:text-is('From the invented example place') ~ .cards")
    expect(invented).to_contain_text("Tuesday coffee morning at the Mill")
    expect(page.locator("#result-count")).to_contain_text(f"{real.locator('.card').count()} thing")


def test_where_only_examples_fit_the_count_says_so(open_page: OpenPage) -> None:
    for path, scripts in (("/find/?q=choir", True), ("/search?q=choir", False)):
        page = open_page(path, java_script_enabled=scripts)
        expect(page.locator("#result-count")).to_contain_text("Nothing real found, but 2 made-up")


def test_the_menu_opens_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/about/", viewport=PHONE, java_script_enabled=False)
    expect(page.get_by_role("link", name="Pledges").first).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.locator(".menu").get_by_role("link", name="Pledges").click()
    page.wait_for_url("**/pledges/")


def test_the_list_is_one_tap_from_what_was_kept(open_page: OpenPage) -> None:
    page = open_page("/find/?q=coffee", viewport=PHONE)
    card = page.locator(".card").first
    card.get_by_role("button", name="Keep this one").click()
    card.get_by_role("link", name="See what you kept").click()
    expect(page.locator(".list__entry")).to_have_count(1)
