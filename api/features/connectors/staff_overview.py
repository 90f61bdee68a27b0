"""What staff see of connectors: each with their course, and counts by place. No private name."""

from collections.abc import Iterable
from datetime import date

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import store
from api.features.connectors.self_service import connector_pledges, course_of, refresh_on
from api.features.connectors.store import Connector
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.formatting import LOCAL, long_date
from catalogue.outputs.open_data import spreadsheet

MONTHS_SHOWN = 12
STATUSES = {
    "signed": gettext_noop("signed, no course yet"),
    "trained": gettext_noop("completed the course"),
    "due": gettext_noop("course to be taken again"),
    "left": gettext_noop("left"),
    "past": gettext_noop("promise no longer on the register"),
}
CONNECTOR_COLUMNS = (
    *("reference", "name", "kind", "place", "since"),
    *("stands", "completed", "by", "again_from"),
)
SIGNPOST_COLUMNS = ("month", "place", "card", "talk", "nothing_there")


class ConnectorRow(msgspec.Struct, frozen=True):
    """One connector; days in ISO or empty, `status` a key of STATUSES, `status_text` for people."""

    reference: str
    name: str
    kind: str
    place: str
    since: str
    status: str
    status_text: str
    completed_on: str
    completed_by: str
    refresh_on: str


class MonthlySignposts(msgspec.Struct, frozen=True):
    """How often connectors pointed somebody on in a month (2026-11) and place."""

    month: str
    place: str
    card: int
    talk: int
    nothing: int


class StaffConnectorsPage(Page, frozen=True, kw_only=True):
    """How many connectors have which status, who, and the signposts of the last year."""

    template = "staff/connectors.html"
    counts: tuple[tuple[str, int], ...]
    connectors: tuple[ConnectorRow, ...]
    signposts: tuple[MonthlySignposts, ...]


def connectors_page(connection: Connection, context: Context) -> StaffConnectorsPage:
    """Return what the page shows."""
    rows = connector_rows(connection, context)
    counts = tuple(
        (_(text), sum(row.status == status for row in rows)) for status, text in STATUSES.items()
    )
    signposts = tuple(monthly_signposts(connection, context.today))
    return StaffConnectorsPage(counts=counts, connectors=tuple(rows), signposts=signposts)


def connector_rows(connection: Connection, context: Context) -> list[ConnectorRow]:
    """Return all connectors, the newest first."""
    connectors = store.list_connectors(connection, connector_pledges(context))
    return [_connector_row(connector, context) for connector in connectors]


def monthly_signposts(connection: Connection, today: date) -> list[MonthlySignposts]:
    """Return the signposts of this month and of the eleven before, by place."""
    since = f"{today - relativedelta(months=MONTHS_SHOWN - 1):%Y-%m}-01"
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for month, place, method, count in store.count_signposts_by_month(connection, since):
        counts.setdefault((month, place), {})[method] = count
    return [
        MonthlySignposts(
            month, place, by_how.get("card", 0), by_how.get("talk", 0), by_how.get("nothing", 0)
        )
        for (month, place), by_how in counts.items()
    ]


def connectors_csv(rows: Iterable[ConnectorRow]) -> bytes:
    """Return connectors as a table for a spreadsheet."""
    lines = [
        (
            *(row.reference, row.name, row.kind, row.place, row.since),
            *(row.status, row.completed_on, row.completed_by, row.refresh_on),
        )
        for row in rows
    ]
    return spreadsheet.table(CONNECTOR_COLUMNS, lines)


def signposts_csv(signposts: Iterable[MonthlySignposts]) -> bytes:
    """Return monthly signposts as a table for a spreadsheet."""
    lines = [msgspec.structs.astuple(signpost) for signpost in signposts]
    return spreadsheet.table(SIGNPOST_COLUMNS, lines)


def _connector_row(connector: Connector, context: Context) -> ConnectorRow:
    refresh = refresh_on(connector, course_of(context, connector))
    status = _status(connector, refresh, context.today)
    kind = context.catalogue.taxonomy.signer_kind.get(connector.kind)
    return ConnectorRow(
        reference=connector.reference,
        name=connector.public_name,
        kind=kind.label if kind else connector.kind,
        place=connector.place,
        since=connector.created_at.astimezone(LOCAL).date().isoformat(),
        status=status,
        status_text=_status_text(status, connector, refresh),
        completed_on=connector.completed_on.isoformat() if connector.completed_on else "",
        completed_by=connector.completed_by,
        refresh_on=refresh.isoformat() if refresh else "",
    )


def _status(connector: Connector, refresh: date | None, today: date) -> str:
    if connector.left_at is not None:
        return "left"
    if connector.state != "published":
        return "past"
    if refresh is None:
        return "signed"
    return "due" if refresh <= today else "trained"


def _status_text(status: str, connector: Connector, refresh: date | None) -> str:
    text = _(STATUSES[status])
    if status == "trained" and refresh:
        return _("%(words)s, again from %(day)s", words=text, day=long_date(refresh))
    if status == "left" and connector.state == "published":
        return _("%(words)s, still on the register", words=text)
    return text
