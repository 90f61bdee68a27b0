"""The closed lists of a directory (`content/taxonomy.yml`): kinds, needs, access facts, areas.

One list serves pages, filters and all search engines. A term's slug never changes; its label and
its aliases (what people really type) may.
"""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from catalogue.model.activity import Latitude, Longitude, Venue
from catalogue.model.geo import Point, point_of
from catalogue.model.school_calendar import Calendar, Nation, Term
from catalogue.model.text import Line, Slug, postcode_parts, slug_of

OutwardCode = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{1,2}[0-9][A-Z0-9]?$", description="the first half of a postcode: ZZ3"),
]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base settings: frozen, unknown fields refused."""


class Kind(_Part, frozen=True):
    """A kind of activity. `plural` heads its listing; `aliases` are words people type for it."""

    slug: Slug
    label: Line
    plural: Line
    aliases: tuple[Line, ...] = ()


class KindGroup(_Part, frozen=True):
    """Kinds that belong together, with the name of a picture (`parts/pictures.html`)."""

    slug: Slug
    label: Line
    picture: Literal["cup", "people", "walk", "pencil", "music", "phone", "heart", "sprout"]
    kinds: tuple[Line, ...]


class Need(_Part, frozen=True):
    """Why somebody looks, in their words ("my husband died"), and the kinds that often help.

    One that is `for_someone_else` is understood where nothing is said but for whom ("my nan").
    """

    slug: Slug
    label: Line
    aliases: tuple[Line, ...] = ()
    kinds: tuple[Line, ...] = ()
    for_someone_else: Literal["yes", "no"] = "no"


class Number(_Part, frozen=True):
    """A number to ring: as written, when it is the right one (`says`), and whose it is (`name`)."""

    number: Annotated[str, Meta(pattern=r"^[0-9]{2,5}( [0-9]{2,5}){0,3}$")]
    says: Line
    name: Line = ""

    @property
    def dialled(self) -> str:
        """Return the digits alone."""
        return self.number.replace(" ", "")


class HelpNow(_Part, frozen=True):
    """Words of somebody who needs help at once, and the help shown above all results.

    `words` count anywhere in a question, `alone` only as the whole of it; both are in small
    letters and include common misspellings.
    """

    slug: Slug
    title: Line
    text: Line
    numbers: tuple[Number, ...]
    words: tuple[Line, ...]
    alone: tuple[Line, ...] = ()


class AccessFact(_Part, frozen=True):
    """A yes/no/unknown fact about getting in or taking part, and what to ask where unknown.

    `aliases` are what people type who look for it.
    """

    slug: Slug
    label: Line
    short: Line = ""
    aliases: tuple[Line, ...] = ()


class SignerKindTerm(_Part, frozen=True):
    """A kind of signatory (taxi, pub, shop); `a` is one of them with its article."""

    slug: Slug
    label: Line
    a: Line


class SchoolTerm(_Part, frozen=True):
    """A school term, both days included."""

    name: Line
    starts_on: date
    ends_on: date


class Area(_Part, frozen=True):
    """A place people say they are in. Outward codes may belong to several areas."""

    name: Line
    within: Line = ""
    nation: Nation = "England"
    outward_codes: tuple[OutwardCode, ...] = ()
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    demonstration: Literal["yes", "no"] = "no"
    terms: tuple[SchoolTerm, ...] = ()

    @property
    def point(self) -> Point | None:
        """Return about where its middle is, or None where that is not written."""
        return point_of(self.latitude, self.longitude, about=True)

    @property
    def slug(self) -> str:
        """Return the area's public address part."""
        return slug_of(self.name)


class Taxonomy(_Part, frozen=True, dict=True):
    """All closed lists together, with look-ups by slug and by name."""

    kinds: tuple[Kind, ...]
    needs: tuple[Need, ...]
    access: tuple[AccessFact, ...]
    signer_kinds: tuple[SignerKindTerm, ...]
    areas: tuple[Area, ...]
    help_now: tuple[HelpNow, ...] = ()
    kind_groups: tuple[KindGroup, ...] = ()
    middles: dict[str, Point] = {}
    """Middles of all outward codes that were imported; never written in taxonomy.yml."""
    postcodes: dict[str, Point] = {}
    """Points of the whole postcodes that entries write, where imported; no spaces in them."""

    @cached_property
    def kind(self) -> dict[str, Kind]:
        """Kinds by slug."""
        return {kind.slug: kind for kind in self.kinds}

    @cached_property
    def need(self) -> dict[str, Need]:
        """Needs by slug."""
        return {need.slug: need for need in self.needs}

    @cached_property
    def access_fact(self) -> dict[str, AccessFact]:
        """Access facts by slug."""
        return {fact.slug: fact for fact in self.access}

    @cached_property
    def signer_kind(self) -> dict[str, SignerKindTerm]:
        """Kinds of signatory by slug."""
        return {kind.slug: kind for kind in self.signer_kinds}

    @cached_property
    def area(self) -> dict[str, Area]:
        """Areas by name as written."""
        return {area.name: area for area in self.areas}

    def around(self, name: str) -> tuple[Area, ...]:
        """Return the area and all it lies within, nearest first; empty for an unknown name."""
        chain: list[Area] = []
        while (area := self.area.get(name)) and area not in chain:
            chain.append(area)
            name = area.within
        return tuple(chain)

    def calendar(self, place: str) -> Calendar:
        """Return the nation and the school terms that hold in a place (its own or those around)."""
        cached = self._calendars.get(place)
        if cached is None:
            cached = self._calendars[place] = self._calendar(place)
        return cached

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        """Calendars by place, filled on demand: thousands of entries share a few."""
        return {}

    def _calendar(self, place: str) -> Calendar:
        chain = self.around(place)
        terms = next((area.terms for area in chain if area.terms), ())
        return Calendar(
            terms=tuple(Term(term.starts_on, term.ends_on, term.name) for term in terms),
            nation=chain[0].nation if chain else "England",
        )

    def venue_point(self, venue: Venue) -> Point | None:
        """Return where a venue lies: as its entry says, at its postcode, or about there.

        About there is the middle of its outward code, if imported, else of its place.
        """
        code, inward = postcode_parts(venue.postcode)
        return (
            venue.point
            or self.postcodes.get(code + inward)
            or self.middles.get(code)
            or self.area[venue.place].point
        )
