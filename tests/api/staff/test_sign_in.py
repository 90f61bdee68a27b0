"""Signing in: a link that scanners may open, a code taken once, a login that ends."""

import asyncio

import httpx
import pytest

from api.http.rate_limits import RULES, Limits
from api.mail.letters import Letter
from api.mail.outbox import letter_row
from api.staff import people
from api.staff.guard import COOKIE
from api.staff.second_factor import CODE_SECONDS
from api.staff.sign_in import MAX_OPEN_LINKS, MAX_WRONG_CODES
from api.store import schema
from tests.api.service_under_test import ORIGIN, SAME_ORIGIN, ServiceUnderTest
from tests.api.staff.conftest import EMAIL, add_staff, link_for, sign_in, sign_in_until_code

pytestmark = pytest.mark.anyio


async def test_link_and_code_open_the_staff_area(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))
    answer = await service.client.get("/staff")
    assert answer.status_code == 200
    assert "Jo Canary" in answer.text


async def test_a_reader_who_is_not_signed_in_is_sent_to_sign_in(service: ServiceUnderTest) -> None:
    for path in ("/staff", "/staff/logins", "/staff/people", "/staff/audit", "/staff/code"):
        answer = await service.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in"), path


async def test_a_sender_who_is_not_signed_in_is_told_that_nothing_was_taken(
    service: ServiceUnderTest,
) -> None:
    answer = await service.client.post("/staff/people", data={"name": "Mal"})
    assert answer.status_code == 401
    assert "nothing was changed" in answer.text
    assert service.last_page.values["fields"] == (("name", "Mal"),)
    assert await service.count(schema.staff) == 0


async def test_the_answer_is_the_same_for_a_stranger_and_no_letter_goes(
    service: ServiceUnderTest,
) -> None:
    add_staff(service)
    staff_answer = await service.client.post("/staff/sign-in", data={"email": EMAIL})
    other = await service.client.post("/staff/sign-in", data={"email": "mal@example.org"})
    assert (staff_answer.status_code, staff_answer.text) == (other.status_code, other.text)
    assert [letter.to for letter in await service.letters()] == [EMAIL]


