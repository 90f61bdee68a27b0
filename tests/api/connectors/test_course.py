"""The questions of the course: what does not fit is explained, and may be tried again."""

import pytest

from tests.api.connectors.conftest import COURSE, RIGHT
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def test_whoever_answers_all_has_completed_it(service: ServiceUnderTest) -> None:
    answer = await service.client.post(COURSE, data=RIGHT)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/training/connector/completed",
    )
    page = await service.client.get(answer.headers["location"])
    assert "You have completed the course" in page.text
    assert "qualified" not in page.text


async def test_what_is_missing_is_named_and_the_other_answers_are_kept(
    service: ServiceUnderTest,
) -> None:
    answer = await service.client.post(COURSE, data={"listen": "2"})
    assert answer.status_code == 422
    form = service.last_page.values["form"]
    assert {error.field for error in form.errors} == {"notice", "point", "no-record", "get-help"}
    assert "Choose an answer to question 1." in answer.text
    assert form.is_chosen("listen", "2")


async def test_an_answer_that_does_not_fit_gets_its_reason_and_any_number_of_tries(
    service: ServiceUnderTest,
) -> None:
    for _ in range(20):
        answer = await service.client.post(COURSE, data={**RIGHT, "notice": "1"})
        assert answer.status_code == 422
        assert "a kind word costs little" in answer.text
    assert (await service.client.post(COURSE, data=RIGHT)).status_code == 303


async def test_nothing_on_the_page_says_that_somebody_failed(service: ServiceUnderTest) -> None:
    for answers in ({}, {**RIGHT, next(iter(RIGHT)): "99"}):
        text = (await service.client.post(COURSE, data=answers)).text
        assert "Nearly there. Look at these once more" in text
        assert not [
            word for word in ("is a problem", "Error:", "aria-invalid", "--wrong") if word in text
        ]


@pytest.mark.parametrize("odd", ["0", "9", "-1", "two", "2 ", "²", "1" * 5_000])
async def test_an_answer_that_is_none_is_one_that_is_missing(
    service: ServiceUnderTest, odd: str
) -> None:
    answer = await service.client.post(COURSE, data={**RIGHT, "notice": odd})
    assert answer.status_code == (303 if odd == "2 " else 422)
    assert "1111111111" not in answer.text


async def test_a_course_that_is_not_there_is_not_found(service: ServiceUnderTest) -> None:
    assert (await service.client.post("/training/none/questions", data=RIGHT)).status_code == 404
    assert (await service.client.get("/training/none/completed")).status_code == 404


async def test_a_class_at_one_address_is_not_slowed_down(service: ServiceUnderTest) -> None:
    service.enable_rate_limits()
    answers = [(await service.client.post(COURSE, data=RIGHT)).status_code for _ in range(30)]
    assert answers == [303] * 30
