"""A signpost is counted once, and nothing about the person can be sent or kept."""

import re
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from sqlalchemy import CheckConstraint, Connection, Text

from api.features.connectors.signposts import SignpostReport
from api.features.gaps import store as gaps
from api.features.gaps.store import Gap, GapCount
from api.store import schema
from tests.api.connectors.conftest import project_catalogue
from tests.api.service_under_test import ROOT, ServiceUnderTest
from tests.site.reading import Page

pytestmark = pytest.mark.anyio

ID = "0123456789abcdef0123456789abcdef"
REPORT = {"id": ID, "how": "card", "area": "temeford", "kind": "choir", "day": "2026-11-20"}
FORM = {"kind": "choir", "area": "temeford", "how": "card", "idempotency_key": "a" * 32}


async def report(service: ServiceUnderTest, **changes: Any) -> tuple[int, Any]:
    answer = await service.client.post("/api/signposts", json={**REPORT, **changes})
    return answer.status_code, answer.json()


async def gap_counts(service: ServiceUnderTest) -> list[GapCount]:
    def read_rows(connection: Connection) -> list[GapCount]:
        return gaps.list_gaps(connection, "")

    return await service.database.read(read_rows)


# --- no field about the person exists


def test_the_table_has_no_column_about_the_person() -> None:
    """Every column is a closed list, a day, an id drawn by a program, or whose page counts it."""
    table = schema.signpost
    assert {column.name for column in table.columns} == {
        *("id", "day", "area", "kind", "how"),
        "connector_id",
    }
    assert all(isinstance(column.type, Text) for column in table.columns), "a moment is too fine"
    rules = " ".join(
        str(constraint.sqltext)
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    )
    for rule in ("length(id) = 32", "length(day) = 10", "how in ('card', 'talk', 'nothing')"):
        assert rule in rules


def is_closed(hint: Any) -> bool:
    """Say whether a type holds names and numbers of a fixed shape only, and no sentence."""
    if get_origin(hint) in (Union, UnionType):
        return all(is_closed(arg) for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is Literal:
        return True
    if get_origin(hint) is Annotated:
        meta = hint.__metadata__[0]
        return bool(meta.pattern) and not re.search(meta.pattern, "Mary lives alone")
    return hint is date


def test_a_report_has_no_field_for_free_text() -> None:
    hints = get_type_hints(SignpostReport, include_extras=True)
    fields = {field.name: hints[field.name] for field in msgspec.structs.fields(SignpostReport)}
    assert set(fields) == {"id", "how", "area", "kind", "day", "connector"}
    assert [name for name, hint in fields.items() if not is_closed(hint)] == []


@pytest.mark.parametrize("open_field", [str, Annotated[str, msgspec.Meta(max_length=80)], Any])
def test_a_field_for_free_text_would_be_found(open_field: Any) -> None:
    assert not is_closed(open_field)


async def test_the_form_has_nothing_to_write_in(service: ServiceUnderTest) -> None:
    page = Page((await service.client.get("/point")).text)
    inputs = [
        field for name in ("input", "textarea", "select", "button") for field in page.all(name)
    ]
    fields_of_form = {
        (field.name, field.attributes.get("type", ""), field.attributes["name"])
        for field in inputs
        if "name" in field.attributes
    }
    assert fields_of_form == {
        ("input", "radio", "kind"),
        ("select", "", "area"),
        ("input", "hidden", "connector"),
        ("input", "hidden", "idempotency_key"),
        ("button", "", "how"),
    }


def test_the_telephone_keeps_the_same_fields_and_no_others() -> None:
    script = (ROOT / "site" / "assets" / "point.js").read_text()
    statement = re.search(r"return \{ (id, how, .*) \};", script)
    assert statement is not None
    names = {part.split(":")[0].strip() for part in statement[1].split(",")}
    assert names == {field.name for field in msgspec.structs.fields(SignpostReport)}


async def test_no_word_a_caller_sends_is_ever_kept(service: ServiceUnderTest) -> None:
    for changes in (
        {"area": "mary-canary-lives-alone"},
        {"kind": "mary-canary-lives-alone"},
        {"note": "mary-canary"},
        {"id": "mary-canary-mary-canary-mary-can"},
    ):
        await report(service, **changes)
    await service.client.post("/point", data={**FORM, "idempotency_key": "mary canary"})
    await service.client.post("/point", data={**FORM, "note": "mary canary"})
    rows = [await service.rows(table) for table in schema.metadata.sorted_tables]
    assert "canary" not in str(rows)
    assert await service.count(schema.audit) == 0, "a line's moment would be finer than a day"


# --- it is counted


async def test_twice_is_once(service: ServiceUnderTest) -> None:
    assert await report(service) == (201, {"counted": "pointed"})
    assert await report(service) == (200, {"counted": "pointed"})
    rows = await service.rows(schema.signpost)
    assert [(row.day, row.area, row.kind, row.how) for row in rows] == [
        ("2026-11-20", "Temeford", "choir", "card")
    ]


async def test_a_form_pressed_twice_is_once(service: ServiceUnderTest) -> None:
    for _ in range(2):
        answer = await service.client.post("/point", data=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/point/counted")
    assert await service.count(schema.signpost) == 1


async def test_a_form_that_is_one_file_for_everybody_counts_once_however_often_it_is_pressed(
    service: ServiceUnderTest,
) -> None:
    """It bears no key. The answer to each press does, and only the last answer is seen."""
    without = {name: value for name, value in FORM.items() if name != "idempotency_key"}
    for form_sent in (without, {**without, "idempotency_key": ""}):
        for _ in range(2):
            answer = await service.client.post("/point", data=form_sent)
            assert (answer.status_code, "Tap once more" in answer.text) == (200, True)
    assert await service.count(schema.signpost) == 0
    form = service.last_page.values["form"]
    assert form.is_chosen("kind", "choir")
    assert form.is_chosen("area", "temeford")
    for _ in range(2):
        repeated = {**FORM, "idempotency_key": form.idempotency_key}
        assert (await service.client.post("/point", data=repeated)).status_code == 303
    assert await service.count(schema.signpost) == 1


async def test_two_forms_are_two(service: ServiceUnderTest) -> None:
    for _ in range(2):
        await service.client.get("/point")
        key = service.last_page.values["form"].idempotency_key
        await service.client.post("/point", data={**FORM, "idempotency_key": key})
    assert await service.count(schema.signpost) == 2


@pytest.mark.parametrize("day", [None, "2026-11-23", "2026-08-21", "1926-11-22"])
async def test_a_day_that_cannot_be_right_is_today(
    service: ServiceUnderTest, day: str | None
) -> None:
    assert (await report(service, day=day))[0] == 201
    assert (await service.rows(schema.signpost))[0].day == "2026-11-22"


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"how": "nothing"}, Gap("2026-11", "Temeford", "choir", "")),
        ({"kind": "other"}, Gap("2026-11", "Temeford", "any", "")),
        ({"kind": ""}, Gap("2026-11", "Temeford", "any", "")),
        ({"area": "atlantis"}, Gap("2026-11", "any", "choir", "")),
    ],
)
async def test_nothing_to_point_to_is_a_gap_and_once(
    service: ServiceUnderTest, changes: dict[str, str], gap: Gap
) -> None:
    assert await report(service, **changes) == (201, {"counted": "gap"})
    assert await report(service, **changes) == (200, {"counted": "gap"})
    assert await gap_counts(service) == [GapCount(gap, 1)]


