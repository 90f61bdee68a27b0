"""What a reviewer does at the pages of sign-ups: read one, decide about it."""

from typing import Any

from api.features.pledges.review import decide
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.bench import Bench
from tests.api.staff.conftest import add_staff, sign_in


async def open_one(bench: Bench, reference: str) -> dict[str, Any]:
    """Read a sign-up as the reviewer does; gives what the page was made from."""
    answer = await bench.client.get(f"/staff/sign-ups/{reference}")
    assert answer.status_code == 200, answer.text
    return dict(bench.shown.values)


async def act(bench: Bench, reference: str, name: str, **said: str) -> int:
    """Read a sign-up, then decide about it; gives the status of the answer."""
    version = (await open_one(bench, reference))["version"]
    return await act_on(bench, reference, name, version, **said)


async def act_on(bench: Bench, reference: str, name: str, version: int, **said: str) -> int:
    fields = {"version": str(version), **{f"{name}_{part}": word for part, word in said.items()}}
    answer = await bench.client.post(f"/staff/sign-ups/{reference}/{name}", data=fields)
    return answer.status_code


async def stage(bench: Bench, reference: str) -> str:
    found = await bench.database.read(lambda look: decide.sign_up(look, reference))
    return found.stage


async def actions(bench: Bench) -> list[str]:
    return [row.action for row in await bench.rows(schema.audit)]


async def somebody_else(bench: Bench) -> str:
    """Sign a second reviewer in; gives the first one's cookie."""
    mine = str(bench.client.cookies[COOKIE])
    bench.client.cookies.clear()
    await sign_in(bench, add_staff(bench, "ann@example.org"))
    return mine
