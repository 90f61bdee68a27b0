"""A content folder and a database made by Kith 0.1 work unchanged: one service runs on a copy.

What is in the copy, and which commit made it, stands in tests/fixtures/from_0_1/README.md.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import msgspec
import pyotp
import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from api.cli import main
from tests.api.conftest import Clock
from tests.service.conftest import (
    ORIGIN,
    ROOT,
    add_theme,
    build,
    opened_context,
    service,
    settings_of,
    tries,
)
from tests.support.read_letters import plain_of

pytestmark = pytest.mark.xdist_group("data of an earlier version")

FIXTURE = ROOT / "tests" / "fixtures" / "from_0_1"
NEXT_MINUTE = datetime(2026, 11, 22, 11, 1, tzinfo=UTC)
"""Half a minute after the last thing that was done with the earlier version."""

STAFF = "jo.fennimore@example.org"
SECRET = "XDOZ25T6XFSJFIXENEUWJ4VUW7XJGOUG"
LOGIN = "__Host-kith-staff=FY_uAWscBr6VX6fw2AGgFIMo5bpk7yvq9hlVEmXeJ8w"
RECOVERY_USED, RECOVERY = "C7DX-KFM6-QXXJ-6D3H", "VDQR-YCQ4-JJTP-FHH9"

SIGN_UPS = {
    "P-87D8-2KHR": ("ann.oldbury@example.org", "On the register", "Renewed."),
    "P-WCC6-JDYH": ("bea.oldbury@example.org", "On the register", "Reminded of it."),
    "P-VGFK-K977": ("ambrose.fennel@example.org", "On the register", "Published it."),
    "P-HYF2-JTWJ": ("dot.oldbury@example.org", "Taken off", "Withdrawn by whoever made it."),
    "P-T7GQ-GXFK": (
        "gil.oldbury@example.org",
        "Taken off",
        "Took it off the register. It has closed.",
    ),
    "P-F79F-3626": ("eve.oldbury@example.org", "Hidden", "Hid it."),
    "P-329C-QKQ3": (
        "fay.oldbury@example.org",
        "Hidden",
        "I own the Blue Lamp",
        "Said that this promise is not right.",
    ),
    "P-YMYG-33FF": (
        "hal.oldbury@example.org",
        "To be read",
        "We put the kettle on while you wait.",
    ),
    "P-XKDW-XWW4": (
        "ida.oldbury@example.org",
        "Asked, waiting for an answer",
        "Who sits at the door on Fridays?",
    ),
    "P-36JW-PFMR": ("jan.oldbury@example.org", "Held", "The same wording as three others."),
    "P-3XGQ-3VRH": (
        "kit.oldbury@example.org",
        "Refused",
        "They are not in our area",
        "Try your own council.",
    ),
    "P-XD6Q-6FTM": ("01632 960777", "To be read", "Quay Street Choir"),
    "P-6KXD-4GH3": ("cal.oldbury@example.org", "Refused", "Tell us who greets people."),
}
"""Each reference with what its page shows: the contact, the state, words of what was decided."""
UNDONE = "P-6KXD-4GH3"

CONFIRM = "/confirm/IRgQUHforwUijP57Vp5weBQl2USp6Rv5S83MpiDQnBg"
MANAGE = "/manage/9zrZhGpYgQ5Tws77txryY7o-8GWLX4mBvmD6TJyLVgk"
CHECK_IN = "/check-in/wer-IMeOZmkM8dR4SyK_9kjzyUsjSKnHYhCY0o4XVyI"
CONNECTOR = "/connectors/me/AdgKWPqiYr_rfXIrg77mXM4HWdqcIpYfR7CbDQrNtio"

OPEN_REQUEST, CLOSED_REQUEST, NEWEST_REQUEST = "R-42D3-W8QK", "R-3M8C-KVCX", "R-DM4X-XK99"
KEY = "a-key-of-the-earlier-version"
ASKED = {
    "who_asks": "myself",
    "name": "Rose Oldbury",
    "reach_by": "phone",
    "reach_at": "01632 960126",
    "safe_when": "when Olive is out",
    "place": "Temeford",
    "matters": "I used to sing in a choir.",
}
OPEN_CORRECTION, ACCEPTED_CORRECTION = "C-29DD-9PDV", "C-T833-PM2D"
COFFEE = "content/activities/tuesday-coffee-morning-at-the-mill.md"


class EarlierInstallation(msgspec.Struct, frozen=True):
    """The copy, run by the service of today."""

    project: Path
    data: Path
    clock: Clock
    visitor: TestClient[Any]

    def kith(self, *words: str) -> str:
        """Run a command on the copy and return what it prints."""
        environ = {"KITH_DATA": str(self.data), "KITH_DATABASE_URL": None}
        result = CliRunner().invoke(main, ["--project", str(self.project), *words], env=environ)
        assert result.exit_code == 0, result.output
        return result.output

    def letters(self) -> list[tuple[str, str]]:
        """Return address and text of every letter that has gone out since."""
        files = sorted((self.data / "mail").glob("*.eml"))
        messages = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [(str(message["to"]), plain_of(message)) for message in messages]

    def letter(self, to: str, pattern: str, besides: Sequence[tuple[str, str]] = ()) -> str:
        """Return what a pattern finds in a letter to somebody, once one goes out `besides` some."""
        for _ in tries():
            for address, text in self.letters():
                fits = address == to and (address, text) not in besides
                if fits and (match := re.search(pattern, text)):
                    return match[0]
        raise AssertionError(f"no letter to {to} holds {pattern}")

    def read(self, path: str, cookie: str = "") -> str:
        answer = self.visitor.get(path, headers={"cookie": cookie} if cookie else {})
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, cookie: str = "", **fields: str) -> Any:
        headers = {"origin": ORIGIN, **({"cookie": cookie} if cookie else {})}
        return self.visitor.post(path, data=fields, headers=headers, follow_redirects=False)

    def registered(self, pledge: str) -> set[str]:
        """Return the names on a pledge's register."""
        answer = self.visitor.get(f"/api/pledges/{pledge}/register").json()
        return {signatory["name"] for signatory in answer["signatories"]}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EarlierInstallation]:
    """Copy the fixture, build its site with the theme of today, and start the service on both."""
    project = tmp_path_factory.mktemp("project")
    data = project / "var"
    shutil.copytree(FIXTURE / "content", project / "content")
    shutil.copytree(FIXTURE / "data", data)
    (data / "keys").chmod(0o600)  # git keeps no mode that closes a file to others
    add_theme(project)
    build(project)
    clock = Clock(NEXT_MINUTE)
    with opened_context(settings_of(project, data), clock) as context:
        app: Any = service(context)
        with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as visitor:
            yield EarlierInstallation(project, data, clock, visitor)


