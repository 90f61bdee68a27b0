"""What a reviewer does with the pages of corrections, for the tests of them."""

from typing import Any

from api.features.corrections.review.review_page import CorrectionReview
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.corrections.conftest import send_correction
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

URL = "/staff/corrections"
WHEN = "schedule[0].when"
TEN, ELEVEN = "every Tuesday 10:30-12:00", "every Tuesday 11:00-12:30"
LATER = {f"set.{WHEN}": ELEVEN, f"was.{WHEN}": TEN}


async def received(service: ServiceUnderTest, **changes: Any) -> str:
    return str((await send_correction(service, **changes)).json()["reference"])


async def open_one(service: ServiceUnderTest, reference: str) -> CorrectionReview:
    """Read a correction as the reviewer does."""
    answer = await service.client.get(f"{URL}/{reference}")
    assert answer.status_code == 200, answer.text
    review = service.last_page.values["correction"]
    assert isinstance(review, CorrectionReview)
    return review


def hidden_fields(service: ServiceUnderTest) -> dict[str, str]:
    """What the forms of the page shown last carry unseen."""
    context = service.last_page.values
    return {"version": str(context["version"]), "entry": context["entry"]}


async def act(service: ServiceUnderTest, reference: str, name: str, **fields: str) -> Any:
    """Press a button of the page shown last."""
    return await service.client.post(
        f"{URL}/{reference}/{name}", data={**hidden_fields(service), **fields}
    )


async def accepted(service: ServiceUnderTest, **changes: Any) -> str:
    """Say that it has ended, and accept it."""
    reference = await received(service, about="ended", **changes)
    await open_one(service, reference)
    assert (await act(service, reference, "accept")).status_code == 303
    return reference


async def state(service: ServiceUnderTest, reference: str) -> str:
    rows = await service.rows(schema.correction)
    return next(str(row.state) for row in rows if row.reference == reference)


async def actions(service: ServiceUnderTest, reference: str) -> list[str]:
    rows = await service.rows(schema.audit)
    return [row.action.removeprefix("correction.") for row in rows if row.subject == reference]


async def somebody_else(service: ServiceUnderTest, email: str = "ann@example.org") -> str:
    """Sign a second reviewer in; gives the first one's cookie."""
    own_session = str(service.client.cookies[COOKIE])
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, email))
    return own_session


def errors(service: ServiceUnderTest) -> list[tuple[str, str]]:
    return [(error.field, error.message) for error in service.last_page.values["form"].errors]
