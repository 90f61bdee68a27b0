"""A visitor stands before a closed door, says what is wrong, and the page says it right."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.running_site import OpenPage, RunningSite
from tests.support.staff_login import logged_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

WALK = "gentle-walk-from-the-clock-tower"
ENTRY = f"content/activities/demo/{WALK}.md"
WAS, IS = "every Saturday 10:00-11:00", "every Saturday 9:30-10:30"
REFERENCE = re.compile(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}")


def say_what_is_wrong(page: Page) -> str:
    """Follow the link on the activity's page, fill in the form, and return the reference."""
    page.get_by_role("link", name="Something wrong, or all right? Tell us").click()
    expect(page).to_have_url(re.compile(rf"/put-right\?activity={WALK}$"))
    expect(page.get_by_role("complementary")).to_contain_text("Every Saturday, 10:00 to 11:00")
    page.get_by_label("The day or the time").check()
    page.get_by_label("What is right?").fill("It starts at half past nine, says Wendeline Canary.")
    page.get_by_label("I go there, or tried to").check()
    page.get_by_label("On which phone number or e-mail address?").fill("07700 900123")
    page.get_by_role("button", name="Send this to a person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    return page.locator(".reference").inner_text()


def find_in_the_queue(page: Page, reference: str) -> None:
    """Go from the front door of the staff area to what a visitor said; the list holds no word."""
    page.get_by_role("link", name="Corrections", exact=True).click()
    group = page.locator(".group", has_text="Gentle walk from the clock tower")
    row = group.get_by_role("listitem").filter(has_text=reference)
    expect(row).to_contain_text("today")
    assert "Canary" not in page.content()
    row.get_by_role("link", name="The day or the time").click()
    expect(page.locator(".as-typed")).to_contain_text("half past nine")


def mend_the_time(page: Page) -> None:
    """Write what is right, look at the change, and accept it."""
    page.get_by_label("When", exact=True).fill(IS)
    page.get_by_role("button", name="Look at the change").click()
    change = page.get_by_role("row").filter(has_text="schedule[0].when")
    expect(change.locator("del")).to_have_text(WAS)
    expect(change.locator("ins")).to_have_text(IS)


def test_from_a_closed_door_to_a_page_that_says_it_right(
    open_page: OpenPage, running_site: RunningSite, browser: Browser
) -> None:
    page = open_page(f"/activities/{WALK}/", java_script_enabled=False)
    expect(page.locator(".facts")).to_contain_text("Every Saturday, 10:00 to 11:00")
    reference = say_what_is_wrong(page)
    assert REFERENCE.fullmatch(reference)
    before = (running_site.project / ENTRY).read_text(encoding="utf-8")

    with logged_in_staff(browser, running_site, "moderator", email="mod@example.org") as moderator:
        find_in_the_queue(moderator, reference)
        mend_the_time(moderator)
        assert (running_site.project / ENTRY).read_text(encoding="utf-8") == before
        moderator.get_by_role("button", name="Accept: write it into the entry").click()
        expect(moderator.locator(".lead .tag")).to_have_text("Accepted")
        expect(moderator.get_by_role("button", name="Undo")).to_be_visible()

    after = (running_site.project / ENTRY).read_text(encoding="utf-8")
    today = datetime.now(ZoneInfo("Europe/London")).date()
    news = f"changed_on: {today}\nchanged: Now {IS}\n---\n"
    assert after == news.join(before.replace(WAS, IS).rsplit("---\n", 1))
    expect_in_time(page, "Every Saturday, 09:30 to 10:30")
    assert "Canary" not in page.content()
    page.goto("/new/")
    expect(page.locator("main")).to_contain_text(f"Now {IS}")
    calendar = page.request.get(f"/activities/{WALK}/calendar.ics").text()
    assert "T093000" in calendar
    assert reference not in running_site.kith("corrections", "list")


def expect_in_time(page: Page, words: str) -> None:
    """Open the activity's page until it says these words: a new release is taken up in a moment."""
    for _ in range(600):
        page.goto(f"/activities/{WALK}/")
        if words in page.locator(".facts").inner_text():
            break
        page.wait_for_timeout(100)
    expect(page.locator(".facts")).to_contain_text(words)
