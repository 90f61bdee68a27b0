"""Rules without side effects: which promises can be renewed and when, and which reminder is due.

A promise that is confirmed once a year gets reminders 60 and 30 days before its end, and has 30
days of grace. Where a pledge asks more often, both reminders are in the second half of its period.
"""

from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from api.context import Context
from api.errors import Conflict, Missing
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.pledge import GRACE, Pledge, Signatory

ReminderKind = Literal["first", "second", "past"]

FIRST_REMINDER_DAYS = 60
SECOND_REMINDER_DAYS = 30
PAST_REMINDER_WITHIN = timedelta(days=60)
"""No reminder about promises that have been past for longer, such as those from before Kith."""
LINK_VALID_AFTER_GRACE = timedelta(days=90)
"""How long a reminder's link works after the grace; `/pledges/manage` then gives a new one."""


class PledgeNotFound(Missing):
    """The pledge of a promise is no longer in the content."""

    code = "no-pledge"
    sentence = gettext_noop("This pledge is not here any more.")


class PledgeEnded(Conflict):
    """Nothing on the register of a pledge that has ended is renewed or changed."""

    code = "pledge-ended"
    sentence = gettext_noop("This pledge has ended. Its register stays as it is.")


def find_running_pledge(context: Context, slug: str) -> Pledge:
    """Return a pledge that has not ended. Raises `PledgeNotFound` or `PledgeEnded`."""
    pledge = context.catalogue.pledge(slug)
    if pledge is None:
        raise PledgeNotFound
    if pledge.status == "ended":
        raise PledgeEnded
    return pledge


def reminder_days(pledge: Pledge) -> tuple[int, int]:
    """Return how many days before the end the first and the second reminder are due."""
    return (
        min(FIRST_REMINDER_DAYS, pledge.confirm_months * 15),
        min(SECOND_REMINDER_DAYS, pledge.confirm_months * 7),
    )


def renewable_from(signatory: Signatory, pledge: Pledge) -> date:
    """Return the first day on which a promise can be renewed: that of its first reminder."""
    return signatory.confirmed_until - timedelta(days=reminder_days(pledge)[0])


def renewed_until(signatory: Signatory, pledge: Pledge, today: date) -> date:
    """Return the end of the next period. It starts at the old end, or today if that is past."""
    past = signatory.lapsed(today)
    start = today if past else signatory.confirmed_until
    return start + relativedelta(months=pledge.confirm_months)


def reminder_due(signatory: Signatory, pledge: Pledge, today: date) -> ReminderKind | None:
    """Return the reminder that is due; a missed first one is left out once the second is due."""
    if signatory.status != "published" or pledge.status == "ended":
        return None
    first, second = reminder_days(pledge)
    days_left = (signatory.confirmed_until - today).days
    if signatory.lapsed(today):
        recently = today - signatory.confirmed_until - GRACE <= PAST_REMINDER_WITHIN
        return "past" if recently else None
    if days_left <= second:
        return "second"
    return "first" if days_left <= first else None


def link_valid_until(signatory: Signatory, today: date) -> date:
    """Return the last day on which a reminder's link works."""
    return max(signatory.confirmed_until + GRACE, today) + LINK_VALID_AFTER_GRACE
