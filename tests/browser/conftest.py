"""Each kind of page, opened once for all that is asked of it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.page_kinds import PAGE_KINDS
from tests.chromium import ROOT
from tests.support.running_site import RunningSite, watched_pages

AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
MEASURE = Path(__file__).with_name("measure.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""All that the dark can change: what else axe looks at is the same page in any light."""
WIDTHS = (320, 1280)

NOTES_BREACHES = """
  window.breaches = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
    breaches.push([effectiveDirective, blockedURI, sample].join(" ")));
"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, running_site: RunningSite) -> Iterator[Page]:
    """One visitor who goes from page to page; whatever goes wrong in any fails the last test."""
    with watched_pages(browser, running_site) as new_page:
        page = new_page()
        page.add_init_script(NOTES_BREACHES)
        yield page


@pytest.fixture(scope="module", params=PAGE_KINDS)
def page(request: pytest.FixtureRequest, visitor: Page, running_site: RunningSite) -> Page:
    """A page of each kind, all of it unfolded. Tests set its width and its colours."""
    PAGE_KINDS[request.param](visitor, running_site)
    return with_measures(visitor)


def without_scripts(route: Route) -> None:
    """Let a page get everything but its scripts. Axe itself could not run where none may."""
    if route.request.resource_type == "script":
        route.fulfill(body="", content_type="text/javascript")
    else:
        route.continue_()


@cache
def brings_measures() -> str:
    """Return the source of a function that is put in each page, and called where one is measured.

    So half a megabyte goes to the browser once, and not with every page.
    """
    sources = [one.read_text(encoding="utf-8") for one in (AXE, MEASURE)]
    return f"window.bring = () => {{ {chr(10).join(sources)} }}"


def with_measures(page: Page) -> Page:
    """Put axe and our own measuring into a page once it wears its styles, and unfold all of it."""
    page.wait_for_load_state("load")  # words are there before the style sheet; nothing is its size
    page.evaluate("document.fonts.ready.then(() => null)")
    if page.evaluate("typeof bring") == "undefined":
        page.add_init_script(brings_measures())
        page.evaluate(brings_measures())
    page.evaluate("bring()")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    return page


def wide(page: Page, width: int, colours: Any = "light", height: int = 900) -> None:
    """Show the page this many CSS pixels wide and high, in `light` or `dark`."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=colours)


def found_by_axe(page: Page) -> list[str]:
    """Return what axe finds at 320 and 1280 px, light and dark, one line for each element at fault.

    Contrast takes most of axe's time. It is measured at 320 px, and again at 1280 px only where
    there are words in other colours, or on another ground, than at 320.
    """
    found = []
    seen: dict[str, set[str]] = {"light": set(), "dark": set()}
    for width in WIDTHS:
        for colours, before in seen.items():
            wide(page, width, colours)
            pairs = set(page.evaluate("measure.colours()"))
            new = pairs - before
            before |= pairs | {_large(one) for one in pairs}
            found += [f"{width} px, {colours}: {one}" for one in _axe(page, colours, bool(new))]
    return found


def _large(pair: str) -> str:
    """Return the same pair in large words: what is strong enough for small ones is for them."""
    return pair.replace("small", "large", 1)


def _axe(page: Page, colours: str, contrast: bool) -> list[str]:
    """Run the rules that are of use now: in the dark only those that the dark can change."""
    rules = RULES if colours == "light" else OF_COLOUR
    but = [] if contrast else OF_COLOUR
    if rules == but:
        return []
    return page.evaluate("([rules, but]) => measure.axe(rules, but)", [rules, but])  # type: ignore[no-any-return]
