"""What a build costs in CPU at 1,000 and 10,000 entries, beside a bare loop over the same entries.

CPU of the build and all it starts (user and system) is the number: the wall clock of a shared
machine says little. Cold means a fresh project; then one entry is edited and it is built again,
then nothing, then the day turns. How soon an edit is seen is the wall clock's, with all of it.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import msgspec

from benchmarks.table import Row, at_most
from tests.support import generate
from tests.support.kith_process import running

PAGE_BYTES = 20_000
SMALL = 100
SEEN_AT = 1_000
SEEN_WITHIN_SECONDS = 5.0
SEEN_AT_LAST_SECONDS = 120.0
SETTLE_SECONDS = 2.0  # after the start, until the watch is surely on
SENTENCE = "Somebody waits to read this sentence."
NEXT_DAY = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from api.releases import build
build.build_release(Path(sys.argv[1]), datetime.now(UTC) + timedelta(days=1), print)
"""
SHARED = ("site", "mkdocs.yml", "package.json", "package-lock.json")


class Built(msgspec.Struct, frozen=True):
    """CPU seconds of each way to build, seconds until an edit is seen in the pages of a service
    that runs (None: not asked for), and the bytes of the page of one same entry.
    """

    cold: float
    edited: float
    unchanged: float
    next_day: float
    seen: float | None
    bare: float
    page_bytes: int


def run(root: Path, sizes: Sequence[int]) -> list[Row]:
    """Measure builds of each size; `root` is the project whose site and browser parts are used."""
    built = {size: measure(root, size) for size in sizes}
    small = measure(root, SMALL, with_bare=False)
    rows = [row for size in sizes for row in _rows(size, built[size])]
    if 1_000 in built and 10_000 in built:
        growth = built[10_000].cold / built[1_000].cold
        rows.append(at_most("build, CPU(10,000) / CPU(1,000)", growth, 11))
    largest = built[max(sizes)]
    rows += [
        at_most("entry page, HTML bytes at 100 entries", small.page_bytes, PAGE_BYTES),
        at_most(
            f"entry page, HTML bytes at {max(sizes):,} entries", largest.page_bytes, PAGE_BYTES
        ),
    ]
    return rows


def measure(root: Path, size: int, with_bare: bool = True) -> Built:
    """Generate a project of this size and build it."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        generate.write(size, generate.SEED, project)
        complete_project(root, project)
        cold = cpu_of("-m", "api.cli", "--project", place, "build")
        entry = min((project / "content" / "activities").rglob("*.md"))
        entry.write_text(entry.read_text() + "\nOne more sentence.\n")
        edited = cpu_of("-m", "api.cli", "--project", place, "build")
        unchanged = cpu_of("-m", "api.cli", "--project", place, "build")
        next_day = cpu_of("-c", NEXT_DAY, place)
        seconds_to_see = seconds_until_seen(project, entry) if size == SEEN_AT else None
        bare_loop = cpu_of("-m", "benchmarks.peers.bare_loop", place) if with_bare else 0.0
        page = project / "build/current/site/activities" / entry.stem / "index.html"
        return Built(
            cold, edited, unchanged, next_day, seconds_to_see, bare_loop, len(page.read_bytes())
        )


def seconds_until_seen(project: Path, entry: Path) -> float | None:
    """Serve the project, edit an entry, and return how long it takes to stand on its page."""
    with running(project, project / "var", KITH_WATCH="yes") as service:
        time.sleep(SETTLE_SECONDS)
        started_at = time.monotonic()
        entry.write_text(entry.read_text() + f"\n{SENTENCE}\n")
        while time.monotonic() < started_at + SEEN_AT_LAST_SECONDS:
            page = httpx.get(f"{service.origin}/activities/{entry.stem}/", timeout=30).text
            if SENTENCE in page:
                return time.monotonic() - started_at
            time.sleep(0.05)
    return None


def complete_project(root: Path, project: Path) -> None:
    """Give a generated content folder what makes it a project: theme, settings, browser parts."""
    for name in SHARED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, project / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, project / name)
    for prose in (root / "content").glob("*.md"):
        shutil.copy(prose, project / "content")
    for pledge in (root / "content" / "pledges").glob("*/index.md"):
        (project / "content" / "pledges" / pledge.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(pledge, project / "content" / "pledges" / pledge.parent.name)
    (project / "build").mkdir(exist_ok=True)
    (project / "build" / "npm").symlink_to(root.absolute() / "build" / "npm")


def cpu_of(*arguments: str) -> float:
    """Run Python with these arguments and return the CPU seconds it and its children took."""
    before = children()
    environ = {**os.environ, "PYTHONPATH": str(Path.cwd()), "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(
        [sys.executable, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(result.stderr[-2_000:])
    return children() - before


def children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seen(seconds: float | None) -> Row:
    name = f"an edited entry is seen, {SEEN_AT:,} entries"
    if seconds is None:
        why = f"not seen within {SEEN_AT_LAST_SECONDS:.0f} s"
        return Row(name, why, f"<= {SEEN_WITHIN_SECONDS:.0f} s", "no")
    return at_most(name, seconds, SEEN_WITHIN_SECONDS, " s")


COLD_LIMITS: dict[int, Callable[[float], Row]] = {
    10_000: lambda value: at_most("build, 10,000 entries, cold", value, 35, " CPU-s"),
}


def _rows(size: int, built: Built) -> list[Row]:
    rows = [
        COLD_LIMITS[size](built.cold)
        if size in COLD_LIMITS
        else Row(f"build, {size:,} entries, cold", f"{built.cold:.1f} CPU-s"),
        at_most(
            f"build, {size:,} entries: Kith / a bare Jinja + Markdown loop",
            built.cold / built.bare,
            1.5,
            note=f"loop {built.bare:.1f} CPU-s for its pages alone: decision 32",
        ),
    ]
    rows.append(Row(f"build, {size:,} entries, nothing changed", f"{built.unchanged:.1f} CPU-s"))
    rows.append(Row(f"build, {size:,} entries, the next day", f"{built.next_day:.1f} CPU-s"))
    if size == SEEN_AT:
        rows.append(_seen(built.seen))
    edited = f"build, {size:,} entries, one entry changed"
    if size == 10_000:
        rows.append(at_most(edited, built.edited, 15, " CPU-s"))
    else:
        rows.append(Row(edited, f"{built.edited:.1f} CPU-s"))
    return rows
