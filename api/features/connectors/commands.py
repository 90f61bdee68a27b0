"""`kith connectors`: all connectors, and the letters that the service otherwise sends by itself."""

from pathlib import Path

import click
from sqlalchemy import Connection

from api.features.connectors import self_service, staff_overview
from api.moderation import commands


@click.group()
def connectors() -> None:
    """See who is a connector, and write to those who wait for a letter."""


@connectors.command("list")
@click.pass_obj
def list_(project: Path) -> None:
    """List all connectors as they stand in public, with their course."""
    with commands.open_store(project) as (context, _):
        rows = context.database.read_now(
            lambda connection: staff_overview.connector_rows(connection, context)
        )
    for row in rows:
        click.echo(f"{row.reference}  {row.name}  {row.place}  {row.status_text}")
    if not rows:
        click.echo("Nobody yet.")


@connectors.command()
@click.pass_obj
def write(project: Path) -> None:
    """Write to the newly published, and to those whose course is due."""
    with commands.open_store(project) as (context, _):

        def write_letters(connection: Connection) -> tuple[int, int]:
            welcomed = self_service.welcome(connection, context)
            return welcomed, self_service.remind(connection, context)

        welcomed, reminded = context.database.write_now(write_letters)
    click.echo(f"{welcomed} welcomed, {reminded} reminded. The service delivers the letters.")
