"""A keyboard and nothing else: Tab from stop to stop, and at each stop whether it can be seen."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

FAR = 80
"""Presses of Tab; nobody should need as many to reach the end of a page."""

STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shape = one.closest(".tick, .chip") || one;
  const { left, top, right, bottom } = shape.getBoundingClientRect();
  const beside = one.nextElementSibling || one;
  const ringed = [[one, null], [one, "::after"], [shape, null], [beside, null]]
    .map(([at, part]) => getComputedStyle(at, part))
    .some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const over = document.elementFromPoint(x, y);
  const shown = Math.min(bottom, innerHeight) - Math.max(top, 0);
  const seen = shown >= Math.min(24, (bottom - top) / 2) && right > 0 && left < innerWidth;
  if (window.stoppedAt !== one) [window.before, window.stoppedAt] = [window.stoppedAt, one];
  const before = window.before;
  const told = [];
  const inside = !one.matches(":focus-visible"); // a part of a date has the focus, and the ring
  if (!ringed && !inside) told.push("no ring");
  if (!seen) told.push("out of sight");
  if (seen && !(shape.contains(over) || one.getClientRects().length > 1)) told.push("covered");
  if (before && !(before.compareDocumentPosition(one) & 4)) told.push("out of order");
  return {
    name: one.name || "", value: one.value || "", kind: one.type || one.localName, id: one.id,
    words: one.textContent.replace(/\\s+/g, " ").trim(), faults: told,
  };
}"""

Stop = dict[str, Any]


def next_stop(page: Page) -> Stop:
    """Press Tab, and hold that the focus moved on, in the page's order, and can be seen."""
    page.keyboard.press("Tab")
    for _ in range(20):
        stop: Stop | None = page.evaluate(STOP)
        assert stop is not None, "the end of the page"
        if not stop["faults"]:
            return stop
        page.wait_for_timeout(50)  # the page moves under the focus, a frame later
    raise AssertionError(stop)


def press_enter(page: Page) -> None:
    """Press Enter on what leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_on_to(page: Page, words: str) -> None:
    """Go on with Tab to the link, button or fold that says these words, and no further."""
    for _ in range(FAR):
        if words in next_stop(page)["words"]:
            return
    raise AssertionError(f"Tab does not reach {words}")


def past_the_header(page: Page) -> None:
    """Take the skip link; the focus goes on from the page's own words."""
    assert next_stop(page)["words"] == "Skip to the page"
    page.keyboard.press("Enter")
    page.evaluate("window.before = window.stoppedAt = undefined")


def fill_in(page: Page, answers: Mapping[str, str], button: str) -> None:
    """Answer all questions of a page as they come, and press its button."""
    for _ in range(FAR):
        stop = next_stop(page)
        if stop["words"] == button:
            press_enter(page)
            return
        if stop["name"] in answers:
            _answer(page, stop, answers[stop["name"]])
    raise AssertionError(f"Tab does not reach {button}")


def _answer(page: Page, stop: Stop, text: str) -> None:
    if stop["kind"] == "checkbox":
        page.keyboard.press("Space")
    elif stop["kind"] == "radio":
        _choose(page, text)
    elif stop["kind"] == "select-one":
        _choose_from_list(page, text)
    elif not stop["value"]:
        page.keyboard.type(text)


def _choose_from_list(page: Page, value: str) -> None:
    for _ in range(FAR):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow reaches {value}")


def _choose(page: Page, value: str) -> None:
    """Take a choice out of a group: a space for the first, arrows for those that follow."""
    page.keyboard.press("Space")
    for _ in range(FAR):
        if page.evaluate("document.activeElement.value") == value:
            assert page.evaluate("document.activeElement.checked")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow reaches {value}")
