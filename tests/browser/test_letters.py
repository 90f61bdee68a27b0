"""Every kind of letter in a browser: axe finds nothing, nothing sticks out, nothing is loaded."""

import pytest
from playwright.sync_api import Browser, Request

from tests.browser.page_faults import AXE, PHONE, RULES
from tests.support.letter_samples import SAMPLES, sample

pytestmark = [pytest.mark.browser]

WIDE = 700
AXE_RUN = """async (rules) => (await axe.run({ runOnly: { type: "tag", values: rules } }))
  .violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(" ")}`)"""
STICKS_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_each_letter_is_readable_on_a_phone_and_at_a_desk_in_light_and_dark(
    browser: Browser,
) -> None:
    faults, loaded = [], list[str]()

    def note(request: Request) -> None:
        loaded.append(request.url)

    for colours in ("light", "dark"):
        page = browser.new_page(color_scheme=colours)
        page.on("request", note)
        for name in SAMPLES:
            page.set_content(sample(name).html)
            for width in (PHONE, WIDE):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(STICKS_OUT):
                    faults.append(f"{name}, {width} px: sticks out")
            page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
            faults += [
                f"{name}, {colours}: {violation}" for violation in page.evaluate(AXE_RUN, RULES)
            ]
        page.close()
    assert faults == []
    assert loaded == []
