"""Recovery codes: for a lost phone, each once, never shown again, never kept in clear."""

import pytest

from api.staff import people
from api.staff.people import Acting
from api.staff.recovery_codes import CODES
from api.staff.second_factor import CODE_SECONDS
from api.staff.sign_in import WRONG_CODES_AT_MOST
from api.store import audit, schema
from tests.api.bench import Bench
from tests.api.staff.conftest import add_staff, sign_in, sign_in_until_code

pytestmark = pytest.mark.anyio


async def gives(bench: Bench, code: str) -> int:
    answer = await bench.client.post("/staff/code", data={"recovery": code})
    return answer.status_code


async def test_ten_are_shown_once_when_a_phone_is_paired(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    shown = member.recovery
    assert len(set(shown)) == CODES
    await sign_in(bench, member)
    page = await bench.client.get("/staff/logins")
    assert bench.shown.values["left"] == CODES
    assert not [one for one in shown if one in page.text]
    assert await bench.count(schema.recovery_code) == CODES


async def test_one_stands_in_for_the_phone_once_however_it_is_typed(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    code = member.recovery[3]
    await sign_in_until_code(bench, member)
    assert await gives(bench, f" {code.lower().replace('-', ' ')} ") == 303
    assert (await bench.client.get("/staff")).status_code == 200
    await bench.client.get("/staff/logins")
    assert bench.shown.values["left"] == CODES - 1
    await sign_in_until_code(bench, member)
    assert await gives(bench, code) == 422
    lines = [one for one in await bench.rows(schema.audit) if "recovery" in one.action]
    assert [one.action for one in lines] == [
        "sign_in.recovery_codes_made",
        "sign_in.recovery_code_used",
    ]
    assert '"left":9' in lines[-1].detail
    assert await bench.database.read(audit.verify) is None


async def test_wrong_ones_end_the_login_like_wrong_digits(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    await sign_in_until_code(bench, member)
    for _ in range(WRONG_CODES_AT_MOST):
        await gives(bench, "2222-2222-2222-2222")
    assert await gives(bench, member.recovery[0]) == 401


async def test_nobodys_code_opens_a_colleagues_login(bench: Bench) -> None:
    member, other = add_staff(bench), add_staff(bench, "ann@example.org")
    await sign_in(bench, member)
    bench.client.cookies.clear()
    await sign_in(bench, other)
    await sign_in_until_code(bench, other)
    assert await gives(bench, member.recovery[0]) == 422


async def test_new_ones_are_made_with_a_code_once_more_and_end_the_old(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    old, url = member.recovery, "/staff/logins/recovery-codes"
    assert (await bench.client.post(url, data={"code": "12"})).status_code == 422
    assert (await bench.client.post(url, data={"code": member.code(bench)})).status_code == 422
    bench.clock.passes(seconds=CODE_SECONDS)  # a code is taken once, and that one let them in
    assert (await bench.client.post(url, data={"code": member.code(bench)})).status_code == 200
    fresh = bench.shown.values["codes"]
    assert set(fresh).isdisjoint(old)
    await sign_in_until_code(bench, member)
    assert await gives(bench, old[0]) == 422
    assert await gives(bench, fresh[0]) == 303


async def test_they_go_with_the_phone_that_is_forgotten(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    acting = Acting(bench.encryption, "operator test", bench.clock())
    bench.database.write_now(
        lambda write: people.forget_second_factor(write, member.staff.id, acting)
    )
    assert await bench.count(schema.recovery_code) == 0
    await sign_in_until_code(bench, member)
    assert await gives(bench, member.recovery[0]) == 422


async def test_none_lies_in_the_store_in_clear(bench: Bench) -> None:
    member = add_staff(bench)
    await sign_in(bench, member)
    heap = repr([await bench.rows(table) for table in schema.metadata.sorted_tables])
    for code in member.recovery:
        assert code not in heap
        assert code.replace("-", "") not in heap
