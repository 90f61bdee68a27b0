"""The staff area in a real browser: the same care as for the public, with somebody signed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OF_COLOUR, RULES, found_by_axe, wide, with_measures
from tests.staff import at_work
from tests.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

OUTSIDE = ("/staff/sign-in",)
INSIDE = (
    "/staff",
    "/staff/sign-ups",
    "/staff/corrections",
    "/staff/corrections/{correction}",
    "/staff/logins",
    "/staff/people",
    "/staff/audit",
    "/staff/connectors",
    "/staff/connectors/training",
    "/staff/keeping",
    "/staff/keeping/post",
    "/staff/register",
    "/staff/register/community-connector/the-wennimere-arms",
    "/staff/paper",
    "/staff/pledges/community-connector/paper",
)


@pytest.fixture(scope="module")
def desk(browser: Browser, town: Town) -> Iterator[Page]:
    everything = ("admin", "coordinator")
    with at_work(browser, town, *everything, email="everything@example.org") as page:
        yield page


@pytest.fixture(scope="module")
def correction(desk: Page, town: Town) -> str:
    """Say that an activity has ended, which is a change by itself; gives the reference."""
    said = {"activity": "gentle-walk-from-the-clock-tower", "about": "ended", "words": "Shut?"}
    answer = desk.request.post("/api/corrections", data=said, headers={"origin": town.origin})
    assert answer.status == 201
    return str(answer.json()["reference"])


@pytest.fixture(scope="module", params=[*OUTSIDE, *INSIDE])
def page(request: pytest.FixtureRequest, desk: Page, correction: str) -> Page:
    path = request.param.format(correction=correction)
    answer = desk.goto(path)
    assert answer is not None
    assert (answer.status, desk.url.endswith(path)) == (200, True)
    return with_measures(desk)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(page: Page, width: int, colours: str) -> None:
    wide(page, width, colours)
    assert found_by_axe(page, RULES if colours == "light" else OF_COLOUR) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_read_sideways(page: Page, width: int) -> None:
    wide(page, width)
    assert page.evaluate("measure.sideways()") == []


def test_targets_are_large_enough_to_hit(page: Page) -> None:
    wide(page, 390)
    assert page.evaluate("measure.smallTargets(24, 44)") == []


def test_signing_out_in_one_window_signs_out_in_all(browser: Browser, town: Town) -> None:
    with at_work(browser, town, "auditor", email="auditor@example.org") as page:
        other = page.context.new_page()
        other.goto("/staff/audit")
        expect(other.get_by_role("heading", level=1)).to_have_text("Who did what")
        other.get_by_role("button", name="Sign out").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert page.context.cookies() == []
