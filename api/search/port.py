"""The search port: what is asked of an engine, and what it answers.

Knows no engine and no HTTP. Every engine keeps the same promises: the order of hits is total (the
slug decides last), so pages of one question part its hits without gap or double; facets count over
all hits; an unknown place is said, never an error.
"""

from typing import Literal, Protocol, get_args

import msgspec

from api.refusals import FieldFault, Invalid
from catalogue.activity import Way
from catalogue.outputs.search import DAYS, Day, SearchDocument

PER_PAGE = 20
PER_PAGE_AT_MOST = 100
Q_CHARACTERS = 200
PLACE_CHARACTERS = 80

Free = Literal["", "yes"]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One question. An empty field asks nothing; filters are joined by "and".

    `q` is free words; `kind` and `need` are slugs; any of `ways` will do; `place` is a name, an
    outward code or a whole postcode (only its first half is used).

    Raises Invalid with every field that cannot stand.
    """

    q: str = ""
    kind: str = ""
    need: str = ""
    place: str = ""
    day: Day | Literal[""] = ""
    free: Free = ""
    ways: tuple[Way, ...] = ()
    page: int = 1
    per_page: int = PER_PAGE

    def __post_init__(self) -> None:
        faults = [
            FieldFault(field, message)
            for field, stands, message in (
                ("q", len(self.q) <= Q_CHARACTERS, f"at most {Q_CHARACTERS} characters"),
                ("place", len(self.place) <= PLACE_CHARACTERS, "is too long for a place"),
                ("day", self.day in ("", *DAYS), "is a day such as monday"),
                ("free", self.free in get_args(Free), "is yes or left out"),
                ("ways", set(self.ways) <= set(get_args(Way)), "are ways such as in person"),
                ("page", self.page >= 1, "counts from 1"),
                ("per_page", 1 <= self.per_page <= PER_PAGE_AT_MOST, "lies between 1 and 100"),
            )
            if not stands
        ]
        if faults:
            raise Invalid(*faults)


class Facet(msgspec.Struct, frozen=True):
    """One value of a filter and how many of the hits it would leave."""

    value: str
    label: str
    count: int


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of hits, and what was understood.

    `facets` has the keys kinds, places, days and free; values without a hit are left out.
    `place` is the filter's place as it was understood ("Temeford", "ZZ3"), empty when none was
    asked or known: with `place_known` False the hits are not filtered by place.
    `also_looked_for` are words tried in place of those typed; `left_out` are typed words that had
    to be given up to find anything.
    """

    total: int
    page: int
    per_page: int
    engine: str
    hits: tuple[SearchDocument, ...]
    facets: dict[str, tuple[Facet, ...]]
    place: str = ""
    place_known: bool = True
    also_looked_for: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    degraded: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages the hits fill; no hits are one empty page."""
        return max(1, -(-self.total // self.per_page))


class Engine(Protocol):
    """Answers questions. Called in a thread, by many at once.

    Without `q` hits come by next session, then slug; with `q` by relevance first.
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
