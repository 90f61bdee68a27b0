"""What `kith doctor` looks at: one function a check, all of them listed in `CHECKS`.

A check is given an `Examination` and yields what is wrong; it finds nothing where all is well, and
raises `Unknown` where it cannot tell. It must end by itself and leave nothing behind.
"""

import asyncio
import errno
import shutil
import socket
import ssl
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection

from api.jobs import status_store
from api.jobs.health_check import write_file
from api.jobs.scheduler import NIGHTLY_LATE_AFTER
from api.jobs.steady_clock import ClockJumped
from api.mail.letters import Letter, message_bytes
from api.mail.store import count_backlog
from api.mail.transports import (
    OutgoingMessage,
    PermanentFailure,
    SmtpTransport,
    TemporaryFailure,
)
from api.operations.backup import last_backup
from api.releases.build import Release, find_current
from api.search.embedded.engine import EmbeddedEngine
from api.search.meilisearch.client import MeilisearchClient, MeilisearchError
from api.search.meilisearch.engine import MeilisearchEngine
from api.search.port import EngineDown, Query
from api.security.encryption import EncryptionError, read_keys
from api.security.production import Finding, find_faults
from api.settings import LOOPBACK, Settings
from api.store import keys
from api.store.database import Database
from api.store.errors import StoreFault, StoreUnavailable
from api.store.migrate import revision
from api.store.schema import REVISION

STANDSTILL_AFTER = timedelta(minutes=10)
BACKUP_LATE_AFTER = timedelta(hours=36)  # one is made every night
RELEASE_LATE_AFTER = timedelta(hours=36)  # the site is built anew every night
CLOCK_MAY_DIFFER = timedelta(minutes=5)  # between two machines of one place
CERTIFICATE_DAYS = 14  # Caddy renews a month before the end
DISK_BYTES = 500_000_000
CONNECT_SECONDS = 10.0

ADVICE = {
    "LogTooLarge": "Another program reads the database and does not end: close it.",
    "refused": "Run kith erase: it says why, and goes on with --force if that is right.",
}
"""What to do about some failures of jobs."""

UNREAD = ("The database cannot be read.", "Mend what stands above, and run it again.")

T = TypeVar("T")


class Unknown(Exception):
    """A check could not be made: a sentence that says why, and one of what to do."""

    def __init__(self, why: str, to_do: str) -> None:
        super().__init__(why)
        self.to_do = to_do


class Examination(msgspec.Struct, frozen=True):
    """The place that is examined, and when. The database is opened only if it is there."""

    settings: Settings
    now: datetime
    database: Database | None
    mail_to: str | None = None
    """Who gets a letter that says whether letters arrive; None sends none."""

    def read(self, query: Callable[[Connection], T]) -> T:
        """Read from the database. Raises `Unknown` where that cannot be done."""
        if self.database is None:
            raise Unknown(*UNREAD)
        try:
            return self.database.read_now(query)
        except (StoreUnavailable, StoreFault):
            raise Unknown(*UNREAD) from None


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


def check_settings(place: Examination) -> Iterator[Finding]:
    """A place that the public is pointed to has what it needs for that."""
    settings = place.settings
    if settings.secure:
        yield from find_faults(settings)
        if not settings.trusted_proxies:
            yield Finding(
                "KITH_TRUSTED_PROXIES is not set: all visitors count as one, and share one limit.",
                "Set it to the address of the proxy in front, such as 127.0.0.1.",
            )
    elif urlsplit(settings.base_url).hostname not in LOOPBACK:
        yield Finding(
            f"{settings.base_url} is not https: what people write crosses the network unencrypted.",
            "Put Caddy in front (deploy/Caddyfile) and set KITH_BASE_URL to the https address.",
        )


