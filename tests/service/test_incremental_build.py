"""What is used again of an earlier build is, to the byte, what a build from nothing makes."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from api.releases import build
from catalogue.read import build_cache, load
from tests.service.conftest import PLEDGE

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENTRY = Path("content", "activities", "tuesday-coffee-morning-at-the-mill.md")
SIGNATORY = Path("content", "pledges", PLEDGE, "the-mill.md")
PAGES = Path("site", "theme", "pages")

Edit = Callable[[Path], None]


def silent(text: str) -> None:
    """Say nothing."""


def changed(name: Path | str, old: str, new: str) -> Edit:
    """Return the edit that replaces words in a file of the project, all of them."""

    def edit(project: Path) -> None:
        text = (project / name).read_text(encoding="utf-8")
        assert old in text
        (project / name).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def removed(name: Path) -> Edit:
    return lambda project: (project / name).unlink()


def copied(name: Path, to: Path) -> Edit:
    return lambda project: shutil.copy(project / name, project / to) and None  # type: ignore[return-value]


def own_wording(project: Path) -> None:
    file = project / "tongues" / "en" / "LC_MESSAGES" / "kith.po"
    file.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    file.write_text(f'{head}msgid "Time not known, ask"\nmsgstr "Ask us when"\n')


EDITS: dict[str, Edit] = {
    "a word of an entry": changed(ENTRY, "title: ", "title: Quite new, "),
    "the body of an entry": lambda project: (project / ENTRY).write_text(  # type: ignore[dict-item]
        (project / ENTRY).read_text() + "\n**And** one more line.\n"
    ),
    "a new entry": copied(ENTRY, ENTRY.with_name("aa-new.md")),
    "an entry gone": removed(ENTRY),
    "an entry that ended": changed(ENTRY, "status: active", "status: defunct"),
    "a label of the taxonomy": changed("content/taxonomy.yml", "Coffee morning", "Coffee hour"),
    "a signatory withdrawn": changed(SIGNATORY, "since:", "status: withdrawn\nsince:"),
    "a signatory's name": changed(SIGNATORY, "name: ", "name: The new "),
    "the title of a pledge": changed(
        f"content/pledges/{PLEDGE}/index.md", "\ntitle: ", "\ntitle: Renewed, "
    ),
    "a template of entries": changed(PAGES / "activity.html", "<h1", '<h1 class="new"'),
    "a template within another": changed(PAGES / "parts" / "cards.html", "{", " {"),
    "a style": changed("site/assets/styles/1-base.css", "{", " {"),
    "a page of prose": changed("content/about.md", "title: ", "title: All "),
    "whom to ring": changed("mkdocs.yml", "01632 960100", "01632 960199"),
    "the language": changed("mkdocs.yml", "language: en", "language: cy"),
    "a wording of its own": own_wording,
    "nothing": lambda project: None,
}


@pytest.fixture(scope="module")
def built_once(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a release made at NOW. Read it only."""
    project = tmp_path_factory.mktemp("standing") / "project"
    shutil.copytree(built_project, project, symlinks=True)
    build.build_release(project, NOW, silent, force=True)
    return project


def copy(project: Path, to: Path) -> Path:
    return shutil.copytree(project, to, symlinks=True)


def from_nothing(project: Path, to: Path, now: datetime) -> build.Release:
    """Build a copy that has no earlier release and no cache."""
    copy(project, to)
    for name in ("releases", "cache"):
        shutil.rmtree(to / "build" / name)
    (to / "build" / "current").unlink()
    return build.build_release(to, now, silent)


def files(release: build.Release) -> dict[str, bytes]:
    pages = {
        file.relative_to(release.site).as_posix(): file.read_bytes()
        for file in release.site.rglob("*")
        if file.is_file()
    }
    rows = {f"search/{file.name}": file.read_bytes() for file in release.search.glob("*.*")}
    assert rows
    return {**pages, **rows, "catalogue": msgspec.json.encode(release.catalogue())}


def assert_same(release: build.Release, anew: build.Release) -> None:
    files_made, files_anew = files(release), files(anew)
    assert files_made.keys() == files_anew.keys()
    assert [name for name in files_made if files_made[name] != files_anew[name]] == []


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_site_is_what_a_build_from_nothing_makes(
    built_once: Path, tmp_path: Path, edit: str
) -> None:
    project = copy(built_once, tmp_path / "project")
    EDITS[edit](project)
    release = build.build_release(project, NOW, silent, force=True)
    assert_same(release, from_nothing(project, tmp_path / "anew", NOW))


@pytest.mark.parametrize("days", [1, 7, 100])
def test_on_another_day_the_site_is_what_a_build_from_nothing_makes(
    built_once: Path, tmp_path: Path, days: int
) -> None:
    project = copy(built_once, tmp_path / "project")
    later = NOW + timedelta(days=days)
    release = build.build_release(project, later, silent)
    assert_same(release, from_nothing(project, tmp_path / "anew", later))


def test_a_site_is_the_same_at_whatever_hour_it_is_built(built_once: Path, tmp_path: Path) -> None:
    """A page that is used again was built in the morning, the next one in the evening."""
    late = from_nothing(built_once, tmp_path / "late", NOW + timedelta(hours=9))
    current = build.find_current(built_once)
    assert current
    assert_same(current, late)


def test_an_edit_writes_the_page_of_its_entry_and_no_other(
    built_once: Path, tmp_path: Path
) -> None:
    project = copy(built_once, tmp_path / "project")
    earlier = build.find_current(project)
    EDITS["the body of an entry"](project)
    release = build.build_release(project, NOW, silent)
    assert earlier
    pages = [
        page.parent.name
        for page in release.site.glob("activities/*/index.html")
        if not page.samefile(earlier.site / page.relative_to(release.site))
    ]
    assert pages == [ENTRY.stem]


def test_a_page_that_was_cut_short_is_not_used_again(built_once: Path, tmp_path: Path) -> None:
    project = copy(built_once, tmp_path / "project")
    earlier = build.find_current(project)
    assert earlier
    (earlier.site / "activities" / ENTRY.stem / "index.html").write_bytes(b"")
    release = build.build_release(project, NOW, silent, force=True)
    assert (release.site / "activities" / ENTRY.stem / "index.html").stat().st_size > 1_000


@pytest.mark.parametrize("rubbish", [b"", b"\x00", b"{}", b"\x81\xa6ground\xc4\x00"])
def test_a_cache_that_cannot_be_read_is_not_there(
    built_once: Path, tmp_path: Path, rubbish: bytes
) -> None:
    project = copy(built_once, tmp_path / "project")
    (project / build_cache.FOLDER / build_cache.ENTRIES).write_bytes(rubbish)
    read = load.read_project(project, cache=project / build_cache.FOLDER)
    assert read == load.read_project(project)


def test_an_entry_that_was_kept_and_has_a_fault_now_tells_it(
    built_once: Path, tmp_path: Path
) -> None:
    project = copy(built_once, tmp_path / "project")
    changed("content/taxonomy.yml", "slug: coffee-morning", "slug: coffee-hour")(project)
    read = load.read_project(project, cache=project / build_cache.FOLDER)
    assert [fault.field for fault in read.faults if fault.path == ENTRY.as_posix()] == ["kinds[0]"]
    assert read == load.read_project(project)