def schema(database: Path) -> set[tuple[str, ...]]:
    """Return what makes every table, index and trigger of a database, and its revision."""
    with closing(sqlite3.connect(database)) as connection:
        objects = {*connection.execute("select type, name, sql from sqlite_master")}
        return objects | {*connection.execute("select version_num from alembic_version")}


def test_the_database_is_migrated_to_what_a_new_one_is(
    earlier: EarlierInstallation, tmp_path: Path
) -> None:
    fresh = tmp_path / "var"
    with opened_context(settings_of(earlier.project, fresh), earlier.clock):
        pass
    kept_schema = schema(earlier.data / "kith.sqlite3")
    assert kept_schema == schema(fresh / "kith.sqlite3")
    shipped = Path(shutil.copy(FIXTURE / "data" / "kith.sqlite3", tmp_path))
    assert ("0012",) in schema(shipped)
    assert ("0012",) not in kept_schema
    assert {row[:2] for row in schema(shipped) if len(row) > 1} <= {row[:2] for row in kept_schema}


def test_commands_read_what_was_kept(earlier: EarlierInstallation) -> None:
    assert "no fault" in earlier.kith("check")
    open_requests = earlier.kith("requests", "list")
    assert OPEN_REQUEST in open_requests
    assert CLOSED_REQUEST not in open_requests
    assert "signposted" in earlier.kith("requests", "list", "--all")
    request_shown = earlier.kith("requests", "show", OPEN_REQUEST)
    assert "Mary Oldbury" in request_shown
    assert "01632 960123, ask for Mary" in request_shown
    assert "I used to sing in a choir." in request_shown
    assert "Marguerite" in earlier.kith("corrections", "show", OPEN_CORRECTION)
    assert "Marrowby" in earlier.kith("gaps", "list")
    assert "A taxi driver in Temeford" in earlier.kith("connectors", "list")
    assert STAFF in earlier.kith("staff", "list")
    assert "each fits" in earlier.kith("audit", "verify")


