"""`kith gazetteer import`: what an operator types to have exact postcodes."""

import os
from pathlib import Path

import click

from api.search.postcodes import importer
from api.search.postcodes.importer import Imported, UnusableDirectory
from api.search.postcodes.source import UnreadableSource
from api.search.postcodes.store import PostcodesNotWritten
from api.settings import SettingFault, from_environ
from catalogue.progress import terminal_meter


@click.group()
def gazetteer() -> None:
    """Where postcodes lie."""


@gazetteer.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def import_(project: Path, file: Path) -> None:
    """Take the postcodes of an ONS postcode directory (ONSPD) or of Code-Point Open.

    FILE is the zip as it is published, the folder out of it, or a CSV. A CSV of outward codes with
    their middles (postcode with latitude and longitude, or with eastings and northings) will do as
    well.

    What was imported before stands until all is read. Searches know it from the next build on.
    """
    try:
        into = from_environ(project, os.environ).postcodes
    except SettingFault as error:
        raise click.UsageError(str(error)) from error
    try:
        with terminal_meter() as progress:
            counts = importer.from_file(file, into, progress)
    except UnusableDirectory as error:
        message = "\n".join((f"{file.name} was not imported: {error}", *error.shown))
        raise click.ClickException(message) from error
    except (UnreadableSource, PostcodesNotWritten) as error:
        raise click.ClickException(str(error)) from error
    _report(counts, into)


def _report(counts: Imported, into: Path) -> None:
    click.echo(f"{counts.kept} postcodes are in {into}")
    left_out = {
        "no longer in use": counts.ended,
        "without a position": counts.nowhere,
        "there twice": counts.twice,
        "wrong": counts.wrong,
    }
    reasons = [f"{count} {why}" for why, count in left_out.items() if count]
    if reasons:
        click.echo(f"Left out: {', '.join(reasons)}.")
    for line in counts.shown:
        click.echo(f"  {line}")
    if counts.wrong > len(counts.shown):
        click.echo(f"  and {counts.wrong - len(counts.shown)} more")
    click.echo("Searches know it from the next `kith build` on.")
