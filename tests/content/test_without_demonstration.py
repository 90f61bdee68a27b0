"""What is built of this repository's content when the demonstration is switched off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.model.text import slug_of
from catalogue.read import load
from catalogue.read.site_settings import Service
from tests.chromium import ROOT
from tests.support.once import made_once
from tests.support.running_site import build_demonstration, build_project, copy_project

LINE = "\n  demonstration: true  #"
TEXT = {".html", ".json", ".ics", ".xml", ".csv", ".txt", ".svg", ".js", ".webmanifest", ".md"}


def build_without(project: Path) -> None:
    """Build the content with the one line changed that docs/settings.md names."""
    copy_project(project)
    settings = project / "mkdocs.yml"
    text = settings.read_text()
    assert LINE in text
    settings.write_text(text.replace(LINE, LINE.replace("true", "false")))
    build_project(project)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that was built without the demonstration."""
    return made_once(tmp_path_factory, "without-demonstration", build_without)


@pytest.fixture(scope="module")
def built_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that was built with the demonstration."""
    return made_once(tmp_path_factory, "demonstration", build_demonstration)


def invented_names() -> list[str]:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    return [area.name for area in catalogue.taxonomy.areas if area.demonstration == "yes"]


def files(site: Path) -> Iterator[Path]:
    text_files = [file for file in site.rglob("*") if file.is_file() and file.suffix in TEXT]
    assert len(text_files) > 100
    yield from text_files


def test_beside_what_is_real_no_invented_number_is_offered(built_demonstration: Path) -> None:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    for activity in catalogue.activities:
        page = built_demonstration / "build" / "current" / "site" / "activities" / activity.slug
        text = (page / "index.html").read_text(encoding="utf-8")
        is_running = activity.status in ("active", "unknown")
        assert ("01632 960" in text) == activity.demonstration, activity.slug
        assert ('href="/ask?activity=' in text) == (activity.demonstration and is_running)


def test_a_service_answers_for_its_areas() -> None:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    mendip, quiz = (
        catalogue.activity(slug) for slug in ("mendip-talking-cafes", "bess-weekly-online-quiz")
    )
    assert mendip
    assert quiz
    assert Service("Ours").serves(mendip, catalogue.taxonomy)
    assert Service("Ours", areas=("Somerset",)).serves(mendip, catalogue.taxonomy)
    assert not Service("Ours", areas=("Worcestershire",)).serves(mendip, catalogue.taxonomy)
    assert not Service("Ours", demonstration=True).serves(mendip, catalogue.taxonomy)
    assert not Service("Ours", areas=("Somerset",)).serves(quiz, catalogue.taxonomy)


@pytest.mark.parametrize(
    ("service", "numbered"),
    [
        (Service("Ours", "01934 700700"), {"", "Frome", "Nowhere"}),
        (Service("Ours", "01934 700700", areas=("Somerset",)), {"", "Frome", "Nowhere"}),
        (Service("Ours", "01934 700700", areas=("Worcestershire",)), {"", "Nowhere"}),
        (Service("Ours", "01632 960100", demonstration=True), {"Temeford"}),
    ],
)
def test_what_is_handed_over_in_a_place_bears_a_number_that_is_answered_there(
    service: Service, numbered: set[str]
) -> None:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    places = ("", "Frome", "Nowhere", "Temeford")
    named = {place: service.for_place(place, catalogue.taxonomy) for place in places}
    assert {place for place, entry in named.items() if entry.phone} == numbered


def test_nothing_invented_is_anywhere_in_a_site_without_the_demonstration(project: Path) -> None:
    site = project / "build" / "current" / "site"
    names = invented_names()
    assert "Harrow Vale" in names
    invented = re.compile(
        rf"\b(?:{'|'.join(map(re.escape, names))}|Demonstration|This is a demonstration"
        r"|ZZ[1-9]|01632 ?960 ?\d\d\d|hello@example\.org)\b"
    )
    invented_paths = {
        f"{file.relative_to(site)}: {match[0]}"
        for file in files(site)
        if (match := invented.search(file.read_text(encoding="utf-8")))
    }
    assert not invented_paths, sorted(invented_paths)[:20]
    slugs = set(map(slug_of, names))
    assert not slugs & {file.name for file in (site / "places").iterdir()}


def test_what_is_real_stays_in_a_site_without_the_demonstration(project: Path) -> None:
    site = project / "build" / "current" / "site"
    with_demonstration = load.read_project(ROOT).catalogue
    without_demonstration = load.read_project(project).catalogue
    assert with_demonstration
    assert without_demonstration
    real = {
        activity.slug for activity in with_demonstration.activities if not activity.demonstration
    }
    assert {activity.slug for activity in without_demonstration.activities} == real
    assert all((site / "activities" / slug / "index.html").is_file() for slug in real)
    assert {pledge.slug for pledge in without_demonstration.pledges} == {
        pledge.slug for pledge in with_demonstration.pledges
    }
    assert not without_demonstration.signatories
