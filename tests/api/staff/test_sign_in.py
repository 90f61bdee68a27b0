"""Signing in: a link that scanners may open, a code taken once, a login that ends."""

import asyncio

import httpx
import pytest

from api.http.rate_limits import RULES, Limits
from api.staff import people
from api.staff.guard import COOKIE
from api.staff.people import Acting
from api.staff.second_factor import CODE_SECONDS
from api.staff.sign_in import LINKS_AT_ONCE, WRONG_CODES_AT_MOST
from api.store import schema
from tests.api.bench import FROM_OUR_PAGE, ORIGIN, Bench
from tests.api.staff.conftest import EMAIL, add_staff, link_for, sign_in, sign_in_until_code

pytestmark = pytest.mark.anyio


async def test_link_and_code_open_the_staff_area(bench: Bench) -> None:
    await sign_in(bench, add_staff(bench))
    answer = await bench.client.get("/staff")
    assert answer.status_code == 200
    assert "Jo Canary" in answer.text


async def test_a_reader_who_is_not_signed_in_is_sent_to_sign_in(bench: Bench) -> None:
    for path in ("/staff", "/staff/logins", "/staff/people", "/staff/audit", "/staff/code"):
        answer = await bench.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in"), path


async def test_a_sender_who_is_not_signed_in_is_told_that_nothing_was_taken(bench: Bench) -> None:
    answer = await bench.client.post("/staff/people", data={"name": "Mal"})
    assert answer.status_code == 401
    assert "was not kept" in answer.text
    assert await bench.count(schema.staff) == 0


async def test_the_answer_is_the_same_for_a_stranger_and_no_letter_goes(bench: Bench) -> None:
    add_staff(bench)
    ours = await bench.client.post("/staff/sign-in", data={"email": EMAIL})
    other = await bench.client.post("/staff/sign-in", data={"email": "mal@example.org"})
    assert (ours.status_code, ours.text) == (other.status_code, other.text)
    assert [one.to for one in await bench.letters()] == [EMAIL]


