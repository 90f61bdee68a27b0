"""Tomorrow is a date: what is cancelled on it, or not held in that week, is no answer."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import Answer, Query
from catalogue.model.activity import Timetable
from catalogue.outputs.search import documents as search
from tests.search.conftest import TAXONOMY
from tests.search.vectors import NOW
from tests.support import generate

TIMETABLES = {  # NOW is a Tuesday, at nine
    "weekly": Timetable("every Wednesday 10:00-12:00"),
    "cancelled": Timetable("every Wednesday 10:00-12:00", ("25 November 2026",)),
    "fortnightly": Timetable("every 2 weeks on Wednesday 10:00-12:00 from 18 November 2026"),
    "its-fortnight": Timetable("every 2 weeks on Wednesday 10:00-12:00 from 11 November 2026"),
    "evening": Timetable("every Wednesday 19:00-21:00"),
    "over-today": Timetable("every Tuesday 07:00-08:00"),
    "festival": Timetable("27 November 2026 18:00 to 29 November 2026 14:00"),
    "sunday": Timetable("every Sunday 15:00-16:00"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    (some,) = generate.activities(1)
    plain = msgspec.structs.replace(some, kinds=("choir",), needs=(), venues=(), area_served=())
    made = [
        msgspec.structs.replace(plain, slug=slug, schedule=(timetable,), status="active", access={})
        for slug, timetable in TIMETABLES.items()
    ]
    made.append(msgspec.structs.replace(made[0], slug="unknown", schedule=()))
    folder: Path = tmp_path_factory.mktemp("dates") / "search"
    build_index([search.document(activity, TAXONOMY, NOW) for activity in made], TAXONOMY, folder)
    return EmbeddedEngine.open(folder)


def ask(engine: EmbeddedEngine, q: str) -> Answer:
    return engine.search(Query(q=q, now=NOW))


@pytest.mark.parametrize(
    ("q", "slugs"),
    [
        ("tomorrow", ["its-fortnight", "weekly", "evening"]),
        ("tomorrow evening", ["evening"]),
        ("choir tomorrow morning", ["its-fortnight", "weekly"]),
        ("today", []),
        ("this weekend", ["festival", "sunday"]),
        ("this sunday", ["festival", "sunday"]),
        ("this wednesday", ["its-fortnight", "weekly", "evening"]),
    ],
)
def test_a_date_asks_for_what_is_held_on_it(
    engine: EmbeddedEngine, q: str, slugs: list[str]
) -> None:
    answer = ask(engine, q)
    assert {hit.document.slug for hit in answer.hits if not hit.ask} == set(slugs)
    assert [hit.document.slug for hit in answer.hits if hit.ask] == ["unknown"]
    assert (answer.matching, answer.may) == (len(slugs), 1)


def test_a_day_of_the_week_still_asks_for_what_is_on_then_as_a_rule(engine: EmbeddedEngine) -> None:
    slugs = {hit.document.slug for hit in ask(engine, "wednesdays").hits if not hit.ask}
    assert slugs == {"weekly", "cancelled", "fortnightly", "its-fortnight", "evening"}


def test_the_session_shown_is_that_of_the_date(engine: EmbeddedEngine) -> None:
    starts = [hit.document.next_session for hit in ask(engine, "tomorrow").hits if not hit.ask]
    assert [start and start[:10] for start in starts] == ["2026-11-25"] * 3


def test_dates_and_days_are_any_of_either(engine: EmbeddedEngine) -> None:
    answer = engine.search(Query(dates=(date(2026, 11, 25),), days=("sunday",), now=NOW))
    slugs = {hit.document.slug for hit in answer.hits if not hit.ask}
    assert slugs == {"its-fortnight", "weekly", "evening", "festival", "sunday"}
