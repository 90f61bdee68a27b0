"""What the process holds once, and every handler may ask for: one value, so that one question to
Litestar's injection is enough (each further one costs a request a task of its own).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

import msgspec
from litestar.types import Scope

from api.desk import Desk
from api.errors import TooMany
from api.features.gaps.count import Gaps
from api.features.renewals.answered_today import AnsweredToday
from api.http.page_frame import Pages
from api.http.rate_limits import Limits
from api.mail.outbox import Outbox
from api.mail.transports import transport_for
from api.releases.current_release import Edition, Served
from api.releases.rebuild_queue import Builds
from api.search.engines import Engines, InProcess, OnServer
from api.security.encryption import Vault, open_vault
from api.settings import Settings
from api.store.database import Database
from api.store.migrate import migrate
from catalogue.model.catalogue import Catalogue

Clock = Callable[[], datetime]


class House(msgspec.Struct, frozen=True):
    """The rooms of one running service, furnished."""

    settings: Settings
    database: Database
    vault: Vault
    outbox: Outbox
    limits: Limits
    gaps: Gaps
    builds: Builds
    served: Served
    pages: Pages
    clock: Clock
    answered: AnsweredToday = msgspec.field(default_factory=AnsweredToday)
    """Which devices have said today whether a promise was true."""
    invalidating: asyncio.Event = msgspec.field(default_factory=asyncio.Event)
    """Set when there is something to do for who invalidates many sign-ups at once."""

    @property
    def edition(self) -> Edition:
        """The release that is served at this moment: ask once a request."""
        return self.served.now

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that is served at this moment: ask once a request."""
        return self.served.now.catalogue

    def desk(self, actor: str) -> Desk:
        """Return what decisions are taken with at this moment, in the name of who is signed in."""
        return Desk(
            project=self.settings.project,
            settings=self.settings,
            database=self.database,
            vault=self.vault,
            operator=actor,
            now=self.clock(),
        )

    def count_gap(self, scope: Scope, *, place: str = "", kind: str = "", need: str = "") -> None:
        """Count that somebody's search found nothing: at once, and without waiting.

        Words are for `place` only, where the area they name is what counts; a kind and a need are
        slugs. What the closed lists do not know is not counted; nor is what one caller does often.
        """
        with suppress(TooMany):
            self.limits.check(scope, "gap")
            self.gaps.count(self.catalogue.taxonomy, place=place, kind=kind, need=need)


def utc_now() -> datetime:
    """Ask the clock."""
    return datetime.now(UTC)


def _engines(settings: Settings) -> Engines:
    if settings.meili_url and settings.meili_key:
        return OnServer(settings.meili_url, settings.meili_key, monotonic, settings.postcodes)
    return InProcess(settings.postcodes)


def furnish(settings: Settings, clock: Clock = utc_now) -> House:
    """Open everything the service needs, the database migrated. Raises what cannot be had."""
    settings.data.mkdir(parents=True, exist_ok=True)
    served = Served(settings.project, _engines(settings))
    vault = open_vault(settings)
    migrate(settings.database_url)
    database = Database(settings.database_url)
    carrying = transport_for(settings)
    return House(
        settings=settings,
        database=database,
        vault=vault,
        outbox=Outbox(database, vault, carrying, sender=settings.mail_from, clock=clock),
        limits=Limits(settings.trusted_proxies),
        gaps=Gaps(database, clock),
        builds=Builds(settings.project, clock),
        served=served,
        pages=Pages(served),
        clock=clock,
    )
