"""Progress of a long piece of work: the callback that reports it, and a meter for the terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Called often as (name of the step, done so far, total); the caller decides what to show."""

CLEAR_LINE = "\r\x1b[K"  # back to the start of the terminal's line, and empty it


def silent(step: str, count_done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def terminal_meter() -> Iterator[Progress]:
    """Show progress on standard error in one line, cleared at the end; nothing if no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    shown = ""

    def show(step: str, count_done: int, total: int) -> None:
        nonlocal shown
        line = f"{step}: {min(100, 100 * count_done // max(1, total))} %"
        if line != shown:
            shown = line
            _write(f"{CLEAR_LINE}{line}")

    yield show
    _write(CLEAR_LINE)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
