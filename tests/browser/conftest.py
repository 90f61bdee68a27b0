"""Each kind of page, opened once for all that is asked of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.kinds import KINDS
from tests.chromium import ROOT
from tests.town import Town, watched

AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
MEASURE = Path(__file__).with_name("measure.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""All that the dark can change: what else axe looks at is the same page in any light."""


NOTES_BREACHES = """
  window.breaches = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
    breaches.push([effectiveDirective, blockedURI, sample].join(" ")));
"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, town: Town) -> Iterator[Page]:
    """One visitor who goes from page to page; whatever goes wrong in any fails the last test."""
    with watched(browser, town) as new_page:
        page = new_page()
        page.add_init_script(NOTES_BREACHES)
        yield page


@pytest.fixture(scope="module", params=KINDS)
def page(request: pytest.FixtureRequest, visitor: Page, town: Town) -> Page:
    """A page of each kind, all of it unfolded. Tests set its width and its colours."""
    KINDS[request.param](visitor, town)
    return with_measures(visitor)


def without_scripts(route: Route) -> None:
    """Let a page get everything but its scripts. Axe itself could not run where none may."""
    if route.request.resource_type == "script":
        route.fulfill(body="", content_type="text/javascript")
    else:
        route.continue_()


def with_measures(page: Page) -> Page:
    """Put axe and our own measuring into a page once it wears its styles, and unfold all of it."""
    page.wait_for_load_state("load")  # words are there before the style sheet; nothing is its size
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    for script in (AXE, MEASURE):
        page.evaluate(script.read_text(encoding="utf-8"))
    return page


def wide(page: Page, width: int, colours: Any = "light", height: int = 900) -> None:
    """Show the page this many CSS pixels wide and high, in `light` or `dark`."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=colours)


def found_by_axe(page: Page, rules: list[str]) -> list[str]:
    """Return what axe finds, one line for each element at fault."""
    return page.evaluate("(rules) => measure.axe(rules)", rules)  # type: ignore[no-any-return]
