"""A postcode directory is taken over whole, by line, or not at all."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.search.postcodes import importer, store
from api.search.postcodes.importer import Imported, UnusableDirectory
from api.search.postcodes.source import UnreadableSource
from api.search.postcodes.store import Postcodes, PostcodesNotWritten, UnreadablePostcodes
from catalogue.model.geo import Point
from tests.api.postcodes.conftest import HEADING, ROWS, Row, csv_of, row, zipped


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "var" / "postcodes.sqlite3"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    csv_file = tmp_path / "ONSPD_FEB_2026_UK.csv"
    csv_file.write_bytes(csv_of(ROWS))
    return csv_file


def point_of(into: Path, postcode: str) -> Point | None:
    return Postcodes(into).point(postcode)


def test_postcodes_in_use_are_kept_and_the_rest_is_counted(file: Path, into: Path) -> None:
    counts = importer.from_file(file, into)
    assert counts == Imported(kept=4, twice=0, ended=1, nowhere=2, wrong=0, shown=())
    assert point_of(into, "ZZ11AA") == Point(54.7001, 1.8003)
    assert point_of(into, "ZZ31AB") is None
    assert point_of(into, "BT11AA") is None
    assert point_of(into, "JE23AB") is None


def test_the_middle_of_an_outward_code_is_that_of_its_postcodes(file: Path, into: Path) -> None:
    importer.from_file(file, into)
    assert Postcodes(into).middles() == {
        "QQ7": Point(54.75, 1.5, about=True),
        "ZZ1": Point(54.7011, 1.8023, about=True),
        "ZZ3": Point(54.6724, 1.7431, about=True),
    }


def test_a_zip_is_read_without_being_unpacked_and_its_largest_list_counts(
    tmp_path: Path, into: Path
) -> None:
    documents = csv_of([("Wards", "x" * 3_000)], ("file", "about"))
    file = zipped(
        tmp_path / "ONSPD.zip",
        Documents__names=documents,
        Data__multi_csv__ONSPD_ZZ=csv_of(ROWS[:1]),
        Data__ONSPD_UK=csv_of(ROWS),
    )
    assert importer.from_file(file, into).kept == 4


@pytest.mark.parametrize("name", ["pcds", "pcd8", "pcd7", "pcd", "PCDS"])
def test_each_edition_of_the_file_is_read(tmp_path: Path, into: Path, name: str) -> None:
    file = tmp_path / "postcodes.csv"
    rows: list[Row] = [(raw_row[2], raw_row[4], raw_row[7], raw_row[8]) for raw_row in ROWS]
    heading = (name, "doterm", "lat", "long")
    file.write_bytes("\N{BYTE ORDER MARK}".encode() + csv_of(rows, heading))
    assert importer.from_file(file, into).kept == 4


def test_wrong_lines_are_counted_and_named_by_their_number(tmp_path: Path, into: Path) -> None:
    good_rows = [
        row(f"ZZ{n // 10 % 10}{n % 10}A{'ABDEFGHJLN'[n // 100]}", "54.7", "1.8") for n in range(900)
    ]
    wrong: list[Row] = [
        row("NOTONE", "54.7", "1.8"),
        row("ZZ11ZZ", "north", "1.8"),
        row("ZZ11ZY", "12.5", "1.8"),
        ("ZZ1 1ZX",),
        row("ZZ11ZW", "nan", "1.8"),
    ]
    file = tmp_path / "postcodes.csv"
    file.write_bytes(csv_of([*good_rows, *wrong, *good_rows[:3]]))
    counts = importer.from_file(file, into)
    assert (counts.kept, counts.twice, counts.wrong) == (900, 3, 5)
    assert counts.shown == (
        "postcodes.csv, line 902: that is no postcode",
        "postcodes.csv, line 903: latitude or longitude is no number",
        "postcodes.csv, line 904: the position lies outside the British Isles",
        "postcodes.csv, line 905: the line is too short",
        "postcodes.csv, line 906: the position lies outside the British Isles",
    )


def broken(kind: str, folder: Path) -> Path:
    """A file that must be refused."""
    file = folder / "broken"
    content = csv_of([row(f"ZZ{n % 10}{n // 10 % 10}AA", "54.7", "1.8") for n in range(5_000)])
    if kind == "cut short":
        archive = zipped(file, ONSPD=content).read_bytes()
        file.write_bytes(archive[: len(archive) // 2])
    elif kind == "damaged":
        archive = bytearray(zipped(file, ONSPD=content).read_bytes())  # type: ignore[assignment]
        middle = len(archive) // 2
        archive[middle : middle + 8] = bytes(8)  # type: ignore[index]
        file.write_bytes(archive)
    else:
        file.write_bytes(
            {
                "empty": b"",
                "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50,
                "no columns": csv_of([("1", "2")], ("easting", "northing")),
                "no date of end": csv_of([raw_row[:4] for raw_row in ROWS], HEADING[:4]),
                "only the heading": csv_of([]),
                "nobody left": csv_of([row("ZZ31AB", "54.6", "1.7", ends_on="199606")]),
                "all wrong": csv_of([*ROWS[:1], *[row("NOTONE", "1", "1")] * 20]),
                "nul": csv_of(ROWS[:2]) + b'"\0' + b"x" * 200_000,
            }[kind]
        )
    return file


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("cut short", "was cut short: fetch it again"),
        ("damaged", "is a broken zip"),
        ("empty", "no column pcds, lat, long, doterm"),
        ("a picture", "no ONS postcode directory"),
        ("no columns", "no column pcds, lat, long, doterm"),
        ("no date of end", "no column lat, long, doterm"),
        ("only the heading", "No postcode in it is in use"),
        ("nobody left", "No postcode in it is in use"),
        ("all wrong", "20 of 21 lines are wrong"),
        ("nul", "cannot be read after line 3"),
    ],
)
def test_a_file_that_cannot_serve_leaves_the_earlier_one_standing(
    file: Path, into: Path, tmp_path: Path, kind: str, message: str
) -> None:
    importer.from_file(file, into)
    before = into.read_bytes()
    with pytest.raises((UnreadableSource, UnusableDirectory), match=message):
        importer.from_file(broken(kind, tmp_path), into)
    assert into.read_bytes() == before
    assert [path.name for path in into.parent.iterdir()] == [into.name]


def test_a_zip_without_a_directory_in_it_is_refused(tmp_path: Path, into: Path) -> None:
    with pytest.raises(
        UnreadableSource, match="holds no CSV of an ONS postcode directory or of Code-Point"
    ):
        importer.from_file(zipped(tmp_path / "x.zip", names=b"a,b\n1,2\n"), into)
    assert not into.exists()


def test_an_import_that_is_stopped_leaves_nothing_behind(file: Path, into: Path) -> None:
    def stopped(step: str, count: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.from_file(file, into, stopped)
    assert list(into.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(PostcodesNotWritten, match="cannot be written"):
        importer.from_file(file, tmp_path / "var" / "postcodes.sqlite3")


def test_the_same_file_has_the_same_stamp_and_another_has_another(
    file: Path, into: Path, tmp_path: Path
) -> None:
    importer.from_file(file, into)
    first = Postcodes(into).stamp
    importer.from_file(file, into)
    assert Postcodes(into).stamp == first
    file.write_bytes(csv_of(ROWS[:3]))
    importer.from_file(file, into)
    assert Postcodes(into).stamp != first


def test_who_reads_while_an_import_is_put_in_place_goes_on_reading(file: Path, into: Path) -> None:
    importer.from_file(file, into)
    postcodes = Postcodes(into)
    file.write_bytes(csv_of(ROWS[:1]))
    importer.from_file(file, into)
    assert postcodes.point("ZZ31AA") == Point(54.6724, 1.7431)
    assert point_of(into, "ZZ31AA") is None


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_file_that_no_import_wrote_is_refused(into: Path, content: bytes) -> None:
    into.parent.mkdir()
    into.write_bytes(content)
    with pytest.raises(UnreadablePostcodes, match="cannot be read as a file of postcodes"):
        store.open_postcodes(into)


def test_where_nothing_was_imported_there_is_nothing(into: Path) -> None:
    assert store.open_postcodes(into) is None
    assert store.open_postcodes(None) is None


def rows_of(count: int) -> Iterator[Row]:
    letters = "ABDEFGHJLN"
    for n in range(count):
        inward = f"{n % 10}{letters[n // 10 % 10]}{letters[n // 100 % 10]}"
        yield row(
            f"{letters[n // 1_000 % 10]}{letters[n // 10_000]}{n // 4_000 % 9 + 1}{inward}",
            "54.7",
            "1.8",
        )


def test_memory_does_not_grow_with_the_file(tmp_path: Path, into: Path) -> None:
    def peak(count: int) -> int:
        file = tmp_path / f"{count}.csv"
        file.write_bytes(csv_of(rows_of(count)))
        tracemalloc.start()
        importer.from_file(file, into)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(60_000) < 1.3 * peak(20_000)
