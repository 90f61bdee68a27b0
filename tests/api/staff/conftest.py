"""A service with its staff area, and people who work there."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pyotp
import pytest

from api.app import FEATURES
from api.security.encryption import Encryption
from api.staff import people
from api.staff.guard import COOKIE
from api.staff.home import router as staff_home
from api.staff.people import Acting
from api.staff.routes import router
from api.staff.second_factor import CODE_SECONDS
from api.staff.store import Staff
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.bench import Bench, closed_lists, opened
from tests.api.conftest import Clock

EMAIL = "jo.canary@example.org"


class Member(msgspec.Struct):
    """One of the staff with a phone; `secret` is known once it is paired."""

    staff: Staff
    email: str
    secret: str = ""
    recovery: tuple[str, ...] = ()

    def code(self, bench: Bench) -> str:
        return pyotp.TOTP(self.secret, interval=CODE_SECONDS).at(bench.clock())


@pytest.fixture
async def bench(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[Bench]:
    catalogue = Catalogue(closed_lists())
    async with opened(
        Bench([router, staff_home], database, encryption, clock, tmp_path, catalogue)
    ) as ready:
        yield ready


@pytest.fixture
async def whole(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[Bench]:
    """All features of the service at once."""
    catalogue = Catalogue(closed_lists())
    async with opened(Bench(FEATURES, database, encryption, clock, tmp_path, catalogue)) as ready:
        yield ready


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of the test's own, for the commands."""
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    (tmp_path / "mkdocs.yml").write_text("theme: {language: en}\n")
    return tmp_path


def add_staff(bench: Bench, email: str = EMAIL, roles: Sequence[str] = ("moderator",)) -> Member:
    acting = Acting(bench.encryption, "operator test", bench.clock())
    staff = bench.database.write_now(
        lambda write: people.add(write, "Jo Canary", email, roles, acting)
    )
    return Member(staff, email)


async def link_for(bench: Bench, email: str) -> str:
    """Ask for a link and return its path out of the letter."""
    answer = await bench.client.post("/staff/sign-in", data={"email": email})
    assert answer.status_code == 200
    letter = [one for one in await bench.letters() if one.to == email][-1]
    return next(
        line.removeprefix(bench.settings.base_url)
        for line in letter.body.splitlines()
        if "/staff/sign-in/" in line
    )


async def sign_in_until_code(bench: Bench, member: Member) -> None:
    """Go as far as the page that asks for the code; pair the phone if that is asked."""
    answer = await bench.client.post(await link_for(bench, member.email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/code")
    await bench.client.get("/staff/code")
    if bench.shown.values["secret"]:
        member.secret = bench.shown.values["secret"].replace(" ", "")


async def sign_in(bench: Bench, member: Member) -> str:
    """Sign in, in the half minute after, and return the cookie."""
    bench.clock.passes(seconds=CODE_SECONDS)
    await sign_in_until_code(bench, member)
    answer = await bench.client.post("/staff/code", data={"code": member.code(bench)})
    if answer.status_code == 200:  # a phone was paired
        member.recovery = bench.shown.values["codes"]
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    return str(bench.client.cookies[COOKIE])
