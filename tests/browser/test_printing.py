"""What comes out of the printer: one sheet that can be handed over, in large type."""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import ROOT
from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

USUAL = "/activities/tuesday-coffee-morning-at-the-mill/"
LARGE_PT = 14
SMALLER = """(least) => {
  const told = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    if (!textContent.trim() || parentElement.closest(".visually-hidden")) continue;
    if (!parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const points = parseFloat(getComputedStyle(parentElement).fontSize) * 0.75;
    if (points < least - 0.01) told.add(`${points} pt: ${textContent.trim()}`);
  }
  return [...told];
}"""

OVERPRINTED = """(cards) => cards
  .filter((card) => card.scrollHeight > card.clientHeight)
  .map((card) => `${card.scrollHeight} px of words on ${card.clientHeight} px`)"""


def slugs() -> list[str]:
    """Return every activity an editor wrote, those with most to say first."""
    files = (ROOT / "content" / "activities").rglob("*.md")
    return [file.stem for file in sorted(files, key=lambda file: -file.stat().st_size)]


def sheets(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param(slice(10), id="the fullest"),
        pytest.param(slice(None), id="all", marks=pytest.mark.deep),
    ],
)
def test_every_activity_is_one_side_of_one_sheet(open_page: OpenPage, printed: slice) -> None:
    page, longer = open_page("/"), []
    for slug in slugs()[printed]:
        page.goto(f"/activities/{slug}/")
        for paper in ("A4", "Letter"):
            if (sides := sheets(page.pdf(prefer_css_page_size=True, format=paper))) != 1:
                longer.append(f"{slug}: {sides} of {paper}")
    assert longer == []


def test_a_sheet_ends_with_the_numbers_to_ring(open_page: OpenPage) -> None:
    page = open_page(USUAL)
    page.emulate_media(media="print")
    words = page.inner_text("body").split("On the web:")
    assert "To ask about this, ring 01632 960123" in words[0]
    assert "Ring Harrow Vale Company Service: 01632 960100" in words[1]
    assert ", or ring" not in words[0]
    number = page.locator(".activity > .ring .phone")
    assert number.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize) * 0.75") >= 24


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/find/?q=coffee&place=temeford", "You asked for: coffee Near: temeford"),
        ("/search?q=coffee&place=temeford", "You asked for: coffee Near: temeford"),
        ("/kinds/choir/", ""),
        ("/list/#list=tuesday-coffee-morning-at-the-mill", ""),
    ],
)
def test_a_printed_list_says_when_where_and_whom_to_ring(
    open_page: OpenPage, path: str, heading: str
) -> None:
    page = open_page(path)
    button = page.get_by_role("button", name="Print this list")
    button.wait_for()
    assert button.bounding_box()
    page.locator(":is(.card, .list__entry) time").first.wait_for()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    words = " ".join(page.inner_text("body").split())
    year = page.evaluate("new Date().getFullYear()")
    assert re.search(rf"{heading} ?Printed on: \w+day \d+ \w+ {year}", words)
    assert "Harrow Vale Company Service: 01632 960100" in words
    assert not re.search(r"Tomorrow|Today", words)
    for time in page.locator(":is(.card__when, .list__entry) time").all_inner_texts():
        assert re.match(r"\w+day \d+ \w+", time), time
    for pressed in page.locator("button, nav, form").all():
        assert not pressed.is_visible()


def test_without_scripts_no_button_offers_to_print(open_page: OpenPage) -> None:
    page = open_page("/search?q=coffee&place=temeford", java_script_enabled=False)
    assert not page.get_by_text("Print this list").is_visible()
    page.emulate_media(media="print")
    assert "You asked for: coffee Near: temeford" in page.locator(".printed").inner_text()


def test_a_list_of_nothing_is_not_offered_to_be_printed(open_page: OpenPage) -> None:
    page = open_page("/find/?q=xyzzyplugh&place=temeford")
    expect(page.locator("#result-count")).to_contain_text("Nothing found")
    expect(page.get_by_text("Print this list")).to_be_hidden()
    page.get_by_label("What would you like?").fill("coffee")
    expect(page.get_by_role("button", name="Print this list")).to_be_visible()


@pytest.mark.parametrize("sheet", ["certificate", "poster"])
def test_what_is_hung_up_fills_one_sheet(open_page: OpenPage, sheet: str) -> None:
    page = open_page(f"/pledges/stay-connected/the-mill/{sheet}/")
    for paper in ("A4", "Letter"):
        assert sheets(page.pdf(prefer_css_page_size=True, format=paper)) == 1
    page.emulate_media(media="print")
    assert page.evaluate(SMALLER, LARGE_PT) == []
    assert "Everybody new is greeted, made to feel that they count" in page.inner_text("article")


def test_a_sheet_is_in_large_type_with_the_number_larger_still(open_page: OpenPage) -> None:
    page = open_page(USUAL)
    page.emulate_media(media="print")
    assert page.evaluate(SMALLER, LARGE_PT) == []
    number = page.locator(".facts .phone")
    assert number.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize) * 0.75") >= 24


def test_a_sheet_has_the_code_and_the_address_and_nothing_to_press(open_page: OpenPage) -> None:
    page = open_page(USUAL)
    page.emulate_media(media="print")
    code = page.locator(".activity__head .code")
    box = code.bounding_box()
    assert box
    assert box["width"] / 96 * 25.4 >= 25  # millimetres
    assert page.get_by_text("On the web:").is_visible()
    for words in (
        "Find company",
        "Ask someone to go with me",
        "Send a text",
        "Show a code to scan",
    ):
        assert not page.get_by_text(words, exact=True).first.is_visible(), words


def test_a_sheet_names_days_that_are_read_later(open_page: OpenPage) -> None:
    page = open_page(USUAL)
    page.emulate_media(media="print")
    words = page.locator("article").inner_text()
    assert "Checked on" in words
    assert " ago" not in words
    assert "Tomorrow" not in words
    assert "Today" not in words


@pytest.mark.parametrize(("size", "expected"), [("small", 10), ("fold", 2), ("large", 1)])
def test_cards_to_hand_over_fill_one_sheet(open_page: OpenPage, size: str, expected: int) -> None:
    page = open_page(f"/card?place=upper-thistlow&size={size}")
    assert sheets(page.pdf(prefer_css_page_size=True, format="A4")) == 1
    page.emulate_media(media="print")
    cards = page.locator(".handcard")
    assert cards.count() == expected
    assert all(card.is_visible() for card in cards.all())
    assert not page.get_by_label("For which place?").is_visible()
    assert cards.evaluate_all(OVERPRINTED) == []
    if size == "small":  # a bank card is 85.6 by 54 millimetres
        box = cards.last.bounding_box()
        assert box
        assert [round(box[side] / 96 * 25.4) for side in ("width", "height")] == [86, 54]
    code = page.locator(".handcard__code").first.bounding_box()
    assert code
    assert code["width"] / 96 * 25.4 >= 25


def test_the_course_prints_as_a_booklet_a_page_at_a_time(open_page: OpenPage) -> None:
    page = open_page("/training/connector/booklet/")
    page.emulate_media(media="print")
    assert page.evaluate(SMALLER, LARGE_PT) == []
    assert sheets(page.pdf(prefer_css_page_size=True, format="A4")) <= 10
