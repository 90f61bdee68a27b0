"""A small project with a case of each kind, built whole; and the project's own site, built once."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.build.build_input import BuildInput
from catalogue.build.pages import SitePages
from catalogue.build.templates import Frame, Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity.page import ActivityView, activity_view
from catalogue.outputs.listings.card import Card
from catalogue.outputs.search import documents as search
from catalogue.read import load
from catalogue.read.site_settings import Service
from tests.site.small_project import PROSE, WORDS
from tests.support.once import made_once

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # read by Material when it is imported
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # a Sunday
SERVICE = Service(
    "Harrow Vale Company Service",
    "01632 960100",
    "weekdays",
    "hello@example.org",
    demonstration=True,
)
FRAME = "<!--@DESCRIPTION@-->|<!--@TITLE@-->|<!--@HEAD@-->|<!--@BODY@-->|"


def build(root: Path, catalogue: Catalogue, folder: Path) -> Path:
    """Build a project the way `kith build` does, as it stands at NOW."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    config = load_config(str(root / "mkdocs.yml"), site_dir=str(folder), strict=True)
    documents = search.documents(catalogue, NOW)
    config.extra["kith"] = BuildInput(catalogue, documents, NOW)
    build_site(config)
    return folder


def lay_out(root: Path) -> Path:
    """Write the small project into a folder: its words, and the look of the real one."""
    for path, text in {**WORDS, **PROSE}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "site", root / "site", dirs_exist_ok=True)
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    return root


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def catalogue(project: Path) -> Catalogue:
    project_read = load.read_project(project)
    assert project_read.catalogue, project_read.faults
    return project_read.catalogue


@pytest.fixture(scope="session")
def built(project: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project's site, shared by all workers: tests only read it."""
    return made_once(
        tmp_path_factory, "small-site", lambda folder: build(project, catalogue, folder)
    )


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this project's own content."""
    project_read = load.read_project(ROOT)
    assert project_read.catalogue, project_read.faults
    return build(ROOT, project_read.catalogue, tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates(ROOT / "site" / "theme" / "pages")


def drawn_card(templates: Templates, card: Card) -> str:
    """Return the HTML of one card, as listings draw it."""
    source = '{% from "parts/cards.html" import card as draw %}{{ draw(card) }}'
    return templates.environment.from_string(source).render(card=card)


@pytest.fixture
def site_pages(catalogue: Catalogue) -> SitePages:
    return SitePages(catalogue, search.documents(catalogue, NOW), NOW, SERVICE, {})


@pytest.fixture
def frame() -> Frame:
    return Frame.parse(FRAME)


@pytest.fixture
def view(catalogue: Catalogue) -> dict[str, ActivityView]:
    """What the page of each activity says, by its slug."""
    return {
        activity.slug: activity_view(activity, catalogue, NOW) for activity in catalogue.activities
    }
