"""The search port: the query that an engine is given, and the answer it returns.

Knows no engine and no HTTP. Which documents fit a query, in which group and in which order, stands
once, in `filters.py` and `ranking.py`; every engine keeps to it. The order of hits is total (the
slug decides last), so that the pages of a query divide its hits without gap or double; facets count
over all hits; an unknown place is named in the answer, never an error.
"""

import re
from datetime import date, datetime
from typing import Literal, Protocol, get_args

import msgspec

from api.errors import FieldFault, Invalid
from catalogue.model.activity import Way
from catalogue.model.geo import Point
from catalogue.model.search_constants import LIMITS
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS, Day, PartOfDay
from catalogue.outputs.search.site_pages import SitePage

PER_PAGE = 20
PER_PAGE_AT_MOST = 100
COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)")

OnlyYes = Literal["", "yes"]
Order = Literal["", "soonest", "nearest", "best"]
Group = Literal["all", "near", "serves", "comes", "remote", "further"]
World = Literal["", "real", "invented"]
GROUPS: tuple[Group, ...] = get_args(Group)


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One query. An empty field asks nothing; filters are joined by "and".

    `q` is free words; `kind` and `need` are slugs; any of `ways`, `days` and `times` will do, all
    of `access` (slugs of facts) and `promises` ("pledge/commitment") must hold. `free`, `alone`
    (welcomes newcomers on their own), `lift` (can collect you) and `buddy` (somebody meets you at
    the door) ask for what is known to be so; what is unknown comes after, to be asked. `age` in
    whole years, `language` by its name. `as_typed` are words of `q` that are not to be understood
    as a filter, and `now` (aware) is when it is asked: a session that is over is not the next one.

    `dates` are days of the calendar in London: with `days` any of either will do. A date asks for a
    session that is held on it, a day of the week for what is on then as a rule.

    `invented` asks for what is of the demonstration: by itself an answer has that only where
    nothing real fits, or near a place that is invented as well.

    `place` is a name, an outward code or a whole postcode; `near` is "latitude,longitude" of a
    device and goes before it. `within_km` counts for places with a point; 0 leaves it to the rules.

    Raises Invalid with every field that cannot stand.
    """

    q: str = ""
    kind: str = ""
    need: str = ""
    place: str = ""
    near: str = ""
    within_km: int = 0
    days: tuple[Day, ...] = ()
    dates: tuple[date, ...] = ()
    times: tuple[PartOfDay, ...] = ()
    free: OnlyYes = ""
    alone: OnlyYes = ""
    lift: OnlyYes = ""
    buddy: OnlyYes = ""
    invented: OnlyYes = ""
    ways: tuple[Way, ...] = ()
    access: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    age: int | None = None
    language: str = ""
    as_typed: tuple[str, ...] = ()
    now: datetime | None = None
    order: Order = ""
    page: int = 1
    per_page: int = PER_PAGE

    def __post_init__(self) -> None:
        faults = [
            FieldFault(field, message) for field, valid, message in self._checks() if not valid
        ]
        if faults:
            raise Invalid(*faults)

    def _checks(self) -> tuple[tuple[str, bool, str], ...]:
        yes = get_args(OnlyYes)
        return (
            ("q", len(self.q) <= LIMITS.q_characters, f"at most {LIMITS.q_characters} characters"),
            ("place", len(self.place) <= LIMITS.place_characters, "is too long for a place"),
            (
                "near",
                not self.near or self.device_point is not None,
                "is latitude,longitude in degrees",
            ),
            ("within_km", 0 <= self.within_km <= LIMITS.within_km, "lies between 0 and 100"),
            ("days", set(self.days) <= set(DAYS), "are days such as monday"),
            ("times", set(self.times) <= set(PARTS), "are morning, afternoon and evening"),
            ("free", self.free in yes, "is yes or left out"),
            ("alone", self.alone in yes, "is yes or left out"),
            ("lift", self.lift in yes, "is yes or left out"),
            ("buddy", self.buddy in yes, "is yes or left out"),
            ("invented", self.invented in yes, "is yes or left out"),
            ("ways", set(self.ways) <= set(get_args(Way)), "are ways such as in person"),
            ("age", self.age is None or 0 <= self.age <= LIMITS.age, "lies between 0 and 120"),
            ("order", self.order in get_args(Order), "is soonest, nearest or best"),
            ("page", self.page >= 1, "counts from 1"),
            ("per_page", 1 <= self.per_page <= PER_PAGE_AT_MOST, "lies between 1 and 100"),
        )

    @property
    def asks_when(self) -> bool:
        """Say whether it asks for a day, a date or a time of day."""
        return bool(self.days or self.dates or self.times)

    @property
    def device_point(self) -> Point | None:
        """Return where the device is; None where it does not say or says what cannot be."""
        coordinates = COORDINATES.fullmatch(self.near)
        if coordinates is None:
            return None
        point = Point(float(coordinates[1]), float(coordinates[2]))
        return point if abs(point.latitude) <= 90 and abs(point.longitude) <= 180 else None


class Facet(msgspec.Struct, frozen=True):
    """One value of a filter: how many hits it leaves for certain, and how many more may fit."""

    value: str
    label: str
    count: int
    may: int = 0


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One activity found, and why here.

    `ask` are the facts of the query that are not known ("free", "lift", "when", "access/step-free",
    ...): with any of them the activity only may fit. `distance_km` is to its nearest venue, None
    where the query has no place or it is not known; `about` says that it is only roughly so.
    """

    document: SearchDocument
    group: Group = "all"
    ask: tuple[str, ...] = ()
    distance_km: float | None = None
    about: bool = False


