"""`kith gaps list`: for commissioners, with no small number printed."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.features.gaps import store
from api.features.gaps.commands import gaps
from api.features.gaps.store import Gap
from api.store.database import Database
from api.store.migrate import migrate
from tests.api.service_under_test import ROOT, project_settings

Run = Callable[..., Result]


@pytest.fixture
def kith(tmp_path: Path) -> Run:
    """Run `kith gaps ...` in a project with our lists and some gaps."""
    (tmp_path / "content").mkdir()
    lists = (ROOT / "content" / "taxonomy.yml").read_text()
    (tmp_path / "content" / "taxonomy.yml").write_text(lists)
    url = project_settings(tmp_path).database_url
    migrate(url)
    counts = {
        Gap("2026-11", "Temeford", "choir", ""): 5,
        Gap("2026-11", "Temeford", "any", "evenings-are-long"): 4,
        Gap("2026-10", "any", "choir", ""): 1,
        Gap("2026-01", "=cmd|' /C calc'!A0", "@gone-by-now", ""): 123,
    }
    with Database(url) as database:
        database.write_now(lambda connection: store.add_gaps(connection, counts))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(gaps, arguments, obj=tmp_path)

    return run


def test_a_table_has_words_and_prints_no_small_number(kith: Run) -> None:
    lines = kith("list").output.splitlines()
    assert lines[0].split() == ["month", "area", "kind", "need", "times"]
    assert len(lines) == 5
    assert "Evenings" in lines[1] or "evenings" in lines[1]
    assert lines[1].endswith("fewer than 5")
    assert lines[2].split() == ["2026-11", "Temeford", "Choir", "5"]
    assert lines[3].endswith("fewer than 5")
    assert "not said" in lines[3]


def test_it_begins_with_the_month_that_is_asked_for(kith: Run) -> None:
    assert len(kith("list", "--since", "2026-11").output.splitlines()) == 3
    assert kith("list", "--since", "2027-01").output == "No gap was counted.\n"


@pytest.mark.parametrize("month", ["2026", "2026-13", "January", "2026-01-01", "'; drop table"])
def test_what_is_no_month_is_refused(kith: Run, month: str) -> None:
    refused = kith("list", "--since", month)
    assert refused.exit_code == 2
    assert "2026-01" in refused.output


def test_a_spreadsheet_takes_no_cell_for_a_formula(kith: Run) -> None:
    rows = list(csv.reader(io.StringIO(kith("list", "--csv").output)))
    assert rows[0] == ["month", "area", "kind", "need", "times"]
    assert rows[-1][1:] == ["'=cmd|' /C calc'!A0", "'@gone-by-now", "", "123"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert {row[4] for row in rows[1:]} == {"5", "fewer than 5", "123"}


def test_nothing_counted_gives_a_file_with_its_heads(kith: Run) -> None:
    assert kith("list", "--csv", "--since", "2027-01").output.split() == [
        "month,area,kind,need,times"
    ]
