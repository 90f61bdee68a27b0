"""Somebody asks for help with scripts off, makes a slip, mends it, and is answered by a person."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

REFERENCE = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")


def fill(page: Page) -> None:
    page.get_by_label("For me").check()
    page.get_by_label("What shall we call you").fill("Mrs Canaryfeather")
    page.get_by_label("Ring", exact=True).check()
    page.get_by_label("At which number or address?").fill("01632 960111")
    page.get_by_label("When is a good and safe time?").fill("mornings")
    page.get_by_label("No, do not leave a message").check()
    page.get_by_label("Where do you, or they, live?").fill("Temeford")
    page.get_by_label("What matters to you?").fill("I used to sing.")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send this to a person").click()


def test_a_slip_is_told_in_words_and_no_answer_is_lost(open_page: OpenPage) -> None:
    page = open_page("/ask/", java_script_enabled=False)
    fill(page)
    page.get_by_label("At which number or address?").fill("")
    send(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("What shall we call you")).to_have_value("Mrs Canaryfeather")
    expect(page.get_by_label("What matters to you?")).to_have_value("I used to sing.")
    page.get_by_role("link", name="Write where we can reach you").click()
    expect(page.get_by_label("At which number or address?")).to_be_focused()


@pytest.mark.parametrize("scripts", [False, True])
def test_a_request_is_kept_told_and_answered(
    open_page: OpenPage, running_site: RunningSite, scripts: bool
) -> None:
    page = open_page("/ask/", java_script_enabled=scripts)
    expect(page.get_by_text("999").first).to_be_visible()  # before the form, not after
    fill(page)
    send(page)
    expect(page.get_by_text("What happens next")).to_be_visible()
    match = REFERENCE.search(page.locator("main, body").first.inner_text())
    assert match is not None
    reference = match[0]
    assert "canaryfeather" not in page.url.casefold()

    assert reference in running_site.kith("requests", "list")
    assert "Canaryfeather" not in running_site.kith("requests", "list")
    output = running_site.kith("requests", "show", reference)
    assert "Mrs Canaryfeather" in output
    assert "01632 960111" in output
    running_site.kith("requests", "close", reference, "--outcome", "answered")
    assert reference not in running_site.kith("requests", "list")


def test_the_letter_to_staff_holds_the_reference_and_nothing_of_the_person(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/ask/")
    fill(page)
    send(page)
    expect(page.get_by_text("What happens next")).to_be_visible()
    match = REFERENCE.search(page.content())
    assert match is not None
    for _ in range(100):
        letters = [letter for letter in running_site.letters() if match[0] in letter.as_string()]
        if letters:
            break
        page.wait_for_timeout(100)
    assert len(letters) == 1
    assert "anaryfeather" not in letters[0].as_string()
    assert match[0] not in letters[0]["subject"]
