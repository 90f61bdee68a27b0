"""What staff see of connectors: who stands where, and counts by place. No private name."""

from collections.abc import Iterable
from datetime import date

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import self_service, store
from api.features.connectors.self_service import connector_pledges, course_of
from api.features.connectors.store import Connector
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.formatting import LOCAL, long_date
from catalogue.outputs.open_data import spreadsheet

MONTHS_SHOWN = 12
STANDS = {
    "signed": gettext_noop("signed, no course yet"),
    "trained": gettext_noop("completed the course"),
    "due": gettext_noop("course to be taken again"),
    "left": gettext_noop("left"),
    "past": gettext_noop("promise no longer stands"),
}
HEAD = ("reference", "name", "kind", "place", "since", "stands", "completed", "by", "again_from")
POINTED_HEAD = ("month", "place", "card", "talk", "nothing_there")


class Row(msgspec.Struct, frozen=True):
    """One connector; days in ISO or empty, `stands` a key of STANDS, `said` its words."""

    reference: str
    name: str
    kind: str
    place: str
    since: str
    stands: str
    said: str
    completed: str
    by: str
    again_from: str


class Pointed(msgspec.Struct, frozen=True):
    """How often connectors pointed somebody on in a month (2026-11) and place."""

    month: str
    place: str
    card: int
    talk: int
    nothing: int


class Overview(msgspec.Struct, frozen=True):
    """All of it: how many stand where, who, and what was pointed to in the last year."""

    counts: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    pointed: tuple[Pointed, ...]


def overview(connection: Connection, context: Context) -> Overview:
    """Return what the page shows."""
    found = rows(connection, context)
    counts = tuple(
        (_(words), sum(one.stands == stands for one in found)) for stands, words in STANDS.items()
    )
    return Overview(counts, tuple(found), tuple(pointed(connection, context.today)))


def rows(connection: Connection, context: Context) -> list[Row]:
    """Return all connectors, the newest first."""
    return [_row(one, context) for one in store.listed(connection, connector_pledges(context))]


def pointed(connection: Connection, today: date) -> list[Pointed]:
    """Return what was pointed to in this month and the eleven before, by place."""
    since = f"{today - relativedelta(months=MONTHS_SHOWN - 1):%Y-%m}-01"
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for month, place, how, times in store.by_area_and_month(connection, since):
        counted.setdefault((month, place), {})[how] = times
    return [
        Pointed(month, place, of.get("card", 0), of.get("talk", 0), of.get("nothing", 0))
        for (month, place), of in counted.items()
    ]


def connectors_csv(found: Iterable[Row]) -> bytes:
    """Return connectors as a table for a spreadsheet."""
    return spreadsheet.table(
        HEAD,
        [
            (
                o.reference,
                o.name,
                o.kind,
                o.place,
                o.since,
                o.stands,
                o.completed,
                o.by,
                o.again_from,
            )
            for o in found
        ],
    )


def pointed_csv(found: Iterable[Pointed]) -> bytes:
    """Return what was pointed to as a table for a spreadsheet."""
    return spreadsheet.table(POINTED_HEAD, [msgspec.structs.astuple(one) for one in found])


def _row(one: Connector, context: Context) -> Row:
    again = self_service.refresh_on(one, course_of(context, one))
    stands = _stands(one, again, context.today)
    kind = context.catalogue.taxonomy.signer_kind.get(one.kind)
    return Row(
        reference=one.reference,
        name=one.public_name,
        kind=kind.label if kind else one.kind,
        place=one.place,
        since=one.created_at.astimezone(LOCAL).date().isoformat(),
        stands=stands,
        said=_said(stands, one, again),
        completed=one.completed_on.isoformat() if one.completed_on else "",
        by=one.completed_by,
        again_from=again.isoformat() if again else "",
    )


def _stands(one: Connector, again: date | None, today: date) -> str:
    if one.left_at is not None:
        return "left"
    if one.state != "published":
        return "past"
    if again is None:
        return "signed"
    return "due" if again <= today else "trained"


def _said(stands: str, one: Connector, again: date | None) -> str:
    words = _(STANDS[stands])
    if stands == "trained" and again:
        return _("%(words)s, again from %(day)s", words=words, day=long_date(again))
    if stands == "left" and one.state == "published":
        return _("%(words)s, still on the register", words=words)
    return words
