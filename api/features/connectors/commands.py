"""`kith connectors`: who stands where, and the letters the service otherwise sends by itself."""

from pathlib import Path

import click
from sqlalchemy import Connection

from api.features.connectors import self_service, staff_views
from api.moderation import commands


@click.group()
def connectors() -> None:
    """See who is a connector, and write to those who wait for a letter."""


@connectors.command("list")
@click.pass_obj
def list_(project: Path) -> None:
    """List all connectors as they stand in public, with their course."""
    with commands.opened(project) as (context, _):
        found = context.database.read_now(lambda look: staff_views.rows(look, context))
    for one in found:
        click.echo(f"{one.reference}  {one.name}  {one.place}  {one.said}")
    if not found:
        click.echo("Nobody yet.")


@connectors.command()
@click.pass_obj
def write(project: Path) -> None:
    """Write to the newly published, and to those whose course is due."""
    with commands.opened(project) as (context, _):

        def act(connection: Connection) -> tuple[int, int]:
            return self_service.welcome(connection, context), self_service.remind(
                connection, context
            )

        welcomed, reminded = context.database.write_now(act)
    click.echo(f"{welcomed} welcomed, {reminded} reminded. The service delivers the letters.")
