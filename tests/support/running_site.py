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
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.chromium import ROOT, chromium
from tests.support.kith_process import KITH, Started, plain_environ, running
from tests.support.once import made_once
from tests.support.read_letters import plain_of

SOURCES = ("content", "site", "mkdocs.yml", "package-lock.json")
EXPECTED_STATUSES = (404, 410, 422)
"""What a page may say of itself without anything being broken."""
WAIT_MS, WAITS = 50, 200


class RunningSite(msgspec.Struct, frozen=True):
    """A directory that is served: its project folder, its data folder, and its process."""

    project: Path
    data: Path
    process: Started

    @property
    def origin(self) -> str:
        return self.process.origin

    def kith(self, *arguments: str) -> str:
        """Run the program as an operator does, and return what it prints."""
        result = subprocess.run(
            [*KITH, "--project", str(self.project), *arguments],
            env={**plain_environ(), "KITH_DATA": str(self.data), "KITH_BASE_URL": self.origin},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def letters(self) -> list[EmailMessage]:
        """Return the letters that were sent, the oldest first."""
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def newest_link(self, address: str, pattern: str) -> str:
        """Return what a pattern finds in the newest letter to an address, or nothing."""
        for letter in reversed(self.letters()):
            match = re.search(pattern, plain_of(letter))
            if letter["to"] == address and match:
                return match[0]
        return ""

    def wait_for_link(self, address: str, pattern: str, page: Page) -> str:
        """Return the same once the letter has come; `page` lets the time pass."""
        for _ in range(WAITS):
            if link := self.newest_link(address, pattern):
                return link
            page.wait_for_timeout(WAIT_MS)
        raise AssertionError(f"no letter to {address} came")

    def confirmation_link(self, address: str, page: Page) -> str:
        """Return the path of the link to confirm, once its letter has come."""
        return self.wait_for_link(address, r"/confirm/\S+", page)


def build_demonstration(project: Path) -> None:
    """Lay out a project with this repository's content, and build its site."""
    copy_project(project)
    build_project(project)


def copy_project(project: Path) -> None:
    """Lay out a project with this repository's content."""
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name)
        else:
            shutil.copy(ROOT / name, project)
    (project / "build").mkdir()
    (project / "build" / "npm").symlink_to(ROOT / "build" / "npm")


def build_project(project: Path) -> None:
    """Build the site of a project."""
    subprocess.run(
        [*KITH, "--project", str(project), "build"],
        env=plain_environ(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The demonstration directory, built once in a run and served by each worker on its own port.

    Its content and data are the worker's own: tests may change both.
    """
    built = made_once(tmp_path_factory, "demonstration", build_demonstration)
    project = tmp_path_factory.mktemp("running") / "project"
    shutil.copytree(built, project, symlinks=True)
    data = tmp_path_factory.mktemp("data")
    with running(project, data) as process:
        yield RunningSite(project, data, process)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module, no longer: its event loop would stand in the way of other tests'."""
    with chromium() as launched:
        yield launched


NewPage = Callable[..., Page]
OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, running_site: RunningSite) -> Iterator[OpenPage]:
    """Open a page as a visitor; every error in a script or a policy fails the test at its end."""
    with watched_pages(browser, running_site) as new_page:

        def open_page(path: str, **settings: object) -> Page:
            page = new_page(**settings)
            page.goto(path)
            return page

        yield open_page


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open an empty page whose errors are not looked at, such as one of another site."""
    contexts: list[BrowserContext] = []

    def open_new(**settings: object) -> Page:
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield open_new
    for context in contexts:
        context.close()


@contextmanager
def watched_pages(browser: Browser, running_site: RunningSite) -> Iterator[NewPage]:
    """Make empty pages for visitors, and hold at the end that nothing went wrong in any."""
    recorder, contexts = PageErrors(running_site.origin), list[BrowserContext]()

    def new_page(**settings: object) -> Page:
        contexts.append(browser.new_context(base_url=running_site.origin, **settings))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        recorder.watch(page)
        return page

    yield new_page
    for context in contexts:
        assert context.cookies() == [], "a public page set a cookie"
        context.close()
    assert recorder.errors() == []


class PageErrors:
    """What goes wrong in pages: errors of scripts and policies, missing files, other hosts."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._errors: list[str] = []
        self._failed_loads: list[tuple[str, str]] = []  # address, and the browser's message
        self._expected: set[str] = set()

    def watch(self, page: Page) -> None:
        """Gather the errors of this page from now on."""
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("console", self._on_console)
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def errors(self) -> list[str]:
        """Return all errors so far."""
        broken = [load for load in self._failed_loads if load[0] not in self._expected]
        return self._errors + [f"{message} {url}" for url, message in broken]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if message.text.startswith("Failed to load resource"):
            self._failed_loads.append((_without_fragment(message.location["url"]), message.text))
        else:
            self._errors.append(message.text)

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status in EXPECTED_STATUSES:
            self._expected.add(_without_fragment(response.url))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:")):
            self._errors.append(f"asked another host: {request.url}")


def _without_fragment(url: str) -> str:
    """Return the address as it was sent: its fragment never is."""
    return url.partition("#")[0]