def check_disk(place: Examination) -> Iterator[Finding]:
    """The data folder can be written to, and there is room."""
    data = place.settings.data
    if not data.is_dir():
        raise Unknown(f"{data} is not there.", "Set KITH_DATA, or start the service: kith serve.")
    for folder in (data, place.settings.project):
        free = shutil.disk_usage(folder).free
        if free < DISK_BYTES:
            yield Finding(
                f"{free // 1_000_000} MB are free on the disk of {folder}.",
                "Make room, or move it to a larger disk.",
            )
            break
    try:
        write_file(data)
    except OSError as error:
        wrong = f"{data} cannot be written to: {error.strerror}."
        if error.errno in (errno.EACCES, errno.EPERM):
            raise Unknown(wrong, "Run it as the user that the service runs as.") from None
        yield Finding(wrong, "Make room or mend the disk; callers are refused meanwhile.")


def check_clock(place: Examination) -> Iterator[Finding]:
    """The clock is not behind what was recorded, and a time server keeps it right."""
    jobs = place.read(status_store.recorded_jobs)
    newest = max((job.succeeded_at for job in jobs if job.succeeded_at), default=None)
    if newest and newest - place.now > CLOCK_MAY_DIFFER:
        yield Finding(
            f"The clock says {place.now:%Y-%m-%d %H:%M} UTC, and a job has succeeded at "
            f"{newest:%Y-%m-%d %H:%M} UTC.",
            "Set the clock right.",
        )
        return
    to_do = "Install systemd-timesyncd or chrony, and look at: timedatectl"
    try:
        shown = subprocess.run(
            ["timedatectl", "show", "--property=NTPSynchronized", "--value"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=CONNECT_SECONDS,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        shown = ""
    if shown != "yes":
        why = "No time server keeps the clock right."
        if shown == "no" and place.settings.secure:
            yield Finding(why, to_do)
            return
        raise Unknown(why if shown == "no" else "Nobody says whether the clock is right.", to_do)


def check_keys(place: Examination) -> Iterator[Finding]:
    """Every key is here that the database needs, and the service seals with the first."""
    try:
        key_ids = [key.id for key in read_keys(place.settings)]
    except EncryptionError as error:
        yield Finding(str(error), "Mend KITH_KEYS or the key file.")
        return
    needed = place.read(keys.uses)
    if missing := [key_id for key_id in needed if key_id not in key_ids]:
        yield Finding(
            f"Keys are missing: {', '.join(missing)}. What they sealed cannot be read.",
            "Put them back from the copy that you keep. What needs them: kith keys status",
        )
    if key_ids and place.read(keys.current_key) not in (None, key_ids[0]):
        yield Finding(
            f"The service does not seal with the first key, {key_ids[0]}, yet.", "Start it anew."
        )


def check_backups(place: Examination) -> Iterator[Finding]:
    """A backup was made last night. Whether it lies elsewhere too, nobody here can tell."""
    made_at = place.read(last_backup)
    to_do = "Run every night: kith backup FOLDER. docs/operate.md says how."
    if made_at and place.now - made_at > BACKUP_LATE_AFTER:
        yield Finding(f"The newest backup was made at {made_at:%Y-%m-%d %H:%M} UTC.", to_do)
    if made_at is None and place.settings.secure:
        yield Finding("No backup was ever made.", to_do)
    elif made_at is None:
        raise Unknown("No backup was ever made; a trial may need none.", to_do)


def check_release(place: Examination) -> Iterator[Finding]:
    """The site is built, can be read, and is of today or yesterday."""
    release = find_current(place.settings.project)
    if release is None:
        yield Finding("The site was never built.", "Run: kith build")
        return
    try:
        release.catalogue()
        built_at = release.folder.stat().st_mtime
    except (OSError, msgspec.MsgspecError):
        yield Finding("The built site cannot be read.", "Run: kith build --force")
        return
    age = timedelta(seconds=place.now.timestamp() - built_at)
    if age > RELEASE_LATE_AFTER:
        yield Finding(
            f"The site was last built {age.days} days and {age.seconds // 3600} hours ago.",
            "Run: kith build. It says what stands in the way.",
        )


def check_search(place: Examination) -> Iterator[Finding]:
    """A search is answered, by the search server where one is set."""
    release = find_current(place.settings.project)
    if release is None:
        raise Unknown("There is no built site.", "Run: kith build")
    try:
        in_process = EmbeddedEngine.open(release.search)
        in_process.search(Query(q="coffee", now=place.now))
    except (EngineDown, OSError, ValueError):
        yield Finding("The search index cannot be read.", "Run: kith build --force")
        return
    yield from _search_server(place, release, in_process)


def _search_server(
    place: Examination, release: Release, in_process: EmbeddedEngine
) -> Iterator[Finding]:
    url, key = place.settings.meili_url, place.settings.meili_key
    if not (url and key):
        return
    client = MeilisearchClient(url, key)
    try:
        MeilisearchEngine(client, release.folder.name, in_process).search(Query(q="coffee"))
    except (MeilisearchError, IndexError) as error:
        yield Finding(
            f"The search server does not answer ({error}); searches are answered in the process.",
            "Look whether it runs and KITH_MEILI_KEY is right, then run: kith search index",
        )
    finally:
        client.close()


def check_mail(place: Examination) -> Iterator[Finding]:
    """The mail server takes a connection, and with `--mail-to` a letter."""
    url = place.settings.smtp_url
    if url is None:
        if place.mail_to or place.settings.secure:
            raise Unknown("There is no mail server: letters lie in a folder.", "Set KITH_SMTP_URL.")
        return
    transport = SmtpTransport(url, demands_tls=place.settings.smtp_tls)
    try:
        if place.mail_to:
            asyncio.run(_within_patience(_send(transport, _test_message(place, place.mail_to))))
        else:
            asyncio.run(_within_patience(transport.connect()))
    except (TemporaryFailure, PermanentFailure, TimeoutError) as error:
        yield Finding(
            f"The mail server of KITH_SMTP_URL does not take letters "
            f"({error or 'no answer in time'}).",
            "Look at KITH_SMTP_URL, at KITH_SMTP_TLS and at the log of that server.",
        )


async def _within_patience(attempt: Awaitable[None]) -> None:
    async with asyncio.timeout(CONNECT_SECONDS):
        await attempt


async def _send(transport: SmtpTransport, message: OutgoingMessage) -> None:
    try:
        await transport.send(message)
    finally:
        await transport.disconnect()


def _test_message(place: Examination, to: str) -> OutgoingMessage:
    sender = place.settings.mail_from
    letter = Letter(
        "doctor/test",
        to,
        "A letter to try whether letters arrive",
        f"kith doctor at {place.settings.base_url} has sent this. "
        "Please answer it, so that whoever runs Kith sees that answers arrive too.\n",
    )
    message_id = make_msgid(domain=sender.rpartition("@")[2])
    content = message_bytes(letter, sender=sender, message_id=message_id, at=place.now)
    return OutgoingMessage("doctor", sender, to, content)


def check_certificate(place: Examination) -> Iterator[Finding]:
    """The certificate of the public address is good for some time yet."""
    address = urlsplit(place.settings.base_url)
    host, port = address.hostname, address.port or 443
    if not place.settings.secure or host is None:
        return
    try:
        with (
            socket.create_connection((host, port), CONNECT_SECONDS) as connection,
            ssl.create_default_context().wrap_socket(connection, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            f"Browsers refuse the certificate of {host}: {error.verify_message}.",
            "Look at the log of Caddy, and whether the name leads to this machine.",
        )
        return
    except OSError as error:
        raise Unknown(
            f"{host} port {port} cannot be reached from here: {error.strerror or error}.",
            "Look whether Caddy runs and the name leads to this machine.",
        ) from None
    ends_at = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    days = int(ends_at - place.now.timestamp()) // 86400
    if days < CERTIFICATE_DAYS:
        yield Finding(
            f"The certificate of {host} ends in {days} days.",
            "Look at the log of Caddy, which should have renewed it.",
        )


CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", check_settings),
    ("disk", check_disk),
    ("database", check_database),
    ("keys", check_keys),
    ("clock", check_clock),
    ("background jobs", check_jobs),
    ("letters", check_letters),
    ("mail server", check_mail),
    ("backups", check_backups),
    ("site", check_release),
    ("search", check_search),
    ("certificate", check_certificate),
)
"""All checks by what they look at, in the order in which they are made."""
