"""A real Chromium for tests: the machine's own, or the one `tests/prepare.sh` fetched.

Where none can be had the test says unknown; it never passes for want of a browser.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

ROOT = Path(__file__).parents[1]
FETCHED = ROOT / "build" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Launch it for as long as the body runs; skip the test as unknown where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None and FETCHED.is_dir():
        os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(FETCHED))
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=program, args=[*QUIET])
        except Error as error:
            pytest.skip(f"unknown: no Chromium here ({error.message.splitlines()[0]})")
        yield browser
        browser.close()
