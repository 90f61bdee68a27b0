"""What matters most needs a code of the last minutes, and is told to those it concerns."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from api.staff import store
from api.staff.guard import CODE_FIELD, CONFIRM_URL, COOKIE
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


class SentAgain(HTMLParser):
    """The unseen fields of the one form of a page that bears any, and where it is sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.actions: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.actions.append(given.get("action"))
        if tag == "input" and given.get("type") == "hidden":
            self.fields.append((given["name"] or "", given["value"] or ""))


TYPED = [
    ("name", '  Sam "the" <Exämple> & Söhne\n\nsecond line  '),
    ("email", "sam@example.org"),
    ("empty", ""),
    *(("roles", role) for role in ("moderator", "coordinator")),
    *(("row", f"P-{number:04}") for number in range(20)),
]


async def post_fields(
    service: ServiceUnderTest, path: str, fields: list[tuple[str, str]]
) -> httpx.Response:
    """Send a form whose names come more than once, as a browser does."""
    headers = {**HTML, "content-type": "application/x-www-form-urlencoded"}
    return await service.client.post(path, content=urlencode(fields), headers=headers)


async def test_what_was_typed_and_ticked_goes_on_with_the_code(
    service: ServiceUnderTest, admin: Member
) -> None:
    asked = await post_fields(service, "/staff/people", TYPED)
    assert (asked.status_code, SentAgain(asked.text).fields) == (403, TYPED)
    assert SentAgain(asked.text).actions[-1] is None  # the address of the page itself
    wrong = await post_fields(service, "/staff/people", [*TYPED, (CODE_FIELD, "000000")])
    assert (wrong.status_code, SentAgain(wrong.text).fields) == (422, TYPED)
    assert "That is not the code" in wrong.text
    assert "000000" not in wrong.text
    assert await staff_count(service) == 1
    right = [*SentAgain(wrong.text).fields, (CODE_FIELD, admin.code(service))]
    done = await post_fields(service, "/staff/people", right)
    assert (done.status_code, done.headers["location"]) == (303, "/staff/people")
    (new,) = [row for row in await service.rows(schema.staff) if row.id != admin.staff.id]
    assert new.roles == ("moderator", "coordinator")
    again = await post_fields(service, "/staff/people", right)
    assert again.status_code == 422  # the login is fresh, and nobody is added twice
    assert await staff_count(service) == 2


async def test_a_page_of_another_site_sends_nothing_on(
    service: ServiceUnderTest, admin: Member
) -> None:
    code = admin.code(service)
    foreign = {**HTML, "origin": "https://evil.example.org"}
    fields = {**NEW, CODE_FIELD: code}
    answer = await service.client.post("/staff/people", data=fields, headers=foreign)
    assert answer.status_code == 403
    assert "Sam Example" not in answer.text
    assert await staff_count(service) == 1
    assert (await service.client.post("/staff/people", data=fields)).status_code == 303


async def test_five_wrong_codes_end_the_login_and_lose_nothing(
    service: ServiceUnderTest, admin: Member
) -> None:
    page = await post_fields(service, "/staff/people", TYPED)
    for _ in range(6):
        fields = [*SentAgain(page.text).fields, (CODE_FIELD, "000000")]
        page = await post_fields(service, "/staff/people", fields)
    assert (page.status_code, SentAgain(page.text).fields) == (401, TYPED)
    assert await staff_count(service) == 1
    await sign_in(service, admin)
    done = await post_fields(service, "/staff/people", SentAgain(page.text).fields)
    assert done.status_code == 303
    assert await staff_count(service) == 2


async def test_a_login_that_ended_meanwhile_loses_nothing(
    service: ServiceUnderTest, admin: Member
) -> None:
    page = await post_fields(service, "/staff/people", TYPED)
    service.clock.advance(hours=13)
    fields = [*SentAgain(page.text).fields, (CODE_FIELD, admin.code(service))]
    signed_out = await post_fields(service, "/staff/people", fields)
    assert (signed_out.status_code, SentAgain(signed_out.text).fields) == (401, TYPED)
    assert await staff_count(service) == 1


async def test_no_code_and_no_token_comes_back_from_a_form_of_ones_own_login(
    service: ServiceUnderTest,
) -> None:
    for path in (CONFIRM_URL, "/staff/logins/recovery-codes"):
        answer = await service.client.post(path, data={"code": "123456"}, headers=HTML)
        assert answer.status_code == 401
        assert "123456" not in answer.text


async def test_too_many_codes_lose_nothing(service: ServiceUnderTest, admin: Member) -> None:
    service.enable_rate_limits()
    while service.limits.has_room("codes_of_staff", admin.staff.id):
        pass
    fields = [*TYPED, (CODE_FIELD, admin.code(service))]
    answer = await post_fields(service, "/staff/people", fields)
    assert (answer.status_code, SentAgain(answer.text).fields) == (422, TYPED)
    assert "Please wait a minute" in answer.text


async def test_who_lacks_the_role_is_noted_with_a_digest_of_where_from(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    assert (await service.client.post("/staff/people", data=NEW)).status_code == 403
    (event,) = [
        row for row in await service.rows(schema.sign_in_event) if row.action == "staff.refused"
    ]
    assert (event.staff_id, event.source_lookup[:5]) == (member.staff.id, "test:")
    (line,) = [row for row in await service.rows(schema.audit) if row.action == "staff.refused"]
    assert (line.actor, line.subject) == (f"staff {member.staff.id}", member.staff.id)


async def test_what_a_table_was_filtered_by_is_there_after_the_code(
    whole_service: ServiceUnderTest,
) -> None:
    service = whole_service
    member = add_staff(service, roles=("coordinator",))
    await sign_in(service, member)
    service.clock.advance(minutes=15)
    query = "sort=times&since=2026-01"
    asked = await service.client.get(f"/staff/gaps/list.csv?{query}", headers=HTML)
    assert SentAgain(asked.text).fields[-1] == ("next", f"/staff/gaps?{query}")
    body = {"code": member.code(service), "next": f"/staff/gaps?{query}"}
    answer = await service.client.post(CONFIRM_URL, data=body)
    assert answer.headers["location"] == f"/staff/gaps?{query}"


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
    add_staff(service, "admin@example.org", ("admin",))
    assert (await service.client.get("/staff/gaps/list.csv")).status_code == 200
    told = [letter.to for letter in await service.letters() if "the table of gaps" in letter.body]
    assert sorted(told) == ["admin@example.org", member.email]


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
