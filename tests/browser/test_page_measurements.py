"""What is measured is the page as it is seen, never a page that is still on its way."""

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.page_faults import with_measures
from tests.support.running_site import RunningSite, watched_pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]


def test_a_page_is_measured_once_its_styles_are_there(
    browser: Browser, running_site: RunningSite
) -> None:
    """Words show while the style sheet is on its way: links are 19 px high until it comes."""
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route)

    def let_go(route: Route) -> None:
        routes.pop().continue_()
        route.fulfill()

    with watched_pages(browser, running_site) as new_page:
        page = new_page()
        page.route("**/kith.css*", hold)
        page.route("**/let-go", let_go)
        page.goto("/", wait_until="commit")
        page.locator(".now").wait_for()
        page.evaluate("setTimeout(() => fetch('/let-go'), 1500)")
        with_measures(page)
        assert page.evaluate("document.querySelector('.now').offsetHeight") >= 44
