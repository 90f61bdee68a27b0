"""A year on: somebody finds the way to their promise, renews it, is believed, and leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from api.features.pledges.signing.store import sign_up_row
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.security import normalise
from api.settings import from_environ
from api.store import keys, schema
from api.store.database import Database
from catalogue.model.pledge import Promise
from catalogue.outputs.formatting import long_date
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

NAME = "The Patient Shed"
WHERE = "content/pledges/stay-connected/the-patient-shed.md"
AT = "/pledges/stay-connected/the-patient-shed/"
ADDRESS = "keeper@patientshed.example.org"
UNTIL = date.today() + timedelta(days=20)  # noqa: DTZ011 - the town's clock is the real one
ENTRY = f"""\
---
name: {NAME}
signer: organisation
kind: club
place: Temeford
version: 2
promises:
  welcome: {{state: doing, how: "The kettle is on when you come in."}}
  reach-out: {{state: doing, how: "We ring after two weeks."}}
since: {UNTIL - timedelta(days=345)}
confirmed_until: {UNTIL}
---
"""


def signed_a_year_ago(running_site: RunningSite) -> None:
    """Have the promise stand, with the sign-up it was published from."""
    settings = from_environ(running_site.project, {"KITH_DATA": str(running_site.data)})
    now = datetime.now(UTC)
    with Database(settings.database_url) as database:
        encryption = keys.open_encryption(settings, database)
    private = SignUpPersonalData(ADDRESS, "Kit Canaryfeather", "keeper", "", show_name=False)
    new = SignUp(
        id="a" * 32,
        reference="P-2222-2222",
        pledge="stay-connected",
        version=2,
        state="published",
        signer="organisation",
        kind="club",
        place="Temeford",
        public_name=NAME,
        promises={"welcome": Promise()},
        sealed=encryption.encrypt("a" * 32, private),
        created_at=now,
        confirmed_at=now,
    )
    row = sign_up_row(
        new, canonical_key=NAME, contact_lookup=normalise.lookup(encryption, ADDRESS), until=None
    )
    with Database(settings.database_url) as database:
        database.insert_now([(schema.sign_up, {**row[1], "entry_path": WHERE})])
    (running_site.project / WHERE).write_text(ENTRY)
    running_site.kith("build")


def when_it_says(page: Page, path: str, words: str, *, is_gone: bool = False) -> None:
    """Open a page until a build has brought the words, or has taken the page away."""
    for _ in range(300):
        answer = page.goto(path)
        assert answer is not None
        if (answer.status == 404) if is_gone else words in page.content():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{path} never came to it")


@pytest.mark.deep
def test_from_a_letter_to_another_year_and_to_the_end(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    signed_a_year_ago(running_site)
    page = open_page("/pledges/", java_script_enabled=False)
    when_it_says(page, AT, f"confirmed until {long_date(UNTIL)}")

    page.get_by_role("link", name="Renew, change or withdraw it").click()
    page.get_by_label("Your e-mail address").fill(ADDRESS.upper())
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    manage_page = running_site.wait_for_link(ADDRESS, r"/manage/\S+", page)
    page.goto(manage_page)
    page.goto(manage_page)  # a mail scanner looked first: looking changes nothing
    page.get_by_role("link", name="Something has changed").click()
    page.get_by_text("Something has changed").click()
    miss = page.get_by_role("group", name="Miss people")
    miss.get_by_label("Not yet", exact=True).check()
    page.get_by_role("button", name="Renew it with these answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the day")
    day = date.today() + timedelta(days=90)  # noqa: DTZ011
    page.get_by_role("group", name="Miss people").get_by_label("from when?").fill(str(day))
    page.get_by_role("group", name="Miss people").get_by_label("What did you do").fill("No phone.")
    page.get_by_role("button", name="Renew it with these answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    running_site.wait_for_link(ADDRESS, "has been confirmed", page)

    renewed = long_date(UNTIL.replace(year=UNTIL.year + 1))
    when_it_says(page, AT, f"confirmed until {renewed}")
    expect(page.get_by_text(f"Starting by {long_date(day)}")).to_be_visible()
    assert "No phone." not in page.content()

    page.get_by_text("Is this what you found?").click()
    page.locator("input[name=promise][value=welcome]").check()
    page.get_by_role("button", name="Yes, it was so").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")

    page.goto(manage_page)
    page.get_by_role("button", name="Withdraw the promise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your promise is withdrawn")
    when_it_says(page, AT, "", is_gone=True)
    register = page.request.get("/api/pledges/stay-connected/register").json()
    assert NAME not in {signatory["name"] for signatory in register["signatories"]}
