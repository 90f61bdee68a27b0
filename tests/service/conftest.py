"""The whole service on a small project, built once by `kith build`: in this process, or in its own.

A project of demonstration entries that no other test touches; what changes it takes a copy.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from litestar.types import ASGIApp

from api import app as entrance
from api.context import Context, build_context
from api.http.rate_limits import RULES, Limits, Rule, Window
from api.settings import Settings, from_environ
from tests.api.conftest import Clock
from tests.support.kith_process import KITH, plain_environ
from tests.support.once import made_once

ROOT = Path(__file__).parents[2]
ORIGIN = "http://127.0.0.1:8000"
ENTRIES = (
    "cooking-for-one",
    "corn-hall-repair-cafe",
    "friendly-phone-call",
    "kawa-po-polsku",
    "net-loft-shed",
    "tuesday-coffee-morning-at-the-mill",
)
PLEDGE = "stay-connected"
NO_HURRY = {purpose: Rule(Window(100_000, 60), Window(100_000, 60)) for purpose in RULES}

MARY: dict[str, Any] = {
    "who_asks": "myself",
    "name": "Mary Canaryfeather",
    "reach_by": "phone",
    "reach_at": "01632 960123, ask for Canaryfeather",
    "safe_when": "when Canaryfeather is out",
    "place": "Temeford",
    "matters": "I used to sing in the Canaryfeather choir.",
}
CANARY = "canaryfeather"
"""In all that Mary says: where it is found, something personal has got out."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project with its site and its index, this process's own copy. Read it only."""
    shared_project = made_once(tmp_path_factory, "service-project", _make_project)
    return shutil.copytree(
        shared_project, tmp_path_factory.mktemp("service") / "project", symlinks=True
    )


def _make_project(project: Path) -> None:
    add_theme(project)
    _copy_words(project / "content")
    build(project)


def add_theme(project: Path) -> None:
    """Put what a build needs besides content into a project folder."""
    shutil.copytree(ROOT / "site", project / "site")
    for name in ("mkdocs.yml", "package-lock.json"):
        shutil.copy(ROOT / name, project)
    if (ROOT / "build" / "npm").is_dir():
        (project / "build").mkdir()
        (project / "build" / "npm").symlink_to(ROOT / "build" / "npm")


@pytest.fixture
def own_project(built_project: Path, tmp_path: Path) -> Path:
    """A copy of the built project, to be changed."""
    return shutil.copytree(built_project, tmp_path / "project", symlinks=True)


@pytest.fixture
def settings(built_project: Path, tmp_path: Path) -> Settings:
    return settings_of(built_project, tmp_path / "var")


@pytest.fixture
def context(settings: Settings, clock: Clock) -> Iterator[Context]:
    """All that the service holds, at a told time, for callers who are in no hurry."""
    with opened_context(settings, clock) as ready:
        yield ready


@pytest.fixture
def app(context: Context) -> ASGIApp:
    """The whole service, with that context."""
    return service(context)


@pytest.fixture
def client(app: Any) -> Iterator[TestClient[Any]]:
    """A caller of the service as it runs: its outbox delivers, its releases are followed."""
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as caller:
        yield caller


@pytest.fixture(scope="module")
def reader(
    built_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """A caller of one service for a whole module, whose tests only read."""
    settings = settings_of(built_project, tmp_path_factory.mktemp("var"))
    with opened_context(settings, Clock()) as context:
        app: Any = service(context)
        with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as caller:
            yield caller


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return all the test made the service log, small; `caplog.text` is empty after a test."""
    messages = [
        record.getMessage() for record in caplog.get_records("call") if record.name != "httpx"
    ]
    return "\n".join(messages).casefold()


def settings_of(project: Path, data: Path, **settings_given: str) -> Settings:
    """Return settings under which each caller says where it calls from."""
    environ = {
        "KITH_DATA": str(data),
        "KITH_TRUSTED_PROXIES": "127.0.0.1",
        "KITH_WATCH": "no",
        **settings_given,
    }
    return from_environ(project, environ)


@contextmanager
def opened_context(settings: Settings, clock: Clock) -> Iterator[Context]:
    """Open all that the service holds, with limits nobody meets."""
    limits = Limits(settings.trusted_proxies, rules=NO_HURRY)
    context = msgspec.structs.replace(build_context(settings, clock), limits=limits)
    try:
        yield context
    finally:
        context.database.close()


def service(context: Context) -> ASGIApp:
    """Return the whole service, with a context of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entrance, "build_context", lambda settings, clock: context)
        return entrance.create_app(context.settings, context.clock)


def tries(seconds: float = 10, pause: float = 0.05) -> Iterator[int]:
    """Count tries at something another process will do soon; the test then says if it did."""
    until = time.monotonic() + seconds
    for number in count():
        yield number
        if time.monotonic() > until:
            return
        time.sleep(pause)


def build(project: Path) -> None:
    """Run `kith build` in a process of its own."""
    subprocess.run(
        [*KITH, "--project", str(project), "build"],
        check=True,
        env=plain_environ(),
        capture_output=True,
        timeout=120,
    )


def _copy_words(content: Path) -> None:
    """Copy the prose, the closed lists, some entries and one pledge with all who signed it."""
    source = ROOT / "content"
    content.mkdir()
    for file in (*source.glob("*.md"), source / "taxonomy.yml"):
        shutil.copy(file, content)
    (content / "activities").mkdir()
    for name in ENTRIES:
        shutil.copy(source / "activities" / "demo" / f"{name}.md", content / "activities")
    shutil.copytree(source / "pledges" / PLEDGE, content / "pledges" / PLEDGE)
