"""Recovery codes: for a lost phone, each once, never shown again, never kept in clear."""

import pytest

from api.staff import people
from api.staff.second_factor import CODE_SECONDS, RECOVERY_CODES
from api.staff.sign_in import MAX_WRONG_CODES
from api.store import audit, schema
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in, sign_in_until_code

pytestmark = pytest.mark.anyio


async def gives(service: ServiceUnderTest, code: str) -> int:
    answer = await service.client.post("/staff/code", data={"recovery": code})
    return answer.status_code


async def test_ten_are_shown_once_when_a_phone_is_paired(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    codes = member.recovery
    assert len(set(codes)) == RECOVERY_CODES
    await sign_in(service, member)
    page = await service.client.get("/staff/logins")
    assert service.last_page.values["recovery_codes_left"] == RECOVERY_CODES
    assert not [code for code in codes if code in page.text]
    assert await service.count(schema.recovery_code) == RECOVERY_CODES


async def test_one_stands_in_for_the_phone_once_however_it_is_typed(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    code = member.recovery[3]
    await sign_in_until_code(service, member)
    assert await gives(service, f" {code.lower().replace('-', ' ')} ") == 303
    assert (await service.client.get("/staff")).status_code == 200
    await service.client.get("/staff/logins")
    assert service.last_page.values["recovery_codes_left"] == RECOVERY_CODES - 1
    await sign_in_until_code(service, member)
    assert await gives(service, code) == 422
    lines = [row for row in await service.rows(schema.audit) if "recovery" in row.action]
    assert [line.action for line in lines] == [
        "sign_in.recovery_codes_made",
        "sign_in.recovery_code_used",
    ]
    assert '"left":9' in lines[-1].detail
    assert await service.database.read(audit.verify) is None


async def test_wrong_ones_end_the_login_like_wrong_digits(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    await sign_in_until_code(service, member)
    for _ in range(MAX_WRONG_CODES):
        await gives(service, "2222-2222-2222-2222")
    assert await gives(service, member.recovery[0]) == 401


async def test_nobodys_code_opens_a_colleagues_login(service: ServiceUnderTest) -> None:
    member, other = add_staff(service), add_staff(service, "ann@example.org")
    await sign_in(service, member)
    service.client.cookies.clear()
    await sign_in(service, other)
    await sign_in_until_code(service, other)
    assert await gives(service, member.recovery[0]) == 422


async def test_new_ones_are_made_with_a_code_once_more_and_end_the_old(
    service: ServiceUnderTest,
) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    old, url = member.recovery, "/staff/logins/recovery-codes"
    assert (await service.client.post(url, data={"code": "12"})).status_code == 422
    assert (await service.client.post(url, data={"code": member.code(service)})).status_code == 422
    service.clock.advance(seconds=CODE_SECONDS)  # a code is taken once, and that one let them in
    assert (await service.client.post(url, data={"code": member.code(service)})).status_code == 200
    fresh = service.last_page.values["codes"]
    assert set(fresh).isdisjoint(old)
    await sign_in_until_code(service, member)
    assert await gives(service, old[0]) == 422
    assert await gives(service, fresh[0]) == 303


async def test_they_go_with_the_phone_that_is_forgotten(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    context = service.context.as_actor("operator test")
    service.database.write_now(
        lambda connection: people.forget_second_factor(connection, member.staff.id, context)
    )
    assert await service.count(schema.recovery_code) == 0
    await sign_in_until_code(service, member)
    assert await gives(service, member.recovery[0]) == 422


async def test_none_lies_in_the_store_in_clear(service: ServiceUnderTest) -> None:
    member = add_staff(service)
    await sign_in(service, member)
    heap = repr([await service.rows(table) for table in schema.metadata.sorted_tables])
    for code in member.recovery:
        assert code not in heap
        assert code.replace("-", "") not in heap
