"""When a promise may be renewed, and when which reminder is due: plain rules about days.

Written for pledges confirmed once a year: sixty and thirty days before, and thirty days of grace.
Where a pledge asks more often, both reminders come within the second half of its period.
"""

from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from catalogue.model.pledge import GRACE, Pledge, Signatory

Kind = Literal["first", "second", "past"]

FIRST_DAYS = 60
SECOND_DAYS = 30
PAST_TOLD_WITHIN = timedelta(days=60)
"""So long after a promise has become past its signatory is told; not what was past before Kith."""
LINK_WORKS_AFTER = timedelta(days=90)
"""A letter's link works so long after the grace; later `/pledges/manage` gives a new one."""


def ahead_days(pledge: Pledge) -> tuple[int, int]:
    """Return how many days before the end the first and the second reminder are due."""
    return min(FIRST_DAYS, pledge.confirm_months * 15), min(SECOND_DAYS, pledge.confirm_months * 7)


def opens_on(signatory: Signatory, pledge: Pledge) -> date:
    """Return the day from which a promise can be renewed: that of its first reminder."""
    return signatory.confirmed_until - timedelta(days=ahead_days(pledge)[0])


def renewed_until(signatory: Signatory, pledge: Pledge, today: date) -> date:
    """Return the day it is good until once renewed: from the old day, or from now if it is past."""
    past = signatory.lapsed(today)
    start = today if past else signatory.confirmed_until
    return start + relativedelta(months=pledge.confirm_months)


def due(signatory: Signatory, pledge: Pledge, today: date) -> Kind | None:
    """Return the reminder that is due; one that was missed is not made up by two at once."""
    if signatory.status != "published" or pledge.status == "ended":
        return None
    first, second = ahead_days(pledge)
    left = (signatory.confirmed_until - today).days
    if signatory.lapsed(today):
        told = today - signatory.confirmed_until - GRACE <= PAST_TOLD_WITHIN
        return "past" if told else None
    if left <= second:
        return "second"
    return "first" if left <= first else None


def link_until(signatory: Signatory, today: date) -> date:
    """Return the day a reminder's link works until."""
    return max(signatory.confirmed_until + GRACE, today) + LINK_WORKS_AFTER