async def test_no_address_at_all_is_told_in_the_form(service: ServiceUnderTest) -> None:
    answer = await service.client.post("/staff/sign-in", data={"email": "jo"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


async def test_looking_at_a_link_changes_nothing(service: ServiceUnderTest) -> None:
    add_staff(service)
    link = await link_for(service, EMAIL)
    before = await service.rows(schema.sign_in_link)
    for method in ("GET", "HEAD", "GET"):
        assert (await service.client.request(method, link)).status_code == 200
    assert await service.rows(schema.sign_in_link) == before
    assert await service.count(schema.staff_login) == 0
    assert (await service.client.post(link)).status_code == 303


async def test_a_link_is_used_once_however_many_try_at_once(service: ServiceUnderTest) -> None:
    add_staff(service)
    link = await link_for(service, EMAIL)
    answers = await asyncio.gather(*(service.client.post(link) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [303, *[410] * 9]
    assert await service.count(schema.staff_login) == 1
    assert (await service.client.get(link)).status_code == 410


async def test_a_link_works_a_quarter_of_an_hour(service: ServiceUnderTest) -> None:
    add_staff(service)
    link = await link_for(service, EMAIL)
    service.clock.advance(minutes=15)
    assert (await service.client.post(link)).status_code == 410


async def test_asking_again_leaves_the_links_before_as_they_were(service: ServiceUnderTest) -> None:
    """Else a stranger who asks in somebody's name could keep them out."""
    add_staff(service)
    links = [await link_for(service, EMAIL) for _ in range(MAX_OPEN_LINKS)]
    for link in reversed(links):
        assert (await service.client.post(link)).status_code == 303
        assert (await service.client.post(link)).status_code == 410


async def test_past_three_links_that_work_no_more_letters_go(service: ServiceUnderTest) -> None:
    add_staff(service)
    first = await link_for(service, EMAIL)
    answers = [
        await service.client.post("/staff/sign-in", data={"email": EMAIL})
        for _ in range(MAX_OPEN_LINKS + 3)
    ]
    assert len(await service.letters()) == MAX_OPEN_LINKS
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert (await service.client.post(first)).status_code == 303
    await link_for(service, EMAIL)  # one was used, so there is room for one
    assert len(await service.letters()) == MAX_OPEN_LINKS + 1


@pytest.mark.parametrize("places", [1, 50])
async def test_however_often_strangers_ask_a_link_that_works_lies_in_the_letters(
    service: ServiceUnderTest, places: int
) -> None:
    """They ask for two hours, from one place or from many, and the limits are the service's own."""
    add_staff(service)
    slow = Limits(rules=RULES, clock=lambda: service.clock().timestamp())
    service.limits.__dict__.update(slow.__dict__)
    for number in range(24):
        place = httpx.ASGITransport(service.app, client=(f"192.0.2.{number % places}", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(
            transport=place, base_url=ORIGIN, headers=SAME_ORIGIN
        ) as stranger:
            for _ in range(3):
                await stranger.post("/staff/sign-in", data={"email": EMAIL})
        links = await service.rows(schema.sign_in_link)
        working = [link for link in links if link.expires_at > service.clock()]
        assert 1 <= len(working) <= MAX_OPEN_LINKS, number
        service.clock.advance(minutes=5)


async def test_the_link_alone_opens_nothing(service: ServiceUnderTest) -> None:
    await sign_in_until_code(service, add_staff(service))
    assert (await service.client.get("/staff")).status_code == 303


async def test_a_code_is_taken_once(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    await sign_in_until_code(service, member)
    answer = await service.client.post("/staff/code", data={"code": member.code(service)})
    assert answer.status_code == 422
    service.clock.advance(seconds=CODE_SECONDS)
    answer = await service.client.post("/staff/code", data={"code": member.code(service)})
    assert answer.status_code == 303


async def test_five_wrong_codes_end_the_login(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in_until_code(service, member)
    for _ in range(MAX_WRONG_CODES):
        wrong = await service.client.post("/staff/code", data={"code": "12 34"})
    assert wrong.status_code == 401  # the fifth ended it
    right = await service.client.post("/staff/code", data={"code": member.code(service)})
    assert right.status_code == 401


async def test_codes_that_are_no_codes_are_wrong_ones(service: ServiceUnderTest) -> None:
    await sign_in_until_code(service, add_staff(service))
    for odd in ("", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 500):
        answer = await service.client.post("/staff/code", data={"code": odd})
        assert answer.status_code == 422, odd


async def test_the_secret_is_shown_until_a_code_of_it_was_and_never_again(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in_until_code(service, member)
    first = member.secret
    await sign_in_until_code(service, member)
    assert member.secret != first  # nobody proved the first
    service.client.cookies.clear()
    await sign_in(service, member)
    await sign_in_until_code(service, member)
    assert service.last_page.values["secret"] == ""


async def test_a_planted_token_is_worth_nothing_after_signing_in(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    service.client.cookies.set(COOKIE, "planted", domain="kith.example.org")
    service.clock.advance(seconds=CODE_SECONDS)
    await service.client.post(await link_for(service, member.email))
    half = service.client.cookies.get(COOKIE, domain="kith.example.org", path="/")
    await service.client.get("/staff/code")
    member.secret = service.last_page.values["secret"].replace(" ", "")
    answer = await service.client.post("/staff/code", data={"code": member.code(service)})
    login_token = answer.cookies[COOKIE]
    assert len({"planted", half, login_token}) == 3
    for old in ("planted", str(half)):
        service.client.cookies.clear()
        answer = await service.client.get("/staff", headers={"cookie": f"{COOKIE}={old}"})
        assert answer.status_code == 303, old


async def test_the_cookie_is_bound_to_this_host_and_to_https(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    answer = await service.client.post(await link_for(service, member.email))
    set_cookie = answer.headers["set-cookie"]
    assert set_cookie.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part.casefold() in set_cookie.casefold()
    assert "domain" not in set_cookie.casefold()


async def test_an_hour_without_a_click_ends_a_login(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))
    service.clock.advance(minutes=59)
    assert (await service.client.get("/staff")).status_code == 200
    service.clock.advance(minutes=59)
    assert (await service.client.get("/staff")).status_code == 200
    service.clock.advance(minutes=60)
    assert (await service.client.get("/staff")).status_code == 303


async def test_twelve_hours_end_a_login_whatever_one_does(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))
    for _ in range(23):
        service.clock.advance(minutes=30)
        assert (await service.client.get("/staff")).status_code == 200
    service.clock.advance(minutes=30)
    assert (await service.client.get("/staff")).status_code == 303


async def test_a_cookie_kept_after_signing_out_opens_nothing(service: ServiceUnderTest) -> None:
    old_token = await sign_in(service, add_staff(service))
    answer = await service.client.post("/staff/sign-out")
    assert answer.status_code == 303
    assert COOKIE not in service.client.cookies
    answer = await service.client.get("/staff", headers={"cookie": f"{COOKIE}={old_token}"})
    assert answer.status_code == 303


async def test_a_login_on_another_device_can_be_ended(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    lost_token = await sign_in(service, member)
    service.client.cookies.clear()
    await sign_in(service, member)
    page = await service.client.get("/staff/logins")
    assert page.status_code == 200
    (other,) = [login for login in service.last_page.values["logins"] if not login.is_current]
    await service.client.post(f"/staff/logins/{other.id}/end")
    assert (await service.client.get("/staff")).status_code == 200
    service.client.cookies.clear()
    answer = await service.client.get("/staff", headers={"cookie": f"{COOKIE}={lost_token}"})
    assert answer.status_code == 303


async def test_nobody_ends_a_colleagues_login(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))
    (row,) = await service.rows(schema.staff_login)
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, "mal@example.org"))
    await service.client.post(f"/staff/logins/{row.id}/end")
    (still,) = [login for login in await service.rows(schema.staff_login) if login.id == row.id]
    assert still.ended_at is None


async def test_whoever_is_disabled_is_out_at_once_and_gets_no_link(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    context = service.context.as_actor("operator test")
    link = await link_for(service, EMAIL)
    service.database.write_now(
        lambda connection: people.disable(connection, member.staff.id, context)
    )
    assert (await service.client.get("/staff")).status_code == 303
    assert (await service.client.post(link)).status_code == 410
    letter_count = len(await service.letters())
    await service.client.post("/staff/sign-in", data={"email": EMAIL})
    assert len(await service.letters()) == letter_count


async def test_nothing_of_it_lies_in_the_store_in_clear(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    token = await sign_in(service, member)
    tables = (schema.staff, schema.sign_in_link, schema.staff_login, schema.audit)
    heap = repr([row for table in tables for row in await service.rows(table)])
    for secret in (token, member.secret, "canary", "Canary"):
        assert secret not in heap


async def test_letters_that_could_not_be_delivered_are_seen_on_the_first_page(
    service: ServiceUnderTest,
) -> None:
    await sign_in(service, add_staff(service))
    assert "could not be delivered" not in (await service.client.get("/staff")).text
    letter = Letter("pledges/confirm", "mary.canary@example.org", "Subject", "Words\n")
    table, row = letter_row(service.encryption, letter, now=service.clock())
    await service.database.insert([(table, {**row, "state": "failed"})])
    page = (await service.client.get("/staff")).text
    assert "1 letter could not be delivered." in page
    assert "canary" not in page
