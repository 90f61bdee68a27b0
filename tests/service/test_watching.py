"""Who edits sees it: what is saved is built at once, once, and a fault is told with its line."""

import asyncio
import io
import os
import signal
import time
from asyncio import create_subprocess_exec
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from watchfiles import Change

from api.context import utc_now
from api.jobs.scheduler import Scheduler
from api.releases import waiting_process
from api.releases.build_process import WaitingBuilder
from api.releases.rebuild_queue import RebuildQueue
from api.releases.watch import FILES, EditFilter, ProjectWatcher
from tests.service.conftest import ORIGIN, tries
from tests.support.kith_process import running

pytestmark = pytest.mark.anyio

ENTRY = Path("content", "activities", "cooking-for-one.md")


class Builder:
    """Stands in for builds, each of which takes until it is told to end."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Semaphore(0)
        self.began = asyncio.Semaphore(0)

    async def __call__(self, root: Path) -> tuple[bool, str]:
        self.begun += 1
        self.began.release()
        await self.may_end.acquire()
        return True, ""

    async def wait(self) -> None:
        """Return when one more build has begun."""
        await asyncio.wait_for(self.began.acquire(), 30)


@asynccontextmanager
async def watching(root: Path, builder: Builder) -> AsyncIterator[None]:
    builds = RebuildQueue(root, utc_now, builder)
    eyes = ProjectWatcher(root, lambda: builds.request(settled=True))
    jobs = Scheduler(utc_now)
    jobs.every(60, builds.build_if_requested, name="rebuild", wake=builds.wake)
    jobs.every(60, eyes.run, name="watch")
    async with jobs.running():
        (root / "content" / "awake.md").touch()
        while not builder.begun:  # until its eyes are open
            (root / "content" / "awake.md").write_text("seen?")
            await asyncio.sleep(0.05)
        builder.may_end.release()
        await builder.wait()
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content" / "activities").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("content/activities/choir.md", True),
        ("content/taxonomy.yml", True),
        ("site/theme/pages/activity.html", True),
        ("content/activities/.choir.md.swp", False),
        ("content/activities/choir.md~", False),
        ("content/activities/#choir.md#", False),
        ("content/activities/.#choir.md", False),
        ("content/activities/4913", False),
        ("content/activities/choir.md.tmp", False),
        ("site/__pycache__/hooks.cpython-311.pyc", False),
    ],
)
def test_only_what_an_editor_meant_to_write_counts(path: str, counts: bool) -> None:
    assert EditFilter(None)(Change.modified, f"/project/{path}") is counts


def test_beside_the_folders_only_the_settings_count() -> None:
    assert EditFilter(FILES)(Change.modified, "/project/mkdocs.yml")
    assert not EditFilter(FILES)(Change.modified, "/project/README.md")


async def test_an_edit_during_a_build_is_built_after_it(root: Path) -> None:
    builder = Builder()
    async with watching(root, builder):
        (root / "content" / "activities" / "choir.md").write_text("one")
        builder.may_end.release()
        await builder.wait()
        (root / "content" / "activities" / "choir.md").write_text("two, while it builds")
        builder.may_end.release()
        await builder.wait()


async def test_the_settings_are_seen_where_an_editor_replaces_the_file(root: Path) -> None:
    builder = Builder()
    async with watching(root, builder):
        builder.may_end.release()
        fresh = root / "mkdocs.yml.tmp"
        fresh.write_text("site_name: Other\n")
        fresh.replace(root / "mkdocs.yml")
        await builder.wait()


async def test_what_is_decided_and_then_seen_in_the_content_is_built_once(root: Path) -> None:
    builder = Builder()
    builds = RebuildQueue(root, utc_now, builder)
    jobs = Scheduler(utc_now)
    jobs.every(60, builds.build_if_requested, name="rebuild", wake=builds.wake)
    async with jobs.running():
        builds.request()
        await asyncio.sleep(0)
        builds.request(settled=True)
        await builder.wait()
        builder.may_end.release()
        while builds.is_pending:
            await asyncio.sleep(0)
    assert builder.begun == 1


async def test_the_process_that_stands_ready_builds_and_the_next_one_tells_a_fault(
    own_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Process] = []

    async def start(*command: Any, **more: Any) -> Process:
        started.append(await create_subprocess_exec(*command, **more))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    entry = own_project / ENTRY
    sound = entry.read_text()
    builder = WaitingBuilder(own_project)
    builder_task = asyncio.create_task(builder.run())
    entry.write_text(sound.replace("title: ", "title: Quite changed, ", 1))
    assert await builder.build(own_project) == (True, "")
    entry.write_text(sound.replace("kinds:", "kidns:"))
    built, message = await builder.build(own_project)
    process = started[-1]
    assert process.returncode is None
    builder_task.cancel()
    await asyncio.gather(builder_task, return_exceptions=True)
    assert not built
    assert f"{ENTRY}:" in message
    page = own_project / "build/current/site/activities/cooking-for-one/index.html"
    assert "Quite changed" in page.read_text()
    assert process.returncode == 0  # nobody has a word for it: it ends by itself


@pytest.mark.parametrize(("code_at", "anew"), [(-60.0, False), (60.0, True)])
def test_code_that_is_newer_than_what_was_loaded_is_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code_at: float, anew: bool
) -> None:
    code = tmp_path / "catalogue" / "page.py"
    code.parent.mkdir()
    code.write_text("")
    os.utime(code, (time.time() + code_at,) * 2)
    started: list[str] = []
    monkeypatch.setattr(waiting_process, "PROGRAM", tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("build\n"))
    monkeypatch.setattr("os.execv", lambda *_: started.append("anew"))
    waiting_process.wait()
    assert started == (["anew"] if anew else [])


def test_an_edit_is_shown_and_a_fault_is_told_while_the_old_page_stands(
    own_project: Path, tmp_path: Path
) -> None:
    with running(own_project, tmp_path / "var", KITH_WATCH="yes", KITH_BASE_URL=ORIGIN) as service:
        page = f"{service.origin}/activities/cooking-for-one/"
        entry = own_project / ENTRY
        sound = entry.read_text().replace("title: ", "title: Quite changed, ", 1)
        entry.write_text(sound)
        for _ in tries(60, 0.2):
            if "Quite changed" in httpx.get(page).text:
                break
        assert "Quite changed" in httpx.get(page).text
        entry.write_text(sound.replace("kinds:", "kidns:"))
        for _ in tries(60, 0.2):
            if f"{ENTRY}:" in service.output():
                break
        assert f"{ENTRY}:" in service.output()
        assert "Quite changed" in httpx.get(page).text
        assert service.end_with(signal.SIGTERM) == 0
        assert "Traceback" not in service.output()
