"""A release is built aside, swapped in whole, and not built twice."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.releases import build
from api.releases.current_release import CurrentRelease
from api.releases.release_folders import ReleaseLock, is_locked
from api.search.postcodes import store
from catalogue.model.geo import Point

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def entry(project: Path) -> Path:
    return min((project / "content" / "activities").rglob("*.md"))


def silent(text: str) -> None:
    """Say nothing."""


def test_an_unchanged_project_is_not_built_again_that_day(own_project: Path) -> None:
    messages: list[str] = []
    first = build.build_release(own_project, NOW, silent)
    second = build.build_release(own_project, NOW + timedelta(hours=3), messages.append)
    assert second == first
    assert messages == ["Nothing changed since the last build."]


def test_a_new_day_or_a_changed_word_is_a_new_release(own_project: Path) -> None:
    today = build.build_stamp(own_project, NOW)
    assert build.build_stamp(own_project, NOW + timedelta(days=1)) != today
    entry(own_project).write_text(entry(own_project).read_text() + "\nOne more line.\n")
    assert build.build_stamp(own_project, NOW) != today


def test_a_newer_program_builds_an_old_project_anew(
    own_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build.build_stamp(own_project, NOW)
    (tmp_path / "module.py").write_text("# the program changed\n")
    monkeypatch.setattr(build, "PROGRAM", (tmp_path,))
    assert build.build_stamp(own_project, NOW) != before


def test_a_faulty_entry_leaves_the_old_site_untouched(own_project: Path) -> None:
    current = build.build_release(own_project, NOW, silent)
    before = {file: file.read_bytes() for file in current.site.rglob("*") if file.is_file()}
    entry(own_project).write_text("---\ntitle: [\n---\n")
    with pytest.raises(build.ContentFaulty) as error:
        build.build_release(own_project, NOW, silent)
    assert str(error.value.faults[0]).startswith("content/activities/")
    assert build.find_current(own_project) == current
    assert before == {file: file.read_bytes() for file in current.site.rglob("*") if file.is_file()}
    assert not (own_project / "build" / "releases" / ".making").exists()


def edited(project: Path, number: int) -> build.Release:
    entry(project).write_text(entry(project).read_text() + f"\nLine {number}.\n")
    return build.build_release(project, NOW, silent)


def test_builds_in_quick_succession_leave_the_release_that_is_served(own_project: Path) -> None:
    """A service that is slow to turn over would answer from a folder that is gone."""
    first = build.build_release(own_project, NOW, silent)
    served = CurrentRelease(own_project)
    assert served.now.release == first
    later = [edited(own_project, number) for number in range(3)]
    assert (first.site / "index.html").is_file()
    assert [release.folder.is_dir() for release in later] == [False, True, True]
    assert served.load_newest()
    edited(own_project, 4)
    assert not first.folder.exists()
    assert (later[-1].site / "index.html").is_file()


def test_a_release_that_nobody_serves_any_more_may_go(own_project: Path) -> None:
    release = build.build_release(own_project, NOW, silent)
    lock = ReleaseLock(release.folder)
    assert is_locked(release.folder)
    lock.end()
    assert not is_locked(release.folder)


def test_imported_postcodes_make_a_release_of_their_own_and_reach_the_page(
    own_project: Path, tmp_path: Path
) -> None:
    mill = own_project / "content" / "activities" / "tuesday-coffee-morning-at-the-mill.md"
    without_point = re.sub(r"\n +(latitude|longitude): .*", "", mill.read_text("utf-8"))
    mill.write_text(without_point.replace("postcode: ZZ3\n", "postcode: zz3 1aa\n"))
    before = build.build_release(own_project, NOW, silent)
    file = tmp_path / "postcodes.sqlite3"
    store.write(file, [("ZZ31AA", 54_12340, 1_50000), ("QQ11AA", 50_00000, 1_00000)])
    after = build.build_release(own_project, NOW, silent, postcodes=file)
    assert after != before
    assert build.build_release(own_project, NOW, silent, postcodes=file) == after
    assert after.catalogue().taxonomy.middles == {
        "QQ1": Point(50.0, 1.0, about=True),
        "ZZ3": Point(54.1234, 1.5, about=True),
    }
    assert after.catalogue().taxonomy.postcodes == {"ZZ31AA": Point(54.1234, 1.5)}
    search_data = json.loads((after.site / "search" / "documents.json").read_bytes())
    assert search_data["terms"]["codes"] == [["ZZ3", 54.1234, 1.5]]
    of_code = [
        point
        for codes, point in zip(search_data["codes"], search_data["points"], strict=True)
        if codes == "ZZ3"
    ]
    assert [541234, 15000, 0] in of_code
    places = (after.site / "search" / "places.tsv").read_text("utf-8")
    assert places.endswith("\n\nQQ1\t50.0000\t1.0000\n")
    assert "QQ1" not in (before.site / "search" / "places.tsv").read_text("utf-8")


def test_a_broken_file_of_postcodes_is_told_and_the_old_site_stands(
    own_project: Path, tmp_path: Path
) -> None:
    current = build.build_release(own_project, NOW, silent)
    file = tmp_path / "postcodes.sqlite3"
    file.write_bytes(b"not ours")
    with pytest.raises(build.BuildFailed, match="Import one again, or take it away"):
        build.build_release(own_project, NOW, silent, postcodes=file)
    assert build.find_current(own_project) == current


def test_mkdocs_never_empties_the_folder_of_our_sources(own_project: Path) -> None:
    """Its own default for the output is `site`, where our templates lie."""
    build.build_release(own_project, NOW, silent)
    assert (own_project / "site" / "hooks.py").is_file()
    assert "site_dir: build/site" in (own_project / "mkdocs.yml").read_text()
