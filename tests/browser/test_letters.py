"""Every kind of letter in a browser: axe finds nothing, nothing sticks out, nothing is loaded."""

import pytest
from playwright.sync_api import Browser, Request

from tests.browser.page_faults import AXE, OF_COLOUR, PHONE, RULES
from tests.support.letter_samples import SAMPLES, sample

pytestmark = [pytest.mark.browser]

WIDE = 700
AXE_RUN = """async (runOnly) => (await axe.run({ runOnly }))
  .violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(" ")}`)"""
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_each_letter_is_readable_on_a_phone_and_at_a_desk_in_light_and_dark(
    browser: Browser,
) -> None:
    faults, loaded = [], list[str]()
    of_all = {"type": "tag", "values": RULES}
    of_colour = {"type": "rule", "values": OF_COLOUR}

    def note(request: Request) -> None:
        loaded.append(request.url)

    page = browser.new_page()
    page.on("request", note)
    page.evaluate(AXE.read_text(encoding="utf-8"))  # stays there: every letter is one document
    for name in SAMPLES:
        page.set_content(sample(name).html)
        for width in (PHONE, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(STICKS_OUT):
                faults.append(f"{name}, {width} px: sticks out")
        page.emulate_media(color_scheme="light")
        faults += [f"{name}, light: {fault}" for fault in page.evaluate(AXE_RUN, of_all)]
        page.emulate_media(color_scheme="dark")
        faults += [f"{name}, dark: {fault}" for fault in page.evaluate(AXE_RUN, of_colour)]
    page.close()
    assert faults == []
    assert loaded == []
