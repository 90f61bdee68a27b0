"""Telling somebody at a terminal how far the work is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from catalogue.progress import Progress, silent

CLEARED = "\r\x1b[K"  # back to the start of the terminal's line, and the line emptied


@contextmanager
def meter() -> Iterator[Progress]:
    """Show on a terminal how far the work is, in one line that is gone when the work is done."""
    shown = ""

    def show(step: str, done: int, total: int) -> None:
        nonlocal shown
        line = f"{step}: {min(100, 100 * done // max(1, total))} %"
        if line != shown:
            shown = line
            click.echo(f"{CLEARED}{line}", nl=False, err=True)

    if not sys.stderr.isatty():
        yield silent
        return
    yield show
    click.echo(CLEARED, nl=False, err=True)
