"""The shape of `activities.json`, field by field, as docs/open-data.md describes it.

What is not known is null. Times are ISO 8601 with offset.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from catalogue.model.activity import Booking, Referral, Status, Way

Access = dict[str, bool | None]


class Term(msgspec.Struct, frozen=True):
    """A term of a closed list."""

    slug: str
    label: str


class Head(msgspec.Struct, frozen=True):
    """What is said of the whole. `as_of` is the beginning of the day that is described."""

    version: int
    publisher: str
    about: str | None
    licence: str | None
    as_of: datetime
    time_zone: Literal["Europe/London"]
    language: str
    kinds: tuple[Term, ...]
    needs: tuple[Term, ...]
    access: tuple[Term, ...]


class OpenTimetable(msgspec.Struct, frozen=True):
    """A timetable in words; `venue` is said where there are several."""

    words: str
    note: str | None
    venue: str | None


class OpenSession(msgspec.Struct, frozen=True):
    """One of the next sessions. `why` says why it is cancelled, `doubt` what could not be known."""

    starts_at: datetime
    ends_at: datetime | None
    cancelled: bool
    why: str | None
    doubt: str | None
    venue: str | None


class OpenVenue(msgspec.Struct, frozen=True):
    """A venue; `access` holds the facts in which the venues of an activity differ."""

    place: str
    name: str | None
    address: str | None
    postcode: str | None
    latitude: float | None
    longitude: float | None
    hidden: bool
    access: Access


class OpenPrice(msgspec.Struct, frozen=True):
    """A price and whom it is for."""

    price_pence: int
    condition: str | None


class OpenContact(msgspec.Struct, frozen=True):
    """Whom to ask."""

    name: str | None
    phone: str | None
    email: str | None
    website: str | None
    hours: str | None


class OpenProvider(msgspec.Struct, frozen=True):
    """Who runs it."""

    name: str
    website: str | None
    charity_number: str | None
    company_number: str | None


class OpenEligibility(msgspec.Struct, frozen=True):
    """Whom it is for and not for. Ages in whole years."""

    minimum_age: int | None
    maximum_age: int | None
    who: str | None
    not_for: str | None
    referral: Referral | None


class OpenNewcomers(msgspec.Struct, frozen=True):
    """What somebody new meets."""

    greeter: str | None
    what_happens: str | None
    welcomes_newcomers_alone: bool | None
    bring_someone: bool | None
    buddy_can_meet_you: bool | None
    lift_offered: bool | None


class OpenSource(msgspec.Struct, frozen=True):
    """Where facts were read."""

    name: str
    website: str | None
    read_on: date


class OpenActivity(msgspec.Struct, frozen=True):
    """One activity. Its slug stands first in its line; addresses are whole where the site's is."""

    slug: str
    url: str
    calendar: str
    title: str
    summary: str
    demonstration: bool
    status: Status | None
    kinds: tuple[str, ...]
    needs: tuple[str, ...]
    ways: tuple[Way, ...]
    when: tuple[OpenTimetable, ...]
    sessions: tuple[OpenSession, ...]
    where_in_words: str
    where: tuple[OpenVenue, ...]
    area_served: tuple[str, ...]
    cost_in_words: str
    cost: tuple[OpenPrice, ...] | None
    free: bool | None
    access: Access
    booking: Booking | None
    contact: OpenContact
    eligibility: OpenEligibility
    newcomers: OpenNewcomers
    languages: tuple[str, ...]
    language: str
    provider: OpenProvider
    checked_on: date | None
    sources: tuple[OpenSource, ...]
