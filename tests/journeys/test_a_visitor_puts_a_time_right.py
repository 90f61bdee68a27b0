"""A visitor stands before a closed door, says what is wrong, and the page says it right."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.town import OpenPage, Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

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
    page.get_by_label("At which number or address?").fill("07700 900123")
    page.get_by_role("button", name="Send this to a person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it.")
    return page.locator(".reference").inner_text()


def test_from_a_closed_door_to_a_page_that_says_it_right(visit: OpenPage, town: Town) -> None:
    page = visit(f"/activities/{WALK}/", java_script_enabled=False)
    expect(page.locator(".facts")).to_contain_text("Every Saturday, 10:00 to 11:00")
    reference = say_what_is_wrong(page)
    assert REFERENCE.fullmatch(reference)
    before = (town.project / ENTRY).read_text(encoding="utf-8")

    listed = town.kith("corrections", "list")
    assert f"{WALK}  The day or the time" in listed
    assert "Canary" not in listed
    mend = ("--set", f"schedule[0].when={IS}")
    shown = town.kith("corrections", "show", reference, *mend)
    assert "half past nine" in shown
    assert f"-  - when: {WAS}\n+  - when: {IS}" in shown
    assert (town.project / ENTRY).read_text(encoding="utf-8") == before
    town.kith("corrections", "accept", reference, *mend, "--yes", "--reason", "Rang Winston.")

    after = (town.project / ENTRY).read_text(encoding="utf-8")
    assert after == before.replace(WAS, IS)
    expect_in_time(page, "Every Saturday, 09:30 to 10:30")
    assert "Canary" not in page.content()
    calendar = page.request.get(f"/activities/{WALK}/calendar.ics").text()
    assert "T093000" in calendar
    assert town.kith("corrections", "list") == "Nothing waits.\n"


def expect_in_time(page: Page, words: str) -> None:
    """Open the activity's page until it says these words: a new release is taken up in a moment."""
    for _ in range(100):
        page.goto(f"/activities/{WALK}/")
        if words in page.locator(".facts").inner_text():
            break
        page.wait_for_timeout(100)
    expect(page.locator(".facts")).to_contain_text(words)
