"""The staff's page of gaps: no small number, sorted by plain links, and the same as a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.features.gaps import store
from api.features.gaps.routes import router
from api.features.gaps.store import Gap
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, open_client, project_taxonomy
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio
COUNTS = {
    Gap("2026-11", "Temeford", "choir", ""): 5,
    Gap("2026-11", "Temeford", "any", "evenings-are-long"): 4,
    Gap("2026-10", "any", "choir", ""): 3,
    Gap("2026-01", "=cmd", "book-club", ""): 123,
}


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    catalogue = Catalogue(project_taxonomy())
    routers = [router, access, staff_home]
    under_test = ServiceUnderTest(routers, database, encryption, clock, tmp_path, catalogue)
    database.write_now(lambda connection: store.add_gaps(connection, COUNTS))
    async with open_client(under_test) as ready:
        await sign_in(ready, add_staff(ready))
        yield ready


async def test_gaps_are_listed_without_small_numbers_and_linked_from_the_home_page(
    service: ServiceUnderTest,
) -> None:
    assert 'href="/staff/gaps"' in (await service.client.get("/staff")).text
    page = await service.client.get("/staff/gaps")
    assert page.status_code == 200
    rows = service.last_page.values["rows"]
    assert [row.times for row in rows] == ["fewer than 5", "5", "fewer than 5", "123"]
    assert rows[1].kind == "Choir"
    assert rows[2].area == "not said"


@pytest.mark.parametrize(
    ("sort", "column", "expected"),
    [
        ("times", "times", ["123", "5", "fewer than 5", "fewer than 5"]),
        ("month", "month", ["2026-11", "2026-11", "2026-10", "2026-01"]),
        ("area", "area", ["=cmd", "not said", "Temeford", "Temeford"]),
        ("kind", "month", ["2026-11", "2026-01", "2026-11", "2026-10"]),
        ("nonsense", "month", ["2026-11", "2026-11", "2026-10", "2026-01"]),
    ],
)
async def test_plain_links_sort_the_list(
    service: ServiceUnderTest, sort: str, column: str, expected: list[str]
) -> None:
    await service.client.get("/staff/gaps", params={"sort": sort})
    assert [getattr(row, column) for row in service.last_page.values["rows"]] == expected
    assert len(service.last_page.values["sorts"]) == 4


async def test_a_month_narrows_the_list_and_what_is_none_is_told(
    service: ServiceUnderTest,
) -> None:
    await service.client.get("/staff/gaps?since=2026-11")
    assert len(service.last_page.values["rows"]) == 2
    wrong = await service.client.get("/staff/gaps?since=January")
    assert (wrong.status_code, 'value="January"' in wrong.text) == (422, True)


async def test_the_file_has_no_small_number_and_no_formula(service: ServiceUnderTest) -> None:
    answer = await service.client.get("/staff/gaps/list.csv?sort=times")
    assert "gaps.csv" in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "month,area,kind,need,times"
    assert lines[1].startswith("2026-01,'=cmd,")
    assert lines[1].endswith(",123")
    assert [line.rpartition(",")[2] for line in lines[2:]] == ["5", "fewer than 5", "fewer than 5"]
