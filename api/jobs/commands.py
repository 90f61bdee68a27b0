"""`kith erase`: runs the nightly retention job by hand."""

from pathlib import Path

import click

from api.context import open_context
from api.jobs import retention


@click.command()
@click.option("--force", is_flag=True, help="Also where more than a tenth would go at once.")
@click.pass_obj
def erase(project: Path, force: bool) -> None:
    """Erase what is due: the personal half of records whose time is over. Runs daily by itself."""
    with open_context(project) as context:
        try:
            erased = context.database.write_now(
                lambda connection: retention.erase_due(connection, context.now, force)
            )
        except retention.TooManyAtOnce as error:
            raise click.ClickException(f"{error} If that is right, say --force.") from error
        click.echo(f"Erased: {erased.requests} requests, {erased.sign_ups} sign-ups.")
