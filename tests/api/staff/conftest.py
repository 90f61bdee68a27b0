"""A service with its staff area, and people who work there."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pyotp
import pytest
from sqlalchemy import update

from api.app import FEATURES
from api.security.encryption import Encryption
from api.staff import people
from api.staff.guard import COOKIE
from api.staff.home import router as staff_home
from api.staff.routes import router
from api.staff.second_factor import CODE_SECONDS
from api.staff.store import StaffMember
from api.store import schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, open_client, project_taxonomy

EMAIL = "jo.canary@example.org"


class Member(msgspec.Struct):
    """One of the staff with a phone; `secret` is known once it is paired."""

    staff: StaffMember
    email: str
    secret: str = ""
    recovery: tuple[str, ...] = ()

    def code(self, service: ServiceUnderTest) -> str:
        return pyotp.TOTP(self.secret, interval=CODE_SECONDS).at(service.clock())


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    catalogue = Catalogue(project_taxonomy())
    async with open_client(
        ServiceUnderTest([router, staff_home], database, encryption, clock, tmp_path, catalogue)
    ) as ready:
        yield ready


@pytest.fixture
async def whole_service(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    """All features of the service at once."""
    catalogue = Catalogue(project_taxonomy())
    async with open_client(
        ServiceUnderTest(FEATURES, database, encryption, clock, tmp_path, catalogue)
    ) as ready:
        yield ready


@pytest.fixture
def own_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of the test's own, for the commands."""
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    (tmp_path / "mkdocs.yml").write_text("theme: {language: en}\n")
    return tmp_path


def add_staff(
    service: ServiceUnderTest, email: str = EMAIL, roles: Sequence[str] = ("moderator",)
) -> Member:
    context = service.context.as_actor("operator test")
    staff = service.database.write_now(
        lambda connection: people.add(connection, "Jo Canary", email, roles, context)
    )
    return Member(staff, email)


async def link_for(service: ServiceUnderTest, email: str) -> str:
    """Ask for a link and return its path out of the letter."""
    answer = await service.client.post("/staff/sign-in", data={"email": email})
    assert answer.status_code == 200
    letters = [letter for letter in await service.letters() if letter.to == email]
    letter = [letter for letter in letters if "/staff/sign-in/" in letter.body][-1]
    return next(
        line.removeprefix(service.settings.base_url)
        for line in letter.body.splitlines()
        if "/staff/sign-in/" in line
    )


async def enter_code_again(service: ServiceUnderTest) -> None:
    """Have all logins as fresh as after a code: what matters most asks for one."""
    fresh = update(schema.staff_login).where(schema.staff_login.c.proven_at.is_not(None))
    now = service.clock()
    await service.database.write(lambda c: c.execute(fresh.values(proven_at=now)))


async def sign_in_until_code(service: ServiceUnderTest, member: Member) -> None:
    """Go as far as the page that asks for the code; pair the phone if that is asked."""
    answer = await service.client.post(await link_for(service, member.email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/code")
    await service.client.get("/staff/code")
    if service.last_page.values["secret"]:
        member.secret = service.last_page.values["secret"].replace(" ", "")


async def sign_in(service: ServiceUnderTest, member: Member) -> str:
    """Sign in, in the half minute after, and return the cookie."""
    service.clock.advance(seconds=CODE_SECONDS)
    await sign_in_until_code(service, member)
    answer = await service.client.post("/staff/code", data={"code": member.code(service)})
    if answer.status_code == 200:  # a phone was paired
        member.recovery = service.last_page.values["codes"]
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    return str(service.client.cookies[COOKIE])
