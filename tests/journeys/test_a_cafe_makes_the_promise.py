"""A cafe reads the pledge, signs, confirms by letter, is read by a person and stands in public."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.running_site import OpenPage, RunningSite
from tests.support.staff_login import logged_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

NAME = "The Copper Kettle"


HOW = "Ann at the till sits newcomers by the window."


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def sign(page: Page) -> None:
    """Answer page after page; on the way, look back once, and change one answer at the end."""
    page.get_by_role("link", name="Make the promise").first.click()
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("For an organisation").check()
    go_on(page)
    page.get_by_label("What is the organisation called?").fill(NAME)
    page.get_by_label("What kind of organisation").select_option(label="Cafe or restaurant")
    page.get_by_label("Where do people meet you?").fill("Temford")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose a place from the list")
    page.get_by_label("Where do people meet you?").fill("Temeford")
    go_on(page)
    for box in page.get_by_label("Doing it now").all():
        box.check()
    page.get_by_label("How, or why not? One sentence").first.fill(HOW)
    go_on(page)
    page.get_by_label("What is your e-mail address?").fill("ann@copperkettle.example.org")
    page.go_back()  # the browser's own way back finds the page with its answer
    expect(page.get_by_label("How, or why not? One sentence").first).to_have_value(HOW)
    go_on(page)
    page.get_by_label("What is your e-mail address?").fill("ann@copperkettle.example.org")
    page.get_by_label("Your name", exact=True).fill("Ann Canaryfeather")
    page.get_by_label("Your role").fill("waitress")
    page.get_by_label("I may sign for it").check()
    go_on(page)
    page.get_by_role("button", name=re.compile("Change.*Who signs")).click()
    page.get_by_label("Your role").fill("owner")
    go_on(page)
    expect(page.get_by_text("owner")).to_be_visible()
    page.get_by_role("button", name="Make the promise").click()


def publish(staff_page: Page, name: str, signer: str) -> None:
    """Read it and publish it, as a moderator does."""
    staff_page.get_by_role("link", name="Sign-ups").click()
    staff_page.get_by_role("link", name=name).click()
    expect(staff_page.get_by_text(signer)).to_be_visible()
    staff_page.get_by_role("button", name="Publish it").click()
    expect(staff_page.get_by_text("You can undo it until the letter leaves")).to_be_visible()


def test_from_reading_the_pledge_to_a_place_in_the_register(
    browser: Browser, open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/pledges/stay-connected/", java_script_enabled=False)
    sign(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    expect(page.get_by_text(re.compile("P-[0-9A-Z]{4}-[0-9A-Z]{4}"))).to_be_visible()

    link = running_site.confirmation_link("ann@copperkettle.example.org", page)
    page.goto(link)
    page.goto(link)  # a mail scanner looked first: looking changes nothing
    page.get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    with logged_in_staff(
        browser, running_site, "moderator", email="moderator@example.org"
    ) as staff_page:
        publish(staff_page, NAME, "Ann Canaryfeather, owner")

    for _ in range(300):
        page.goto("/pledges/stay-connected/")
        if page.get_by_role("link", name=NAME).count():
            break
        page.wait_for_timeout(200)
    page.get_by_role("link", name=NAME).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(page.get_by_text("Ann at the till").first).to_be_visible()
    assert "Canaryfeather" not in page.content()
    register = page.request.get("/api/pledges/stay-connected/register").json()
    assert NAME in {signatory["name"] for signatory in register["signatories"]}
    assert "Canaryfeather" not in str(register)
