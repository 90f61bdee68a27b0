"""What staff decide about a promise shows on the running site by itself, and goes from it again.

The service is a process of its own, with nobody watching the content and nobody building by hand.
"""

import re
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import msgspec
import pyotp
import pytest

from catalogue.read import load
from tests.service.conftest import ORIGIN, tries
from tests.support.kith_process import KITH, Started, plain_environ, running
from tests.support.read_letters import plain_of

NAME = "The Copper Kettle"
CONTACT = "ann@copperkettle.example.org"
STAFF = "moderator@example.org"
PAGE = "/pledges/stay-connected/the-copper-kettle/"
BADGE = "/embed/stay-connected/the-copper-kettle.svg"
REGISTER = "/api/pledges/stay-connected/register"
SECONDS = 60


class SignedInModerator(msgspec.Struct, frozen=True):
    """A moderator who is signed in to a running service, on its project and its records."""

    service: Started
    project: Path
    records: Path
    client: httpx.Client

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, data=fields)

    def letter_with(self, pattern: str) -> str:
        """Return what a letter holds, once it has come."""
        for _ in tries(20):
            for file in sorted((self.records / "mail").glob("*.eml")):
                letter = message_from_bytes(file.read_bytes(), policy=policy.default)
                if match := re.search(pattern, plain_of(letter)):
                    return match[1]
        raise AssertionError(f"no letter came with {pattern}")

    def decide(self, reference: str, act: str, **fields: str) -> None:
        """Read a sign-up and decide about it."""
        page = self.client.get(f"/staff/sign-ups/{reference}").text
        version = re.search(r'name="version"\s+value="(\d+)"', page)
        assert version is not None
        answer = self.post(f"/staff/sign-ups/{reference}/{act}", version=version[1], **fields)
        assert answer.status_code == 303, answer.text

    def naming(self) -> list[str]:
        """Return every file of site and search index, as served, that names the signatory."""
        release = self.project / "build" / "current"
        return [
            str(file.relative_to(release))
            for part in ("site", "search")
            for file in (release / part).rglob("*")
            if file.is_file() and NAME.encode() in file.read_bytes()
        ]

    def registered(self) -> bool:
        """Say whether the register names the signatory."""
        answer = self.client.get(REGISTER).json()
        return NAME in {signatory["name"] for signatory in answer["signatories"]}

    def shows(self, status: int) -> bool:
        """Wait until the page answers so, and the register with it."""
        for _ in tries(SECONDS, 0.2):
            if self.client.get(PAGE).status_code == status and self.registered() == (status == 200):
                return True
        return False


@pytest.fixture
def staff(own_project: Path, tmp_path: Path) -> Iterator[SignedInModerator]:
    records = tmp_path / "var"
    with (
        running(own_project, records, KITH_BASE_URL=ORIGIN) as service,
        httpx.Client(base_url=service.origin) as client,
    ):
        client.headers["origin"] = service.origin
        staff = SignedInModerator(service, own_project, records, client)
        sign_in(staff)
        yield staff


def sign_in(staff: SignedInModerator) -> None:
    words = ("staff", "add", "Jo Example", STAFF, "--role=moderator")
    environ = {**plain_environ(), "KITH_DATA": str(staff.records)}
    subprocess.run(
        [*KITH, "--project", str(staff.project), *words],
        env=environ, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    staff.post("/staff/sign-in", email=STAFF)
    keep_cookie(staff, staff.post(staff.letter_with(r"(/staff/sign-in/\S+)")))
    page = staff.client.get("/staff/code").text
    secret = re.search(r'<code class="address">([A-Z2-7 ]+)</code>', page)
    assert secret is not None
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    keep_cookie(staff, staff.post("/staff/code", code=code), 200)  # with recovery codes


def keep_cookie(staff: SignedInModerator, answer: httpx.Response, status: int = 303) -> None:
    """Keep the cookie as a browser does on its own machine; httpx sends no `Secure` one by http."""
    assert answer.status_code == status, answer.text
    staff.client.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]


def signed(staff: SignedInModerator) -> str:
    """Sign and confirm as a cafe does; gives the reference."""
    catalogue = load.read_project(staff.project).catalogue
    pledge = catalogue.pledge("stay-connected") if catalogue else None
    assert pledge is not None
    ids = [commitment.id for commitment in pledge.current.commitments]
    body = {
        "signer": "organisation",
        "name": NAME,
        "kind": "cafe",
        "place": "Temeford",
        "contact_email": CONTACT,
        "signer_name": "Ann Canaryfeather",
        "signer_role": "owner",
        "may_sign": "yes",
        "promises": {
            commitment: {"state": "doing", "how": "Ann sits newcomers down."} for commitment in ids
        },
        "version": pledge.current.version,
    }
    answer = staff.client.post("/api/pledges/stay-connected/sign-ups", json=body)
    assert answer.status_code == 202, answer.text
    staff.post(staff.letter_with(r"(/confirm/\S+)"))
    return staff.letter_with(r"Reference: (P-\S+)")


def test_a_promise_is_on_the_site_after_publishing_and_off_it_within_a_minute(
    staff: SignedInModerator,
) -> None:
    reference = signed(staff)
    assert staff.naming() == []
    staff.decide(reference, "publish")
    assert staff.shows(200)
    paths = staff.naming()
    assert f"site{PAGE}index.html" in paths
    assert "site/pledges/stay-connected/index.html" in paths
    assert PAGE in staff.client.get("/sitemap.xml").text
    assert "canaryfeather" not in staff.client.get(PAGE).text.casefold()

    staff.decide(reference, "remove", remove_code="asked_to")
    assert staff.shows(404)
    assert staff.naming() == []  # no page, no search index, no feed, no register, no badge
    assert PAGE not in staff.client.get("/sitemap.xml").text


def test_nobody_waits_for_the_mistake_of_somebody_else(staff: SignedInModerator) -> None:
    """An editor's entry is broken: promises come on the register, and go by their own hand."""
    reference = signed(staff)
    entry = staff.project / "content" / "activities" / "cooking-for-one.md"
    entry.write_text(entry.read_text().replace("kinds:", "kidns:"))
    staff.decide(reference, "publish")
    assert staff.shows(200)
    for _ in tries(SECONDS, 0.2):
        if "cooking-for-one.md" in staff.client.get("/staff/sign-ups").text:
            break
    assert "cooking-for-one.md" in staff.client.get("/staff/sign-ups").text

    staff.post("/pledges/manage", contact_email=CONTACT)
    manage_page = staff.letter_with(r"(/manage/\S+)")
    assert staff.post(f"{manage_page}/withdraw").status_code == 200
    assert staff.shows(404)
    assert staff.naming() == []
    answer = staff.client.get(BADGE)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "image/svg+xml")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert NAME not in answer.text


def test_a_site_that_cannot_be_built_is_told_and_made_up_for(staff: SignedInModerator) -> None:
    reference = signed(staff)
    settings = staff.project / "mkdocs.yml"
    sound = settings.read_text()
    settings.write_text(sound.replace('tiles: ""', 'tiles: "https://tiles.example.org/"'))
    staff.decide(reference, "publish")
    for _ in tries(SECONDS, 0.2):
        if "extra.map.tiles" in staff.client.get("/staff/sign-ups").text:
            break
    page = staff.client.get(f"/staff/sign-ups/{reference}").text
    assert "the site could not be built" in page
    assert "extra.map.tiles" in page
    assert (staff.project / "content" / f"{PAGE.strip('/')}.md").is_file()
    settings.write_text(sound)
    staff.decide(reference, "hide")
    staff.decide(reference, "show")
    assert staff.shows(200)
