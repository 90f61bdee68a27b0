"""The page after signing: a wrong address is put right there, by who just signed alone."""

import pytest

from tests.api.pledges.conftest import PUB, newest_link, sign_by_form, signed_timestamp_fields
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def test_a_slip_in_the_address_is_put_right_and_the_first_link_ends(
    service: ServiceUnderTest,
) -> None:
    answer = await sign_by_form(service)
    wrong = await newest_link(service)
    page = answer.headers["location"]
    page_answer = await service.client.post(
        page, data={"contact_email": "right.canary@example.org"}
    )
    assert page_answer.status_code == 200
    letters = await service.letters()
    assert [letter.to for letter in letters] == [PUB["contact_email"], "right.canary@example.org"]
    assert (await service.client.get(wrong)).status_code == 410
    assert (await service.client.post(await newest_link(service))).status_code == 200


async def test_a_letter_that_still_waits_for_a_wrong_address_does_not_leave(
    service: ServiceUnderTest,
) -> None:
    answer = await sign_by_form(service)
    page_answer = await service.client.post(
        answer.headers["location"], data={"contact_email": "right.canary@example.org"}
    )
    assert page_answer.status_code == 200
    assert [letter.to for letter in await service.letters()] == ["right.canary@example.org"]


@pytest.mark.parametrize("case", ["too late", "another's page", "confirmed", "no address", "same"])
async def test_an_address_is_put_right_only_by_who_just_signed(
    service: ServiceUnderTest, case: str
) -> None:
    answer = await sign_by_form(service)
    page, link = answer.headers["location"], await newest_link(service)
    typed = "right.canary@example.org"
    if case == "too late":
        service.clock.advance(hours=25)
    if case == "another's page":
        page = page.rpartition("/")[0] + "/" + signed_timestamp_fields(service)
    if case == "confirmed":
        await service.client.post(link)
    if case == "no address":
        typed = "canary"
    if case == "same":
        typed = PUB["contact_email"].upper()
    before = [letter.to for letter in await service.letters()]
    page_answer = await service.client.post(page, data={"contact_email": typed})
    assert page_answer.status_code == 200
    assert [letter.to for letter in await service.letters()] == before
    assert (await service.client.get(link)).status_code == 200
