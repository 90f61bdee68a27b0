"""Every kind of page in a real browser: for eyes, for thumbs, for keyboards, with scripts and not.

Each is opened once, and one test states all that is wrong with it.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.page_faults import (
    EVERY_SETTING,
    IN_SETTINGS,
    Setting,
    enlarged_faults,
    page_faults,
    privacy_faults,
    with_measures,
)
from tests.browser.page_kinds import PAGE_KINDS, WITHOUT_SCRIPTS
from tests.support.running_site import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every kind of page")]


@IN_SETTINGS
@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_a_page_of_each_kind_has_no_fault(
    visitor: Page, running_site: RunningSite, kind: str, settings: tuple[Setting, ...]
) -> None:
    PAGE_KINDS[kind](visitor, running_site)
    page = with_measures(visitor)
    faults = [*page_faults(page, settings), *enlarged_faults(page), *privacy_faults(page)]
    assert faults == []


@pytest.mark.deep
@pytest.mark.parametrize("kind", WITHOUT_SCRIPTS)
def test_a_page_of_each_kind_has_no_fault_without_its_scripts(
    visitor_without_scripts: Page, running_site: RunningSite, kind: str
) -> None:
    WITHOUT_SCRIPTS[kind](visitor_without_scripts, running_site)
    assert page_faults(with_measures(visitor_without_scripts), EVERY_SETTING) == []
