"""In a rush of sign-ups the browser does a sum, and the button waits for it."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from api.security import proof_of_work
from tests.browser.page_kinds import all_answers  # type: ignore[attr-defined]
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

CHALLENGE = "1790000000.key-" + "ab" * 32
ASKED = """
async ([challenge, bits]) => {
  const form = document.querySelector("form[action$='/sign']")
  const field = document.createElement("input")
  Object.assign(field, { type: "hidden", name: "proof", value: challenge })
  field.dataset.bits = bits
  form.append(field)
  const { workFor } = await import("/assets/proof_of_work.js")
  workFor(field)
}
"""


def asked_for_a_sum(page: Page, running_site: RunningSite) -> None:
    """Open the last page of the form as it is shown in a rush."""
    all_answers(page, running_site)
    page.wait_for_load_state()  # else the page's own script finds the field too, and works again
    page.evaluate(ASKED, [CHALLENGE, proof_of_work.BITS])


def sent_by(page: Page, button: str) -> dict[str, list[str]]:
    def of_the_form(request: Request) -> bool:
        return request.method == "POST" and request.url.endswith("/sign")

    with page.expect_request(of_the_form) as request_info:
        page.get_by_role("button", name=button).first.click()
    return parse_qs(request_info.value.post_data or "")


def test_the_button_waits_for_the_sum_and_the_service_agrees_with_it(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/")
    asked_for_a_sum(page, running_site)
    (proof,) = sent_by(page, "Make the promise")["proof"]
    assert proof.rpartition(":")[0] == CHALLENGE
    assert proof_of_work.zero_bits(proof) >= proof_of_work.BITS
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")


def test_the_ways_back_wait_for_nothing(open_page: OpenPage, running_site: RunningSite) -> None:
    page = open_page("/")
    asked_for_a_sum(page, running_site)
    assert sent_by(page, "Change")["change"] == ["who"]
