"""Staff enter a trainer's list, and see who stands where; names stay with whoever typed them."""

import csv
import io

import pytest

from api.store import audit, schema
from tests.api.connectors.conftest import (
    RIGHT,
    add_connector,
    newest_link,
    publish_sign_up,
    run_letters_job,
)
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio

TRAINING = "/staff/connectors/training"


async def sign_in_coordinator(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service, "coordinator@example.org", roles=("coordinator",)))


def outcomes(service: ServiceUnderTest) -> list[str]:
    return [result.outcome for result in service.last_page.values["results"]]


async def test_a_list_from_paper_notes_each_by_reference_or_name_once(
    service: ServiceUnderTest,
) -> None:
    reference = await publish_sign_up(service)
    await publish_sign_up(
        service, name="Odalys Other", contact_email="odalys@example.org", place="Marrowby"
    )
    await sign_in_coordinator(service)
    names = f"{reference.lower().replace('-', ' ')}\n\n  odalys   OTHER \nNobody Atall\n"
    answer = await service.client.post(TRAINING, data={"day": "2026-11-20", "names": names})
    assert answer.status_code == 200
    assert outcomes(service) == ["noted", "noted", "nobody"]
    assert service.last_page.values["form"].value("names") == "Nobody Atall"
    rows = await service.rows(schema.connector)
    assert {(row.completed_on, row.completed_by) for row in rows} == {("2026-11-20", "trainer")}
    await service.client.post(TRAINING, data={"day": "2026-11-20", "names": names})
    assert outcomes(service) == ["known", "known", "nobody"]
    lines = [row for row in await service.rows(schema.audit) if "course_completed" in row.action]
    assert len(lines) == 2
    assert "Odalys" not in str(lines)
    assert await service.database.read(audit.verify) is None


async def test_a_name_that_two_have_is_not_guessed(service: ServiceUnderTest) -> None:
    for number, place in enumerate(("Temeford", "Marrowby")):
        await publish_sign_up(service, contact_email=f"a{number}@example.org", place=place)
    await sign_in_coordinator(service)
    form = {"day": "2026-11-20", "names": "Ambrose Canary"}
    await service.client.post(TRAINING, data=form)
    assert outcomes(service) == ["several"]
    assert {row.completed_on for row in await service.rows(schema.connector)} == {None}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"day": "2026-11-20"}, "names"),
        ({"names": "Ann"}, "day"),
        ({"names": "Ann", "day": "soon"}, "day"),
        ({"names": "Ann", "day": "2026-11-23"}, "day"),
        ({"names": "Ann", "day": "0001-01-01"}, "day"),
        ({"names": "Ann\n" * 201, "day": "2026-11-20"}, "names"),
        ({"names": "A" * 201, "day": "2026-11-20"}, "names"),
    ],
)
async def test_a_list_that_cannot_be_right_comes_back(
    service: ServiceUnderTest, form: dict[str, str], field: str
) -> None:
    await sign_in_coordinator(service)
    answer = await service.client.post(TRAINING, data=form)
    assert answer.status_code == 422
    assert [error.field for error in service.last_page.values["form"].errors] == [field]


async def test_the_page_says_who_stands_where(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    await service.client.post(f"{link}/course", data=RIGHT)
    await publish_sign_up(
        service, name="Odalys Other", contact_email="odalys@example.org", place="Marrowby"
    )
    await run_letters_job(service)
    other = await newest_link(service)
    await sign_in_coordinator(service)

    async def stages() -> list[str]:
        page = await service.client.get("/staff/connectors")
        assert page.status_code == 200
        assert "Canary" not in page.text.replace("Jo Canary", "")
        return sorted(connector.status for connector in service.last_page.values["connectors"])

    assert await stages() == ["signed", "trained"]
    await service.client.post(f"{other}/leave")
    assert await stages() == ["left", "trained"]
    await service.client.get("/staff")
    waiting_counts = {area.url: area.waiting for area in service.last_page.values["areas"]}
    assert waiting_counts["/staff/connectors"] == 1, "left, and still on the register"
    service.clock.advance(days=731)
    service.client.cookies.clear()
    await sign_in_another(service)
    assert await stages() == ["due", "left"]


async def sign_in_another(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service, "another@example.org", roles=("coordinator",)))


async def test_tables_hold_what_is_public_and_no_formula(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    token = link.rsplit("/", 1)[1]
    await sign_in_coordinator(service)
    for number, method in enumerate(("card", "card", "talk", "nothing")):
        report = {"id": f"{number:032x}", "how": method, "area": "temeford", "kind": "choir"}
        await service.client.post("/api/signposts", json=report)
    answer = await service.client.get("/staff/connectors/list.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "no-store"
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["name"], row["stands"]) == ("A taxi driver in Temeford", "signed")
    assert "Canary" not in answer.text
    assert token not in answer.text
    answer = await service.client.get("/staff/connectors/pointed.csv")
    table = [*csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))]
    assert table[1:] == [["2026-11", "Temeford", "2", "1", "1"]]


async def test_a_moderator_may_not_enter_a_list(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service, roles=("moderator",)))
    form = {"day": "2026-11-20", "names": "Ann"}
    assert (await service.client.post(TRAINING, data=form)).status_code == 403
    assert (await service.client.get("/staff/connectors/list.csv")).status_code == 403
