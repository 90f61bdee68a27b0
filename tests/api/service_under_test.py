"""The API service as tests drive it: a client, the letters it sent, and what its store holds.

Two ends are replaced: pages are drawn in an empty frame, and a recording transport takes letters.
Everything between runs as in production.
"""

import email
import email.policy
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler, Receive, Scope, Send
from sqlalchemy import Connection, Table, select

from api.context import Context, ProcessState
from api.errors import Unavailable
from api.features.gaps import GapCounter
from api.http import problems
from api.http.page_frame import Pages
from api.http.protection import Protection
from api.http.rate_limits import RULES, Limits, Rule, Window
from api.mail.outbox import Outbox
from api.mail.transports import OutgoingMessage
from api.releases import build_process
from api.releases.current_release import CurrentRelease
from api.releases.rebuild_queue import Build, RebuildQueue
from api.security.encryption import Encryption
from api.settings import Settings, from_environ
from api.store.database import Database
from catalogue.build import content_security_policy
from catalogue.build.default_texts import default_texts
from catalogue.build.templates import MARKERS, Frame, Page, Templates
from catalogue.faults import Fault
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.read.site_settings import Service
from catalogue.read.taxonomy import read_taxonomy
from tests.api.conftest import Clock
from tests.support.read_letters import assert_same_facts, html_of, plain_of

ROOT = Path(__file__).parents[2]
SERVICE_NAME = "Harrow Vale Company Service"
ORIGIN = "https://kith.example.org"
SAME_ORIGIN = {"origin": ORIGIN}
UNLIMITED = {purpose: Rule(Window(10_000, 60), Window(10_000, 60)) for purpose in RULES}


class RenderedPage(msgspec.Struct, frozen=True):
    """A page that was answered: its template and every value the template was given."""

    template: str
    title: str
    values: Mapping[str, Any]


@cache
def _release() -> SimpleNamespace:
    """The release that pages are drawn with; its templates are compiled once for all tests."""
    return SimpleNamespace(
        frame=Frame.parse("".join(MARKERS)),
        templates=Templates(ROOT / "site" / "theme" / "pages"),
        policy=content_security_policy.STRICTEST,
        service=Service(SERVICE_NAME, phone="01632 960960", demonstration=True),
    )


class RecordingPages(Pages):
    """Renders the theme's own templates and records the values they were given."""

    def __init__(self) -> None:
        super().__init__(cast("CurrentRelease", SimpleNamespace(now=_release())))
        self.rendered: list[RenderedPage] = []

    def html(self, content: Page, title: str, section: str = "", url: str = "") -> str:
        values = msgspec.structs.asdict(content)
        self.rendered.append(RenderedPage(content.template, title, values))
        return super().html(content, title, section, url)


class RecordingTransport:
    """A mail transport that keeps every message it is given."""

    def __init__(self) -> None:
        self.messages: list[OutgoingMessage] = []

    async def send(self, message: OutgoingMessage) -> None:
        self.messages.append(message)

    async def disconnect(self) -> None:
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
            exception_handlers=problems.handlers(
                lambda error: self._current().pages.problem(error)
            ),
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


class ServiceUnderTest:
    """One API service on one store. `client` calls it as a browser on one of its pages does."""

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
        self.settings = project_settings(folder)
        self.database, self.encryption, self.clock = database, encryption, clock
        self.catalogue, self.texts = catalogue, default_texts()
        self.pages, self.transport = RecordingPages(), RecordingTransport()
        self.outbox = Outbox(
            database,
            encryption,
            self.transport,
            sender=self.settings.mail_from,
            sender_name=SERVICE_NAME,
            clock=clock,
        )
        self._base = self._context()
        self.app = Protection(self._answer, self.settings, self.pages.problem)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),  # type: ignore[arg-type]
            base_url=ORIGIN,
            headers=SAME_ORIGIN,
        )

    @property
    def context(self) -> Context:
        """What rules are given, at the clock's present moment."""
        return self._base.at_present()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._shared.answer(self._base, scope, receive, send)

    def _context(self) -> Context:
        self.limits = Limits(rules=UNLIMITED)
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

    def enable_rate_limits(self) -> None:
        """Limit callers as in production, by the clock of the test, with no calls counted yet."""
        self.limits = Limits(rules=RULES, clock=lambda: self.clock().timestamp())
        self._base = msgspec.structs.replace(self._base, limits=self.limits)

    def replace_rebuild_queue(self, build: Build = build_process.build) -> None:
        """Start with an empty rebuild queue whose builds are made by `build`."""
        self.builds = RebuildQueue(self.settings.project, self.clock, build)
        self._base = msgspec.structs.replace(self._base, rebuild_queue=self.builds)

    @property
    def last_page(self) -> RenderedPage:
        """The page that was answered last."""
        return self.pages.rendered[-1]

    async def letters(self) -> list[Letter]:
        """Deliver what is due, and return every letter so far."""
        await self.outbox.deliver_due()
        return [_parse_letter(message) for message in self.transport.messages]

    async def rows(self, table: Table) -> list[Any]:
        """Return all rows of a table."""

        def read_rows(connection: Connection) -> list[Any]:
            return [*connection.execute(select(table))]

        return await self.database.read(read_rows)

    async def count(self, table: Table) -> int:
        return len(await self.rows(table))


@asynccontextmanager
async def open_client(service: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    async with service.client:
        yield service


def project_settings(folder: Path) -> Settings:
    return from_environ(
        folder,
        {"KITH_BASE_URL": ORIGIN, "KITH_STAFF_MAIL": "team@example.org"},
    )


def project_taxonomy() -> Taxonomy:
    """The project's own taxonomy."""
    faults: list[Fault] = []
    taxonomy = read_taxonomy(ROOT / "content" / "taxonomy.yml", ROOT, faults)
    assert taxonomy is not None, faults
    return taxonomy


def refuse_inserts(service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the store take nothing more, as when its disk is full."""

    async def fail(rows: object) -> None:
        raise Unavailable

    monkeypatch.setattr(service.database, "insert", fail)


def read_all_files(folder: Path) -> bytes:
    """All files below a folder but the keys, joined: what personal data is searched for in."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "keys"]
    return b"\n".join(file.read_bytes() for file in files)


def _parse_letter(outgoing: OutgoingMessage) -> Letter:
    message = email.message_from_bytes(outgoing.content, policy=email.policy.default)
    body = plain_of(message)
    assert_same_facts(body, html_of(message))
    return Letter(outgoing.to, str(message["Subject"]), body, outgoing.content)
