"""A pledge that ends: the register stays as it is, says so, and can be carried away whole."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.features.pledges.register.commands import pledges
from catalogue.outputs.pledges.register import pledge_view
from catalogue.outputs.pledges.signatory import signatory_view
from catalogue.read import load
from tests.api.conftest import START
from tests.api.renewals.conftest import EDITOR_ENTRY, SHOP, project  # noqa: F401 - a fixture

FORMULA = '=HYPERLINK("x")'


@pytest.fixture
def ended_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811 - the fixture
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    (project / "mkdocs.yml").write_text("theme: {language: en}\n")
    folder = project / "content/pledges/connector"
    index = folder / "index.md"
    text = index.read_text().replace("summary:", "status: ended\nended_on: 2026-11-01\nsummary:")
    index.write_text(text)
    (folder / f"{SHOP}.md").write_text(EDITOR_ENTRY.replace('"There is a chair."', f"'{FORMULA}'"))
    return project


def test_the_whole_register_is_written_and_no_cell_is_a_formula(
    ended_project: Path, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    result = CliRunner().invoke(
        pledges, ["export", "connector", "--to", str(to)], obj=ended_project
    )
    assert result.exit_code == 0, result.output
    assert "1 signatories (0 past), ended on 2026-11-01" in result.output
    register = json.loads((to / "connector.json").read_text())
    assert register["signatories"][0]["promises"]["listen"]["how"] == FORMULA
    (line,) = csv.DictReader((to / "connector.csv").read_text(encoding="utf-8-sig").splitlines())
    assert line["name"] == "Candlebeck Shop"
    assert line["listen: how"] == f"'{FORMULA}"
    assert not [cell for cell in line.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_pledge_that_is_not_there_is_told(ended_project: Path) -> None:
    result = CliRunner().invoke(pledges, ["export", "nothing"], obj=ended_project)
    assert result.exit_code == 1
    assert "There is no pledge" in result.output


def test_pages_say_the_day_and_ask_visitors_nothing(ended_project: Path) -> None:
    catalogue = load.read_project(ended_project).catalogue
    assert catalogue is not None
    (pledge,), (shop,) = catalogue.pledges, catalogue.signatories
    assert pledge.ended_on == date(2026, 11, 1)
    page = pledge_view(pledge, catalogue, START)
    assert (page.open, page.ended_on) == (False, "1 November 2026")
    entry = signatory_view(shop, catalogue, START)
    assert (entry.ended_on, entry.ask_at, entry.validity) == ("1 November 2026", "", "now")