def test_visitors_and_staff_go_on_where_they_were(earlier: EarlierInstallation) -> None:
    """Registers, links out of old letters, logins, decisions and waiting letters, in one story."""
    assert earlier.registered("stay-connected") == {
        "The Copper Kettle",
        "Larkspur Tea Room",
        "The Mill",
    }
    assert "A taxi driver in Temeford" in earlier.registered("community-connector")
    assert "The Copper Kettle" in earlier.read("/pledges/stay-connected/the-copper-kettle/")
    for slug in ("sallow-lane-stores", "the-blue-lamp-cafe", "the-tilted-sundial"):
        assert earlier.visitor.get(f"/pledges/stay-connected/{slug}/").status_code == 404, slug
    assert_first_answer_again(earlier)
    assert_links_work(earlier)
    assert_login_stands(earlier)
    cookie = signed_in(earlier, code=pyotp.TOTP(SECRET).at(earlier.clock()))
    for reference, facts in SIGN_UPS.items():
        page = earlier.read(f"/staff/sign-ups/{reference}", cookie)
        assert [words for words in facts if words not in page] == [], reference
    assert "Marguerite" in earlier.read(f"/staff/corrections/{OPEN_CORRECTION}", cookie)
    assert "Two chairs by the window" in earlier.read("/staff/keeping", cookie)
    assert "A taxi driver in Temeford" in earlier.read("/staff/connectors", cookie)
    assert CLOSED_REQUEST in earlier.read("/staff/audit", cookie)
    assert_decisions_are_undone(earlier, cookie)
    assert_letters_leave(earlier)
    assert "each fits" in earlier.kith("audit", "verify")


def assert_first_answer_again(earlier: EarlierInstallation) -> None:
    headers = {"idempotency-key": KEY, "origin": ORIGIN}
    repeat = earlier.visitor.post("/api/signposting-requests", json=ASKED, headers=headers)
    assert repeat.status_code == 201
    assert repeat.json()["reference"] == NEWEST_REQUEST
    assert repeat.json()["answer_by"] == "2026-11-24"
    changed = {**ASKED, "matters": "I paint."}
    other = earlier.visitor.post("/api/signposting-requests", json=changed, headers=headers)
    assert other.status_code == 422


def assert_links_work(earlier: EarlierInstallation) -> None:
    assert "Mothlight Books" in earlier.read(CONFIRM)
    assert earlier.post(CONFIRM).status_code == 200
    assert earlier.letter("team@example.org", "has been confirmed by the address it came from")
    assert "Larkspur Tea Room" in earlier.read(MANAGE)
    words = {"how-welcome": "Two chairs are kept for anybody new."}
    assert earlier.post(f"{MANAGE}/words", **words).status_code == 200
    renewed = earlier.post(CHECK_IN, all_as_it_was="yes")
    assert "12 January 2028" in renewed.text
    assert "You completed it on 22 November 2026." in earlier.read(CONNECTOR)


def assert_login_stands(earlier: EarlierInstallation) -> None:
    assert "Jo Fennimore" in earlier.read("/staff", LOGIN)
    assert signed_in(earlier, refused=RECOVERY_USED, recovery=RECOVERY)


def signed_in(earlier: EarlierInstallation, refused: str = "", **proof: str) -> str:
    """Sign in by a letter's link and a proof; `refused` is a recovery code that is tried before."""
    letters_before = earlier.letters()
    assert earlier.post("/staff/sign-in", email=STAFF).status_code == 200
    link = earlier.letter(STAFF, r"/staff/sign-in/\S+", besides=letters_before)
    answer = earlier.post(link)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].partition(";")[0]
    if refused:
        assert earlier.post("/staff/code", cookie, recovery=refused).status_code == 422
    proven = earlier.post("/staff/code", cookie, **proof)
    assert proven.status_code == 303, proven.text
    return str(proven.headers["set-cookie"].partition(";")[0])


def hidden_fields(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'<input\s+type="hidden"\s+name="(version|entry)"\s+value="([^"]*)"', page)
    )


def assert_decisions_are_undone(earlier: EarlierInstallation, cookie: str) -> None:
    refused = f"/staff/sign-ups/{UNDONE}"
    fields = hidden_fields(earlier.read(refused, cookie))
    assert earlier.post(f"{refused}/undo", cookie, **fields).status_code == 303
    assert "Undid the last decision." in earlier.read(refused, cookie)
    entry = earlier.project / COFFEE
    assert "every Tuesday 11:00-12:30" in entry.read_text()
    mended = f"/staff/corrections/{ACCEPTED_CORRECTION}"
    fields = hidden_fields(earlier.read(mended, cookie))
    assert earlier.post(f"{mended}/undo", cookie, **fields).status_code == 303
    assert "every Tuesday 10:30-12:00" in entry.read_text()


def assert_letters_leave(earlier: EarlierInstallation) -> None:
    """Hold that what waited leaves with its text, and a letter of what was undone does not."""
    assert earlier.letter("team@example.org", NEWEST_REQUEST)
    earlier.clock.advance(minutes=10)
    earlier.post("/pledges/manage", contact_email="ann.oldbury@example.org")  # wakes the outbox
    assert earlier.letter("eve.oldbury@example.org", "Sallow Lane Stores")
    assert earlier.letter("ann.oldbury@example.org", r"/manage/\S+")
    assert "cal.oldbury@example.org" not in {to for to, _ in earlier.letters()}
