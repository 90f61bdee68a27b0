"""What a reviewer does with the pages of corrections, for the tests of them."""

from typing import Any

from api.features.corrections.review_page import CorrectionReview
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.bench import Bench
from tests.api.corrections.conftest import says
from tests.api.staff.conftest import add_staff, sign_in

URL = "/staff/corrections"
WHEN = "schedule[0].when"
TEN, ELEVEN = "every Tuesday 10:30-12:00", "every Tuesday 11:00-12:30"
LATER = {f"set.{WHEN}": ELEVEN, f"was.{WHEN}": TEN}


async def received(bench: Bench, **changes: Any) -> str:
    return str((await says(bench, **changes)).json()["reference"])


async def open_one(bench: Bench, reference: str) -> CorrectionReview:
    """Read a correction as the reviewer does."""
    answer = await bench.client.get(f"{URL}/{reference}")
    assert answer.status_code == 200, answer.text
    whole = bench.shown.values["of"]
    assert isinstance(whole, CorrectionReview)
    return whole


def known(bench: Bench) -> dict[str, str]:
    """What the forms of the page shown last carry unseen."""
    context = bench.shown.values
    return {"version": str(context["version"]), "entry": context["entry"]}


async def act(bench: Bench, reference: str, name: str, **said: str) -> Any:
    """Press a button of the page shown last."""
    return await bench.client.post(f"{URL}/{reference}/{name}", data={**known(bench), **said})


async def accepted(bench: Bench, **changes: Any) -> str:
    """Say that it has ended, and accept it."""
    reference = await received(bench, about="ended", **changes)
    await open_one(bench, reference)
    assert (await act(bench, reference, "accept")).status_code == 303
    return reference


async def state(bench: Bench, reference: str) -> str:
    rows = await bench.rows(schema.correction)
    return next(str(row.state) for row in rows if row.reference == reference)


async def actions(bench: Bench, reference: str) -> list[str]:
    rows = await bench.rows(schema.audit)
    return [row.action.removeprefix("correction.") for row in rows if row.subject == reference]


async def somebody_else(bench: Bench, email: str = "ann@example.org") -> str:
    """Sign a second reviewer in; gives the first one's cookie."""
    mine = str(bench.client.cookies[COOKIE])
    bench.client.cookies.clear()
    await sign_in(bench, add_staff(bench, email))
    return mine


def errors(bench: Bench) -> list[tuple[str, str]]:
    return [(one.field, one.message) for one in bench.shown.values["form"].errors]