class GroupCount(msgspec.Struct, frozen=True):
    """How many hits of a group fit for certain, and how many more may."""

    group: Group
    matching: int
    may: int


class Understood(msgspec.Struct, frozen=True):
    """A filter that words of a query were understood as: the words, and (field, value) pairs.

    Fields are those of `Query` ("days", "free", ...; dates as ISO 8601), and "someone_else". The
    words in `as_typed` take it back.
    """

    words: str
    filters: tuple[tuple[str, str], ...]

    @property
    def narrows(self) -> bool:
        """Say whether it shuts anything out; that it is for someone else does not."""
        return any(field != "someone_else" for field, _value in self.filters)

    @property
    def is_someone_else(self) -> bool:
        """Say whether the words name somebody else ("my dad")."""
        return any(field == "someone_else" for field, _value in self.filters)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits, and what was understood.

    `groups` are those with a hit, in their order: "all" alone for a query without a place.
    `facets` has the keys of `facets.FACETS`; values without a hit are left out.
    Hits are real or of the demonstration, never both. Where a directory holds both and no place
    says which is meant, `world` does: of "real" ones some of the demonstration may fit as well,
    "invented" ones are shown where no real one fits, or where they were asked for.
    `place` is the place as it was understood ("Temeford", "ZZ3"), empty where there was none or it
    is not known: with `place_known` False the hits are not grouped by place. `place_offers` are
    others it may mean, to choose from. `place_about` says that distances are counted from a middle,
    and `place_town` from which town where that is the main one of a postcode's area; `within_km` is
    the distance that counted as near (0: none).
    `too_old` are activities nobody has checked for a year, which are left out near a place.
    `site_pages` are pages beside the activities that hold the words: pledges, courses, guidance.
    `understood` are words that became filters. `also_looked_for` are words tried in place of those
    typed; `left_out` are typed words that had to be given up, and `partly` how many of the hits
    lack some of them.
    """

    total: int
    page: int
    per_page: int
    engine: str
    hits: tuple[Hit, ...]
    groups: tuple[GroupCount, ...]
    facets: dict[str, tuple[Facet, ...]]
    world: World = ""
    place: str = ""
    place_known: bool = True
    place_about: bool = False
    place_offers: tuple[str, ...] = ()
    place_town: str = ""
    within_km: int = 0
    too_old: int = 0
    understood: tuple[Understood, ...] = ()
    site_pages: tuple[SitePage, ...] = ()
    also_looked_for: tuple[str, ...] = ()
    partly: int = 0
    left_out: tuple[str, ...] = ()
    degraded: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages the hits fill; no hits are one empty page."""
        return max(1, -(-self.total // self.per_page))

    @property
    def matching(self) -> int:
        """Return how many hits fit for certain."""
        return sum(group.matching for group in self.groups)

    @property
    def may(self) -> int:
        """Return how many more may fit: a fact of the query is not known."""
        return sum(group.may for group in self.groups)


class Engine(Protocol):
    """Answers questions. Called in a thread, by many at once.

    With `q` an engine decides which activities the words match and how well each does; all else
    follows `filters.py` and `ranking.py`.
    """

    @property
    def name(self) -> str:
        """Return what the answer calls the engine, such as "embedded"."""
        ...

    def search(self, query: Query) -> Answer:
        """Return one page. Raises EngineDown where the engine cannot answer."""
        ...


class EngineDown(Exception):
    """The engine cannot answer just now: no server, or no index that can be read."""
