"""The one value a rule is given besides its own arguments: what it works with, when, and for whom.

`build_context` opens everything for the running service; `open_context` does so for a command of
the program. Both ask the clock once; rules read `now`.
"""

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar, cast

import click
import msgspec

from api import settings as configuration
from api.http.page_frame import Pages
from api.http.rate_limits import Limits
from api.mail import letters, outbox
from api.mail.letter_content import LetterSender
from api.mail.outbox import Outbox
from api.mail.transports import transport_for
from api.releases.current_release import CurrentRelease, LoadedRelease
from api.releases.rebuild_queue import RebuildQueue
from api.search.engines import EmbeddedEngines, Engines, MeilisearchEngines
from api.security.encryption import Encryption, EncryptionError
from api.settings import Settings
from api.store import erasure_ledger, keys, last_seen
from api.store.database import PATIENCE_SECONDS, Database, Row
from api.store.errors import StoreDamaged, StoreTooNew, StoreUnavailable
from api.store.migrate import migrate
from catalogue.i18n import gettext
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL
from catalogue.read.site_settings import Service, service

DAMAGED = "The database is damaged. Stop the service and restore the newest backup."

Clock = Callable[[], datetime]
Kind = TypeVar("Kind")


class ProcessState:
    """What features keep in memory for the whole process: one instance of each class."""

    def __init__(self) -> None:
        self._instances: dict[type, object] = {}

    def put(self, instance: object) -> None:
        """Keep the one instance of a class that needs arguments."""
        self._instances[type(instance)] = instance

    def get(self, kind: type[Kind]) -> Kind:
        """Return the one instance of a class, made without arguments where none was put."""
        if kind not in self._instances:
            self._instances[kind] = kind()
        return cast("Kind", self._instances[kind])


class Context(msgspec.Struct, frozen=True):
    """All that rules and handlers work with, at one moment and in the name of one actor.

    `actor` is what the audit trail says: `visitor`, `signatory`, `staff <id>`, `operator <login>`.
    `source` is the network a request to sign in came from, empty elsewhere.
    `content` is the catalogue as a command read it; in the service it is that of the release.
    """

    settings: Settings
    database: Database
    encryption: Encryption
    outbox: Outbox
    limits: Limits
    rebuild_queue: RebuildQueue
    current_release: CurrentRelease
    pages: Pages
    clock: Clock
    now: datetime
    actor: str = "visitor"
    source: str = ""
    content: Catalogue | None = None
    state: ProcessState = msgspec.field(default_factory=ProcessState)

    @property
    def project(self) -> Path:
        """The project folder, which holds `content/`."""
        return self.settings.project

    @property
    def release(self) -> LoadedRelease:
        """The release served at this moment. Two reads may give two releases."""
        return self.current_release.now

    @property
    def catalogue(self) -> Catalogue:
        """The content as it is published, or as a command read it."""
        return self.content or self.current_release.now.catalogue

    @property
    def today(self) -> date:
        """The date in London."""
        return self.now.astimezone(LOCAL).date()

    def at_present(self) -> "Context":
        """Return the same at the clock's present moment."""
        return msgspec.structs.replace(self, now=self.clock())

    def as_actor(self, actor: str) -> "Context":
        """Return the same in the name of another actor, at the clock's present moment."""
        return msgspec.structs.replace(self, actor=actor, now=self.clock())

    @property
    def service(self) -> Service:
        """Who answers here, as the project names them now. Pages use that of the release."""
        return service(self.project)

    def letter_row(
        self,
        kind: str,
        *,
        to: str,
        values: Mapping[str, object],
        about: str | None = None,
        not_before: datetime | None = None,
    ) -> Row:
        """Return the row that queues a letter of this service.

        Args:
            kind: its template, such as `pledges/confirm`.
            to: one bare address.
            values: what the template uses.
            about: the reference it belongs to.
            not_before: until then it can be deleted.

        Raises `LetterFault` for an address that is none.
        """
        sender = LetterSender(self.service, self.settings.base_url)
        letter = letters.compose(kind, to=to, values=values, sender=sender)
        return outbox.letter_row(
            self.encryption, letter, now=self.now, about=about, not_before=not_before
        )

    def may_write_to(self, mailbox: str) -> bool:
        """Count a letter to a mailbox, and say whether it may still get one."""
        return self.limits.has_room("letters_to_address", mailbox)


def utc_now() -> datetime:
    """Ask the clock."""
    return datetime.now(UTC)


def build_context(settings: Settings, clock: Clock = utc_now) -> Context:
    """Open everything the service needs, the database migrated. Raises what cannot be had."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    current = CurrentRelease(settings.project, _engines(settings))
    current.now  # noqa: B018 - loads it: a project that was never built ends here
    last_seen.expect_sound(settings.database_url, settings.data)
    migrate(settings.database_url)
    database = Database(settings.database_url, patience_seconds=PATIENCE_SECONDS)
    try:
        encryption = keys.open_encryption(settings, database)
        ledger = settings.erasure_ledger  # a restored database may hold who was erased
        database.write_now(lambda connection: erasure_ledger.replay(connection, ledger))
        database.write_now(
            lambda connection: keys.note_current_key(connection, encryption.current, clock())
        )
    except BaseException:
        database.close()
        raise
    return assemble_context(settings, database, encryption, current, clock)


@contextmanager
def open_context(project: Path, content: Catalogue | None = None) -> Iterator[Context]:
    """Open the store of a project for a command, in the name of the operator at the machine.

    What is wrong with it is printed, and the command ends with 1.
    """
    try:
        gettext.activate_for_project(project)
        settings = configuration.from_environ(project, os.environ)
        migrate(settings.database_url)
        with Database(settings.database_url) as database:
            encryption = keys.open_encryption(settings, database)
            current = CurrentRelease(project)
            context = assemble_context(settings, database, encryption, current, utc_now)
            actor = f"operator {getpass.getuser()}"
            yield msgspec.structs.replace(context, actor=actor, content=content)
    except StoreDamaged as error:
        raise click.ClickException(DAMAGED) from error
    except StoreUnavailable as error:
        raise click.ClickException(
            "The database cannot be reached, or cannot be written to. Nothing was changed."
        ) from error
    except (
        configuration.SettingFault,
        EncryptionError,
        StoreTooNew,
        gettext.UnknownLanguage,
    ) as error:
        raise click.ClickException(str(error)) from error


def assemble_context(
    settings: Settings,
    database: Database,
    encryption: Encryption,
    current: CurrentRelease,
    clock: Clock,
) -> Context:
    """Put a context together from parts that are open."""
    letter_outbox = Outbox(
        database,
        encryption,
        transport_for(settings),
        sender=settings.mail_from,
        sender_name=service(settings.project).name,
        clock=clock,
    )
    return Context(
        settings=settings,
        database=database,
        encryption=encryption,
        outbox=letter_outbox,
        limits=Limits(settings.trusted_proxies),
        rebuild_queue=RebuildQueue(settings.project, clock),
        current_release=current,
        pages=Pages(current),
        clock=clock,
        now=clock(),
    )


def _engines(settings: Settings) -> Engines:
    if settings.meili_url and settings.meili_key:
        return MeilisearchEngines(
            settings.meili_url, settings.meili_key, monotonic, settings.postcodes
        )
    return EmbeddedEngines(settings.postcodes)
