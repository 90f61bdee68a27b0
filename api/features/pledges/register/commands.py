"""`kith pledges`: export the register of a pledge."""

from pathlib import Path

import click
import msgspec

from api.content_files.atomic_write import put_in_place
from api.moderation import commands
from catalogue.outputs.pledges import register_data


@click.group()
def pledges() -> None:
    """Export a pledge's register, for those who carry it on."""


@pledges.command()
@click.argument("pledge_slug", metavar="PLEDGE")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The folder to write into. Default: where you are.",
)
@click.pass_obj
def export(project: Path, pledge_slug: str, folder: Path) -> None:
    """Write the whole public register as <PLEDGE>.json and <PLEDGE>.csv, past promises too."""
    with commands.open_store(project) as (context, catalogue):
        pledge = catalogue.pledge(pledge_slug)
        if pledge is None:
            raise click.ClickException(f'There is no pledge "{pledge_slug}" in content/pledges/.')
        register = register_data.register(pledge, catalogue, context.now)
    folder.mkdir(parents=True, exist_ok=True)
    json_file, csv_file = folder / f"{pledge_slug}.json", folder / f"{pledge_slug}.csv"
    put_in_place(json_file, msgspec.json.format(msgspec.json.encode(register)))
    put_in_place(csv_file, register_data.as_csv(register, pledge))
    ended_note = f", ended on {pledge.ended_on}" if pledge.ended_on else ""
    counts = f"{register.total} signatories ({register.past} past){ended_note}"
    click.echo(f"{counts}: {folder / pledge_slug}.json, .csv")
