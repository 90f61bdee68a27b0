"""What every command that decides shares: a sound reference, sound content, refusals in words.

A refusal ends the command with 1 and one sentence; faults are told a line each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from api.content_files.atomic_write import Unfit
from api.context import Context, open_context
from api.errors import DomainError
from api.releases import build as release_build
from api.security.references import ReferenceFault, parse
from api.settings import share_base_url
from catalogue.model.catalogue import Catalogue
from catalogue.read import load


def reference(typed: str, letter: str) -> str:
    """Return a reference of the kind that starts with this letter, as it is kept."""
    try:
        return parse(typed, letter)
    except ReferenceFault as error:
        raise click.ClickException(str(error)) from error


def age_in_words(past: datetime, now: datetime) -> str:
    """Return how long ago, in the largest unit that fits: "5 minutes", "3 hours", "2 days"."""
    minutes = int((now - past).total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"{minutes // size} {unit}{'s' if minutes >= 2 * size else ''}"
    return "just now"


@contextmanager
def open_store(project: Path) -> Iterator[tuple[Context, Catalogue]]:
    """Open the store and the content, for as long as the body decides."""
    project_read = load.read_project(project)
    if project_read.catalogue is None:
        raise click.ClickException("The content has faults: run kith check, and mend them first.")
    try:
        with open_context(project, project_read.catalogue) as context:
            yield context, project_read.catalogue
    except Unfit as error:
        faults = "\n".join(str(fault) for fault in error.faults)
        raise click.ClickException(f"{error}\n{faults}") from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def build(context: Context) -> None:
    """Build the site with what was decided; the entry stands whether or not that works."""
    share_base_url(context.settings)
    try:
        release_build.build_release(
            context.project, context.now, click.echo, postcodes=context.settings.postcodes
        )
    except release_build.ContentFaulty as error:
        _not_built("\n" + "\n".join(str(fault) for fault in error.faults), error)
    except release_build.BuildFailed as error:
        _not_built(f" {error}", error)


def _not_built(why: str, error: Exception) -> None:
    raise click.ClickException(f"The entry is written, the site was not built:{why}") from error
