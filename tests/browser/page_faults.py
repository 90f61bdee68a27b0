"""All that can be wrong with a page in a real browser, measured at once: a line for each fault.

What a program can tell is told here. Whether somebody can use the page, only people can say.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ROOT

AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
MEASURE = Path(__file__).with_name("measure.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""All that the dark can change: what else axe looks at is the same page in any light."""
NARROWEST, PHONE, DESK = 320, 390, 1280
SMALLEST_TARGETS = "measure.smallTargets(24, 44)"
"""In CSS pixels: WCAG 2.5.8, and what a thumb hits."""

NOTE_POLICY_BREACHES = """
  window.breaches = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
    breaches.push([effectiveDirective, blockedURI, sample].join(" ")));
"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""

Colours = Literal["light", "dark"]


class Setting(msgspec.Struct, frozen=True):
    """How somebody looks at a page: the width of the screen in CSS pixels, and its colours."""

    width: int
    colours: Colours


ON_A_PHONE = (Setting(PHONE, "light"),)
EVERY_SETTING = tuple(
    Setting(width, colours) for width in (NARROWEST, PHONE, DESK) for colours in ("light", "dark")
)
IN_SETTINGS = pytest.mark.parametrize(
    "settings",
    [
        pytest.param(ON_A_PHONE, id="on a phone"),
        pytest.param(EVERY_SETTING, id="in every setting", marks=pytest.mark.deep),
    ],
)


def page_faults(page: Page, settings: tuple[Setting, ...]) -> list[str]:
    """Return the faults that no page may have: axe's in these settings, and of every measure."""
    return [
        *axe_faults(page, settings),
        *layout_faults(page),
        *skip_link_faults(page),
        *page.evaluate("measure.headingSteps()"),
        *name_faults(page),
    ]


@cache
def measures() -> str:
    """Return the source of a function that is put in each page, and called where one is measured.

    So half a megabyte goes to the browser once, and not with every page.
    """
    sources = [file.read_text(encoding="utf-8") for file in (AXE, MEASURE)]
    return f"window.bring = () => {{ {chr(10).join(sources)} }}"


def with_measures(page: Page) -> Page:
    """Put axe and our own measuring into a page once it wears its styles, and unfold all of it."""
    page.wait_for_load_state("load")  # words are there before the style sheet; nothing is its size
    page.evaluate("document.fonts.ready.then(() => null)")
    if page.evaluate("typeof bring") == "undefined":
        page.add_init_script(measures())
        page.evaluate(measures())
    page.evaluate("bring()")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    return page


def show(page: Page, width: int, colours: Colours = "light", height: int = 900) -> None:
    """Show the page this many CSS pixels wide and high, in `light` or `dark`."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=colours)


def axe_faults(page: Page, settings: tuple[Setting, ...] = EVERY_SETTING) -> list[str]:
    """Return what axe finds in these settings, one line for each element at fault.

    Contrast takes most of axe's time. It is measured in the first width, and in another only where
    there are words in other colours, or on another ground, than in those before.
    """
    faults = []
    colours_seen: dict[Colours, set[str]] = {"light": set(), "dark": set()}
    for setting in settings:
        show(page, setting.width, setting.colours)
        before, pairs = colours_seen[setting.colours], set(page.evaluate("measure.colours()"))
        new = pairs - before
        before |= pairs | {_large(pair) for pair in pairs}
        faults += [
            f"{setting.width} px, {setting.colours}: {fault}"
            for fault in _axe(page, setting.colours, bool(new))
        ]
    return faults


def _large(pair: str) -> str:
    """Return the same pair in large words: what is strong enough for small ones is for them."""
    return pair.replace("small", "large", 1)


def _axe(page: Page, colours: Colours, contrast: bool) -> list[str]:
    """Run the rules that are of use now: in the dark only those that the dark can change."""
    rules = RULES if colours == "light" else OF_COLOUR
    but = [] if contrast else OF_COLOUR
    if rules == but:
        return []
    return page.evaluate("([rules, but]) => measure.axe(rules, but)", [rules, but])  # type: ignore[no-any-return]


def layout_faults(page: Page) -> list[str]:
    """Return what is read sideways, too small to hit or without a ring when focused."""
    faults = _measured(page, "sideways", NARROWEST)
    faults += _measured(page, "sideways", PHONE)
    faults += _measured(page, "too small", PHONE, measure=SMALLEST_TARGETS)
    faults += _measured(page, "covered", NARROWEST, measure="measure.coveredTargets()")
    return faults + _measured(
        page, "no ring shows the focus", DESK, measure="measure.unseenFocus()"
    )


def enlarged_faults(page: Page) -> list[str]:
    """Return what goes wrong when a visitor enlarges the page, its text or the space in it."""
    at_400_percent = {"width": NARROWEST, "height": 256}  # 1280 by 1024: WCAG 1.4.10 and 2.4.11
    faults = _measured(page, "sideways at 400 %", **at_400_percent)  # type: ignore[arg-type]
    faults += _measured(
        page, "the focus is covered", measure="measure.coveredFocus()", **at_400_percent
    )
    page.evaluate(SPACED)  # WCAG 1.4.12, which readers with dyslexia set
    faults += _measured(page, "sideways with letters and lines set wider", NARROWEST)
    page.evaluate("document.adoptedStyleSheets = []")
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    for width in (PHONE, DESK):
        faults += _measured(page, "sideways with text twice as large", width)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()
    return faults


def _measured(
    page: Page, name: str, width: int, height: int = 900, measure: str = "measure.sideways()"
) -> list[str]:
    show(page, width, height=height)
    return [f"{width} px, {name}: {fault}" for fault in page.evaluate(measure)]


def skip_link_faults(page: Page) -> list[str]:
    """Press Tab, Enter and Tab on a phone: the first press must lead past the header."""
    show(page, PHONE)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    skip = page.get_by_role("link", name="Skip to the page")
    try:
        assert page.evaluate("measure.first()") == "skip", "Tab reaches something else first"
        skip.focus()
        expect(skip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("#content")).to_be_focused()
        page.evaluate("new Promise((done) => setTimeout(done))")  # a list is drawn again first
        page.keyboard.press("Tab")
        past = page.evaluate("document.activeElement.closest('#content, footer') !== null")
        assert past, "Tab goes on before the page's own words"
    except AssertionError as error:
        return [f"skip link: {error}"]
    return []


def name_faults(page: Page) -> list[str]:
    """Return what is wrong with the language and the name that the page says it has."""
    name = page.title().removesuffix(" · Kith")
    rules = {
        "it does not say that it is in English": page.locator("html").get_attribute("lang") == "en",
        f"it is not named for the site: {name}": name != page.title(),
        "it has no name": name.removeprefix("Error: "),
    }
    return [fault for fault, is_kept in rules.items() if not is_kept]


def privacy_faults(page: Page) -> list[str]:
    """Return breaches of the policy, requests to anybody else, and what is left in the browser.

    What a page does later, its own tests hold.
    """
    requested = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    origin = page.evaluate("origin")
    return [
        *page.evaluate("breaches"),
        *([] if requested else ["it loads nothing, so its requests are unknown"]),
        *(f"asked another host: {url}" for url in requested if not url.startswith(origin)),
        *(f"a cookie: {cookie['name']}" for cookie in page.context.cookies()),
        *page.evaluate("[localStorage, sessionStorage].flatMap((one) => Object.keys(one))"),
    ]
