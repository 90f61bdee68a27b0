"""The link in the letter: looking changes nothing, the button counts once."""

import asyncio
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store import schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import TAXI, newest_link, signs
from tests.support.depth import examples

pytestmark = pytest.mark.anyio


async def held(bench: Bench) -> list[Any]:
    """All that the tables say, to be compared."""
    tables = (schema.sign_up, schema.confirmation_token, schema.audit, schema.letter)
    return [tuple(row) for table in tables for row in await bench.rows(table)]


async def actions(bench: Bench) -> list[str]:
    return [row.action for row in await bench.rows(schema.audit)]


async def test_the_link_shows_what_would_be_published(bench: Bench) -> None:
    await signs(bench)
    page = await bench.client.get(await newest_link(bench))
    assert page.status_code == 200
    assert "The Wennimere Arms" in page.text
    assert "starting by 31 March 2027" in page.text
    assert "canary" not in page.text.casefold()
    assert page.headers["cache-control"] == "no-store"


async def test_the_button_makes_it_count_and_tells_the_team(bench: Bench) -> None:
    await signs(bench)
    answer = await bench.client.post(await newest_link(bench))
    assert answer.status_code == 200
    (row,) = await bench.rows(schema.sign_up)
    assert (row.state, row.confirmed_at) == ("confirmed", bench.clock())
    assert row.delete_after is None
    notice = (await bench.letters())[-1]
    assert notice.to == "team@example.org"
    assert row.reference in notice.body
    assert "canary" not in notice.raw.decode().casefold()


async def test_confirming_twice_shows_the_same_and_changes_nothing(bench: Bench) -> None:
    await signs(bench)
    link = await newest_link(bench)
    first = await bench.client.post(link)
    before = await held(bench)
    bench.clock.passes(days=30)
    second = await bench.client.post(link)
    assert (second.status_code, second.text) == (first.status_code, first.text)
    assert (await bench.client.get(link)).text == first.text
    assert await held(bench) == before


async def test_a_hundred_at_once_confirm_it_once(bench: Bench) -> None:
    await signs(bench)
    link = await newest_link(bench)
    answers = await asyncio.gather(*(bench.client.post(link) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await actions(bench)).count("sign_up.confirmed") == 1
    assert len([one for one in await bench.letters() if "waits to be read" in one.subject]) == 1


async def test_each_of_two_letters_confirms(bench: Bench) -> None:
    await signs(bench)
    first = await newest_link(bench)
    bench.clock.passes(hours=1)
    await signs(bench)
    assert (await bench.client.post(await newest_link(bench))).status_code == 200
    assert (await bench.client.post(first)).status_code == 200
    assert (await actions(bench)).count("sign_up.confirmed") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_old_link_a_broken_one_and_an_invented_one_look_alike(
    bench: Bench, method: str
) -> None:
    await signs(bench)
    link = await newest_link(bench)
    bench.clock.passes(days=7, seconds=1)
    pages = [
        await bench.client.request(method, path)
        for path in (link, link[:-3], "/confirm/invented", "/confirm/" + "x" * 500)
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1
    assert "/confirm/resend" in pages[0].text
    assert [row.state for row in await bench.rows(schema.sign_up)] == ["awaiting_confirmation"]


async def test_a_new_link_can_be_asked_for(bench: Bench) -> None:
    await signs(bench)
    bench.clock.passes(days=8)
    asked = await bench.client.post(
        "/confirm/resend", data={"contact_email": " Landlady.Canary@example.org "}
    )
    assert asked.status_code == 200
    assert (await bench.client.post(await newest_link(bench))).status_code == 200
    (row,) = await bench.rows(schema.sign_up)
    assert row.state == "confirmed"


@pytest.mark.parametrize("address", ["nobody@example.org", "", "no address", "x" * 300, "=?x?="])
async def test_asking_for_a_link_tells_nobody_who_signed(bench: Bench, address: str) -> None:
    await signs(bench)
    bench.clock.passes(hours=1)
    known = await bench.client.post(
        "/confirm/resend", data={"contact_email": "landlady.canary@example.org"}
    )
    unknown = await bench.client.post("/confirm/resend", data={"contact_email": address})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(await bench.letters()) == 2


async def test_new_links_end_at_five_letters(bench: Bench) -> None:
    await signs(bench)
    for _ in range(12):
        bench.clock.passes(hours=1)
        await bench.client.post(
            "/confirm/resend", data={"contact_email": "landlady.canary@example.org"}
        )
    assert len(await bench.letters()) == 5


async def test_a_person_sees_the_name_they_would_stand_under(bench: Bench) -> None:
    await signs(bench, TAXI)
    assert "A taxi driver in Temeford" in (await bench.client.get(await newest_link(bench))).text


async def test_a_pledge_that_is_gone_ends_its_links(bench: Bench) -> None:
    from msgspec.structs import replace

    await signs(bench)
    bench.catalogue = replace(bench.catalogue, pledges=())
    assert (await bench.client.post(await newest_link(bench))).status_code == 410
    assert (await bench.rows(schema.sign_up))[0].state == "awaiting_confirmation"


LOOK = st.tuples(
    st.sampled_from(["GET", "HEAD"]),
    st.sampled_from(["first letter", "second letter", "invented"]),
    st.sampled_from(["", "?seen=1", "/", "?utm_source=scanner", "#button"]),
)


@pytest.mark.parametrize("standing", ["awaiting confirmation", "confirmed", "expired"])
@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(calls=st.lists(LOOK, min_size=1, max_size=25))
async def test_looking_in_any_order_changes_nothing(
    bench: Bench, standing: str, calls: list[tuple[str, str, str]]
) -> None:
    links = await two_links(bench, standing)
    before = await held(bench)
    for method, letter, suffix in calls:
        answer = await bench.client.request(method, links[letter] + suffix)
        gone = letter == "invented" or standing == "expired"
        assert answer.status_code == (410 if gone else 200)
        assert method == "GET" or answer.content == b""
    assert await held(bench) == before


async def two_links(bench: Bench, standing: str) -> dict[str, str]:
    """The links of two letters about one sign-up, made once, in the state that is asked."""
    if not await bench.count(schema.sign_up):
        await signs(bench)
        bench.clock.passes(hours=1)
        await signs(bench)
        if standing == "confirmed":
            await bench.client.post(await newest_link(bench))
        if standing == "expired":
            bench.clock.passes(days=8)
    found = [
        link[0]
        for letter in await bench.letters()
        if (link := re.search(r"/confirm/\S+", letter.body))
    ]
    return dict(zip(("first letter", "second letter"), found, strict=True)) | {
        "invented": "/confirm/of-last-year"
    }
