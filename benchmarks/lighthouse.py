"""What Lighthouse says of the pages a visitor sees first, in the machine's own Chromium.

Three marks hang on the page alone. The one for performance is a clock's, on a phone four times
slower than this machine: where the machine is busy and the mark is low, it is not known.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks import table
from benchmarks.others import INSTALLED
from benchmarks.table import Row
from tests.support.kith_process import running

PROGRAM = INSTALLED / "npm/node_modules/lighthouse/cli/index.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
BUSY = 1.0  # processes that wait to run, beside our own
SECONDS = 180


def run(project: Path) -> list[Row]:
    """Judge home, the search and an activity of a built project, as `kith serve` serves it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    node = shutil.which("node")
    if not (browser and node and PROGRAM.is_file()):
        return [table.unknown("Lighthouse", "it, Node or Chromium is not installed")]
    activity = min((project / "build/current/site/activities").glob("*/index.html")).parent.name
    pages = {"home": "/", "search": "/find/", "an activity": f"/activities/{activity}/"}
    data = project / "build" / "lighthouse"
    with running(project, data) as service:
        return [
            row
            for name, path in pages.items()
            for row in _rows(name, _marks(node, browser, f"{service.origin}{path}"))
        ]


def _marks(node: str, browser: str, url: str) -> Mapping[str, float]:
    """Return the mark of each category, 0 to 100."""
    result = subprocess.run(
        [node, str(PROGRAM), url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"],
        env={**os.environ, "CHROME_PATH": browser},
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    categories = json.loads(result.stdout)["categories"]
    return {name: 100 * float(category["score"] or 0) for name, category in categories.items()}


def _rows(page: str, marks: Mapping[str, float]) -> list[Row]:
    return [_row(page, category, marks[category]) for category in LEAST]


def _row(page: str, category: str, mark: float) -> Row:
    row = table.at_least(f"Lighthouse {category}, {page}", round(mark), LEAST[category])
    load = os.getloadavg()[0]
    if category == "performance" and row.met == "no" and load > BUSY:
        why = f"the machine is busy (load {load:.0f}); {row.measured}"
        return table.unknown(row.name, why, row.limit)
    return row
