"""Somebody finds a promise they never made; staff hide it with one click and ask the contact."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_a_cafe_makes_the_promise import publish
from tests.support.running_site import OpenPage, RunningSite
from tests.support.staff_login import logged_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

NAME = "Pennywhistle Taproom"
PAGE = "/pledges/stay-connected/pennywhistle-taproom/"
CONTACT = "prankster@example.org"
WORDS = "I run it, and nobody here has signed anything."


def promised(page: Page, running_site: RunningSite) -> None:
    """Sign in the name of somebody else, as a prankster might, and confirm."""
    register = page.request.get("/api/pledges/stay-connected/register").json()
    newest = (
        signatory
        for signatory in register["signatories"]
        if signatory["version"] == register["version"]
    )
    ids = {promise for entry in newest for promise in entry["promises"]}
    body = {
        "signer": "organisation",
        "name": NAME,
        "kind": "cafe",
        "place": "Temeford",
        "contact_email": CONTACT,
        "signer_name": "Sam Example",
        "signer_role": "owner",
        "may_sign": "yes",
        "promises": {
            commitment: {"state": "doing", "how": "We greet people."} for commitment in ids
        },
        "version": register["version"],
    }
    answer = page.request.post("/api/pledges/stay-connected/sign-ups", data=body)
    assert answer.status == 202, answer.text()
    page.goto(running_site.confirmation_link(CONTACT, page))
    page.get_by_role("button").last.click()


def wait_for(page: Page, status: int) -> None:
    """Ask for the promise's page until it answers so, for a minute at most; then open it."""
    for _ in range(300):
        if page.request.get(PAGE).status == status:
            page.goto(PAGE)
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{PAGE} never answered {status}")


@pytest.mark.deep
def test_an_entry_nobody_made_is_told_of_hidden_and_its_contact_asked(
    browser: Browser, open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/pledges/stay-connected/", java_script_enabled=False)
    promised(page, running_site)
    with logged_in_staff(
        browser, running_site, "moderator", email="hiding@example.org"
    ) as staff_page:
        publish(staff_page, NAME, "Sam Example, owner")
        wait_for(page, 200)

        page.get_by_role("link", name="tell us").click()
        page.get_by_label("What is not right?").fill(WORDS)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")

        staff_page.goto("/staff/sign-ups")
        staff_page.get_by_role("heading", name="Disputed").wait_for()
        staff_page.get_by_role("link", name=NAME).click()
        expect(staff_page.get_by_text(WORDS)).to_be_visible()
        staff_page.get_by_role("button", name="Hide it now, and ask the contact").click()
        expect(staff_page.get_by_text("You can undo it until the letter leaves")).to_be_visible()
        wait_for(page, 404)
        page.goto("/pledges/stay-connected/")
        expect(page.get_by_role("link", name=NAME)).to_have_count(0)
