"""`kith erase` runs the nightly retention job by hand; `kith jobs` looks after all of them."""

from pathlib import Path

import click
from sqlalchemy import Connection

from api.context import open_context
from api.jobs import retention, status_store
from api.jobs.steady_clock import ClockJumped, expect_steady
from api.store import audit
from api.store.writer import insert_rows

IF_IT_IS_RIGHT = "If the clock is right, say: kith jobs resume."


@click.command()
@click.option("--force", is_flag=True, help="Also where more than a tenth would go at once.")
@click.pass_obj
def erase(project: Path, force: bool) -> None:
    """Erase what is due: the personal half of records whose time is over. Runs daily by itself."""
    with open_context(project) as context:
        try:
            if not force:
                context.database.write_now(
                    lambda connection: expect_steady(connection, "retention", context.now)
                )
            erased = retention.erase_due_records(context, force)
        except ClockJumped as error:
            raise click.ClickException(f"{error} {IF_IT_IS_RIGHT}") from error
        except retention.TooManyAtOnce as error:
            raise click.ClickException(f"{error} If that is right, say --force.") from error
        click.echo(f"Erased: {erased.requests} requests, {erased.sign_ups} sign-ups.")


@click.group()
def jobs() -> None:
    """Look after the background jobs of the service."""


@jobs.command("list")
@click.pass_obj
def list_jobs(project: Path) -> None:
    """Show when each job last succeeded, and how it failed since."""
    with open_context(project) as context:
        for job in context.database.read_now(status_store.recorded_jobs):
            last = f"{job.succeeded_at:%Y-%m-%d %H:%M} UTC" if job.succeeded_at else "never"
            failure = ""
            if job.error and job.failed_at:
                failure = f"  failed {job.failed_at:%Y-%m-%d %H:%M} UTC: {job.error}"
            click.echo(f"{job.name}: {last}{failure}")


@jobs.command()
@click.option("--yes", is_flag=True, help="Do not ask whether the clock is right.")
@click.pass_obj
def resume(project: Path, yes: bool) -> None:
    """Let jobs that erase or remind go on after the clock jumped, or after days without service."""
    with open_context(project) as context:
        now = context.now
        if not yes:
            click.confirm(f"Is it {now:%A %d %B %Y, %H:%M} UTC now?", abort=True)

        def resume_rounds(connection: Connection) -> list[str]:
            line = audit.new_event("jobs.resumed", None, actor=context.actor, at=now)
            insert_rows(connection, [line])
            return status_store.resume_rounds(connection, now)

        names = context.database.write_now(resume_rounds)
    click.echo(f"They go on within a minute: {', '.join(names) or 'none was stopped'}.")
