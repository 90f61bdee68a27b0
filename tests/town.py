"""The whole of Kith as its visitors meet it: the real site and service, in a real browser."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from benchmarks.started import KITH, Started, plain_environ, running
from tests.chromium import ROOT, chromium

SOURCES = ("content", "site", "mkdocs.yml", "package-lock.json")
NO_FAULT = (404, 410, 422)
"""What a page may say of itself without anything being broken."""


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

    def link_sent_to(self, address: str, page: Page) -> str:
        """Return the path of the link to confirm, once its letter has come; `page` waits for it."""
        for _ in range(100):
            for letter in self.letters():
                found = re.search(r"/confirm/\S+", letter.get_content())
                if letter["to"] == address and found:
                    return found[0]
            page.wait_for_timeout(100)
        raise AssertionError("no letter came")

    def own_page_sent_to(self, address: str) -> str:
        """Return the path of the newest link to a connector's own page, or nothing."""
        return self._newest_sent_to(address, r"/connectors/me/\S+")

    def link_to_promise_of(self, address: str) -> str:
        """Return the token of the newest link to somebody's own promise, or nothing."""
        return self._newest_sent_to(address, r"(?<=/manage/)\S{20,}")

    def _newest_sent_to(self, address: str, link: str) -> str:
        for letter in reversed(self.letters()):
            found = re.search(link, letter.get_content())
            if letter["to"] == address and found:
                return found[0]
        return ""


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The whole demonstration directory, served on a free port."""
    project = tmp_path_factory.mktemp("town")
    for name in SOURCES:
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module, no longer: its event loop would stand in the way of other tests'."""
    with chromium() as launched:
        yield launched


NewPage = Callable[..., Page]
OpenPage = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[OpenPage]:
    """Open a page as a visitor; every error in a script or a policy fails the test at its end."""
    with watched(browser, town) as new_page:

        def visit(path: str, **settings: object) -> Page:
            page = new_page(**settings)
            page.goto(path)
            return page

        yield visit


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open an empty page that nobody watches, such as one of another site."""
    contexts: list[BrowserContext] = []

    def opened(**settings: object) -> Page:
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@contextmanager
def watched(browser: Browser, town: Town) -> Iterator[NewPage]:
    """Make empty pages for visitors, and hold at the end that nothing went wrong in any."""
    watch, contexts = _Watch(town.origin), list[BrowserContext]()

    def new_page(**settings: object) -> Page:
        contexts.append(browser.new_context(base_url=town.origin, **settings))  # type: ignore[arg-type]
        return watch.over(contexts[-1].new_page())

    yield new_page
    for context in contexts:
        assert context.cookies() == [], "a public page set a cookie"
        context.close()
    assert watch.wrong() == []


class _Watch:
    """What goes wrong in pages: errors of scripts and policies, missing files, other hosts."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._wrong: list[str] = []
        self._refused: list[tuple[str, str]] = []  # where, and what was said of it
        self._no_fault: set[str] = set()

    def over(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self._wrong.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda asked: self._only_ours(asked.url))
        page.on("response", self._see)
        return page

    def wrong(self) -> list[str]:
        broken = [one for one in self._refused if one[0] not in self._no_fault]
        return self._wrong + [f"{said} {where}" for where, said in broken]

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and said.text.startswith("Failed to load resource"):
            self._refused.append((_sent(said.location["url"]), said.text))
        elif said.type == "error":
            self._wrong.append(said.text)

    def _see(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.status in NO_FAULT:
            self._no_fault.add(_sent(answer.url))

    def _only_ours(self, url: str) -> None:
        if not url.startswith((self._origin, "data:")):
            self._wrong.append(f"asked another host: {url}")


def _sent(url: str) -> str:
    """Return the address as it was sent: its fragment never is."""
    return url.partition("#")[0]
