"""While releases turn over, what two of them have is always there for whoever reads."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from litestar import Litestar

from api.http.static_files import Site, StaticFile
from api.releases import release_folders
from api.releases.release_folders import ReleaseLock
from catalogue.build import content_security_policy

BADGE = "/embed/stay-connected/the-mill.svg"
TURNS = 20


def make_release(root: Path, number: int = 0) -> Path:
    """A finished release, aside, with its badge and its policy."""
    making = root / "releases" / ".making"
    (making / "site" / "embed" / "stay-connected").mkdir(parents=True)
    content_security_policy.write_headers(making / "site", content_security_policy.STRICTEST)
    (making / "site" / BADGE.lstrip("/")).write_text(f"<svg>{number}</svg>")
    return making


def check_while_switching(check: Callable[[], bool], switch: Callable[[int], object]) -> list[bool]:
    """Turn over and over, and look before every line of it that runs; return what was seen."""
    checks: list[bool] = []

    def step(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename != release_folders.__file__:
            return None
        checks.append(check())
        return step

    tracing = sys.gettrace()
    sys.settrace(step)
    try:
        for number in range(TURNS):
            switch(number)
    finally:
        sys.settrace(tracing)
    assert len(checks) > 10 * TURNS
    return checks


def test_a_reader_of_the_link_always_finds_it(tmp_path: Path) -> None:
    """As Caddy reads: new releases, the same one made again by force, and one that stood before."""
    link, releases = tmp_path / "current", tmp_path / "releases"
    stamps = ("aa", "bb", "bb", "aa", "cc")

    def switch(number: int) -> None:
        stamp = stamps[number % len(stamps)]
        release = release_folders.find_release(releases, stamp) if number % 2 else None
        if release:
            release_folders.switch_to(release, link)
        else:
            release_folders.publish(make_release(tmp_path, number), stamp, link)

    switch(0)
    badge = link / "site" / BADGE.lstrip("/")
    assert all(check_while_switching(badge.is_file, switch))
    assert len([*releases.iterdir()]) == release_folders.RELEASES_TO_KEEP


def test_a_service_that_lags_behind_always_finds_it(tmp_path: Path) -> None:
    """It answers from the release it holds, whatever else is built, made again and forgotten."""
    link = tmp_path / "current"
    first = release_folders.publish(make_release(tmp_path), "aa", link)
    lock = ReleaseLock(first)

    app = Litestar(logging_config=None)

    def finds_badge() -> bool:
        """Find it as a service does that has nothing in memory yet."""
        site = Site(app, lambda: first / "site")
        return isinstance(site.find(BADGE), StaticFile)

    def switch(number: int) -> None:
        release_folders.publish(make_release(tmp_path), ("aa", "bb", "aa")[number % 3], link)

    assert all(check_while_switching(finds_badge, switch))
    lock.end()
    switch(0)
    assert not first.exists()


def test_what_a_killed_build_was_removing_is_not_taken_for_whole(tmp_path: Path) -> None:
    link, releases = tmp_path / "current", tmp_path / "releases"
    release_folders.publish(make_release(tmp_path), "aa", link)
    (releases / ".gone-bb" / "site").mkdir(parents=True)
    assert release_folders.find_release(releases, "bb") is None
    release_folders.publish(make_release(tmp_path), "cc", link)
    assert sorted(path.name for path in releases.iterdir()) == ["aa", "cc"]
