"""The types of schema.org that Kith uses, as structs: encoded, each is a node of JSON-LD.

What is not known is left out, for a property that is there is a claim. Times are ISO 8601.
"""

from datetime import date, datetime

import msgspec

CONTEXT = "https://schema.org"


def _property(field: str) -> str:
    """Return what schema.org calls a field: `start_date` is startDate, `id` is JSON-LD's @id."""
    first, *later_words = field.split("_")
    return (
        f"@{field}" if field in ("context", "id") else first + "".join(map(str.title, later_words))
    )


class _Node(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="@type",
    rename=_property,
):  # fmt: skip
    """Base settings of all nodes: the type comes first, what has no value is not written."""


class NodeReference(msgspec.Struct, frozen=True, rename=_property):
    """A reference to a node that is described elsewhere on the page."""

    id: str


class PostalAddress(_Node, frozen=True):
    """An address, as much of it as may be known; the country is two letters of ISO 3166."""

    address_locality: str
    address_country: str
    street_address: str = ""
    postal_code: str = ""


class GeoCoordinates(_Node, frozen=True):
    """Coordinates in degrees."""

    latitude: float
    longitude: float


class LocationFeatureSpecification(_Node, frozen=True):
    """A fact about getting in that is known to hold, or known not to."""

    name: str
    value: bool


class Place(_Node, frozen=True, kw_only=True):
    """Where something happens or is offered."""

    id: str = ""
    name: str
    description: str = ""
    address: PostalAddress | None = None
    geo: GeoCoordinates | None = None
    amenity_feature: tuple[LocationFeatureSpecification, ...] = ()


class VirtualLocation(_Node, frozen=True, kw_only=True):
    """By phone or online; `url` says how."""

    id: str = ""
    url: str


class ContactPoint(_Node, frozen=True):
    """Whom to ask."""

    name: str = ""
    telephone: str = ""
    email: str = ""


class Organization(_Node, frozen=True):
    """Who runs it."""

    name: str
    url: str = ""
    contact_point: ContactPoint | None = None


class Offer(_Node, frozen=True):
    """A price as "2.50", its currency (ISO 4217), and the condition it holds under."""

    price: str
    price_currency: str
    description: str = ""


class Schedule(_Node, frozen=True):
    """A rule. `except_date` holds the days it leaves out as far as they were looked for."""

    schedule_timezone: str
    description: str = ""
    start_date: date | None = None
    end_date: date | None = None
    repeat_frequency: str = ""
    by_day: tuple[str, ...] = ()
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    start_time: str = ""
    end_time: str = ""
    except_date: tuple[date, ...] = ()


class Event(_Node, frozen=True, kw_only=True):
    """An activity that has a date, or one of its sessions."""

    context: str = ""
    name: str
    description: str = ""
    url: str = ""
    start_date: datetime
    end_date: datetime | None = None
    event_status: str = ""
    event_attendance_mode: str = ""
    location: tuple[Place | VirtualLocation, ...] | tuple[NodeReference, ...] = ()
    organizer: Organization | None = None
    offers: tuple[Offer, ...] = ()
    is_accessible_for_free: bool | None = None
    typical_age_range: str = ""
    keywords: tuple[str, ...] = ()
    in_language: tuple[str, ...] = ()
    event_schedule: tuple[Schedule, ...] = ()
    sub_event: tuple["Event", ...] = ()


class ServiceChannel(_Node, frozen=True):
    """A way to a service, the languages spoken on it (BCP 47 tags), and where it is held."""

    available_language: tuple[str, ...] = ()
    service_location: tuple[Place, ...] = ()


class Service(_Node, frozen=True, kw_only=True):
    """An activity without a date to come: somebody rings, visits or lends something."""

    context: str = ""
    name: str
    description: str = ""
    url: str = ""
    service_type: tuple[str, ...] = ()
    provider: Organization | None = None
    area_served: tuple[Place, ...] = ()
    offers: tuple[Offer, ...] = ()
    available_channel: ServiceChannel | None = None
