"""A list on its way to somebody: on paper, as a text, as a calendar, as a code to scan."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from catalogue.build.assets import LEAN_QR
from tests.browser.test_printing import SMALLER, sheets, slugs
from tests.browser.test_shortlist import MILL, QUIZ, SHED, THREE, wait_until_drawn
from tests.chromium import ROOT
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

HANDOUT_PT, LARGE_PT, NUMBER_PT = 18, 26, 24
ABOUT_THE_SITE = ".header, .footer"
ALL = [slug for slug in slugs() if slug != MILL][:19]
needs_lean_qr = pytest.mark.skipif(
    not (ROOT / LEAN_QR).is_dir(), reason="unknown: lean-qr was not fetched"
)


def open_full_list(open_page: OpenPage, fragment: str = THREE, count: int = 3) -> Page:
    page = open_page(f"/list/{fragment}")
    wait_until_drawn(page, count)
    return page


def too_small(page: Page, least: int) -> list[str]:
    """Return what of the list is printed smaller than that."""
    page.emulate_media(media="print")
    page.evaluate(
        "(around) => document.querySelectorAll(around).forEach((one) => one.remove())",
        ABOUT_THE_SITE,
    )
    return page.evaluate(SMALLER, least)  # type: ignore[no-any-return]


def points(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate(  # type: ignore[no-any-return]
        "(one) => parseFloat(getComputedStyle(one).fontSize) * 0.75"
    )


def test_a_handout_is_in_large_type_and_each_number_larger_still(open_page: OpenPage) -> None:
    page = open_full_list(open_page)
    assert too_small(page, HANDOUT_PT) == []
    assert points(page, ".list__facts .phone") >= NUMBER_PT
    assert page.get_by_text("Not sure? Ring Harrow Vale Company Service:").is_visible()
    titles = page.locator('.list [data-part="title"]')
    assert {title.get_attribute("dir") for title in titles.all()} == {"auto"}
    words = page.locator(".list").inner_text()
    assert re.search(r"Tuesday \d+ \w+, 10:30 to 12:00", words)
    assert "Tomorrow" not in words
    for hidden in ("Move up", "Take off", "Print the list", "Send a text", "If nothing comes"):
        assert hidden not in words, hidden


def test_three_things_are_at_most_two_sides(open_page: OpenPage) -> None:
    page = open_full_list(open_page)
    assert sheets(page.pdf(prefer_css_page_size=True, format="A4")) <= 2


def test_large_print_is_larger_on_the_screen_and_on_paper(open_page: OpenPage) -> None:
    page = open_full_list(open_page)
    before = points(page, ".list__facts dd")
    page.get_by_role("button", name="Large print").click()
    assert points(page, ".list__facts dd") > 1.5 * before
    expect(page.get_by_role("button", name="Large print", pressed=True)).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 700, "height": 800})
    assert too_small(page, LARGE_PT) == []


def code_squares(page: Page) -> list[bytes]:
    """Return the squares of the code on the page, line by line, dark as 1."""
    code = page.locator("[data-list=code]")
    size = int(str(code.get_attribute("viewBox")).split()[2]) - 8
    lines = [bytearray(size) for _ in range(size)]
    for x, y in re.findall(r"M(\d+) (\d+)\.5h1", str(code.locator("path").get_attribute("d"))):
        lines[int(y)][int(x)] = 1
    return [bytes(line) for line in lines]


def scanned(page: Page) -> str:
    """Read the code as a phone does that is held over it."""
    reader = pytest.importorskip("zxingcpp", reason="unknown: no reader of codes here")
    square, quiet = 4, b"\xff" * 16
    lines = code_squares(page)
    wide = len(lines) * square + 2 * len(quiet)
    inked = [
        quiet + b"".join((b"\0" if dark else b"\xff") * square for dark in line) + quiet
        for line in lines
        for _ in range(square)
    ]
    blank = [b"\xff" * wide] * len(quiet)
    paper = memoryview(b"".join([*blank, *inked, *blank])).cast("B", [wide, wide])
    read = reader.read_barcode(paper)
    return read.text if read else ""


@needs_lean_qr
@pytest.mark.parametrize("kept", [[MILL], [MILL, SHED, QUIZ], [MILL, *ALL]])
def test_the_code_says_the_address_of_the_list(open_page: OpenPage, kept: list[str]) -> None:
    page = open_full_list(open_page, f"#list={','.join(kept)}", len(kept))
    expect(page.locator("[data-list=coded]")).to_be_visible()
    assert scanned(page) == page.url


@needs_lean_qr
def test_the_code_follows_the_list_and_is_wide_enough_on_paper(open_page: OpenPage) -> None:
    page = open_full_list(open_page)
    expect(page.locator("[data-list=coded]")).to_be_visible()
    before = page.locator("[data-list=code] path").get_attribute("d")
    page.get_by_role("button", name="Take off").first.click()
    expect(page.locator("[data-list=code] path")).not_to_have_attribute("d", str(before))
    assert scanned(page) == page.url
    page.emulate_media(media="print")
    box = page.locator("[data-list=code]").bounding_box()
    assert box
    assert box["width"] / 96 * 25.4 >= 40  # millimetres
    assert box["width"] / 96 * 25.4 / (len(code_squares(page)) + 8) >= 0.5  # for each square


def test_one_file_holds_the_events_of_all(
    open_page: OpenPage, running_site: RunningSite, tmp_path: Path
) -> None:
    page = open_full_list(open_page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Put all in my calendar").click()
    saving.value.save_as(tmp_path / "list.ics")
    assert saving.value.suggested_filename == "list.ics"
    calendar = Calendar.from_ical((tmp_path / "list.ics").read_bytes())
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    alone = [
        event
        for slug in (MILL, SHED)
        for event in Calendar.from_ical(
            page.request.get(f"/activities/{slug}/calendar.ics").body()
        ).walk("VEVENT")
    ]
    assert [event.to_ical() for event in calendar.walk("VEVENT")] == [
        event.to_ical() for event in alone
    ]
    assert len({str(event["UID"]) for event in alone}) == len(alone) >= 3
    status = page.locator("[data-list=calendar]")
    expect(status).to_have_text("Done: 2 of 3. The others have no fixed times")


def test_a_text_says_what_when_whom_to_ring_and_how_long_it_is(open_page: OpenPage) -> None:
    page = open_full_list(open_page, f"#list={MILL},{SHED}", 2)
    text = page.get_by_label("The text").input_value()
    first, second, address = text.split("\n")
    assert re.fullmatch(
        r"Tuesday coffee morning at the Mill, Tue \d+ \w{3,4} 10:30, 01632 960123", first
    )
    assert second.startswith("The net loft shed, ")
    assert second.endswith(", 01632 960152")
    assert address == page.url
    length_line = page.locator("#list-length").inner_text()
    assert length_line == f"This is {len(text)} characters long. It is sent as 2 text messages."
    for name, link in (("Send a text", "sms"), ("Send an e-mail", "mailto")):
        href = str(page.get_by_role("link", name=name).get_attribute("href"))
        assert href.startswith(f"{link}:?")
        assert address in parse_qs(urlsplit(href).query)["body"][0]


def test_a_text_is_copied_as_it_is_shown(open_page: OpenPage) -> None:
    page = open_full_list(open_page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as a text message").click()
    expect(page.locator("[data-list=copy]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("The text").input_value()


SIZES = {
    "a": (1, 1, "seven"),
    "a" * 160: (160, 1, "seven"),
    "a" * 161: (161, 2, "seven"),
    "a" * 306: (306, 2, "seven"),
    "a" * 307: (307, 3, "seven"),
    "€" * 80: (160, 1, "seven"),
    "€" * 81: (162, 2, "seven"),
    "ŵ" * 70: (70, 1, "sixteen"),
    "ŵ" * 71: (71, 2, "sixteen"),
    "ŵ" * 135: (135, 3, "sixteen"),
}


def test_a_text_is_as_long_as_a_telephone_counts_it(open_page: OpenPage) -> None:
    page = open_page("/list/")
    lengths = page.evaluate(
        """async (texts) => {
          const { sizeOf } = await import("/assets/list_text.js");
          return texts.map(sizeOf).map(({ units, messages, bits }) => [units, messages, bits]);
        }""",
        list(SIZES),
    )
    assert [tuple(length) for length in lengths] == list(SIZES.values())


def test_titles_give_way_before_numbers_and_the_address_do(open_page: OpenPage) -> None:
    page = open_page("/list/")
    text, longest = page.evaluate(
        """async () => {
          const { textOf } = await import("/assets/list_text.js");
          const one = { title: "A very long name of a group ".repeat(4), next: null,
            when: ["Every Tuesday, 10:30 to 12:00"], phone: "01632 960123" };
          const few = textOf([one, one], "kith.example.org/list/#list=a,b");
          return [few, textOf(Array(10).fill(one), "kith.example.org/list/#list=a,b")];
        }"""
    )
    assert len(text) <= 306
    for text_made in (text, longest):
        assert text_made.endswith("\nkith.example.org/list/#list=a,b")
    assert (text.count("01632 960123"), longest.count("01632 960123")) == (2, 10)
    assert text.count("Every Tuesday, 10:30 to 12:00") == 2
