"""`make bench`: measure everything once, print the table of limits and write it to build/bench.md.

A part that fails is a row that says unknown, and the others are measured all the same.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    browser_search,
    builds,
    crash,
    lighthouse,
    others,
    postcodes,
    remote_search,
    search,
    sentences,
    surge,
    writes,
)
from benchmarks.table import Row, markdown, unknown

SIZES = (1_000, 10_000)
REPORT = Path("build/bench.md")
BUILT_AT_MOST = 10_000  # the larger corpus is for the engines; its site is not asked for
Part = Callable[[], list[Row]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the parts asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[
            *("search", "meilisearch", "browser", "builds", "others", "lighthouse"),
            *("postcodes", "writes", "surge", "crash", "sentences"),
        ],
    )
    args = parser.parse_args(arguments)
    project = Path.cwd()
    built = [size for size in args.sizes if size <= BUILT_AT_MOST]
    parts: dict[str, Part] = {
        "search": lambda: search.run(args.sizes),
        "meilisearch": lambda: remote_search.run(args.sizes),
        "browser": lambda: browser_search.run(built),
        "builds": lambda: builds.run(project, built),
        "others": lambda: others.run(project),
        "lighthouse": lambda: lighthouse.run(_built(project)),
        "sentences": sentences.run,
        "postcodes": postcodes.run,
        "writes": lambda: writes.run(_built(project)),
        "surge": lambda: surge.run(_built(project)),
        "crash": lambda: crash.run(_built(project)),
    }
    rows = [row for name in args.only or parts for row in _measured(name, parts[name])]
    report = f"{_machine()}\n\n{markdown(rows)}\n"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report)
    print(report)


def _measured(name: str, part: Part) -> list[Row]:
    print(f"Measuring: {name}", file=sys.stderr)
    started_at = time.monotonic()
    try:
        return part()
    except Exception as error:  # whatever it is, the other rows are worth having
        return [unknown(name, f"{type(error).__name__}: {str(error)[:160]}")]
    finally:
        print(f"  {time.monotonic() - started_at:.0f} s", file=sys.stderr)


def _built(project: Path) -> Path:
    """Build the project if it is not, and return it."""
    subprocess.run([sys.executable, "-m", "api.cli", "build"], check=True, capture_output=True)
    return project


def _machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}, "
        f"{time.strftime('%Y-%m-%d')}. Trust the ratios: the machine is shared."
    )


if __name__ == "__main__":
    main()
