"""The whole build: what stands in the folder, and what may not."""

import subprocess
import sys
from pathlib import Path

import pytest
from mkdocs.config import load_config

from catalogue.model.catalogue import Catalogue
from tests.site.conftest import ROOT, lay_out
from tests.site.reading import read

pytestmark = pytest.mark.xdist_group("pages of the site")  # which one worker reads once

ENTRY_BYTES = 20_000


def test_every_entry_has_a_page(built: Path, catalogue: Catalogue) -> None:
    for activity in catalogue.activities:
        assert read(built, f"/activities/{activity.slug}/").one("h1").text == activity.title
    for signatory in catalogue.signatories:
        assert (built / "pledges" / signatory.pledge / signatory.slug / "index.html").is_file()


def test_every_listing_stands_under_its_address(built: Path) -> None:
    for url in (
        "kinds/coffee-morning",
        "places/oxley-bridge",
        "places/harrow-vale",
        "days/tuesday",
        "activities",
        "find",
        "ask",
        "list",
        "pledges",
        "pledges/stay-connected/sign",
    ):
        assert (built / url / "index.html").is_file(), url


def test_a_pledge_that_has_ended_cannot_be_signed(built: Path) -> None:
    assert (built / "pledges" / "once-connected" / "index.html").is_file()
    assert not (built / "pledges" / "once-connected" / "sign").exists()


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_no_style_sheet_loads_from_anywhere_else(site: str, request: pytest.FixtureRequest) -> None:
    for sheet in request.getfixturevalue(site).rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "url(http" not in text, sheet.name
        assert "@import" not in text, sheet.name


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_a_page_of_an_entry_is_small(site: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(site)
    for file in (folder / "activities").glob("*/index.html"):
        assert file.stat().st_size <= ENTRY_BYTES, file.parent.name


def test_material_leaves_none_of_its_scripts(built: Path) -> None:
    assert not list(built.rglob("*bundle*"))
    assert not list(built.rglob("*lunr*"))


def test_the_folder_of_sources_is_never_the_folder_of_the_site() -> None:
    """MkDocs empties its site_dir, whose default is our folder of sources."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert Path(config.site_dir) == ROOT / "build" / "site"


def test_faults_stop_the_build_and_leave_the_old_site_standing(tmp_path: Path) -> None:
    project = lay_out(tmp_path)
    for number in (1, 2):
        bad_file = project / "content" / "activities" / f"bad-{number}.md"
        bad_file.write_text("---\ntitle: <script>alert(1)</script>\n---\n", encoding="utf-8")
    old_page = tmp_path / "build" / "site" / "index.html"
    old_page.parent.mkdir(parents=True)
    old_page.write_text("yesterday", encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(project / "mkdocs.yml")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode == 1
    assert "content/activities/bad-1.md:2: title:" in result.stderr
    assert "content/activities/bad-2.md:2: title:" in result.stderr
    assert "Traceback" not in result.stderr
    assert old_page.read_text(encoding="utf-8") == "yesterday"
