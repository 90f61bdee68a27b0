"""Counting that a connector pointed somebody somewhere: closed lists and a day, never a person.

Where there was nothing to point to, or where our lists do not know the kind, a gap is counted. No
line goes into the audit trail: its moment would be finer than a day.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from api.features import gaps
from api.features.connectors import store
from api.features.connectors.bodies import Pointed, Pointer, PointerTaken
from api.features.connectors.store import Signpost
from api.features.gaps import ANY, Gap
from api.store.database import Database
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL

TOLD_FROM = 5
"""Smaller numbers are not told in public: in a village, one is a neighbour."""
DAYS_BACK = timedelta(days=92)
"""What a telephone kept for longer is counted under the day it was sent."""


async def count(
    pointer: Pointer, terms: Taxonomy, database: Database, now: datetime
) -> tuple[PointerTaken, bool]:
    """Count it once however often it is sent; returns after the commit, with whether it is new."""
    signpost = _known(pointer, terms, now)
    if signpost is None:
        return PointerTaken("nothing"), False

    def act(connection: Connection) -> bool:
        whose = store.pointing(connection, pointer.connector, now)
        new = store.keep_signpost(connection, signpost, whose)
        if new and signpost.how == "nothing":
            gaps.add(connection, {_gap(signpost): 1})
        return new

    new = await database.write(act)
    return PointerTaken("gap" if signpost.how == "nothing" else "pointed"), new


def told(connection: Connection, now: datetime, connector_id: str = "") -> tuple[int, int]:
    """Return how often it was this month and this year, of one connector or of all."""
    today = now.astimezone(LOCAL).date()
    month, year = (f"{today:%Y-%m}-01", f"{today:%Y}-01-01")
    return (
        store.pointed_since(connection, month, connector_id),
        store.pointed_since(connection, year, connector_id),
    )


def in_public(connection: Connection, now: datetime) -> Pointed:
    """Return the totals of all connectors, small ones left out."""
    month, year = told(connection, now)
    return Pointed(_or_none(month), _or_none(year))


def _or_none(number: int) -> int | None:
    return number if number >= TOLD_FROM else None


def _known(pointer: Pointer, terms: Taxonomy, now: datetime) -> Signpost | None:
    """Return it in names of our lists only; None where they know nothing of it."""
    area = next((area.name for area in terms.areas if area.slug == pointer.area), "")
    kind = pointer.kind if pointer.kind in terms.kind else ""
    if not area and not kind:
        return None
    how = pointer.how if area and kind else "nothing"
    return Signpost(pointer.id, _day(pointer.day, now).isoformat(), area, kind, how)


def _day(said: date | None, now: datetime) -> date:
    today = now.astimezone(LOCAL).date()
    return said if said and today - DAYS_BACK <= said <= today else today


def _gap(signpost: Signpost) -> Gap:
    return Gap(signpost.day[:7], signpost.area or ANY, signpost.kind or ANY, "")
