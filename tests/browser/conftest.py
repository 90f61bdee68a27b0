"""Visitors who go from page to page, for tests that look at each page once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.page_faults import NOTE_POLICY_BREACHES
from tests.support.running_site import RunningSite, watched_pages


@pytest.fixture(scope="module")
def visitor(browser: Browser, running_site: RunningSite) -> Iterator[Page]:
    """One visitor who goes from page to page; whatever goes wrong in any fails the last test."""
    with watched_pages(browser, running_site) as new_page:
        page = new_page()
        page.add_init_script(NOTE_POLICY_BREACHES)
        yield page


@pytest.fixture(scope="module")
def visitor_without_scripts(browser: Browser, running_site: RunningSite) -> Iterator[Page]:
    """One visitor whose pages get all but their scripts. Axe could not run where none may."""
    with watched_pages(browser, running_site) as new_page:
        page = new_page()
        page.route(
            re.compile(r"\.js(\?|$)"),
            lambda route: route.fulfill(body="", content_type="text/javascript"),
        )
        yield page
