"""Lists with eastings and northings: Code-Point Open as it is published, and outward codes.

The files are our own, in the published columns; no postcode in them is real.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from api.search.postcodes import importer
from api.search.postcodes.importer import Imported, UnusableDirectory
from api.search.postcodes.national_grid import to_degrees
from api.search.postcodes.source import UnreadableSource
from api.search.postcodes.store import Postcodes
from catalogue.model.geo import Point, kilometres
from tests.api.postcodes.conftest import ROWS, csv_of, zipped

SHARED = Path(__file__).parents[4] / "shared" / "data" / "uk-outward-codes.csv"
AREAS = '"E92000001","E19000003","E18000007","","E09000019","E05000368"'
HEADERS = (
    b"PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\n"
    b"Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,"
    b"NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\r\n"
)


def code_point(*rows: tuple[str, int, int, int]) -> bytes:
    """A list of one postcode area: no heading, text in quotes, numbers bare."""
    return "".join(
        f'"{postcode}",{quality},{east},{north},{AREAS}\r\n'
        for postcode, quality, east, north in rows
    ).encode()


ZZ = code_point(
    ("ZZ1 1AA", 10, 384950, 255050),
    ("ZZ1 1AB", 10, 385950, 255050),
    ("ZZ101AA", 50, 384950, 256050),
    ("ZZ1 9ZZ", 90, 0, 0),
)
QQ = code_point(("QQ9 1AA", 10, 651410, 313177))
NOTHING_LEFT_OUT = Imported(kept=4, twice=0, ended=0, nowhere=1, wrong=0, shown=())


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "var" / "postcodes.sqlite3"


def published(folder: Path) -> Path:
    """The zip as it is fetched: notes, headers and a list for each postcode area."""
    return zipped(
        folder / "codepo_gb.zip",
        Doc__Code_Point_Open_Column_Headers=HEADERS,
        Doc__codelist=b"x" * 5_000,
        Data__CSV__qq=QQ,
        Data__CSV__zz=ZZ,
    )


def unpacked(folder: Path) -> Path:
    """The folder out of the zip."""
    for name, content in (("Doc/headers", HEADERS), ("Data/CSV/qq", QQ), ("Data/CSV/zz", ZZ)):
        file = folder / "codepo_gb" / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "codepo_gb"


@pytest.mark.parametrize("form", [published, unpacked])
def test_code_point_open_is_read_whole_as_a_zip_and_as_a_folder(
    form: Callable[[Path], Path], tmp_path: Path, into: Path
) -> None:
    assert importer.from_file(form(tmp_path), into) == NOTHING_LEFT_OUT
    postcodes = Postcodes(into)
    point = postcodes.point("ZZ11AA")
    assert point is not None
    assert kilometres(point, Point(52.193492, -2.221584)) < 0.005
    middles = postcodes.middles()
    assert middles.keys() == {"QQ9", "ZZ1", "ZZ10"}
    assert middles["ZZ1"].about
    assert kilometres(middles["ZZ1"], Point(*to_degrees(385450, 255050))) < 0.005


def test_the_list_of_one_area_will_do(tmp_path: Path, into: Path) -> None:
    file = tmp_path / "zz.csv"
    file.write_bytes(ZZ)
    assert importer.from_file(file, into).kept == 3


def test_wrong_lines_are_named_by_their_list(tmp_path: Path, into: Path) -> None:
    wrong = code_point(("NOTONE", 10, 1, 1), ("ZZ2 1AA", 10, 9_384950, 255050))
    file = zipped(tmp_path / "codepo_gb.zip", Data__qq=QQ, Data__zz=ZZ + wrong)
    with pytest.raises(UnusableDirectory, match="2 of 7 lines are wrong") as refused:
        importer.from_file(file, into)
    assert refused.value.shown == (
        "zz.csv, line 5: that is no postcode",
        "zz.csv, line 6: the position lies outside the National Grid",
    )


def test_a_folder_or_zip_without_a_list_is_refused(tmp_path: Path, into: Path) -> None:
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", zipped(tmp_path / "x.zip", Doc__headers=HEADERS)):
        with pytest.raises(UnreadableSource, match="holds no CSV of an ONS postcode directory"):
            importer.from_file(source, into)
    assert not into.exists()


def test_a_directory_of_the_ons_is_read_from_its_folder(tmp_path: Path, into: Path) -> None:
    folder = tmp_path / "ONSPD" / "Data" / "multi_csv"
    folder.mkdir(parents=True)
    (folder / "ONSPD_ZZ.csv").write_bytes(csv_of(ROWS[:1]))
    (folder.parent / "ONSPD_UK.csv").write_bytes(csv_of(ROWS))
    assert importer.from_file(tmp_path / "ONSPD", into).kept == 4


def test_a_list_of_outward_codes_may_have_eastings_and_northings(
    tmp_path: Path, into: Path
) -> None:
    file = tmp_path / "codes.csv"
    file.write_text(
        "postcode,eastings,northings,town\nZZ1,384950,255050,Nowhere\nBT1,333800,374400,Belfast\n"
        "ZZ2,,,Nowhere\nZZ3,384950,255050,Nowhere\n"
    )
    counts = importer.from_file(file, into)
    assert (counts.kept, counts.nowhere) == (2, 2)  # Northern Ireland has a grid of its own
    middle = Postcodes(into).middles()["ZZ1"]
    assert middle.about
    assert kilometres(middle, Point(52.193492, -2.221584)) < 0.005


@pytest.mark.parametrize(
    ("reference", "degrees"),
    [
        ((651409.804, 313177.450), (52.658007833, 1.716073972)),  # the guide's own example
        ((91492, 11318), (49.922257, -6.299779)),  # Scilly, by OSTN15
        ((447600, 1141200), (60.152532, -1.144484)),  # Shetland, by OSTN15
    ],
)
def test_the_grid_is_true_to_five_metres(
    reference: tuple[float, float], degrees: tuple[float, float]
) -> None:
    assert kilometres(Point(*to_degrees(*reference)), Point(*degrees)) < 0.005


@pytest.mark.skipif(not SHARED.is_file(), reason="unknown: the list of outward codes is not here")
def test_the_list_of_all_outward_codes_is_read(into: Path) -> None:
    counts = importer.from_file(SHARED, into)
    assert (counts.kept, counts.wrong) == (2856, 0)
    middles = Postcodes(into).middles()
    with SHARED.open(encoding="utf-8", newline="") as listed:
        apart = {
            row["postcode"]: kilometres(
                middles[row["postcode"]],
                Point(float(row["latitude"]), float(row["longitude"])),
            )
            for row in csv.DictReader(listed)
        }
    assert {code for code, km in apart.items() if km > 0.002} == set()