async def test_a_form_that_found_nothing_leads_to_its_own_thanks(service: ServiceUnderTest) -> None:
    answer = await service.client.post("/point", data={**FORM, "how": "nothing"})
    assert answer.headers["location"] == "/point/missing"
    assert "something is missing" in (await service.client.get("/point/missing")).text


async def test_what_the_lists_know_nothing_of_is_not_kept(service: ServiceUnderTest) -> None:
    answer = await report(service, area="atlantis", kind="dragons")
    assert answer == (200, {"counted": "nothing"})
    assert await service.count(schema.signpost) == 0


@pytest.mark.parametrize(
    "changes",
    [{"id": "x"}, {"how": "shouted"}, {"area": "Mary Smith"}, {"day": "soon"}, {"connector": "x"}],
)
async def test_a_bad_field_is_a_problem_that_repeats_nothing(
    service: ServiceUnderTest, changes: dict[str, str]
) -> None:
    status, problem = await report(service, **changes)
    assert status == 422
    assert "Mary" not in str(problem)
    assert [error["field"] for error in problem["errors"]] == list(changes)
    assert await service.count(schema.signpost) == 0


async def test_a_form_that_says_too_little_comes_back_with_its_answers(
    service: ServiceUnderTest,
) -> None:
    answer = await service.client.post("/point", data={**FORM, "kind": ""})
    assert answer.status_code == 422
    form = service.last_page.values["form"]
    assert [error.field for error in form.errors] == ["kind"]
    assert form.is_chosen("area", "temeford")
    assert form.idempotency_key == FORM["idempotency_key"]


async def test_a_key_nobody_has_counts_for_nobody(service: ServiceUnderTest) -> None:
    assert (await report(service, connector="f" * 64))[0] == 201
    assert (await service.rows(schema.signpost))[0].connector_id is None


# --- what is published of it


async def test_totals_under_five_are_not_published(service: ServiceUnderTest) -> None:
    for number in range(5):
        totals = (await service.client.get("/api/signposts/totals")).json()
        assert totals == {"this_month": None, "this_year": None}
        assert "This year" not in (await service.client.get("/point/counted")).text
        await report(
            service, id=f"{number:032x}", day="2026-10-01" if number == 0 else "2026-11-01"
        )
    totals = (await service.client.get("/api/signposts/totals")).json()
    assert totals == {"this_month": None, "this_year": 5}
    assert "pointed 5 people to something" in (await service.client.get("/point/counted")).text


async def test_gaps_are_not_counted_as_people_pointed_on(service: ServiceUnderTest) -> None:
    for number in range(9):
        await report(service, id=f"{number:032x}", how="nothing")
    assert (await service.client.get("/api/signposts/totals")).json()["this_year"] is None


async def test_a_week_without_signal_is_taken_at_once_and_a_flood_is_not(
    service: ServiceUnderTest,
) -> None:
    service.enable_rate_limits()
    answers = [(await report(service, id=f"{number:032x}"))[0] for number in range(70)]
    assert answers == [201] * 60 + [429] * 10


async def test_another_sites_page_cannot_count(service: ServiceUnderTest) -> None:
    for path, body in (("/point", {"data": FORM}), ("/api/signposts", {"json": REPORT})):
        answer = await service.client.post(path, headers={"origin": "https://x.example"}, **body)  # type: ignore[arg-type]
        assert answer.status_code == 403
    assert await service.count(schema.signpost) == 0


def test_every_kind_and_place_of_our_lists_fits_the_shape_that_is_asked() -> None:
    terms = project_catalogue().taxonomy
    for slug in (*terms.kind, *(area.slug for area in terms.areas)):
        msgspec.convert({**REPORT, "kind": slug, "area": slug}, SignpostReport)
