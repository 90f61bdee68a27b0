"""Which sign-ups are meant by what staff say: counted, and nothing changed."""

from typing import Any

import httpx
import pytest

from api.features.pledges.bulk import matching
from api.jobs import retention
from api.store import schema
from tests.api.pledges.bulk_pages import BULK, SPAM, WHY, comes, count
from tests.api.pledges.conftest import BOTH, sign_by_json
from tests.api.service_under_test import ORIGIN, ServiceUnderTest
from tests.api.staff.conftest import Member, sign_in

pytestmark = pytest.mark.anyio


@BOTH
async def test_counting_says_how_many_and_changes_nothing(
    service: ServiceUnderTest, boss: Member
) -> None:
    for number in range(22):
        await comes(service, number, "held" if number % 2 else "confirmed", **SPAM)
    await comes(service, 90, "held", domain="good.example.org")
    await comes(service, 91, "awaiting_confirmation", signer="person", name="Mo Canary", **SPAM)
    before = await all_rows(service, schema.sign_up, schema.letter, schema.invalidation)
    page = await service.client.post(BULK, data=SPAM)
    count_shown = service.last_page.values["count"]
    assert count_shown.total == 23
    assert {stage.words: stage.number for stage in count_shown.by_stage} == {
        "Held": 11, "To be read": 11, "Not confirmed yet": 1,
    }  # fmt: skip
    assert [(pledge.words, pledge.number) for pledge in count_shown.by_pledge] == [
        ("Community connector", 23)
    ]
    assert len(count_shown.sample) == matching.SAMPLE
    assert "canary" not in page.text.casefold()
    assert await all_rows(service, schema.sign_up, schema.letter, schema.invalidation) == before
    last = (await service.rows(schema.audit))[-1]
    assert (last.action, last.actor) == ("invalidation.counted", f"staff {boss.staff.id}")
    assert "spam" not in last.detail


async def test_each_condition_finds_its_own_and_all_must_hold(
    service: ServiceUnderTest, boss: Member
) -> None:
    first = await comes(service, 1, "held", name="Ａ Pub", source="192.0.2.1")
    service.clock.advance(hours=24)
    second = await comes(service, 2, "confirmed", name="The a  pub", domain="GOOGLEMAIL.com")
    third = await comes(service, 3, "awaiting_confirmation", name="100% <b>", source="192.0.2.1")
    service.clock.advance(hours=24)
    fourth = await comes(service, 4, "published", signer="person", name="Mo Canary")
    refused = await comes(service, 5, "rejected", name="A pub")
    await sign_in(service, boss)
    everyone = {first, second, third}
    for conditions, expected in (
        ({"pledge": "connector"}, everyone),
        ({"states": "published"}, {fourth}),
        ({"states": ["held", "published"], "domain": "spam.example.org"}, {first, fourth}),
        ({"domain": "@gmail.com"}, {second}),
        ({"domain": "example.org"}, set()),
        ({"name_starts": "a PUB"}, {first}),
        ({"name_contains": "a pub"}, {first, second}),
        ({"name_contains": "%"}, {third}),
        ({"name_contains": "mo canary", "states": "published"}, {fourth}),
        ({"held_why": "too_fast"}, {first}),
        ({"like": first}, {first, third}),
        ({"like": first, "states": "held"}, {first}),
        ({"received_from": "2026-11-23"}, {second, third}),
        ({"received_until": "2026-11-22"}, {first}),
        ({"received_from": "2026-11-23T09:30", "received_until": "2026-11-23"}, everyone - {first}),
        ({"received_until": "2026-11-23T09:30"}, everyone),
        ({"received_until": "2026-11-23T09:29"}, {first}),
        ({"received_from": "2026-11-23T09:31"}, set()),
    ):  # fmt: skip
        matches = await count(service, **conditions)
        assert {sign_up.reference for sign_up in matches.sample} == expected, conditions
        assert matches.total == len(expected)
    assert refused not in everyone


async def test_where_a_sign_up_came_from_is_known_by_its_digest_for_thirty_days(
    service: ServiceUnderTest, boss: Member
) -> None:
    await sign_by_json(service)
    transport = httpx.ASGITransport(service.app, client=("198.51.100.7", 1))  # type: ignore[arg-type]
    headers = {"origin": ORIGIN}
    async with httpx.AsyncClient(
        transport=transport, base_url=ORIGIN, headers=headers
    ) as elsewhere:
        service.client, own_client = elsewhere, service.client
        for name in ("One", "Two"):
            await sign_by_json(service, name=name, contact_email=f"{name}@example.org")
        service.client = own_client
    rows = {row.public_name: row for row in await service.rows(schema.sign_up)}
    assert (await count(service, like=rows["One"].reference)).total == 2
    assert "198.51.100.7" not in str(rows)
    now = service.clock.advance(days=29)
    await sign_in(service, boss)
    await service.database.write(
        lambda connection: retention.erase_due(connection, now, force=True)
    )
    assert (await count(service, like=rows["One"].reference)).total == 2
    now = service.clock.advance(days=1)
    await sign_in(service, boss)
    await service.database.write(
        lambda connection: retention.erase_due(connection, now, force=True)
    )
    assert {row.source_lookup for row in await service.rows(schema.sign_up)} == {None}
    answer = await service.client.post(BULK, data={"like": rows["One"].reference})
    assert (answer.status_code, "thirty days only" in answer.text) == (422, True)


async def test_what_makes_no_sense_is_told_and_counts_nothing(
    service: ServiceUnderTest, boss: Member
) -> None:
    await comes(service, 1)
    long, marked = "x" * 10_000, "<script>alert(1)</script>"
    for conditions, field in (
        ({}, ""),
        ({"pledge": ""}, ""),
        ({"pledge": "no-such-pledge"}, "pledge"),
        ({"pledge": marked}, "pledge"),
        ({"states": "crowned"}, "states"),
        ({"states": ["held", "rejected"]}, "states"),
        ({"received_from": "2026-11-23", "received_until": "2026-11-21"}, "received_until"),
        ({"received_from": "tomorrow"}, "received_from"),
        ({"received_from": "0001-01-01"}, "received_from"),
        ({"received_until": "9999-12-31T23:59"}, "received_until"),
        ({"received_until": "2026-11-21T10:00+01:00"}, "received_until"),
        ({"domain": "nonsense"}, "domain"),
        ({"domain": marked}, "domain"),
        ({"domain": long}, "domain"),
        ({"name_starts": long}, "name_starts"),
        ({"name_contains": "a\u202eb"}, "name_contains"),
        ({"held_why": marked}, "held_why"),
        ({"like": "P-2222-2222"}, "like"),
        ({"like": "P-2222-222Q"}, "like"),
        ({"like": long}, "like"),
    ):
        answer = await service.client.post(BULK, data=conditions)
        assert answer.status_code == 422, conditions
        assert [error.field for error in service.last_page.values["form"].errors] == [field], (
            conditions
        )
        assert marked not in answer.text
        answer = await service.client.post(
            f"{BULK}/start", data={**conditions, **WHY, "seen": "1-x"}
        )
        assert answer.status_code == 422, conditions
    matches = await count(service, name_contains=marked)
    assert matches.total == 0
    answer = await service.client.get(BULK, params={"like": marked[:40]})
    assert (answer.status_code, marked[:40] in answer.text) == (200, False)
    assert await service.rows(schema.invalidation) == []
    assert (await service.client.get(f"{BULK}/{'0' * 32}")).status_code == 404


async def all_rows(service: ServiceUnderTest, *tables: Any) -> list[Any]:
    return [sorted(map(tuple, await service.rows(table)), key=str) for table in tables]
