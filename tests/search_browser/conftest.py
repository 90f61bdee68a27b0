"""A small directory, indexed as a build does it, and two ways to ask it: Node and Chromium."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from catalogue.outputs.search import browser_index as browser
from catalogue.outputs.search import site_pages
from catalogue.outputs.search.site_pages import SitePage
from tests.chromium import chromium as launched
from tests.search_browser.directory import DOCUMENTS, TAXONOMY
from tests.serving import served
from tests.support.node import find_node

ROOT = Path(__file__).parents[2]
ASK = Path(__file__).with_name("ask.mjs")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


class PageAnswer(msgspec.Struct):
    """One answer as ask.mjs gives it."""

    slugs: list[str]
    full: int
    said: str
    cards: list[dict[str, object]]
    ways_on: list[str]
    fits: list[dict[str, object]]
    groups: list[tuple[str, int, int]]
    too_old: int
    headings: list[str]
    far: list[str]
    asks: list[str]
    gap: dict[str, object] | None


PAGES = [
    SitePage("/pledges/taxis/", "Taxi drivers who listen", "pledge", "pledg sign"),
    SitePage("/pledges/taxis/oxley-cabs/", "Oxley Cabs", "signatory", "pledg taxi"),
    SitePage("/get-help-now/", "Get help now", "page", "call night sleep text"),
]
Search = Callable[..., PageAnswer]


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site folder with documents.json and index.json."""
    folder = tmp_path_factory.mktemp("site")
    browser.write_search(folder, DOCUMENTS, TAXONOMY)
    (folder / "search" / site_pages.FILE).write_bytes(msgspec.json.encode(PAGES))
    return folder


@pytest.fixture(scope="session")
def search(indexed: Path) -> Iterator[Search]:
    """Ask one question: `search("cofee", place="ZZ3", now=...)`."""
    with node(indexed) as process:
        questions, answers = process.stdin, process.stdout
        assert questions
        assert answers

        def search_once(q: str = "", now: datetime = NOW, **filters: object) -> PageAnswer:
            line = json.dumps({"question": {"q": q, **filters}, "now": now.timestamp() * 1000})
            print(line, file=questions, flush=True)
            return msgspec.json.decode(answers.readline(), type=PageAnswer)

        yield search_once
        questions.close()
        assert process.wait(timeout=10) == 0


def node(folder: Path) -> subprocess.Popen[str]:
    command = [str(find_node()), str(ASK), str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture(scope="module")
def site(indexed: Path) -> Iterator[str]:
    """The address of a small site: the find page, a page without results, scripts and search."""
    shutil.copytree(ROOT / "site" / "assets", indexed / "assets", dirs_exist_ok=True)
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    (indexed / "find").mkdir(exist_ok=True)
    (indexed / "find" / "index.html").write_text(page, encoding="utf-8")
    home = page.replace('<template id="card-template">', "<template>")
    (indexed / "index.html").write_text(home, encoding="utf-8")
    with served(indexed) as origin:
        yield origin


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose every error, in script or policy, fails the test; but not a refused fetch."""
    context = chromium.new_context(timezone_id="America/New_York")
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if is_error(message) else None)
    page.clock.set_fixed_time("2026-11-23T09:00:00Z")
    yield page
    context.close()
    assert wrong == []


def is_error(message: ConsoleMessage) -> bool:
    refused = "status of 503" in message.text or message.location["url"].endswith("/gaps/told")
    return message.type == "error" and not refused


def asked_for(page: Page) -> list[str]:
    """Return a list that fills with every address the page asks for."""
    urls: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)

    page.on("request", note)
    return urls
