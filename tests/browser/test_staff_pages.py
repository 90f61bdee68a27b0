"""The staff area in a real browser: the same care as for the public, with somebody signed in."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from api.store import schema
from api.store.database import Database
from tests.api.connectors.conftest import DRIVER
from tests.browser.page_faults import (
    EVERY_SETTING,
    IN_SETTINGS,
    Setting,
    enlarged_faults,
    page_faults,
    with_measures,
)
from tests.support.running_site import RunningSite
from tests.support.staff_login import logged_in_staff, prove

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("staff pages")]

OUTSIDE = ("/staff/sign-in",)
INSIDE = (
    "/staff",
    "/staff/sign-ups",
    "/staff/sign-ups/{reference}",
    "/staff/sign-ups/bulk",
    "/staff/sign-ups/bulk/{job}",
    "/staff/corrections",
    "/staff/corrections/{correction}",
    "/staff/activities",
    "/staff/activities/add",
    "/staff/logins",
    "/staff/people",
    "/staff/gaps",
    "/staff/audit",
    "/staff/connectors",
    "/staff/connectors/training",
    "/staff/keeping",
    "/staff/keeping/post",
    "/staff/register",
    "/staff/register/community-connector/the-wennimere-arms",
    "/staff/register/bess-pledge/sallowby-bakery/hide",
    "/staff/paper",
    "/staff/pledges/community-connector/paper",
)


@pytest.fixture(scope="module")
def staff(browser: Browser, running_site: RunningSite) -> Iterator[Page]:
    roles = ("admin", "coordinator")
    with logged_in_staff(browser, running_site, *roles, email="everything@example.org") as page:
        yield page


@pytest.fixture(scope="module")
def correction(staff: Page, running_site: RunningSite) -> str:
    """Say that an activity has ended, which is a change by itself; gives the reference."""
    body = {"activity": "gentle-walk-from-the-clock-tower", "about": "ended", "words": "Shut?"}
    answer = staff.request.post(
        "/api/corrections", data=body, headers={"origin": running_site.origin}
    )
    assert answer.status == 201
    return str(answer.json()["reference"])


@pytest.fixture(scope="module")
def address_values(staff: Page, running_site: RunningSite) -> dict[str, str]:
    """What stands in the gaps of addresses: a sign-up's reference, a job's id."""
    pub = {**DRIVER, "signer": "organisation", "name": "The Made-up Arms", "kind": "pub"}
    body = {**pub, "signer_name": "Mo Example", "contact_email": "mo@made-up.example.org"}
    path = "/api/pledges/community-connector/sign-ups"
    answer = staff.request.post(path, data=body, headers={"origin": running_site.origin})
    assert answer.status == 202
    open_count_page(staff)
    reference = re.search(r"P-\w{4}-\w{4}", staff.content())
    assert reference is not None
    staff.get_by_label("Why are they refused?").select_option("made_up")
    staff.get_by_role("button", name="Invalidate this one").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Invalidating 1 sign-up")
    job = staff.url.rpartition("/")[2]
    for _ in range(100):
        if staff.get_by_role("button", name="Undo all of it").is_visible():
            break
        staff.wait_for_timeout(100)
        staff.reload()
    return {"reference": reference[0], "job": job}


def open_count_page(staff: Page) -> None:
    """Ask for those whose name begins so, and stand at the page that says how many."""
    staff.goto("/staff/sign-ups")
    staff.get_by_role("link", name="Invalidate many").click()
    staff.get_by_label("The name begins with").fill("the made-up")
    staff.get_by_label("Waiting for their confirmation").check()
    with staff.expect_navigation():
        staff.get_by_role("button", name="Count them").click()


@IN_SETTINGS
def test_no_page_of_the_staff_has_a_fault(
    staff: Page, correction: str, address_values: dict[str, str], settings: tuple[Setting, ...]
) -> None:
    faults = {}
    for address in (*OUTSIDE, *INSIDE):
        path = address.format(correction=correction, **address_values)
        answer = staff.goto(path)
        assert answer is not None
        assert (answer.status, staff.url.endswith(path)) == (200, True)
        found_faults = page_faults(with_measures(staff), settings) + enlarged_faults(staff)
        if found_faults:
            faults[path] = found_faults
    assert faults == {}


def test_what_was_counted_is_a_page_like_the_others(
    staff: Page, address_values: dict[str, str]
) -> None:
    staff.goto(f"/staff/sign-ups/bulk/{address_values['job']}")
    staff.get_by_role("button", name="Undo all of it").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Invalidating 1 sign-up")
    for _ in range(100):
        open_count_page(staff)
        if staff.get_by_role("heading", level=1).inner_text() == "1 sign-up":
            break
        staff.wait_for_timeout(100)
    expect(staff.get_by_role("button", name="Invalidate this one")).to_be_visible()
    assert page_faults(with_measures(staff), EVERY_SETTING) == []


@pytest.mark.deep
def test_an_entry_that_stands_with_mistakes_and_looked_at_is_a_page_like_the_others(
    staff: Page,
) -> None:
    staff.goto("/staff/activities/edit/gentle-walk-from-the-clock-tower")
    assert page_faults(with_measures(staff), EVERY_SETTING) + enlarged_faults(staff) == []
    look = staff.get_by_role("button", name="Look at it", exact=True).last
    staff.goto("/staff/activities/add")
    look.click()
    expect(staff.get_by_role("alert")).to_contain_text("Tick at least one kind.")
    assert page_faults(with_measures(staff), EVERY_SETTING) == []
    staff.get_by_label("What people call it").fill("Somewhere to sit")
    staff.get_by_label("What people call it").press("Enter")  # looks, and never writes
    expect(staff.get_by_role("alert")).to_contain_text("Tick at least one kind.")
    staff.get_by_text("A chat and a cup of something").click()
    staff.get_by_label("What it is, in one sentence").fill("Chairs, and people on them.")
    staff.get_by_label("Coffee morning").check()
    staff.get_by_label("Who runs it", exact=True).fill("The Mill")
    staff.get_by_label("When is it?").fill("every Tuesday 10:30-12:00")
    staff.get_by_label("Online", exact=True).check()
    staff.get_by_label("Which areas is it for?").fill("Temeford")
    staff.locator('[name="contact.phone"]').fill("01632 960144")
    staff.get_by_label("When did who runs it last say").fill("2026-11-20")
    look.click()
    expect(staff.get_by_role("heading", name="This is how it will look")).to_be_visible()
    assert page_faults(with_measures(staff), EVERY_SETTING) == []


@IN_SETTINGS
def test_recovery_codes_are_a_page_like_the_others(
    browser: Browser, running_site: RunningSite, settings: tuple[Setting, ...]
) -> None:
    address = f"ann-{len(settings)}@example.org"
    running_site.kith("staff", "add", "Ann Example", address, "--role=auditor")
    page = with_measures(
        prove(browser.new_context(base_url=running_site.origin), running_site, address)
    )
    expect(page.locator("code.address")).to_have_count(10)
    assert page_faults(page, settings) == []
    page.context.close()


@pytest.mark.deep
@IN_SETTINGS
def test_a_form_that_needs_a_code_or_a_login_is_kept_on_pages_like_the_others(
    browser: Browser, running_site: RunningSite, settings: tuple[Setting, ...]
) -> None:
    own_address = f"late-{len(settings)}@example.org"
    with logged_in_staff(browser, running_site, "admin", email=own_address) as page:
        page.goto("/staff/people")
        page.get_by_label("Name", exact=True).fill('Sam "the" <Example>')
        page.get_by_label("E-mail address").fill(f"of-{own_address}")
        page.locator('form[action="/staff/people"]').get_by_role("checkbox").first.check()
        change_newest_login(running_site, proven_at=datetime.now(UTC) - timedelta(minutes=11))
        page.get_by_role("button", name="Let in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("once more")
        page.get_by_label("Six digits").fill("none")
        page.get_by_role("button", name="Send it with this code").click()
        expect(page.get_by_role("alert")).to_contain_text("That is not the code.")
        assert page_faults(with_measures(page), settings) + enlarged_faults(page) == []
        change_newest_login(running_site, ended_at=datetime.now(UTC))
        page.get_by_role("button", name="Send it with this code").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Please sign in")
        assert page_faults(with_measures(page), settings) == []
        change_newest_login(running_site, ended_at=None, proven_at=datetime.now(UTC))
        page.get_by_role("button", name="Send it again").click()
        expect(page.locator("li.row strong", has_text="Sam").first).to_have_text(
            'Sam "the" <Example>'
        )


def change_newest_login(running_site: RunningSite, **values: datetime | None) -> None:
    """Change when a code was entered, or that the login ended, behind the service's back."""
    login = schema.staff_login
    newest = select(login.c.id).order_by(login.c.created_at.desc()).limit(1).scalar_subquery()
    with Database(f"sqlite:///{running_site.data / 'kith.sqlite3'}") as database:
        change = update(login).where(login.c.id == newest).values(**values)
        database.write_now(lambda connection: connection.execute(change))


def test_signing_out_in_one_window_signs_out_in_all(
    browser: Browser, running_site: RunningSite
) -> None:
    with logged_in_staff(browser, running_site, "auditor", email="auditor@example.org") as page:
        other = page.context.new_page()
        other.goto("/staff/audit")
        expect(other.get_by_role("heading", level=1)).to_have_text("Who did what")
        other.get_by_role("button", name="Sign out").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert page.context.cookies() == []
