"""`kith connectors`: who stands where, and the letters the service otherwise sends by itself."""

from pathlib import Path

import click
from sqlalchemy import Connection

from api import deciding
from api.connectors import me, staff_views
from api.connectors.me import Means
from api.desk import Desk
from catalogue.catalogue import Catalogue


@click.group()
def connectors() -> None:
    """See who is a connector, and write to those who wait for a letter."""


@connectors.command("list")
@click.pass_obj
def list_(project: Path) -> None:
    """List all connectors as they stand in public, with their course."""
    with deciding.opened(project) as (at, catalogue):
        means = _means(at, catalogue)
        found = at.database.read_now(lambda look: staff_views.rows(look, means))
    for one in found:
        click.echo(f"{one.reference}  {one.name}  {one.place}  {one.said}")
    if not found:
        click.echo("Nobody yet.")


@connectors.command()
@click.pass_obj
def write(project: Path) -> None:
    """Write to the newly published, and to those whose course is due."""
    with deciding.opened(project) as (at, catalogue):
        means = _means(at, catalogue)

        def act(connection: Connection) -> tuple[int, int]:
            return me.welcome(connection, means), me.remind(connection, means)

        welcomed, reminded = at.database.write_now(act)
    click.echo(f"{welcomed} welcomed, {reminded} reminded. The service delivers the letters.")


def _means(at: Desk, catalogue: Catalogue) -> Means:
    return Means(at.database, at.vault, at.settings, catalogue, lambda address: True, at.now)