async def test_no_address_at_all_is_told_in_the_form(bench: Bench) -> None:
    answer = await bench.client.post("/staff/sign-in", data={"email": "jo"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


async def test_looking_at_a_link_changes_nothing(bench: Bench) -> None:
    add_staff(bench)
    link = await link_for(bench, EMAIL)
    before = await bench.rows(schema.sign_in_link)
    for method in ("GET", "HEAD", "GET"):
        assert (await bench.client.request(method, link)).status_code == 200
    assert await bench.rows(schema.sign_in_link) == before
    assert await bench.count(schema.staff_login) == 0
    assert (await bench.client.post(link)).status_code == 303


async def test_a_link_is_used_once_however_many_try_at_once(bench: Bench) -> None:
    add_staff(bench)
    link = await link_for(bench, EMAIL)
    answers = await asyncio.gather(*(bench.client.post(link) for _ in range(10)))
    assert sorted(one.status_code for one in answers) == [303, *[410] * 9]
    assert await bench.count(schema.staff_login) == 1
    assert (await bench.client.get(link)).status_code == 410


async def test_a_link_works_a_quarter_of_an_hour(bench: Bench) -> None:
    add_staff(bench)
    link = await link_for(bench, EMAIL)
    bench.clock.passes(minutes=15)
    assert (await bench.client.post(link)).status_code == 410


async def test_asking_again_leaves_the_links_before_as_they_were(bench: Bench) -> None:
    """Else a stranger who asks in somebody's name could keep them out."""
    add_staff(bench)
    links = [await link_for(bench, EMAIL) for _ in range(LINKS_AT_ONCE)]
    for link in reversed(links):
        assert (await bench.client.post(link)).status_code == 303
        assert (await bench.client.post(link)).status_code == 410


async def test_past_three_links_that_work_no_more_letters_go(bench: Bench) -> None:
    add_staff(bench)
    first = await link_for(bench, EMAIL)
    answers = [
        await bench.client.post("/staff/sign-in", data={"email": EMAIL})
        for _ in range(LINKS_AT_ONCE + 3)
    ]
    assert len(await bench.letters()) == LINKS_AT_ONCE
    assert len({(one.status_code, one.text) for one in answers}) == 1
    assert (await bench.client.post(first)).status_code == 303
    await link_for(bench, EMAIL)  # one was used, so there is room for one
    assert len(await bench.letters()) == LINKS_AT_ONCE + 1


@pytest.mark.parametrize("places", [1, 50])
async def test_however_often_strangers_ask_a_link_that_works_lies_in_the_letters(
    bench: Bench, places: int
) -> None:
    """They ask for two hours, from one place or from many, and the limits are the service's own."""
    add_staff(bench)
    slow = Limits(rules=RULES, clock=lambda: bench.clock().timestamp())
    bench.limits.__dict__.update(slow.__dict__)
    for asked in range(24):
        place = httpx.ASGITransport(bench.app, client=(f"192.0.2.{asked % places}", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(
            transport=place, base_url=ORIGIN, headers=FROM_OUR_PAGE
        ) as stranger:
            for _ in range(3):
                await stranger.post("/staff/sign-in", data={"email": EMAIL})
        links = await bench.rows(schema.sign_in_link)
        working = [one for one in links if one.expires_at > bench.clock()]
        assert 1 <= len(working) <= LINKS_AT_ONCE, asked
        bench.clock.passes(minutes=5)


async def test_the_link_alone_opens_nothing(bench: Bench) -> None:
    await sign_in_until_code(bench, add_staff(bench))
    assert (await bench.client.get("/staff")).status_code == 303


async def test_a_code_is_taken_once(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    await sign_in_until_code(bench, member)
    answer = await bench.client.post("/staff/code", data={"code": member.code(bench)})
    assert answer.status_code == 422
    bench.clock.passes(seconds=CODE_SECONDS)
    answer = await bench.client.post("/staff/code", data={"code": member.code(bench)})
    assert answer.status_code == 303


async def test_five_wrong_codes_end_the_login(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in_until_code(bench, member)
    for _ in range(WRONG_CODES_AT_MOST):
        wrong = await bench.client.post("/staff/code", data={"code": "12 34"})
    assert wrong.status_code == 401  # the fifth ended it
    right = await bench.client.post("/staff/code", data={"code": member.code(bench)})
    assert right.status_code == 401


async def test_codes_that_are_no_codes_are_wrong_ones(bench: Bench) -> None:
    await sign_in_until_code(bench, add_staff(bench))
    for odd in ("", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 500):
        answer = await bench.client.post("/staff/code", data={"code": odd})
        assert answer.status_code == 422, odd


async def test_the_secret_is_shown_until_a_code_of_it_was_and_never_again(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in_until_code(bench, member)
    first = member.secret
    await sign_in_until_code(bench, member)
    assert member.secret != first  # nobody proved the first
    bench.client.cookies.clear()
    await sign_in(bench, member)
    await sign_in_until_code(bench, member)
    assert bench.shown.values["secret"] == ""


async def test_a_planted_token_is_worth_nothing_after_signing_in(bench: Bench) -> None:
    member = add_staff(bench)
    bench.client.cookies.set(COOKIE, "planted", domain="kith.example.org")
    bench.clock.passes(seconds=CODE_SECONDS)
    await bench.client.post(await link_for(bench, member.email))
    half = bench.client.cookies.get(COOKIE, domain="kith.example.org", path="/")
    await bench.client.get("/staff/code")
    member.secret = bench.shown.values["secret"].replace(" ", "")
    answer = await bench.client.post("/staff/code", data={"code": member.code(bench)})
    whole = answer.cookies[COOKIE]
    assert len({"planted", half, whole}) == 3
    for old in ("planted", str(half)):
        bench.client.cookies.clear()
        answer = await bench.client.get("/staff", headers={"cookie": f"{COOKIE}={old}"})
        assert answer.status_code == 303, old


async def test_the_cookie_is_bound_to_this_host_and_to_https(bench: Bench) -> None:
    member = add_staff(bench)
    answer = await bench.client.post(await link_for(bench, member.email))
    said = answer.headers["set-cookie"]
    assert said.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part.casefold() in said.casefold()
    assert "domain" not in said.casefold()


async def test_an_hour_without_a_click_ends_a_login(bench: Bench) -> None:
    await sign_in(bench, add_staff(bench))
    bench.clock.passes(minutes=59)
    assert (await bench.client.get("/staff")).status_code == 200
    bench.clock.passes(minutes=59)
    assert (await bench.client.get("/staff")).status_code == 200
    bench.clock.passes(minutes=60)
    assert (await bench.client.get("/staff")).status_code == 303


async def test_twelve_hours_end_a_login_whatever_one_does(bench: Bench) -> None:
    await sign_in(bench, add_staff(bench))
    for _ in range(23):
        bench.clock.passes(minutes=30)
        assert (await bench.client.get("/staff")).status_code == 200
    bench.clock.passes(minutes=30)
    assert (await bench.client.get("/staff")).status_code == 303


async def test_a_cookie_kept_after_signing_out_opens_nothing(bench: Bench) -> None:
    kept = await sign_in(bench, add_staff(bench))
    answer = await bench.client.post("/staff/sign-out")
    assert answer.status_code == 303
    assert COOKIE not in bench.client.cookies
    answer = await bench.client.get("/staff", headers={"cookie": f"{COOKIE}={kept}"})
    assert answer.status_code == 303


async def test_a_login_on_another_device_can_be_ended(bench: Bench) -> None:
    member = add_staff(bench)
    lost = await sign_in(bench, member)
    bench.client.cookies.clear()
    await sign_in(bench, member)
    page = await bench.client.get("/staff/logins")
    assert page.status_code == 200
    (other,) = [one for one in bench.shown.values["logins"] if not one["here"]]
    await bench.client.post(f"/staff/logins/{other['id']}/end")
    assert (await bench.client.get("/staff")).status_code == 200
    bench.client.cookies.clear()
    answer = await bench.client.get("/staff", headers={"cookie": f"{COOKIE}={lost}"})
    assert answer.status_code == 303


async def test_nobody_ends_a_colleagues_login(bench: Bench) -> None:
    await sign_in(bench, add_staff(bench))
    (row,) = await bench.rows(schema.staff_login)
    bench.client.cookies.clear()
    await sign_in(bench, add_staff(bench, "mal@example.org"))
    await bench.client.post(f"/staff/logins/{row.id}/end")
    (still,) = [one for one in await bench.rows(schema.staff_login) if one.id == row.id]
    assert still.ended_at is None


async def test_whoever_is_disabled_is_out_at_once_and_gets_no_link(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    acting = Acting(bench.encryption, "operator test", bench.clock())
    link = await link_for(bench, EMAIL)
    bench.database.write_now(lambda write: people.disable(write, member.staff.id, acting))
    assert (await bench.client.get("/staff")).status_code == 303
    assert (await bench.client.post(link)).status_code == 410
    sent = len(await bench.letters())
    await bench.client.post("/staff/sign-in", data={"email": EMAIL})
    assert len(await bench.letters()) == sent


async def test_nothing_of_it_lies_in_the_store_in_clear(bench: Bench) -> None:
    member = add_staff(bench)
    kept = await sign_in(bench, member)
    tables = (schema.staff, schema.sign_in_link, schema.staff_login, schema.audit)
    heap = repr([row for table in tables for row in await bench.rows(table)])
    for secret in (kept, member.secret, "canary", "Canary"):
        assert secret not in heap
