"""`kith doctor`: looks at an installed place, and says what is wrong with it and what to do."""

import os
from pathlib import Path

import click

from api import settings as configuration
from api.context import utc_now
from api.operations.checks import CHECKS, Check, Examination, Unknown
from api.settings import SQLITE, SettingFault, Settings
from api.store.database import Database
from api.store.errors import StoreFault, StoreUnavailable


@click.command()
@click.option("--mail-to", metavar="ADDRESS", help="Send a letter there, to see whether it comes.")
@click.pass_obj
def doctor(project: Path, mail_to: str | None) -> None:
    """Say of everything here whether it is ok, wrong or unknown, and what to do.

    Ends with 1 if anything is wrong.
    """
    try:
        settings = configuration.from_environ(project, os.environ)
        to = configuration.bare_address("--mail-to", mail_to) if mail_to else None
    except SettingFault as error:
        raise click.ClickException(str(error)) from error
    database = _open(settings)
    try:
        place = Examination(settings, utc_now(), database, to)
        results = [_examine(place, name, check) for name, check in CHECKS]
    finally:
        if database is not None:
            database.close()
    if not all(results):
        raise SystemExit(1)


def _examine(place: Examination, name: str, check: Check) -> bool:
    """Make one check, print what it found, and return whether nothing is wrong."""
    is_well, is_known = True, True
    try:
        for finding in check(place):
            is_well = False
            _print("WRONG", name, finding.wrong, finding.to_do)
    except Unknown as error:
        is_known = False
        _print("unknown", name, str(error), error.to_do)
    if is_well and is_known:
        sent = f": a letter was sent to {place.mail_to}" if _has_sent(place, name) else ""
        click.echo(f"{'ok':<9}{name}{sent}")
    return is_well


def _print(state: str, name: str, what: str, to_do: str) -> None:
    click.echo(f"{state:<9}{name}: {what}\n{'':<9}{to_do}")


def _has_sent(place: Examination, name: str) -> bool:
    return name == "mail server" and place.mail_to is not None


def _open(settings: Settings) -> Database | None:
    """Open the database without making one."""
    url = settings.database_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        return None
    try:
        return Database(url)
    except (StoreUnavailable, StoreFault, OSError):
        return None
