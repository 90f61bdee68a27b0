"""`kith doctor`: looks at an installed place, and says what is wrong with it and what to do.

A check is a function that is given an `Examination` and yields its findings; `CHECKS` lists them.
It finds nothing where all is well. It must end by itself and change nothing.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import click
import msgspec
from sqlalchemy import Connection

from api import settings as configuration
from api.context import utc_now
from api.jobs import status_store
from api.jobs.scheduler import NIGHTLY_LATE_AFTER
from api.jobs.steady_clock import ClockJumped
from api.mail.store import count_backlog
from api.settings import SettingFault, Settings
from api.store.database import Database
from api.store.errors import StoreFault, StoreUnavailable
from api.store.migrate import revision
from api.store.schema import REVISION

STANDSTILL_AFTER = timedelta(minutes=10)
PATIENCE_SECONDS = 10.0

ADVICE = {
    "LogTooLarge": "Another program reads the database and does not end: close it.",
    "refused": "Run kith erase: it says why, and goes on with --force if that is right.",
}
"""What to do about some failures of jobs."""

T = TypeVar("T")


class Finding(msgspec.Struct, frozen=True):
    """Something that is wrong, and what to do about it: one plain sentence each."""

    wrong: str
    to_do: str


class Unknown(Exception):
    """A check could not be made; the message is a sentence that says why."""


class Examination(msgspec.Struct, frozen=True):
    """The place that is examined, and when. The database is opened only if it is there."""

    settings: Settings
    now: datetime
    database: Database | None

    def read(self, query: Callable[[Connection], T]) -> T:
        """Read from the database. Raises `Unknown` where that cannot be done."""
        if self.database is None:
            raise Unknown("The database cannot be read.")
        try:
            return self.database.read_now(query)
        except (StoreUnavailable, StoreFault):
            raise Unknown("The database cannot be read.") from None


Check = Callable[[Examination], Iterator[Finding]]


def check_database(place: Examination) -> Iterator[Finding]:
    """The database is there, at the schema of this version."""
    try:
        revision_found = place.read(revision)
    except Unknown:
        yield Finding(
            "The database cannot be opened or read.",
            "Look whether the disk or the server is there and KITH_DATABASE_URL is right; "
            "if it is damaged, restore the newest backup.",
        )
        return
    if revision_found != REVISION:
        yield Finding(
            f"The database is at revision {revision_found}, this Kith is at {REVISION}.",
            "Start the service once with the newer of the two versions.",
        )


def check_jobs(place: Examination) -> Iterator[Finding]:
    """The background jobs run and succeed."""
    jobs = place.read(status_store.recorded_jobs)
    successes = [job.succeeded_at for job in jobs if job.succeeded_at]
    if not successes:
        yield Finding("No background job has ever succeeded.", "Start the service: kith serve.")
        return
    if place.now - max(successes) > STANDSTILL_AFTER:
        yield Finding(
            f"No background job has succeeded since {max(successes):%Y-%m-%d %H:%M} UTC.",
            "Start the service if it does not run, else read its log and restart it.",
        )
        return
    stopped = [job.name for job in jobs if job.error == ClockJumped.__name__]
    if stopped:
        yield Finding(
            f"The clock jumped by more than two days: {', '.join(stopped)} do not run.",
            "Set the clock right. If it is right (the service was off for days): kith jobs resume.",
        )
    for job in jobs:
        if job.name in stopped:
            continue
        last = f"{job.succeeded_at:%Y-%m-%d %H:%M} UTC" if job.succeeded_at else "never"
        is_late = not job.succeeded_at or place.now - job.succeeded_at > NIGHTLY_LATE_AFTER
        if job.error or (is_late and job.failed_at):
            yield Finding(
                f'The background job "{job.name}" fails ({job.error}); '
                f"its last success was: {last}.",
                ADVICE.get(job.error or "", "Read the log for its name. It is tried again."),
            )


def check_letters(place: Examination) -> Iterator[Finding]:
    """Letters leave, and none was given up."""
    backlog = place.read(count_backlog)
    if backlog.oldest_at and place.now - backlog.oldest_at > timedelta(minutes=15):
        yield Finding(
            f"{backlog.waiting} letters wait, the oldest since "
            f"{backlog.oldest_at:%Y-%m-%d %H:%M} UTC.",
            "Look whether the mail server of KITH_SMTP_URL takes letters.",
        )
    if backlog.failed:
        yield Finding(
            f"{backlog.failed} letters could not be delivered.",
            "See why: kith letters list. Send them again: kith letters retry --all.",
        )


CHECKS: tuple[tuple[str, Check], ...] = (
    ("database", check_database),
    ("background jobs", check_jobs),
    ("letters", check_letters),
)
"""All checks by what they look at, in the order in which they are made."""


@click.command()
@click.pass_obj
def doctor(project: Path) -> None:
    """Say what is wrong with this place and what to do. Ends with 1 if anything is."""
    try:
        settings = configuration.from_environ(project, os.environ)
    except SettingFault as error:
        raise click.ClickException(str(error)) from error
    database = _open(settings)
    try:
        all_well = _examine(Examination(settings, utc_now(), database))
    finally:
        if database is not None:
            database.close()
    if not all_well:
        raise SystemExit(1)


def _examine(place: Examination) -> bool:
    all_well = True
    for name, check in CHECKS:
        try:
            findings = [*check(place)]
        except Unknown as error:
            findings = [Finding(f"Unknown: {error}", "Mend what stands above, and run it again.")]
        for finding in findings:
            click.echo(f"WRONG  {name}: {finding.wrong}\n       {finding.to_do}")
        if not findings:
            click.echo(f"ok     {name}")
        all_well = all_well and not findings
    return all_well


def _open(settings: Settings) -> Database | None:
    """Open the database without making one."""
    prefix = "sqlite:///"
    url = settings.database_url
    if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_file():
        return None
    try:
        return Database(url)
    except (StoreUnavailable, StoreFault, OSError):
        return None
