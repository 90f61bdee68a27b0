"""`kith pledges`: what an operator does with a whole pledge."""

from pathlib import Path

import click
import msgspec

from api.content_files.atomic_write import put_in_place
from api.moderation import commands
from catalogue.outputs.pledges import register_data


@click.group()
def pledges() -> None:
    """Take a pledge's register out, for those who carry it on."""


@pledges.command()
@click.argument("pledge")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The folder to write into. Default: where you are.",
)
@click.pass_obj
def export(project: Path, pledge: str, folder: Path) -> None:
    """Write the whole public register as <PLEDGE>.json and <PLEDGE>.csv, past promises too."""
    with commands.opened(project) as (at, catalogue):
        found = catalogue.pledge(pledge)
        if found is None:
            raise click.ClickException(f'There is no pledge "{pledge}" in content/pledges/.')
        whole = register_data.register(found, catalogue, at.now)
    folder.mkdir(parents=True, exist_ok=True)
    put_in_place(folder / f"{pledge}.json", msgspec.json.format(msgspec.json.encode(whole)))
    put_in_place(folder / f"{pledge}.csv", register_data.as_csv(whole, found))
    ended = f", ended on {found.ended_on}" if found.ended_on else ""
    click.echo(
        f"{whole.total} signatories ({whole.past} past){ended}: {folder / pledge}.json, .csv"
    )
