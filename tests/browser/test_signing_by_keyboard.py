"""Somebody signs with a keyboard alone: no mouse, no scripts, a screen of 320 px, to the end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import fill_in, next_stop, past_the_header, press_enter, tab_on_to
from tests.browser.page_openers import PROMISES, SOON, with_promise
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

SMALL = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
ADDRESS = "keys@example.org"
ANSWERS = {
    "signer": "organisation",
    "name": "The Keyboard Players of Temeford",
    "kind": "club",
    "place": "Temeford",
    **{f"promise-{promise}": "doing" for promise in PROMISES},
    "how-listen": "Somebody sits at the gate.",
    "contact_email": ADDRESS,
    "signer_name": "Kay Example",
    "signer_role": "secretary",
    "may_sign": "yes",
}


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def answer_all(page: Page) -> None:
    """Answer page after page, until all answers are shown."""
    for _ in range(20):
        if heading(page) == "Check your answers":
            return
        past_the_header(page)
        fill_in(page, ANSWERS, "Next")
    raise AssertionError("the form does not end")


def change(page: Page, question: str | None) -> None:
    past_the_header(page)
    tab_on_to(page, f"Change {question}")
    press_enter(page)


@pytest.mark.deep
def test_a_promise_is_made_changed_sent_and_confirmed(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/pledges/community-connector/sign/", **SMALL)
    past_the_header(page)
    tab_on_to(page, "Start now")
    press_enter(page)
    answer_all(page)
    expect(page.get_by_text("Somebody sits at the gate.")).to_be_visible()
    question = page.locator(".check dt").nth(1).text_content()
    change(page, question)
    expect(page.locator("#name")).to_be_focused()  # straight at the answer to change
    page.keyboard.press("End")
    page.keyboard.type(" and District")
    press_enter(page)
    expect(page.locator(".check")).to_contain_text("Players of Temeford and District")
    expect(page.locator(".check")).to_contain_text("Somebody sits at the gate.")
    past_the_header(page)
    tab_on_to(page, "Back")
    press_enter(page)
    expect(page.get_by_label("Your role")).to_have_value("secretary")
    past_the_header(page)
    fill_in(page, {}, "Next")
    expect(page.locator(".check")).to_contain_text("Players of Temeford and District")
    past_the_header(page)
    fill_in(page, {}, "Make the promise")
    expect(page).to_have_url(re.compile("/signed/"))
    page.goto(running_site.confirmation_link(ADDRESS, page))
    past_the_header(page)
    fill_in(page, {}, "Yes, confirm the promise")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")


def test_a_slip_is_told_first_and_its_link_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page("/pledges/community-connector/sign/", **SMALL)
    past_the_header(page)
    tab_on_to(page, "Start now")
    press_enter(page)
    past_the_header(page)
    fill_in(page, {}, "Next")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There is a problem")
    past_the_header(page)
    tab_on_to(page, alert.get_by_role("link").inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("input[name=signer]").first).to_be_focused()


def test_a_signatory_checks_in(open_page: OpenPage, running_site: RunningSite) -> None:
    page = open_page("/", **SMALL)
    with_promise("/check-in", confirmed_until=SOON)(page, running_site)
    past_the_header(page)
    tab_on_to(page, "Something has changed")
    page.keyboard.press("Space")
    fill_in(page, {"state-listen": "doing"}, "Renew it with these answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_somebody_is_pointed_on(open_page: OpenPage) -> None:
    page = open_page("/point", **SMALL)
    past_the_header(page)
    tab_on_to(page, "Moving about")
    page.keyboard.press("Enter")  # opens the group
    assert next_stop(page)["name"] == "kind"
    page.keyboard.press("Space")
    expect(page.get_by_label("Walking group")).to_be_checked()
    stop = next_stop(page)
    while stop["name"] != "area":
        stop = next_stop(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#area")).not_to_have_value("")
    tab_on_to(page, "I told them about it")
    press_enter(page)
    expect(page.get_by_role("status")).to_have_text("Tap once more, and it is counted.")
    past_the_header(page)
    tab_on_to(page, "I told them about it")
    press_enter(page)
    expect(page).to_have_url(re.compile("/point/counted"))
