"""What a changed time would mean is shown before anybody decides: dates, exceptions it misses."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.corrections.conftest import ENTRY, PATH, SAID
from tests.api.corrections.reviewing import LATER, TEN, WHEN, act, open_one, received
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio

LEFT_OUT = "except: [22 December 2026, bank holidays, 25 December]"


@pytest.fixture
async def service(reviewing: ServiceUnderTest, project: Path) -> ServiceUnderTest:
    """The service with a reviewer signed in; the entry leaves out a Tuesday."""
    (project / PATH).write_text(ENTRY.replace("12:00\n", f"12:00\n    {LEFT_OUT}\n"))
    return reviewing


def timetables(service: ServiceUnderTest) -> Any:
    return service.last_page.values["correction"].proposal.timetables


async def test_a_reviewer_sees_the_next_six_dates_of_a_changed_time(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    assert timetables(service) == ()
    answer = await act(service, reference, "look", **LATER)
    (preview,) = timetables(service)
    assert len(preview.dates) == 6
    assert all("11:" in date.in_full for date in preview.dates)
    assert preview.without_session == ()
    assert preview.dates[0].in_full in answer.text


async def test_a_reviewer_is_told_what_everyday_words_make_of_the_time(
    service: ServiceUnderTest,
) -> None:
    for words, time in (
        ("It starts at eleven now", "every Tuesday 11:00-12:30"),
        ("It starts at eleven now, says Quillfeather.", "every Tuesday 11:00-12:30"),
        ("They moved it to Ruth's", ""),
    ):
        reference = await received(service, words=words)
        review = await open_one(service, reference)
        assert review.statement is not None
        assert review.statement.changed_time == time


async def test_exceptions_that_no_longer_fall_on_a_changed_time_are_named(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    moved = {f"set.{WHEN}": "every Wednesday 10:30-12:00", f"was.{WHEN}": TEN}
    answer = await act(service, reference, "look", **moved)
    assert timetables(service)[0].without_session == ("22 December 2026",)
    assert "Nothing is on then" in answer.text
    assert "<li>22 December 2026</li>" in answer.text


async def test_dates_are_shown_beside_faults_elsewhere_and_not_for_other_changes(
    service: ServiceUnderTest,
) -> None:
    reference = await received(service)
    await open_one(service, reference)
    await act(service, reference, "look", **{"set.contact.phone": "1", "was.contact.phone": "x"})
    assert timetables(service) == ()
    await act(service, reference, "look", **LATER, **{"set.cost[0].price_pence": "two"})
    assert len(timetables(service)[0].dates) == 6
    fields = [error.field for error in service.last_page.values["form"].errors]
    assert fields == ["set.cost[0].price_pence"]


async def test_a_visitor_sees_the_dates_before_sending_and_loses_nothing(
    service: ServiceUnderTest,
) -> None:
    typed = {**SAID, "words": "every Wednesday 11:00-12:30", "look": "yes"}
    answer = await service.client.post("/put-right", data=typed)
    assert answer.status_code == 200
    preview = service.last_page.values["timetable"]
    assert len(preview.dates) == 6
    assert "every Wednesday 11:00-12:30</textarea>" in answer.text
    assert f'value="{SAID["reach_at"]}"' in answer.text
    everyday = {**typed, "words": "It starts at eleven now"}
    answer = await service.client.post("/put-right", data=everyday)
    preview = service.last_page.values["timetable"]
    assert preview.words == "Every Tuesday, 11:00 to 12:30"
    assert len(preview.dates) == 6
    assert "It starts at eleven now</textarea>" in answer.text
    unreadable = {**typed, "words": "they moved it to Ruth's"}
    answer = await service.client.post("/put-right", data=unreadable)
    assert service.last_page.values["timetable"] is None
    assert "We cannot make dates of these words" in answer.text
    sent_answer = await service.client.post("/put-right", data={**SAID, "words": typed["words"]})
    assert sent_answer.status_code == 303
