"""What a reviewer does at the pages of sign-ups: read one, decide about it."""

from typing import Any

from api.features.pledges.review import decide
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in


async def open_one(service: ServiceUnderTest, reference: str) -> dict[str, Any]:
    """Read a sign-up as the reviewer does; gives what the page was made from."""
    answer = await service.client.get(f"/staff/sign-ups/{reference}")
    assert answer.status_code == 200, answer.text
    return dict(service.last_page.values)


async def act(service: ServiceUnderTest, reference: str, name: str, **fields: str) -> int:
    """Read a sign-up, then decide about it; gives the status of the answer."""
    version = (await open_one(service, reference))["version"]
    return await act_on(service, reference, name, version, **fields)


async def act_on(
    service: ServiceUnderTest, reference: str, name: str, version: int, **inputs: str
) -> int:
    fields = {"version": str(version), **{f"{name}_{part}": word for part, word in inputs.items()}}
    answer = await service.client.post(f"/staff/sign-ups/{reference}/{name}", data=fields)
    return answer.status_code


async def stage(service: ServiceUnderTest, reference: str) -> str:
    sign_up = await service.database.read(
        lambda connection: decide.find_sign_up(connection, reference)
    )
    return sign_up.stage


async def actions(service: ServiceUnderTest) -> list[str]:
    return [row.action for row in await service.rows(schema.audit)]


async def somebody_else(service: ServiceUnderTest) -> str:
    """Sign a second reviewer in; gives the first one's cookie."""
    own_session = str(service.client.cookies[COOKIE])
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, "ann@example.org"))
    return own_session
