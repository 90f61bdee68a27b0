"""Where postcodes were imported a search measures from the very postcode; else from the middle."""

import logging
from pathlib import Path

import msgspec
import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.engines import EmbeddedEngines
from api.search.port import Query
from api.search.postcodes import importer, store
from api.search.postcodes.store import Postcodes
from catalogue.model.gazetteer import Gazetteer, Place
from catalogue.model.geo import Point
from tests.search.conftest import TAXONOMY, make_document

KNOWN = [
    ("ZZ11AA", 54_70000, 1_80000),
    ("ZZ11AB", 54_72000, 1_80000),
    ("QQ91AA", 54_70500, 1_80500),
    ("NE11AA", 55_00000, -1_60000),
]
AREAS = tuple(
    msgspec.structs.replace(area, latitude=54.7, longitude=1.8) if area.name == "Temeford" else area
    for area in TAXONOMY.areas
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    store_file = tmp_path / "postcodes.sqlite3"
    store.write(store_file, KNOWN)
    return store_file


@pytest.fixture
def gazetteer(file: Path) -> Gazetteer:
    postcodes = Postcodes(file)
    return Gazetteer(AREAS, middles=postcodes.middles(), postcodes=postcodes)


@pytest.mark.parametrize("text", ["ZZ1 1AB", "zz11ab", "12 Mill Lane, zz1 1ab"])
def test_a_whole_postcode_is_measured_from_and_only_its_half_is_said(
    gazetteer: Gazetteer, text: str
) -> None:
    assert gazetteer.find(text) == Place("ZZ1", ("Temeford",), "ZZ1", Point(54.72, 1.8))


def test_half_a_postcode_or_one_that_does_not_exist_is_measured_from_the_middle(
    gazetteer: Gazetteer,
) -> None:
    for text in ("ZZ1", "ZZ1 9ZZ"):
        place = gazetteer.find(text)
        assert place is not None
        assert (place.outward_code, place.areas) == ("ZZ1", ("Temeford",))
        assert place.point is not None
        assert place.point.about


def test_a_code_no_area_names_is_known_by_what_lies_near(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("QQ9 1AA") == Place("QQ9", ("Temeford",), "QQ9", Point(54.705, 1.805))
    half = gazetteer.find("QQ9")
    assert half == Place("QQ9", ("Temeford",), "QQ9", Point(54.705, 1.805, about=True))
    assert gazetteer.find("NE1 1AA") == Place("NE1", (), "NE1", Point(55.0, -1.6))
    assert gazetteer.find("QQ8 1AA") is None


def test_words_are_no_postcodes(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Temeford") == Place(
        "Temeford", ("Temeford",), point=Point(54.7, 1.8, about=True)
    )


def distance_of_hit(engine: EmbeddedEngine, place: str) -> tuple[bool, float | None, bool]:
    """Return whether the place is only about, and how far the one hit is and whether about."""
    answer = engine.search(Query(place=place))
    (hit,) = answer.hits
    return answer.place_about, hit.distance_km, hit.about


def test_an_engine_says_about_only_where_it_knows_no_more(file: Path, tmp_path: Path) -> None:
    terms = msgspec.structs.replace(TAXONOMY, middles=Postcodes(file).middles())
    document = make_document("here", outward_codes=("ZZ1",), points=(Point(54.71, 1.8),))
    build_index([document], terms, tmp_path / "search")
    engine = EmbeddedEngines(file).open("stamp", tmp_path / "search")
    assert isinstance(engine, EmbeddedEngine)
    exact: tuple[object, ...] = (False, pytest.approx(1.11, abs=0.01), False)
    roughly: tuple[object, ...] = (True, pytest.approx(0, abs=0.01), True)
    assert exact == distance_of_hit(engine, "ZZ1 1AA")
    assert roughly == distance_of_hit(engine, "ZZ1")


def test_a_broken_file_is_logged_and_the_outward_code_has_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "postcodes.sqlite3"
    file.write_bytes(b"not ours" * 1_000)
    build_index([make_document("here")], TAXONOMY, tmp_path / "search")
    with caplog.at_level(logging.WARNING):
        engine = EmbeddedEngines(file).open("stamp", tmp_path / "search")
    assert "Outward codes have to do" in caplog.text
    assert engine.search(Query(place="ZZ1 1AA")).place == "ZZ1"


def test_a_file_of_outward_codes_alone_places_them_by_their_middles(tmp_path: Path) -> None:
    listed, into = tmp_path / "codes.csv", tmp_path / "postcodes.sqlite3"
    listed.write_text(
        "postcode,eastings,northings,latitude,longitude,town\n"
        "QQ9,1,1,54.705,1.805,Nowhere\nSW1A,1,1,51.5,-0.14,London\n"
    )
    assert importer.from_file(listed, into).kept == 2
    place = Gazetteer((), middles=Postcodes(into).middles()).find("sw1a 1aa")
    assert place == Place("SW1A", (), "SW1A", Point(51.5, -0.14, about=True))
