"""A moderator adds an activity on a small phone without scripts, sees it on the site, undoes it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.running_site import RunningSite
from tests.support.staff_login import logged_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys"), pytest.mark.deep]

SLUG = "hot-soup-at-the-wennimere-arms"
NARROW = {"width": 320, "height": 640}


def test_from_an_empty_form_to_a_page_on_the_site_and_back(
    browser: Browser, running_site: RunningSite
) -> None:
    with logged_in_staff(browser, running_site, "moderator", email="soup@example.org") as signed_in:
        context = browser.new_context(
            base_url=running_site.origin,
            storage_state=signed_in.context.storage_state(),
            java_script_enabled=False,
            viewport=NARROW,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.goto("/staff")
        page.get_by_role("link", name="Activities", exact=True).click()
        page.get_by_role("link", name="Add an activity").click()
        fill_in(page)
        mend_the_time(page)
        put_it_in(page, running_site)
        expect_in_time(page, 200)
        expect(page.locator(".facts")).to_contain_text("Every Thursday, 12:00 to 13:30")
        page.goto(f"/staff/activities/edit/{SLUG}")
        page.get_by_role("button", name="Undo: take it out again").click()
        expect(page.get_by_role("listitem").filter(has_text="Took the last")).to_be_visible()
        expect_in_time(page, 404)
        context.close()


def fill_in(page: Page) -> None:
    page.get_by_label("What people call it").fill("Hot soup at the Wennimere Arms")
    page.get_by_label("What it is, in one sentence").fill("A bowl of soup and a chair.")
    page.get_by_text("A chat and a cup of something").click()
    page.get_by_label("Lunch club").check()
    page.get_by_label("Who runs it", exact=True).fill("The Wennimere Arms")
    page.get_by_label("When is it?").fill("every Thirsday at noon")
    page.get_by_label("In person").check()
    page.get_by_label("Town, village or area").fill("Wennimere")
    page.get_by_label("Price in pounds").fill("£1.50")
    page.locator('[name="contact.phone"]').fill("01632 960144")
    page.get_by_label("When did who runs it last say").fill("2026-11-20")
    page.get_by_role("button", name="Look at it", exact=True).last.click()


def mend_the_time(page: Page) -> None:
    """What was typed is there, and the fault is a link to the time."""
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("When is it?")).to_have_value("every Thirsday at noon")
    expect(page.get_by_label("Price in pounds")).to_have_value("£1.50")
    page.get_by_label("When is it?").fill("every Thursday 12:00-13:30")
    page.get_by_role("button", name="Look at it", exact=True).last.click()
    expect(page.get_by_role("heading", name="This is how it will look")).to_be_visible()
    expect(page.get_by_text("The next dates would be:")).to_be_visible()
    expect(page.locator(".coming__dates li")).to_have_count(6)
    page.get_by_text("The whole page").click()
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Hot soup at the Wennimere Arms")


def put_it_in(page: Page, running_site: RunningSite) -> None:
    entry = running_site.project / "content" / "activities" / f"{SLUG}.md"
    assert not entry.exists()
    page.get_by_role("button", name="Put it in the directory").click()
    expect(page).to_have_url(f"{running_site.origin}/staff/activities/edit/{SLUG}")
    assert "price_pence: 150" in entry.read_text(encoding="utf-8")


def expect_in_time(page: Page, status: int) -> None:
    """Open the activity's page until it is there, or gone: a new release is taken up soon."""
    found = 0
    for _ in range(600):
        answer = page.goto(f"/activities/{SLUG}/")
        found = answer.status if answer else 0
        if found == status:
            break
        page.wait_for_timeout(100)
    assert found == status
