"""What the store has taken off goes from the content, whatever fails on the way."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.features.pledges.register import content_sync, publish
from api.features.pledges.register.content_sync import ContentSync, StillPublished
from api.features.pledges.register.entry_file import set_status
from api.features.pledges.review import decide
from api.jobs.scheduler import Scheduler
from api.store.errors import StoreFault
from tests.api.pledges.conftest import content, context_of, sign_and_confirm
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def published(service: ServiceUnderTest, name: str) -> str:
    """Publish a promise of an organisation, and return its reference."""
    reference = await sign_and_confirm(service, name=name, contact_email=f"{name[-1]}@example.org")
    context = context_of(service)
    await asyncio.to_thread(publish.approve, reference, context, service.catalogue)
    return reference


async def taken_off(service: ServiceUnderTest, reference: str) -> None:
    """Take a promise off in the store alone, as if the process had died right after."""
    note = decide.DecisionNote("closed")
    context = context_of(service)
    await asyncio.to_thread(decide.decide, reference, "remove", note, context, service.catalogue)


async def test_an_error_nobody_expects_does_not_leave_a_withdrawn_promise_public(
    service: ServiceUnderTest,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await taken_off(service, await published(service, "Inn A"))
    errors = [asyncio.CancelledError(), StoreFault("DatabaseError: malformed"), MemoryError()]
    unpublish = content_sync.unpublish_entries

    def fail_first(*args: Any) -> content_sync.SyncResult:
        if errors:
            raise errors.pop(0)
        return unpublish(*args)

    monkeypatch.setattr(content_sync, "unpublish_entries", fail_first)
    jobs = Scheduler(service.clock)
    jobs.every(0.001, ContentSync(context_of(service)).sync_now, name="content sync")
    async with jobs.running():
        await asyncio.wait_for(_is_off(project), 20)
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert sum("content sync failed" in line for line in said) == 3


async def _is_off(project: Path) -> None:
    while content(project).register("connector"):
        await asyncio.sleep(0.01)


async def test_an_entry_that_cannot_be_changed_keeps_no_other_public(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reference in [await published(service, f"Inn {letter}") for letter in "ABC"]:
        await taken_off(service, reference)

    def fail_for_b(project: Path, path: str, status: str) -> bool:
        if path.endswith("inn-b.md"):
            raise OSError(28, "No space left on device")
        return set_status(project, path, status)

    sync = ContentSync(context_of(service))
    with monkeypatch.context() as patch:
        patch.setattr(content_sync, "set_status", fail_for_b)
        with pytest.raises(StillPublished):
            await sync.sync_now()
    assert [signatory.slug for signatory in content(project).register("connector")] == ["inn-b"]
    assert service.builds.is_pending
    assert await sync.sync_now() == 1
    assert content(project).register("connector") == ()


async def test_what_is_taken_off_after_the_clock_jumped_ahead_and_back_goes_all_the_same(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await published(service, "Inn A")
    sync = ContentSync(context_of(service))
    await sync.sync_now()
    service.clock.advance(days=366)
    await sync.sync_now()
    service.clock.now -= timedelta(days=366)
    await taken_off(service, reference)
    assert await sync.sync_now() == 1
    assert content(project).register("connector") == ()
