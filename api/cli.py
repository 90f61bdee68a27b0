"""The program `kith`: what an operator types. Each feature's own commands are added here.

Exit codes: 0 done, 1 the content or the thing asked for has a fault, 2 the call itself was wrong.
This and `context.py` are the only places of the service that ask the clock.
"""

import errno
import importlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from api.releases import build as release
from api.settings import (
    SettingFault,
    Settings,
    forget_secrets,
    from_environ,
    share_base_url,
)
from catalogue.faults import Fault
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL, clock, day
from catalogue.progress import terminal_meter
from catalogue.read import load
from catalogue.schedule import schedule

SESSIONS_SHOWN = 6
REFUSALS = frozenset(
    (
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
        *(errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM),
    )
)
"""Errors of the machine that an operator has to mend."""


# Command -> where it stands. Loaded when asked for: a check of the words needs no database.
FEATURES = {
    "gazetteer": "api.search.postcodes.commands:gazetteer",
    "search": "api.releases.commands:search",
    "requests": "api.features.signposting.commands:requests",
    "corrections": "api.features.corrections.commands:corrections",
    "gaps": "api.features.gaps.commands:gaps",
    "connectors": "api.features.connectors.commands:connectors",
    "pledges": "api.features.pledges.register.commands:pledges",
    "sign-ups": "api.features.pledges.commands:sign_ups",
    "staff": "api.staff.commands:staff",
    "audit": "api.staff.commands:audit_trail",
    "erase": "api.jobs.commands:erase",
    "keys": "api.operations.commands:keys",
    "jobs": "api.jobs.commands:jobs",
    "person": "api.operations.commands:person",
    "backup": "api.operations.commands:backup",
    "restore": "api.operations.commands:restore",
    "letters": "api.jobs.letter_commands:letters",
    "reconcile": "api.operations.commands:reconcile",
    "doctor": "api.operations.doctor:doctor",
}


class Program(click.Group):
    """The program's commands, those of the features loaded late."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return all names, as `--help` lists them."""
        return [*super().list_commands(context), *FEATURES]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, importing its feature where it belongs to one."""
        if name not in FEATURES:
            return super().get_command(context, name)
        module, command = FEATURES[name].split(":")
        attribute: click.Command = getattr(importlib.import_module(module), command)
        return attribute

    def invoke(self, context: click.Context) -> object:
        """Run a command; what the machine or the database refuses is said in one line."""
        try:
            return super().invoke(context)
        except OSError as error:
            if error.errno not in REFUSALS:
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror}.") from error
        except Exception as error:
            refusal = _refusal_of_database(error)
            if refusal is None:
                raise
            raise click.ClickException(refusal) from error


def _refusal_of_database(error: Exception) -> str | None:
    """Return what to say of an error of the store; None for others. It is loaded only then."""
    if "api.store.errors" not in sys.modules:
        return None
    from api.context import DAMAGED
    from api.store import errors

    if isinstance(error, errors.StoreDamaged):
        return DAMAGED
    if isinstance(error, errors.StoreUnavailable | errors.StoreFault):
        return f"The database refuses: {error}"
    return None


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    default=".",
    help="The project folder: it holds content/, site/ and mkdocs.yml. Default: where you are.",
)
@click.version_option(package_name="kith")
@click.pass_context
def main(context: click.Context, project: Path) -> None:
    """Kith: a community directory and pledge portal."""
    context.obj = project


@main.command()
@click.option("--sessions", is_flag=True, help="Print the next six sessions of every activity.")
@click.pass_obj
def check(project: Path, sessions: bool) -> None:
    """Check every entry and print all faults, one a line: path:line: field: message."""
    _expect_project(project)
    with terminal_meter() as progress:
        project_read = load.read_project(project, progress)
    if project_read.catalogue is None:
        _show_faults(project_read.faults)
    catalogue = project_read.catalogue
    if sessions:
        _show_sessions(catalogue, datetime.now(UTC))
    click.echo(
        f"{len(catalogue.activities)} activities, {len(catalogue.pledges)} pledges, "
        f"{len(catalogue.signatories)} signatories: no fault."
    )


@main.command()
@click.option("--force", is_flag=True, help="Build even if nothing changed.")
@click.pass_obj
def build(project: Path, force: bool) -> None:
    """Check the content, build the site and the search index, and swap them in whole."""
    _expect_project(project)
    release_built = _make(project, force, _settings(project).postcodes)
    click.echo(f"The site stands in {release_built.site.relative_to(project)}")


@main.command()
@click.pass_obj
def serve(project: Path) -> None:
    """Build what changed, prepare the database and serve site and API in one process."""
    _expect_project(project)
    settings = _settings(project)
    from api.security import production

    try:
        production.expect_fit(settings)
    except production.NotForProduction as error:
        raise click.ClickException(str(error)) from error
    forget_secrets(os.environ)
    _make(project, False, settings.postcodes)
    from api import server

    try:
        # A key that may make indexes is for `kith search index`: the service does without.
        server.run(msgspec.structs.replace(settings, meili_admin_key=None), click.echo)
    except server.CannotServe as error:
        raise click.ClickException(str(error)) from error


ONLY_REGISTERS = "The registers were brought up to date; all else on the site stays as it was."


def _settings(project: Path) -> Settings:
    """Return the settings, and let mkdocs.yml read the public address, also where none was set."""
    try:
        settings = from_environ(project, os.environ)
    except SettingFault as error:
        raise click.UsageError(str(error)) from error
    share_base_url(settings)
    return settings


def _make(project: Path, force: bool, postcodes: Path) -> release.Release:
    now = datetime.now(UTC)
    try:
        with terminal_meter() as progress:
            return release.build_release(project, now, click.echo, force, progress, postcodes)
    except release.ContentFaulty as error:
        _show_faults(error.faults, error.registers)
    except release.BuildFailed as error:
        also = f" {ONLY_REGISTERS}" if error.registers else ""
        click.echo(f"The site was not built: {error}{also}", err=True)
    sys.exit(1)


def _expect_project(project: Path) -> None:
    if not (project / "mkdocs.yml").is_file() or not (project / load.CONTENT).is_dir():
        raise click.UsageError(
            f"{project} is no project folder: it has no mkdocs.yml and content/ in it."
        )


def _show_faults(faults: tuple[Fault, ...], registers: bool = False) -> NoReturn:
    for fault in faults:
        click.echo(str(fault), err=True)
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    consequence = (
        ONLY_REGISTERS if registers else "Nothing was built; a site that stands stays as it was."
    )
    click.echo(f"{count}. {consequence}", err=True)
    sys.exit(1)


def _show_sessions(catalogue: Catalogue, now: datetime) -> None:
    from catalogue.outputs.search import documents

    for activity in catalogue.activities:
        click.echo(f"{activity.slug}: {documents.when(activity)}")
        for session in documents.sessions(activity, catalogue.taxonomy, now, SESSIONS_SHOWN):
            click.echo(f"  {_session_line(session)}")


def _session_line(session: schedule.Session) -> str:
    starts = session.starts_at.astimezone(LOCAL)
    ends = f" to {clock(session.ends_at)}" if session.ends_at else ""
    if session.ends_at and session.ends_at - session.starts_at > timedelta(days=1):
        ends = f" to {day(session.ends_at.date())}, {clock(session.ends_at)}"
    why = f"  no meeting: {session.why}" if session.cancelled else ""
    return f"{day(starts.date())} {starts.year}, {clock(starts)}{ends}{why}"


if __name__ == "__main__":
    main()
