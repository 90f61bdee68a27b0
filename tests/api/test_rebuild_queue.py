"""What was asked to be built, and a release that was built, is tried again after any error."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.releases import build as release
from api.releases import current_release
from api.releases.current_release import TRY_AGAIN_SECONDS, CurrentRelease
from api.releases.rebuild_queue import RebuildQueue

pytestmark = pytest.mark.anyio


async def test_a_build_that_ends_in_an_error_nobody_expects_is_made_again(tmp_path: Path) -> None:
    errors = [RuntimeError("canary"), OSError(28, "No space left on device")]

    async def build(root: Path) -> tuple[bool, str]:
        if errors:
            raise errors.pop(0)
        return True, ""

    builds = RebuildQueue(tmp_path, lambda: datetime(2026, 11, 28, tzinfo=UTC), build)
    builds.request(settled=True)
    assert await builds.build_if_requested()
    assert [*builds.failed] == ["RuntimeError"]
    assert await builds.build_if_requested()
    assert [*builds.failed] == ["No space left on device"]
    assert await builds.build_if_requested()
    assert [*builds.failed] == []
    assert not await builds.build_if_requested()


async def test_a_release_that_could_not_be_loaded_once_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = [0.0]
    newest = SimpleNamespace(folder=tmp_path / "old")
    errors: list[Exception] = []

    def load(root: Path, found: object, engines: object = None) -> SimpleNamespace:
        if errors:
            raise errors.pop(0)
        return SimpleNamespace(release=found)

    monkeypatch.setattr(current_release, "load_release", load)
    monkeypatch.setattr(release, "find_current", lambda root: newest)
    current = CurrentRelease(tmp_path, clock=lambda: seconds[0])
    assert current.now.release.folder.name == "old"
    newest, errors = SimpleNamespace(folder=tmp_path / "new"), [MemoryError(), MemoryError()]
    for _ in range(3):
        assert not await current.reload_if_changed()
    seconds[0] += TRY_AGAIN_SECONDS
    assert not await current.reload_if_changed()
    assert current.now.release.folder.name == "old"
    seconds[0] += TRY_AGAIN_SECONDS
    assert await current.reload_if_changed()
    assert current.now.release.folder.name == "new"
    assert len([r for r in caplog.records if "cannot be served" in r.getMessage()]) == 1
