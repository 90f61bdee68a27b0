"""What visitors say of a promise: a number a month, once a day and device, and a look by staff."""

from datetime import timedelta
from typing import Any

import pytest

from api.features.renewals.feedback.routes import DailyFeedbackLimit
from api.store import schema
from tests.api.conftest import START
from tests.api.renewals.conftest import read_entry, reload_catalogue
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio
PATH = "/was-it-true/connector/the-wennimere-arms"


async def send_feedback(
    service: ServiceUnderTest, answer: str, phone: str = "one", commitment: str = "listen"
) -> Any:
    return await service.client.post(PATH, data={commitment: answer}, headers={"user-agent": phone})


async def feedback_rows(service: ServiceUnderTest) -> list[tuple[str, str, int, int]]:
    rows = await service.rows(schema.was_it_true)
    return sorted((row.month, row.commitment, row.yes, row.no) for row in rows)


async def test_a_device_counts_once_a_day_for_each_commitment(service: ServiceUnderTest) -> None:
    for phone in ("one", "one", "two"):
        answer = await send_feedback(service, "yes", phone)
        assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    await send_feedback(service, "no", "one")
    assert await feedback_rows(service) == [("2026-11", "listen", 2, 0)]
    service.clock.advance(days=1)
    await send_feedback(service, "no", "one")
    assert await feedback_rows(service) == [("2026-11", "listen", 2, 1)]


async def test_the_form_of_the_page_counts_one_answer_about_the_promise_chosen(
    service: ServiceUnderTest,
) -> None:
    answer = await service.client.post(PATH, data={"promise": "listen", "found": "yes"})
    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    assert await feedback_rows(service) == [("2026-11", "listen", 1, 0)]
    answer = await service.client.post(PATH, data={"found": "no"})
    assert answer.status_code == 422
    assert len(await feedback_rows(service)) == 1


async def test_each_month_is_counted_separately(service: ServiceUnderTest) -> None:
    await send_feedback(service, "yes")
    service.clock.advance(days=10)
    await send_feedback(service, "yes")
    assert [row[0] for row in await feedback_rows(service)] == ["2026-11", "2026-12"]


async def test_nothing_that_is_kept_could_be_about_a_visitor(service: ServiceUnderTest) -> None:
    await send_feedback(service, "no", "Canary phone 7")
    columns = {column.name for column in schema.was_it_true.columns}
    assert columns == {"month", "pledge", "who", "commitment", "yes", "no", "looked_at"}
    tables = (schema.was_it_true, schema.audit, schema.repeat, schema.doubt)
    stored = repr([row for table in tables for row in await service.rows(table)])
    assert "Canary" not in stored
    assert "127.0.0.1" not in stored


def digests(limit: DailyFeedbackLimit) -> set[bytes]:
    """Everything that a limit remembers of answers, under whatever name."""
    sets = [value for value in vars(limit).values() if isinstance(value, set)]
    assert sets
    return set[bytes]().union(*sets)


def test_the_key_is_replaced_at_midnight() -> None:
    limit = DailyFeedbackLimit()
    today, tomorrow = START.date(), START.date() + timedelta(days=1)
    assert limit.admit("phone", "a", today)
    before = digests(limit)
    assert before
    assert not limit.admit("phone", "a", today)
    assert limit.admit("phone", "b", today)
    assert limit.admit("phone", "a", tomorrow)
    assert not before & digests(limit)
    assert "phone" not in repr(vars(limit))


async def test_three_who_say_no_have_somebody_look_and_nothing_else_happens(
    service: ServiceUnderTest,
) -> None:
    before = read_entry(service)
    for phone in "ab":
        await send_feedback(service, "no", phone)
    assert await service.count(schema.doubt) == 0
    await send_feedback(service, "no", "c")
    await send_feedback(service, "no", "d")
    (row,) = await service.rows(schema.doubt)
    assert (row.who, row.closed_at) == ("the-wennimere-arms", None)
    assert read_entry(service) == before
    notices = [letter for letter in await service.letters() if "waits to be read" in letter.subject]
    assert len([notice for notice in notices if "three times" in notice.body]) == 1


async def test_three_noes_over_half_a_year_are_no_three(service: ServiceUnderTest) -> None:
    for phone in "abc":
        await send_feedback(service, "no", phone)
        service.clock.advance(days=62)
    assert await service.count(schema.doubt) == 0


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/was-it-true/connector/nobody", {"listen": "yes"}),
        ("/was-it-true/nothing/the-wennimere-arms", {"listen": "yes"}),
        (PATH, {"point-on": "yes"}),  # it says that it is only starting
        (PATH, {"listen": "perhaps"}),
        (PATH, {"invented": "no"}),
        (PATH, {}),
    ],
)
async def test_what_nobody_is_asked_is_not_counted(
    service: ServiceUnderTest, path: str, answers: dict[str, str]
) -> None:
    assert (await service.client.post(path, data=answers)).status_code == 404
    assert await feedback_rows(service) == []


async def test_a_past_promise_is_not_asked_about(service: ServiceUnderTest) -> None:
    service.clock.advance(days=365 + 30)
    assert (await send_feedback(service, "yes")).status_code == 200
    service.clock.advance(days=1)
    assert (await send_feedback(service, "yes")).status_code == 404


async def test_a_pledge_that_has_ended_is_not_asked_about(service: ServiceUnderTest) -> None:
    index = service.settings.project / "content/pledges/connector/index.md"
    index.write_text(index.read_text().replace("summary:", "status: ended\nsummary:"))
    reload_catalogue(service)
    assert (await send_feedback(service, "yes")).status_code == 404
