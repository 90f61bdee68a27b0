"""`kith gazetteer import`, as an operator types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.api.postcodes.conftest import ROWS, csv_of, row

Run = Callable[..., Result]


@pytest.fixture
def kith(tmp_path: Path) -> Run:
    def run(*words: str, **environ: str) -> Result:
        project = ("--project", str(tmp_path))
        return CliRunner().invoke(main, (*project, "gazetteer", "import", *words), env=environ)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    csv_file = tmp_path / "ONSPD.csv"
    csv_file.write_bytes(csv_of([*ROWS, *ROWS[:1]]))
    return csv_file


def test_it_tells_what_it_kept_and_what_it_left_out(kith: Run, file: Path, tmp_path: Path) -> None:
    result = kith(str(file))
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        f"4 postcodes are in {tmp_path / 'var' / 'postcodes.sqlite3'}",
        "Left out: 1 no longer in use, 2 without a position, 1 there twice.",
        "Searches know it from the next `kith build` on.",
    ]


def test_it_goes_where_the_setting_says(kith: Run, file: Path, tmp_path: Path) -> None:
    to = tmp_path / "elsewhere.sqlite3"
    assert kith(str(file), KITH_POSTCODES=str(to)).exit_code == 0
    assert to.is_file()


def test_a_wrong_file_ends_with_one_and_names_the_lines(
    kith: Run, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(csv_of([row("NOTONE", "54.7", "1.8"), *ROWS]))
    result = kith(str(file))
    assert result.exit_code == 1
    assert "1 of 8 lines are wrong.\nONSPD.csv, line 2: that is no postcode" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "var").exists() or not list((tmp_path / "var").iterdir())


def test_a_file_that_is_not_there_is_a_wrong_call(kith: Run) -> None:
    assert kith("nowhere.csv").exit_code == 2


def test_a_setting_that_cannot_stand_is_a_wrong_call(kith: Run, file: Path) -> None:
    result = kith(str(file), KITH_POSTCODE="x")
    assert result.exit_code == 2
    assert "Did you mean KITH_POSTCODES?" in result.output
