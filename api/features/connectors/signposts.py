"""Signposts: that a connector pointed somebody on. Closed lists and a day, never a person.

No field is about the person: names off our closed lists, a day, and who counts it. There is no
field for free text; a test walks every field and fails when one is added. Where there was nothing
to point to, or where our lists do not know the kind, a gap is counted. No line goes into the audit
trail: its time would be finer than a day.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from api.features import gaps
from api.features.connectors import store
from api.features.connectors.store import Signpost
from api.features.gaps import ANY, Gap
from api.http.request_bodies import Body
from api.store.database import Database
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL

SMALLEST_PUBLIC_TOTAL = 5
"""Smaller numbers are not published: in a village, one is a neighbour."""
OLDEST_DAY = timedelta(days=92)
"""A day longer ago than this is replaced by the day on which the signpost was sent."""

END = r"$(?![\s\S])"
Slug = Annotated[str, Meta(max_length=80, pattern=rf"^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?{END}")]
Id = Annotated[str, Meta(pattern=rf"^[0-9a-f]{{32}}{END}")]
PointingKey = Annotated[str, Meta(pattern=rf"^(?:[0-9a-f]{{64}})?{END}")]
How = Literal["card", "talk", "nothing"]


class SignpostReport(Body, frozen=True, kw_only=True):
    """Somebody was pointed to a kind of thing (slug) in an area (slug), or there was nothing.

    `id` is drawn by the caller, and one id counts once. `day` is when it was; a day that cannot be
    right is today. `connector` is the key of whose page counts it; empty is nobody's.
    """

    id: Id
    how: How
    area: Slug = ""
    kind: Slug = ""
    day: date | None = None
    connector: PointingKey = ""


class SignpostCounted(msgspec.Struct, frozen=True):
    """What was counted: that somebody was pointed on, that there was nothing, or neither.

    A kind that our lists do not know is a gap; what they know nothing of is not kept.
    """

    counted: Literal["pointed", "gap", "nothing"]


class SignpostTotals(msgspec.Struct, frozen=True):
    """How often somebody was pointed on, by all connectors; None where it is fewer than five."""

    this_month: int | None
    this_year: int | None


async def count_signpost(
    report: SignpostReport, terms: Taxonomy, database: Database, now: datetime
) -> tuple[SignpostCounted, bool]:
    """Count it once however often it is sent; returns after the commit, with whether it is new."""
    signpost = _in_closed_lists(report, terms, now)
    if signpost is None:
        return SignpostCounted("nothing"), False

    def add(connection: Connection) -> bool:
        connector_id = store.find_connector_id(connection, report.connector, now)
        is_new = store.add_signpost(connection, signpost, connector_id)
        if is_new and signpost.how == "nothing":
            gaps.add_gaps(connection, {_gap(signpost): 1})
        return is_new

    is_new = await database.write(add)
    return SignpostCounted("gap" if signpost.how == "nothing" else "pointed"), is_new


def count_month_and_year(
    connection: Connection, now: datetime, connector_id: str = ""
) -> tuple[int, int]:
    """Return how often it was this month and this year, of one connector or of all."""
    today = now.astimezone(LOCAL).date()
    month, year = (f"{today:%Y-%m}-01", f"{today:%Y}-01-01")
    return (
        store.count_signposts(connection, month, connector_id),
        store.count_signposts(connection, year, connector_id),
    )


def public_totals(connection: Connection, now: datetime) -> SignpostTotals:
    """Return the totals of all connectors, small ones left out."""
    month, year = count_month_and_year(connection, now)
    return SignpostTotals(_none_if_small(month), _none_if_small(year))


def _none_if_small(number: int) -> int | None:
    return number if number >= SMALLEST_PUBLIC_TOTAL else None


def _in_closed_lists(report: SignpostReport, terms: Taxonomy, now: datetime) -> Signpost | None:
    """Return it in names of our lists only; None where they know nothing of it."""
    area = next((area.name for area in terms.areas if area.slug == report.area), "")
    kind = report.kind if report.kind in terms.kind else ""
    if not area and not kind:
        return None
    method = report.how if area and kind else "nothing"
    return Signpost(report.id, _plausible_day(report.day, now).isoformat(), area, kind, method)


def _plausible_day(day: date | None, now: datetime) -> date:
    today = now.astimezone(LOCAL).date()
    return day if day and today - OLDEST_DAY <= day <= today else today


def _gap(signpost: Signpost) -> Gap:
    return Gap(signpost.day[:7], signpost.area or ANY, signpost.kind or ANY, "")
