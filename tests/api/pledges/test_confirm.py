"""The link in the letter: looking changes nothing, the button counts once."""

import asyncio
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.features.pledges.register import publish
from api.store import schema
from tests.api.pledges.conftest import TAXI, newest_link, sign_by_json
from tests.api.service_under_test import ServiceUnderTest
from tests.support.depth import examples

pytestmark = pytest.mark.anyio


async def all_rows(service: ServiceUnderTest) -> list[Any]:
    """All that the tables say, to be compared."""
    tables = (schema.sign_up, schema.confirmation_token, schema.audit, schema.letter)
    return [tuple(row) for table in tables for row in await service.rows(table)]


async def actions(service: ServiceUnderTest) -> list[str]:
    return [row.action for row in await service.rows(schema.audit)]


async def test_the_link_shows_what_would_be_published(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    page = await service.client.get(await newest_link(service))
    assert page.status_code == 200
    assert "The Wennimere Arms" in page.text
    assert "starting by 31 March 2027" in page.text
    assert "canary" not in page.text.casefold()
    assert page.headers["cache-control"] == "no-store"


async def test_the_button_makes_it_count_and_tells_the_team(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    answer = await service.client.post(await newest_link(service))
    assert answer.status_code == 200
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, row.confirmed_at) == ("confirmed", service.clock())
    assert row.delete_after is None
    notice = (await service.letters())[-1]
    assert notice.to == "team@example.org"
    assert row.reference in notice.body
    assert "canary" not in notice.raw.decode().casefold()


async def test_after_confirming_the_next_steps_are_on_the_page(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    link = await newest_link(service)
    page = (await service.client.post(link)).text
    assert "What happens next" in page
    assert "&lt;kith-register pledge=&#34;connector&#34;&gt;" in page
    assert "Copy" in page
    assert "poster/" not in page
    (row,) = await service.rows(schema.sign_up)
    await asyncio.to_thread(publish.approve, row.reference, service.context, service.catalogue)
    page = (await service.client.get(link)).text
    for address in ("", "poster/", "certificate/"):
        assert (
            f'href="https://kith.example.org/pledges/connector/the-wennimere-arms/{address}"'
            in page
        )
    assert "/embed/connector/the-wennimere-arms.svg" in page


async def test_confirming_twice_shows_the_same_and_changes_nothing(
    service: ServiceUnderTest,
) -> None:
    await sign_by_json(service)
    link = await newest_link(service)
    first = await service.client.post(link)
    before = await all_rows(service)
    service.clock.advance(days=30)
    second = await service.client.post(link)
    assert (second.status_code, second.text) == (first.status_code, first.text)
    assert (await service.client.get(link)).text == first.text
    assert await all_rows(service) == before


async def test_a_hundred_at_once_confirm_it_once(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    link = await newest_link(service)
    answers = await asyncio.gather(*(service.client.post(link) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await actions(service)).count("sign_up.confirmed") == 1
    assert (
        len([letter for letter in await service.letters() if "waits to be read" in letter.subject])
        == 1
    )


async def test_each_of_two_letters_confirms(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    first = await newest_link(service)
    service.clock.advance(hours=1)
    await sign_by_json(service)
    assert (await service.client.post(await newest_link(service))).status_code == 200
    assert (await service.client.post(first)).status_code == 200
    assert (await actions(service)).count("sign_up.confirmed") == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_old_link_a_broken_one_and_an_invented_one_look_alike(
    service: ServiceUnderTest, method: str
) -> None:
    await sign_by_json(service)
    link = await newest_link(service)
    service.clock.advance(days=7, seconds=1)
    pages = [
        await service.client.request(method, path)
        for path in (link, link[:-3], "/confirm/invented", "/confirm/" + "x" * 500)
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1
    assert "/confirm/resend" in pages[0].text
    assert [row.state for row in await service.rows(schema.sign_up)] == ["awaiting_confirmation"]


async def test_a_new_link_can_be_asked_for(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    service.clock.advance(days=8)
    answer = await service.client.post(
        "/confirm/resend", data={"contact_email": " Landlady.Canary@example.org "}
    )
    assert answer.status_code == 200
    assert (await service.client.post(await newest_link(service))).status_code == 200
    (row,) = await service.rows(schema.sign_up)
    assert row.state == "confirmed"


@pytest.mark.parametrize("address", ["nobody@example.org", "", "no address", "x" * 300, "=?x?="])
async def test_asking_for_a_link_tells_nobody_who_signed(
    service: ServiceUnderTest, address: str
) -> None:
    await sign_by_json(service)
    service.clock.advance(hours=1)
    signed_answer = await service.client.post(
        "/confirm/resend", data={"contact_email": "landlady.canary@example.org"}
    )
    unknown = await service.client.post("/confirm/resend", data={"contact_email": address})
    assert (signed_answer.status_code, signed_answer.text) == (unknown.status_code, unknown.text)
    assert len(await service.letters()) == 2


async def test_new_links_end_at_five_letters(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    for _ in range(12):
        service.clock.advance(hours=1)
        await service.client.post(
            "/confirm/resend", data={"contact_email": "landlady.canary@example.org"}
        )
    assert len(await service.letters()) == 5


async def test_a_person_sees_the_name_they_would_stand_under(service: ServiceUnderTest) -> None:
    await sign_by_json(service, TAXI)
    assert (
        "A taxi driver in Temeford" in (await service.client.get(await newest_link(service))).text
    )


async def test_a_pledge_that_is_gone_ends_its_links(service: ServiceUnderTest) -> None:
    from msgspec.structs import replace

    await sign_by_json(service)
    service.catalogue = replace(service.catalogue, pledges=())
    assert (await service.client.post(await newest_link(service))).status_code == 410
    assert (await service.rows(schema.sign_up))[0].state == "awaiting_confirmation"


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
    service: ServiceUnderTest, standing: str, calls: list[tuple[str, str, str]]
) -> None:
    links = await two_links(service, standing)
    before = await all_rows(service)
    for method, letter, suffix in calls:
        answer = await service.client.request(method, links[letter] + suffix)
        is_gone = letter == "invented" or standing == "expired"
        assert answer.status_code == (410 if is_gone else 200)
        assert method == "GET" or answer.content == b""
    assert await all_rows(service) == before


async def two_links(service: ServiceUnderTest, standing: str) -> dict[str, str]:
    """The links of two letters about one sign-up, made once, in the state that is asked."""
    if not await service.count(schema.sign_up):
        await sign_by_json(service)
        service.clock.advance(hours=1)
        await sign_by_json(service)
        if standing == "confirmed":
            await service.client.post(await newest_link(service))
        if standing == "expired":
            service.clock.advance(days=8)
    links = [
        link[0]
        for letter in await service.letters()
        if (link := re.search(r"/confirm/\S+", letter.body))
    ]
    return dict(zip(("first letter", "second letter"), links, strict=True)) | {
        "invented": "/confirm/of-last-year"
    }
