"""Every kind of page as it stands where its scripts never arrive."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import (
    found_by_axe,
    wide,
    with_measures,
    without_scripts,
)
from tests.browser.page_kinds import WITHOUT_SCRIPTS
from tests.support.running_site import RunningSite, watched_pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.fixture(scope="module")
def still_visitor(browser: Browser, running_site: RunningSite) -> Iterator[Page]:
    """One visitor whose pages have no scripts."""
    with watched_pages(browser, running_site) as new_page:
        page = new_page()
        page.route("**/*", without_scripts)
        yield page


@pytest.fixture(scope="module", params=WITHOUT_SCRIPTS)
def still(request: pytest.FixtureRequest, still_visitor: Page, running_site: RunningSite) -> Page:
    """A page of each kind, all of it unfolded."""
    WITHOUT_SCRIPTS[request.param](still_visitor, running_site)
    return with_measures(still_visitor)


def test_axe_finds_nothing_at_any_width_in_any_light(still: Page) -> None:
    assert found_by_axe(still) == []


def test_it_stays_on_a_small_screen_with_targets_to_hit(still: Page) -> None:
    wide(still, 320)
    assert still.evaluate("measure.sideways()") == []
    assert still.evaluate("measure.smallTargets(24, 44)") == []
