"""`kith letters`: which letters wait or could not be delivered, and sending failed ones again."""

from pathlib import Path

import click

from api.context import open_context
from api.mail import store


@click.group()
def letters() -> None:
    """Look after letters that have not arrived."""


@letters.command("list")
@click.option("--waiting", is_flag=True, help="Those that wait too, not only the failed ones.")
@click.pass_obj
def list_letters(project: Path, waiting: bool) -> None:
    """Show letters that could not be delivered: id, kind, reference, why. Shows no address."""
    states = ("failed", "queued", "sending") if waiting else ("failed",)
    with open_context(project) as context:
        undelivered = context.database.read_now(
            lambda connection: store.undelivered(connection, states)
        )
    for letter in undelivered:
        columns = (
            letter.id,
            f"{letter.created_at:%Y-%m-%d %H:%M}",
            letter.state,
            letter.kind,
            letter.about or "-",
            f"{letter.attempts} attempts",
            letter.last_error or "",
        )
        click.echo("  ".join(columns).rstrip())
    click.echo(f"{len(undelivered)} letters.")


@letters.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "all_failed", is_flag=True, help="All that could not be delivered.")
@click.pass_obj
def retry(project: Path, ids: tuple[str, ...], all_failed: bool) -> None:
    """Queue letters again that could not be delivered: those with these ids, or --all."""
    if bool(ids) == all_failed:
        raise click.UsageError(
            "Name the ids of letters, as `kith letters list` shows them, or --all."
        )
    with open_context(project) as context:
        count = context.database.write_now(
            lambda connection: store.requeue_failed(
                connection, None if all_failed else ids, context.now, context.actor
            )
        )
    if ids and count < len(set(ids)):
        raise click.ClickException(
            f"{count} of {len(set(ids))} were failed letters; those are queued."
        )
    click.echo(f"{count} letters are queued. A running service sends them within seconds.")
