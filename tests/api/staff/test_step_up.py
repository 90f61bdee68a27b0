"""What matters most needs a code of the last minutes, and is told to those it concerns."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.staff import store
from api.staff.guard import CONFIRM_URL, COOKIE
from api.store import schema
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import Member, add_staff, sign_in

pytestmark = pytest.mark.anyio

NEW = {"name": "Sam Example", "email": "sam@example.org", "roles": "moderator"}
HTML = {"accept": "text/html"}


@pytest.fixture
async def admin(service: ServiceUnderTest) -> Member:
    """An admin who signed in a quarter of an hour ago."""
    member = add_staff(service, "admin@example.org", ("admin",))
    await sign_in(service, member)
    service.clock.advance(minutes=15)
    return member


async def staff_count(service: ServiceUnderTest) -> int:
    return len(await service.rows(schema.staff))


async def test_a_stolen_session_lets_nobody_in_or_out(
    service: ServiceUnderTest, admin: Member
) -> None:
    other = add_staff(service, "other@example.org")
    for path, form in (
        ("/staff/people", NEW),
        (f"/staff/people/{other.staff.id}/disable", {}),
        (f"/staff/people/{other.staff.id}/roles", {"roles": "admin"}),
        (f"/staff/people/{other.staff.id}/forget-phone", {}),
    ):
        answer = await service.client.post(path, data=form, headers=HTML)
        assert answer.status_code == 403, path
        assert service.last_page.template == "staff/confirm_code.html"
    assert await staff_count(service) == 2
    (row,) = [row for row in await service.rows(schema.staff) if row.id == other.staff.id]
    assert (row.roles, row.disabled_at) == (("moderator",), None)


async def test_after_a_code_it_is_done_and_told_to_them_and_every_admin(
    service: ServiceUnderTest, admin: Member
) -> None:
    add_staff(service, "second-admin@example.org", ("admin",))
    before = len(await service.letters())
    wrong = await service.client.post(CONFIRM_URL, data={"code": "000000", "next": "/staff/people"})
    assert wrong.status_code == 422
    code = admin.code(service)
    answer = await service.client.post(CONFIRM_URL, data={"code": code, "next": "/staff/people"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/people")
    assert (await service.client.post("/staff/people", data=NEW)).status_code == 303
    letters = (await service.letters())[before:]
    assert {letter.to for letter in letters} == {
        "admin@example.org",
        "second-admin@example.org",
        "sam@example.org",
    }
    assert all("Sam Example" in letter.body for letter in letters)
    assert all("Sam" not in letter.subject for letter in letters)
    service.clock.advance(minutes=11)
    assert (await service.client.post("/staff/people", data=NEW)).status_code == 403


async def test_five_wrong_codes_end_the_login(service: ServiceUnderTest, admin: Member) -> None:
    for _ in range(5):
        await service.client.post(CONFIRM_URL, data={"code": "000000", "next": "/staff/people"})
    answer = await service.client.get("/staff/people")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")


@pytest.mark.parametrize("elsewhere", ["//evil.example.org", "https://evil.example.org", ""])
async def test_after_the_code_nobody_is_led_elsewhere(
    service: ServiceUnderTest, admin: Member, elsewhere: str
) -> None:
    answer = await service.client.post(
        CONFIRM_URL, data={"code": admin.code(service), "next": elsewhere}
    )
    assert answer.headers["location"] == "/staff"


async def test_tables_and_bulk_decisions_need_one_too(whole_service: ServiceUnderTest) -> None:
    service = whole_service
    member = add_staff(service, roles=("coordinator",))
    await sign_in(service, member)
    service.clock.advance(minutes=15)
    for path in ("/staff/gaps/list.csv", "/staff/connectors/list.csv"):
        assert (await service.client.get(path)).status_code == 403
    for path in ("/staff/sign-ups/bulk/start", "/staff/sign-ups/bulk/some-job/undo"):
        assert (await service.client.post(path)).status_code == 403
    await service.client.post(CONFIRM_URL, data={"code": member.code(service), "next": "/staff"})
    assert (await service.client.get("/staff/gaps/list.csv")).status_code == 200


async def test_what_a_stranger_may_have_done_bears_no_name(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    service.client.cookies.delete(COOKIE)
    await service.client.post("/staff/sign-in", data={"email": member.email})
    trail = select(schema.audit.c.action, schema.audit.c.actor).order_by(schema.audit.c.seq)
    lines = await service.database.read(lambda c: [(one[0], one[1]) for one in c.execute(trail)])
    actors = dict(lines)
    assert actors["sign_in.link_sent"] == "visitor"
    assert actors["sign_in.begun"] == "visitor"
    assert actors["sign_in.proven"] == f"staff {member.staff.id}"


async def test_who_tries_to_sign_in_is_told_apart_by_a_digest_of_where_from(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    await service.client.post("/staff/sign-in", data={"email": "nobody@example.org"})
    events = await service.rows(schema.sign_in_event)
    assert {event.action for event in events} == {
        "sign_in.link_sent",
        "sign_in.begun",
        "sign_in.proven",
        "sign_in.refused",
    }
    (source,) = {event.source_lookup for event in events}
    assert source.startswith("test:")
    assert "127.0.0.1" not in source
    later = service.clock.advance(days=31)
    await service.database.write(lambda c: store.delete_expired(c, later - timedelta(days=30)))
    assert await service.rows(schema.sign_in_event) == []
