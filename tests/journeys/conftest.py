"""The whole of Kith as its visitors meet it: the real site and service, in a real browser."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from benchmarks.started import KITH, Started, plain_environ, running
from tests.chromium import ROOT, chromium

TOWN = ("content", "site", "mkdocs.yml", "package-lock.json")


class Town(msgspec.Struct, frozen=True):
    """A directory that is served: its folder, its records, and where it answers."""

    project: Path
    records: Path
    started: Started

    @property
    def origin(self) -> str:
        return self.started.origin

    def kith(self, *words: str) -> str:
        """Run the program as an operator does, and return what it says."""
        done = subprocess.run(
            [*KITH, "--project", str(self.project), *words],
            env={**plain_environ(), "KITH_DATA": str(self.records), "KITH_BASE_URL": self.origin},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def letters(self) -> list[EmailMessage]:
        """Return the letters in the folder, the oldest first."""
        files = sorted((self.records / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The whole demonstration directory, served on a free port."""
    project = tmp_path_factory.mktemp("town")
    for name in TOWN:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name)
        else:
            shutil.copy(source, project)
    (project / "build").mkdir()
    (project / "build" / "npm").symlink_to(ROOT / "build" / "npm")
    records = tmp_path_factory.mktemp("records")
    with running(project, records) as started:
        yield Town(project, records, started)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


OpenPage = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[OpenPage]:
    """Open a page as a visitor; every error in a script or a policy fails the test at its end."""
    wrong: list[str] = []
    contexts = []

    def visit(path: str, **settings: object) -> Page:
        context = browser.new_context(base_url=town.origin, **settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: _note(said, wrong))
        page.on("request", lambda asked: _only_ours(asked.url, town.origin, wrong))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        assert context.cookies() == [], "a public page set a cookie"
        context.close()
    assert wrong == []


def _note(said: ConsoleMessage, wrong: list[str]) -> None:
    """Note an error of a script or a policy; a form told to try again is no error."""
    if said.type == "error" and "status of 422" not in said.text:
        wrong.append(said.text)


def _only_ours(url: str, origin: str, wrong: list[str]) -> None:
    if not url.startswith((origin, "data:")):
        wrong.append(f"asked another host: {url}")
