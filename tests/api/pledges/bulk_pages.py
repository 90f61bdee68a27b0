"""What a coordinator does at the pages that invalidate many: count, begin, look how far it is."""

from typing import Any

import httpx

from api.features.pledges.bulk import store
from api.features.pledges.bulk.background import run_batch
from api.features.pledges.review import decide
from tests.api.pledges.conftest import context_of
from tests.api.pledges.many_sign_ups import make_sign_up
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import enter_code_again

BULK = "/staff/sign-ups/bulk"

SPAM = {"domain": "spam.example.org"}

WHY = {"refused_why": "made_up", "removed_why": "made_up"}


async def comes(service: ServiceUnderTest, number: int, state: str = "held", **changes: str) -> str:
    new, row = make_sign_up(context_of(service), number, state, **changes)
    await service.database.insert([row])
    return new.reference


async def find_sign_up(service: ServiceUnderTest, reference: str) -> Any:
    return await service.database.read(
        lambda connection: decide.find_sign_up(connection, reference)
    )


async def count(service: ServiceUnderTest, **conditions: Any) -> Any:
    """Count as staff do; gives what the page was made from."""
    answer = await service.client.post(BULK, data=conditions)
    assert answer.status_code == 200, answer.text
    return service.last_page.values["count"]


async def start(service: ServiceUnderTest, count_shown: Any, **fields: Any) -> httpx.Response:
    """Press the button of the page that shows what was counted."""
    await enter_code_again(service)
    hidden_fields = {"at": count_shown.at, "seen": count_shown.seen}
    return await service.client.post(f"{BULK}/start", data={**hidden_fields, **fields})


async def count_and_start(service: ServiceUnderTest, **conditions: Any) -> str:
    """Count and begin; gives the path of the job's page."""
    answer = await start(service, await count(service, **conditions), **conditions, **WHY)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def became(service: ServiceUnderTest, path: str) -> dict[str, int]:
    job_id = path.rpartition("/")[2]
    return await service.database.read(lambda connection: store.counts(connection, job_id))


async def works_on(service: ServiceUnderTest) -> None:
    """Do all batches, a second apart."""
    while await run_batch(service.context):
        service.clock.advance(seconds=1)
