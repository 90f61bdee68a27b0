"""A taxi driver signs, is published, takes the course, prints a card and points somebody on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_openers import connector_in
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

ADDRESS = "tess@example.org"
RIGHT = (
    "Say that it is good to see him, and give him a minute.",
    "That sounds hard. What was he like?",
    "Tell him of one thing that he might like, with the day and who will be at the door.",
    "Nothing about her. Only that I gave a card, in which town, and for what kind of thing.",
    "Stay with them, ask straight out if they think of ending their life, and ring for help "
    "together.",
)


def take_the_course(page: Page) -> None:
    """Read the six pages, then answer from one's own page, wrongly at first."""
    course_url = page.url
    page.get_by_role("link", name="Read the pages").click()
    page.get_by_role("link", name="Start with the first page").click()
    for number in range(1, 6):
        expect(page.get_by_text(f"Page {number} of 6")).to_be_visible()
        page.get_by_role("link", name="Next:").click()
    expect(page.get_by_text("Page 6 of 6")).to_be_visible()
    page.goto(course_url)
    page.get_by_role("link", name="Answer the questions").click()
    for words in RIGHT:
        page.get_by_label(words).check()
    page.get_by_label("You should get out more.").check()
    page.get_by_role("button", name="See how I did").click()
    expect(
        page.get_by_role("heading", name="Nearly there. Look at these once more")
    ).to_be_visible()
    expect(page.get_by_text("There is a problem")).to_have_count(0)
    expect(page.get_by_text("Let her talk first.").first).to_be_visible()
    page.get_by_label(RIGHT[1]).check()
    page.get_by_role("button", name="See how I did").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have completed the course")
    page.get_by_role("link", name="To my own page").click()


def test_from_signing_to_the_first_person_pointed_on(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/point-someone-on/", java_script_enabled=False)
    page.goto(connector_in(running_site, page, ADDRESS))
    expect(page.get_by_text("Your name on the register: A taxi driver in Temeford")).to_be_visible()
    expect(page.get_by_text("You have not taken it yet.")).to_be_visible()
    take_the_course(page)
    expect(page.get_by_text(re.compile("You completed it on .* from .* 2028"))).to_be_visible()

    own_page = page.url
    page.get_by_role("link", name="Print cards").click()
    expect(page.get_by_label("For which place?")).to_have_value("temeford")
    address = page.locator(".handcard__where").first.inner_text()
    assert address.endswith("/c/temeford")
    page.goto("/c/temeford")  # as whoever holds the card does
    assert page.url.endswith("/search?place=Temeford")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(own_page)
    page.get_by_role("link", name="I pointed someone").click()
    page.get_by_text("Music, words, games and outings").click()
    page.get_by_label("Choir", exact=True).check()
    page.get_by_role("button", name="I told them about it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(own_page)
    expect(page.get_by_text("This year you have pointed 1 person to something.")).to_be_visible()


@pytest.mark.deep
def test_they_stand_in_public_as_a_taxi_driver_and_by_no_name(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page = open_page("/point-someone-on/", java_script_enabled=False)
    connector_in(running_site, page, ADDRESS)
    running_site.kith("build", "--force")
    register = "/api/pledges/community-connector/register"
    for _ in range(100):
        register_answer = page.request.get(register).json()
        from_temeford = [
            signatory
            for signatory in register_answer["signatories"]
            if signatory["place"] == "Temeford"
        ]
        if len(from_temeford) > 1:  # one stood there before
            break
        page.wait_for_timeout(100)
    names = {signatory["name"] for signatory in from_temeford}
    assert names == {"A taxi driver in Temeford"}
    addresses = [signatory["url"] for signatory in register_answer["signatories"]]
    for path in (
        *("/pledges/community-connector/", *addresses, "/feed.xml", "/sitemap.xml"),
        *("/search/documents.json", "/activities.json", "/search?place=Temeford", register),
        *("/connectors", "/api/activities?place=Temeford", "/places/temeford/"),
    ):
        answer = page.request.get(path)
        assert answer.status == 200, path
        text = answer.text().casefold()
        assert "tess example" not in text, path
        assert ADDRESS not in text, path
        assert "tess-example" not in text, path
