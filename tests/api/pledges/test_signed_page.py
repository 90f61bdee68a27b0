"""The page after signing: a slip in the address is put right there, by who just signed alone."""

import pytest

from tests.api.bench import Bench
from tests.api.pledges.conftest import PUB, began, filled, newest_link

pytestmark = pytest.mark.anyio


async def test_a_slip_in_the_address_is_put_right_and_the_first_link_ends(bench: Bench) -> None:
    answer = await filled(bench)
    wrong = await newest_link(bench)
    page = answer.headers["location"]
    told = await bench.client.post(page, data={"contact_email": "right.canary@example.org"})
    assert told.status_code == 200
    letters = await bench.letters()
    assert [one.to for one in letters] == [PUB["contact_email"], "right.canary@example.org"]
    assert (await bench.client.get(wrong)).status_code == 410
    assert (await bench.client.post(await newest_link(bench))).status_code == 200


@pytest.mark.parametrize("case", ["too late", "another's page", "confirmed", "no address", "same"])
async def test_an_address_is_put_right_only_by_who_just_signed(bench: Bench, case: str) -> None:
    answer = await filled(bench)
    page, link = answer.headers["location"], await newest_link(bench)
    typed = "right.canary@example.org"
    if case == "too late":
        bench.clock.passes(hours=25)
    if case == "another's page":
        page = page.rpartition("/")[0] + "/" + began(bench)
    if case == "confirmed":
        await bench.client.post(link)
    if case == "no address":
        typed = "canary"
    if case == "same":
        typed = PUB["contact_email"].upper()
    before = [one.to for one in await bench.letters()]
    told = await bench.client.post(page, data={"contact_email": typed})
    assert told.status_code == 200
    assert [one.to for one in await bench.letters()] == before
    assert (await bench.client.get(link)).status_code == 200
