"""What an operator's command works with: the project's settings, its store and its sealing keys.

Everything a command does is done in the name of whoever is logged in on the machine, and the audit
trail says so.
"""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from api import settings as setting
from api.jobs import retention
from api.security.encryption import Vault, VaultFault, open_vault
from api.settings import Settings
from api.store.database import Database
from api.store.errors import StoreTooNew, StoreUnavailable
from api.store.migrate import migrate
from catalogue.i18n import gettext


class Desk(msgspec.Struct, frozen=True):
    """An open store at one moment. `now` is when the command was given."""

    project: Path
    settings: Settings
    database: Database
    vault: Vault
    operator: str
    now: datetime


@contextmanager
def opened(project: Path) -> Iterator[Desk]:
    """Open the store of a project; what is wrong with it is told, and the command ends with 1."""
    try:
        gettext.activate_for_project(project)
        settings = setting.from_environ(project, os.environ)
        vault = open_vault(settings)
        migrate(settings.database_url)
        with Database(settings.database_url) as database:
            yield Desk(
                project=project,
                settings=settings,
                database=database,
                vault=vault,
                operator=f"operator {getpass.getuser()}",
                now=datetime.now(UTC),
            )
    except StoreUnavailable as error:
        raise click.ClickException(
            "The database cannot be reached, or cannot be written to. Nothing was changed."
        ) from error
    except (setting.SettingFault, VaultFault, StoreTooNew, gettext.UnknownLanguage) as error:
        raise click.ClickException(str(error)) from error


def in_words(past: datetime, now: datetime) -> str:
    """Return how long ago, in the largest unit that fits: "5 minutes", "3 hours", "2 days"."""
    minutes = int((now - past).total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"{minutes // size} {unit}{'s' if minutes >= 2 * size else ''}"
    return "just now"


@click.command()
@click.option("--force", is_flag=True, help="Also where more than a tenth would go at once.")
@click.pass_obj
def erase(project: Path, force: bool) -> None:
    """Erase what is due: the personal half of records whose time is over. Runs daily by itself."""
    with opened(project) as at:
        try:
            done = at.database.write_now(lambda store: retention.erase_due(store, at.now, force))
        except retention.TooManyAtOnce as error:
            raise click.ClickException(f"{error} If that is right, say --force.") from error
        click.echo(f"Erased: {done.requests} requests, {done.sign_ups} sign-ups.")
