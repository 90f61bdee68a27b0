"""What an operator types about keys, one person, backups: `kith keys`, `person`, `backup`, ..."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from filelock import FileLock

from api import settings as configuration
from api.context import open_context, utc_now
from api.features.renewals.reminders import skip_due
from api.jobs.retention import erase_due_records
from api.moderation.commands import open_store
from api.operations.archive import BadBackup, new_identity
from api.operations.backup import backup as make_backup
from api.operations.person import erase as erase_person
from api.operations.person import export as export_person
from api.operations.reconcile import find as find_disagreements
from api.operations.reconcile import mend as mend_disagreements
from api.operations.reseal import reseal as reseal_all
from api.operations.restore import look
from api.operations.restore import restore as restore_backup
from api.security.encryption import (
    EncryptionError,
    new_key,
    read_keys,
    write_key_file,
)
from api.settings import SettingFault, Settings
from api.store import keys as store
from api.store.database import Database
from api.store.errors import StoreFault, StoreTooNew, StoreUnavailable
from api.store.keys import KeyUse
from catalogue.progress import terminal_meter


@click.group()
def keys() -> None:
    """Look after the sealing keys: what needs which, a new one, sealing all with it."""


@keys.command()
@click.pass_obj
def status(project: Path) -> None:
    """Say which keys are here and what needs each. Ends with 1 where one is missing.

    Needs no key itself, and shows no secret.
    """
    settings = _settings(project)
    try:
        key_ids = [key.id for key in read_keys(settings)]
        with Database(settings.database_url) as database:
            needed = database.read_now(store.uses)
            started_with = database.read_now(store.current_key)
    except EncryptionError as error:
        raise click.ClickException(str(error)) from error
    except StoreUnavailable as error:
        raise click.ClickException("The database cannot be reached.") from error
    for key_id in dict.fromkeys((*key_ids, *needed)):
        click.echo(f"{key_id}  {_place(key_id, key_ids)}: {_needs(needed.get(key_id, KeyUse()))}")
    if not key_ids and not needed:
        click.echo("No key yet, and nothing is sealed: the first start makes one.")
    elif key_ids and started_with not in (None, key_ids[0]):
        click.echo(f"The service still seals with {started_with}: start it anew.")
    if missing := [key_id for key_id in needed if key_id not in key_ids]:
        click.echo(f"Missing: {', '.join(missing)}", err=True)
        sys.exit(1)


@keys.command()
def new() -> None:
    """Print a new key: KITH_KEYS of a place that has none. Keep a copy elsewhere."""
    click.echo(new_key())


@keys.command()
@click.pass_obj
def rotate(project: Path) -> None:
    """Draw a new key and put it in front of the others, which stay to open what they sealed."""
    settings = _settings(project)
    line = new_key()
    key_id = line.partition(":")[0]
    then = "Start the service anew, then run: kith keys reseal"
    if settings.keys is not None:
        click.echo("Put this in front of what KITH_KEYS holds, with a comma between:", err=True)
        click.echo(line)
        click.echo(then, err=True)
        return
    try:
        with FileLock(settings.data / ".keys.lock", fallback_to_soft=False):
            if not read_keys(settings):
                raise click.ClickException("There is no key yet: the first start makes one.")
            before = settings.key_file.read_text(encoding="ascii").split()
            write_key_file(settings.key_file, [line, *before])
    except (EncryptionError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{key_id} is the first key in {settings.key_file} now. Keep a copy. {then}")


@keys.command("backup-identity")
@click.argument("file", type=click.Path(exists=False, dir_okay=False, path_type=Path))
def backup_identity(file: Path) -> None:
    """Make the pair of keys for backups: the secret into FILE, the public one printed.

    Take FILE off this machine. `age-keygen` makes the same.
    """
    secret, recipient = new_identity()
    with _refusals():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"# public key: {recipient}\n{secret}\n")
    click.echo(f"KITH_BACKUP_RECIPIENT={recipient}")


@keys.command()
@click.option("--offline", is_flag=True, help="No service runs on this database.")
@click.pass_obj
def reseal(project: Path, offline: bool) -> None:
    """Encrypt everything with the first key. Can be stopped, and goes on where it was."""
    with open_context(project) as context, terminal_meter() as progress:
        current = context.encryption.current
        started_with = context.database.read_now(store.current_key)
        if started_with != current and not offline:
            raise click.ClickException(
                f"The service was not started with the key {current!r} yet, and could not read "
                "what is sealed with it. Start it anew first, or say --offline if none runs."
            )
        result = reseal_all(context, progress)
        needed = context.database.read_now(store.uses)
    click.echo(f"Sealed with {current} now: {result.done}.")
    for key_id in (key_id for key_id in context.encryption.key_ids if key_id != current):
        use = needed.get(key_id)
        if use is None:
            click.echo(f"Nothing here needs {key_id} any more; backups of the last 35 days do.")
        else:
            click.echo(f"{key_id} is still needed by {_needs(use)}.")
    if result.unreadable:
        click.echo(f"Could not be read, and stay as they are: {result.unreadable}.", err=True)
        sys.exit(1)


def _settings(project: Path) -> Settings:
    try:
        return configuration.from_environ(project, os.environ)
    except SettingFault as error:
        raise click.UsageError(str(error)) from error


def _place(key_id: str, key_ids: list[str]) -> str:
    if key_id not in key_ids:
        return "MISSING"
    return "seals" if key_id == key_ids[0] else "opens"


def _needs(use: KeyUse) -> str:
    parts = [
        f"{use.sealed} sealed" if use.sealed else "",
        f"{use.digests} digests" if use.digests else "",
        f"{use.short_lived} digests until {use.needed_until:%Y-%m-%d}" if use.needed_until else "",
    ]
    return ", ".join(filter(None, parts)) or "nothing"


@click.group()
def person() -> None:
    """Write out, or erase, what is held about one person."""


@person.command()
@click.argument("who", metavar="REFERENCE_OR_CONTACT")
@click.pass_obj
def export(project: Path, who: str) -> None:
    """Print all that is held about somebody as JSON. Look at it before you hand it out."""
    with open_store(project) as (context, _catalogue):
        click.echo(export_person(who, context))


@person.command("erase")
@click.argument("who", metavar="REFERENCE_OR_CONTACT")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase_(project: Path, who: str, yes: bool) -> None:
    """Erase all that is held about somebody, in the content too. It cannot be taken back."""
    with open_store(project) as (context, _catalogue):
        if not yes:
            click.confirm("Erase it? This cannot be taken back", abort=True)
        references = erase_person(who, context)
    click.echo(f"Erased: {', '.join(references)}. Run kith build if one was on the register.")


@click.command()
@click.argument("folder", metavar="TO", type=click.Path(file_okay=False, path_type=Path))
@click.option("--recipient", "recipients", multiple=True, help="Public key of age: age1...")
@click.pass_obj
def backup(project: Path, folder: Path, recipients: tuple[str, ...]) -> None:
    """Write a backup of database and content into the folder TO, while the service runs.

    It is encrypted, and names the keys it needs. Backups of more than 35 days in TO are deleted.
    """
    settings = _settings(project)
    to = recipients or settings.backup_recipient
    with _refusals(), terminal_meter() as progress:
        file = make_backup(folder, to, settings, utc_now(), progress)
        with Database(settings.database_url) as database:
            needed = database.read_now(store.uses)
    size = file.stat().st_size
    click.echo(f"{file}: {size:,} bytes. It needs the keys {', '.join(needed) or '(none)'}.")


@click.command()
@click.argument("file", metavar="FROM", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="File with the secret key of age: AGE-SECRET-KEY-1...",
)
@click.option("--dry-run", is_flag=True, help="Only say what it would do, and whether it can.")
@click.pass_obj
def restore(project: Path, file: Path, identity: Path, dry_run: bool) -> None:
    """Restore the backup FROM into an empty database, and its content. The service is stopped."""
    settings = _settings(project)
    secret = _identity(identity)
    newest = max(file.glob("kith-*.age"), default=file) if file.is_dir() else file
    with _refusals(), terminal_meter() as progress:
        restored = look(newest, secret, settings, progress)
        click.echo(
            f"{newest.name}: made {restored.manifest.made_at:%Y-%m-%d %H:%M} UTC, "
            f"{restored.rows} rows, "
            f"{len(restored.files_changed)} files of the content differ."
        )
        if restored.missing_keys:
            raise click.ClickException(
                f"The keys {', '.join(restored.missing_keys)} are not here: without them nothing "
                "that was sealed can be read. Put them back first."
            )
        click.echo(f"The keys it needs are here: {', '.join(restored.manifest.key_ids) or 'none'}.")
        if dry_run:
            click.echo(
                f"{restored.erased_again} erased records are in the ledger. Nothing was done."
            )
            return
        actor = f"operator {getpass.getuser()}"
        restored = restore_backup(newest, secret, settings, utc_now(), actor, progress)
    click.echo(
        f"Restored: {restored.rows} rows, {len(restored.files_changed)} files. Erased again: "
        f"{restored.erased_again}. Letters held, for they were sent since: {restored.letters_held}."
    )
    _after_restore(project)


@click.command()
@click.option("--mend", is_flag=True, help="Mend what is found; without it, it is only told.")
@click.pass_obj
def reconcile(project: Path, mend: bool) -> None:
    """Say where database and content disagree about a promise. Ends with 1 where they do."""
    with open_store(project) as (context, _catalogue):
        disagreements = find_disagreements(context)
        left = mend_disagreements(context) if mend else disagreements
    for disagreement in disagreements:
        click.echo(f"{'left' if disagreement in left else 'mended'}: {disagreement}")
    if not disagreements:
        click.echo("Database and content agree.")
    if left:
        sys.exit(1)


def _after_restore(project: Path) -> None:
    """Mend what disagrees, erase what is due by now, take reminders of the days between as sent."""
    with open_store(project) as (context, _catalogue):
        for disagreement in find_disagreements(context):
            click.echo(f"Disagrees: {disagreement}")
        for disagreement in mend_disagreements(context):
            click.echo(f"Could not be mended: {disagreement}", err=True)
        erase_due_records(context, force=True)
        skipped = skip_due(context)
    click.echo(f"Reminders of the days between, taken as sent: {skipped}.")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what stands in the way into one line."""
    try:
        yield
    except (BadBackup, EncryptionError, StoreTooNew, StoreFault) as error:
        raise click.ClickException(str(error)) from error
    except StoreUnavailable as error:
        raise click.ClickException("The database cannot be reached, or written to.") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or ''}: {error.strerror}.") from error


def _identity(file: Path) -> str:
    """Return the secret key out of a file as age-keygen writes it."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
