"""An activity as its editor writes it: the fields of one file in `content/activities/`.

Field names follow Open Referral UK where it has one; what people miss there (first visit, getting
there, unknown as a value, area served apart from venue) has a place of its own. Terms of closed
lists are checked against the taxonomy in `read/checks.py`, not here.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from catalogue.model.geo import Point, point_of
from catalogue.model.text import Email, Line, Paragraph, Phone, Url

YesNoUnknown = Literal["yes", "no", "unknown"]
Way = Literal["in person", "online", "by phone", "comes to you"]
Status = Literal["active", "unknown", "inactive", "temporarily closed", "defunct"]
Booking = Literal["not needed", "needed", "ring first", "unknown"]
WaitingList = Literal["none", "open", "full", "unknown"]
Referral = Literal["not needed", "self or anyone", "professional only", "unknown"]
CharityNumber = Annotated[
    str, Meta(pattern=r"^((SC|NIC)?\d{5,8}(-\d+)?|)$", description="a charity number: 1234567")
]
CompanyNumber = Annotated[
    str, Meta(pattern=r"^([A-Z0-9]{2}\d{6}|)$", description="a company number: 01234567")
]
Pence = Annotated[int, Meta(ge=0, le=100_000)]
Age = Annotated[int, Meta(ge=0, le=120)]
Latitude = Annotated[float, Meta(ge=49.0, le=61.5)]
Longitude = Annotated[float, Meta(ge=-9.0, le=2.5)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base settings of all parts of an entry: frozen, unknown fields refused."""


class Venue(_Part, frozen=True):
    """A place where it happens. `place` is a taxonomy area; `postcode` may be an outward code.

    A hidden venue (a refuge, somebody's home) names only its place: this folder is published, so
    an address written here would already be given away.
    """

    place: Line
    name: Line = ""
    address: Line = ""
    postcode: Line = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    hidden: Literal["yes", "no"] = "no"
    access: dict[str, YesNoUnknown] = {}

    @property
    def point(self) -> Point | None:
        """Return where it lies, or None where that is not written."""
        return point_of(self.latitude, self.longitude)


class Timetable(_Part, frozen=True, rename={"except_": "except"}):
    """One rule in plain English (`schedule.parse`), what it leaves out, and where it applies."""

    when: Line
    except_: tuple[Line, ...] = ()
    venue: Line = ""
    note: Line = ""


class CostOption(_Part, frozen=True):
    """A price in pence and the condition it holds under ("for members", "tea by donation")."""

    price_pence: Pence
    condition: Line = ""


class Eligibility(_Part, frozen=True):
    """Who it is for, and just as plainly whom it cannot support. Ages in whole years."""

    minimum_age: Age | None = None
    maximum_age: Age | None = None
    who: Line = ""
    not_for: Line = ""
    referral: Referral = "unknown"


class Contact(_Part, frozen=True):
    """Whom to ask, in public: the name is one its owner agreed to print."""

    name: Line = ""
    phone: Phone = ""
    email: Email = ""
    website: Url = ""
    hours: Line = ""


class Places(_Part, frozen=True):
    """Whether to book, and whether there is room; `as_of` is the day that was true."""

    booking: Booking = "unknown"
    how: Line = ""
    waiting_list: WaitingList = "unknown"
    as_of: date | None = None


class FirstVisit(_Part, frozen=True):
    """What somebody new meets: the part that decides whether a lonely person goes."""

    greeter: Line = ""
    what_happens: Paragraph = ""
    welcomes_newcomers_alone: YesNoUnknown = "unknown"
    bring_someone: YesNoUnknown = "unknown"
    buddy_can_meet_you: YesNoUnknown = "unknown"


class GettingThere(_Part, frozen=True):
    """Bus, parking and lifts, as people say them."""

    bus: Line = ""
    parking: Line = ""
    lift_offered: YesNoUnknown = "unknown"
    lift: Line = ""
    directions: Paragraph = ""


class Provider(_Part, frozen=True):
    """The organisation that runs it. `signatory` is the path of its pledge entry: `pledge/who`."""

    name: Line
    website: Url = ""
    charity_number: CharityNumber = ""
    company_number: CompanyNumber = ""
    signatory: Line = ""


class Source(_Part, frozen=True, kw_only=True):
    """Where the facts of an entry were read, and when; for entries its provider has not checked."""

    name: Line
    website: Url = ""
    read_on: date


class ActivityFront(_Part, frozen=True):
    """The front matter of one activity, exactly the fields an editor may write."""

    title: Line
    summary: Annotated[str, Meta(max_length=220)]
    kinds: tuple[Line, ...]
    ways: tuple[Way, ...]
    provider: Provider
    status: Status = "unknown"
    needs: tuple[Line, ...] = ()
    venues: tuple[Venue, ...] = ()
    schedule: tuple[Timetable, ...] = ()
    cost: tuple[CostOption, ...] = ()
    access: dict[str, YesNoUnknown] = {}
    eligibility: Eligibility = Eligibility()
    area_served: tuple[Line, ...] = ()
    contact: Contact = Contact()
    places: Places = Places()
    languages: tuple[Line, ...] = ()
    language: Line = ""
    """What the entry itself is written in, where that is not the site's language: "Welsh"."""
    first_visit: FirstVisit = FirstVisit()
    getting_there: GettingThere = GettingThere()
    online_help: Line = ""
    assured_on: date | None = None
    sources: tuple[Source, ...] = ()
    changed_on: date | None = None
    """The day something that people go by changed; a check alone is no change."""
    changed: Line = ""
    """What changed that day, for visitors: "Now on Thursdays"."""


class Activity(ActivityFront, frozen=True, forbid_unknown_fields=False):
    """An activity that was read: its front matter, its `slug` (the file's name) and its body."""

    slug: str = ""
    path: str = ""
    body: str = ""
    demonstration: bool = False

    @property
    def free(self) -> YesNoUnknown:
        """Say whether somebody can come without paying; no cost written is unknown, not free."""
        if not self.cost:
            return "unknown"
        return "yes" if any(option.price_pence == 0 for option in self.cost) else "no"

    @property
    def place_names(self) -> tuple[str, ...]:
        """Return the places of its venues, each once, in the order written."""
        return tuple(dict.fromkeys(venue.place for venue in self.venues))

    @property
    def first_place(self) -> str:
        """Return the place whose bank holidays and school terms it keeps, or nothing."""
        return next(iter((*self.place_names, *self.area_served)), "")

    @property
    def news_on(self) -> date | None:
        """Return the day it last changed or, if it never did, came in; None where unknown."""
        return self.changed_on or min((source.read_on for source in self.sources), default=None)

    @property
    def checked_on(self) -> date | None:
        """Return the day its facts were checked or, if they never were, last read somewhere."""
        return self.assured_on or max((source.read_on for source in self.sources), default=None)
