"""The two features in front of a real store: a client, the letters, and what the store holds.

Only the ends are the bench's own: pages are poured into a frame of four marks, and letters are kept
rather than carried. Everything between runs as it does in the service.
"""

import email
import email.policy
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler, Receive, Scope, Send
from sqlalchemy import Connection, Table, select

from api.context import Context, ProcessState
from api.features.gaps import GapCounter
from api.http import problems
from api.http.page_frame import NO_CONTEXT, Pages
from api.http.protection import Protection
from api.http.rate_limits import RULES, Limits, Rule, Window
from api.mail.outbox import Outbox
from api.mail.transports import Parcel
from api.releases import build_process
from api.releases.current_release import CurrentRelease
from api.releases.rebuild_queue import Build, RebuildQueue
from api.security.encryption import Encryption
from api.settings import Settings, from_environ
from api.store.database import Database
from catalogue.build import content_security_policy
from catalogue.build.default_texts import default_texts
from catalogue.build.templates import MARKERS, Frame, Page, Service, Templates
from catalogue.faults import Fault
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.read.taxonomy import read_taxonomy
from tests.api.conftest import Clock

ROOT = Path(__file__).parents[2]
ORIGIN = "https://kith.example.org"
FROM_OUR_PAGE = {"origin": ORIGIN}
NO_HURRY = {purpose: Rule(Window(10_000, 60), Window(10_000, 60)) for purpose in RULES}


class Shown(msgspec.Struct, frozen=True):
    """A page that was answered: which template, and all it was given."""

    template: str
    title: str
    values: Mapping[str, Any]


@cache
def _edition() -> SimpleNamespace:
    """What pages are drawn with: its templates are compiled once for all tests."""
    return SimpleNamespace(
        frame=Frame.parse("".join(MARKERS)),
        templates=Templates(ROOT / "site" / "theme" / "pages"),
        policy=content_security_policy.STRICTEST,
        service=Service("Harrow Vale Company Service", phone="01632 960960"),
    )


class NotedPages(Pages):
    """Draws the theme's own templates, and notes what they were given."""

    def __init__(self) -> None:
        super().__init__(cast("CurrentRelease", SimpleNamespace(now=_edition())))
        self.shown: list[Shown] = []

    def html(
        self,
        template: str | Page,
        title: str,
        values: Mapping[str, Any] = NO_CONTEXT,
        section: str = "",
    ) -> str:
        if isinstance(template, Page):
            given = msgspec.structs.asdict(template)
            self.shown.append(Shown(template.template, title, given))
        else:
            self.shown.append(Shown(template, title, dict(values)))
        return super().html(template, title, values, section)


class Postbag:
    """Takes every parcel and keeps it."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    async def carry(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)

    async def rest(self) -> None:
        return None


class Letter(msgspec.Struct, frozen=True):
    """A letter as its reader gets it, and as it was on the way."""

    to: str
    subject: str
    body: str
    raw: bytes


class SharedApp:
    """The Litestar application of some routers, made once; each request brings its own context."""

    def __init__(self, routers: Sequence[ControllerRouterHandler]) -> None:
        self._under_way = 0
        self._app = Litestar(
            route_handlers=routers,
            dependencies={"context": Provide(self._at_present, sync_to_thread=False)},
            exception_handlers=problems.handlers(lambda one: self._current().pages.problem(one)),
            logging_config=None,
        )

    async def answer(self, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with a context. Requests with different ones may not overlap."""
        assert not self._under_way or self._current() is context
        self._app.state["context"] = context
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    def _at_present(self) -> Context:
        return self._current().at_present()

    def _current(self) -> Context:
        context: Context = self._app.state["context"]
        return context


_shared_app = cache(SharedApp)


class Bench:
    """One service on one store. `client` speaks to it from a page of its own."""

    def __init__(
        self,
        routers: Iterable[ControllerRouterHandler],
        database: Database,
        encryption: Encryption,
        clock: Clock,
        folder: Path,
        catalogue: Catalogue,
    ) -> None:
        self._shared = _shared_app(tuple(routers))
        self.settings = settings(folder)
        self.database, self.encryption, self.clock = database, encryption, clock
        self.catalogue, self.texts = catalogue, default_texts()
        self.pages, self.postbag = NotedPages(), Postbag()
        self.outbox = Outbox(
            database, encryption, self.postbag, sender=self.settings.mail_from, clock=clock
        )
        self._base = self._context()
        self.app = Protection(self._answer, self.settings, self.pages.problem)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),  # type: ignore[arg-type]
            base_url=ORIGIN,
            headers=FROM_OUR_PAGE,
        )

    @property
    def context(self) -> Context:
        """What rules are given, at the clock's present moment."""
        return self._base.at_present()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._shared.answer(self._base, scope, receive, send)

    def _context(self) -> Context:
        self.limits = Limits(rules=NO_HURRY)
        self.gaps = GapCounter(self.database, self.clock)
        self.builds = RebuildQueue(self.settings.project, self.clock)
        state = ProcessState()
        state.put(self.gaps)
        return Context(
            settings=self.settings,
            database=self.database,
            encryption=self.encryption,
            outbox=self.outbox,
            limits=self.limits,
            rebuild_queue=self.builds,
            current_release=cast("CurrentRelease", SimpleNamespace(now=self)),
            pages=self.pages,
            clock=self.clock,
            now=self.clock(),
            state=state,
        )

    def limit_as_in_service(self) -> None:
        """Limit callers as the service does, by the clock of the test, from nought."""
        self.limits = Limits(rules=RULES, clock=lambda: self.clock().timestamp())
        self._base = msgspec.structs.replace(self._base, limits=self.limits)

    def forget_builds(self, build: Build = build_process.build) -> None:
        """Have no build asked for, and those to come made by `build`."""
        self.builds = RebuildQueue(self.settings.project, self.clock, build)
        self._base = msgspec.structs.replace(self._base, rebuild_queue=self.builds)

    @property
    def shown(self) -> Shown:
        """The page answered last."""
        return self.pages.shown[-1]

    async def letters(self) -> list[Letter]:
        """Deliver what waits, and return every letter so far."""
        await self.outbox.deliver_due()
        return [_opened(parcel) for parcel in self.postbag.parcels]

    async def rows(self, table: Table) -> list[Any]:
        """Return all rows of a table."""

        def look(connection: Connection) -> list[Any]:
            return [*connection.execute(select(table))]

        return await self.database.read(look)

    async def count(self, table: Table) -> int:
        return len(await self.rows(table))


@asynccontextmanager
async def opened(bench: Bench) -> AsyncIterator[Bench]:
    async with bench.client:
        yield bench


def settings(folder: Path) -> Settings:
    return from_environ(
        folder,
        {"KITH_BASE_URL": ORIGIN, "KITH_STAFF_MAIL": "team@example.org"},
    )


def closed_lists() -> Taxonomy:
    """The lists of the project itself."""
    faults: list[Fault] = []
    found = read_taxonomy(ROOT / "content" / "taxonomy.yml", ROOT, faults)
    assert found is not None, faults
    return found


def files_of(folder: Path) -> bytes:
    """Everything below a folder that may hold what was said, in one heap."""
    found = [file for file in folder.rglob("*") if file.is_file() and file.name != "keys"]
    return b"\n".join(file.read_bytes() for file in found)


def _opened(parcel: Parcel) -> Letter:
    message = email.message_from_bytes(parcel.content, policy=email.policy.default)
    return Letter(parcel.to, str(message["Subject"]), message.get_content(), parcel.content)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
