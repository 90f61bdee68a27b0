"""The directory in a made-up language, built and served; afterwards English is active again."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.releases import build
from catalogue.i18n import gettext
from tests.api.conftest import Clock
from tests.service.conftest import ORIGIN, opened_context, service, settings_of
from tests.translations import made_up_language

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def in_english_again() -> Iterator[None]:
    yield
    gettext.activate("en")


def with_theme(root: Path) -> Path:
    """Copy the theme and the browser parts into a project."""
    shutil.copytree(ROOT / "site", root / "site")
    shutil.copy(ROOT / "package-lock.json", root)
    (root / "build").mkdir()
    if (ROOT / "build" / "npm").is_dir():
        (root / "build" / "npm").symlink_to(ROOT / "build" / "npm")
    return root


@pytest.fixture(scope="session")
def made_up_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = with_theme(tmp_path_factory.mktemp("made-up"))
    made_up_language.write_translations(root)
    made_up_language.write_content(root)
    build.build_release(root, NOW, lambda line: None)
    return root


@pytest.fixture(scope="session")
def made_up_site(made_up_project: Path) -> Path:
    release = build.find_current(made_up_project)
    assert release
    return release.site


@pytest.fixture(scope="module")
def client(
    made_up_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    settings = settings_of(made_up_project, tmp_path_factory.mktemp("var"))
    with opened_context(settings, Clock()) as context:
        app: Any = service(context)
        with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as caller:
            yield caller
