"""Where to go on when little or nothing fits: the same question asked less strictly, and counted.

Knows no engine: any `Engine` will do. A looser question is offered only where it finds more.
"""

from collections.abc import Iterator

import msgspec

from api.search.port import Engine, Hit, Query
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Way
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.form import SearchForm

FEW = 3  # certain fits; with fewer the way on is shown
SHOWN = 6  # of what can be joined from home
FURTHER_KM = 32  # twenty miles


class Looser(msgspec.Struct, frozen=True):
    """One way to ask for less: what it is called, and how question and form change."""

    words: str
    changes: dict[str, object]
    asked: dict[str, object]


def _looser(query: Query) -> Iterator[Looser]:
    """Yield what can be asked for less, the smallest loss first."""
    if query.place or query.near:
        if 0 < query.within_km < FURTHER_KM or not query.within_km:
            wider: dict[str, object] = {"within_km": FURTHER_KM}
            yield Looser(gettext_noop("Within 20 miles"), wider, {"within_km": str(FURTHER_KM)})
        yield Looser(gettext_noop("Anywhere"), _empty("place", "near"), _empty("place", "near"))
    if query.days or query.times:
        yield Looser(
            gettext_noop("On any day, at any time"),
            {"days": (), "times": ()},
            {"day": (), "time": ()},
        )
    if query.access:
        yield Looser(gettext_noop("Whatever the way in"), {"access": ()}, {"access": ()})
    if query.promises:
        yield Looser(gettext_noop("Whatever they have promised"), {"promises": ()}, {"promise": ()})
    if query.free:
        yield Looser(gettext_noop("Also what costs something"), _empty("free"), _empty("free"))
    if query.alone or query.lift or query.buddy:
        first = _empty("alone", "lift", "buddy")
        yield Looser(gettext_noop("Whatever the first visit is like"), first, first)
    if query.kind:
        yield Looser(gettext_noop("Any kind of thing"), _empty("kind"), _empty("kind"))
    if query.need:
        yield Looser(gettext_noop("For whatever reason"), _empty("need"), _empty("need"))
    if query.ways:
        yield Looser(gettext_noop("However you join"), {"ways": ()}, {"way": ()})
    if query.language:
        yield Looser(gettext_noop("In any language"), _empty("language"), _empty("language"))
    if query.age is not None:
        yield Looser(gettext_noop("For any age"), {"age": None}, _empty("age"))
    if query.q:
        yield Looser(gettext_noop("Without your words"), _empty("q"), _empty("q"))


def _empty(*fields: str) -> dict[str, object]:
    return dict.fromkeys(fields, "")


def links(engine: Engine, query: Query, asked: SearchForm, total: int) -> tuple[Link, ...]:
    """Return the looser questions that find more than `total`, with how many each finds."""
    found = []
    for one in _looser(query):
        counted = engine.search(msgspec.structs.replace(query, page=1, per_page=1, **one.changes))
        if counted.total > total:
            address = msgspec.structs.replace(asked, **one.asked).address()
            found.append(Link(_(one.words), address, counted.total))
    return tuple(found)


def from_home(engine: Engine, query: Query) -> tuple[Hit, ...]:
    """Return a few that come by phone or screen, as near to the question as there are."""
    remote: tuple[Way, ...] = ("online", "by phone")
    there = Query(place=query.place, near=query.near, ways=remote, per_page=SHOWN)
    closest = msgspec.structs.replace(query, ways=remote, page=1, per_page=SHOWN)
    for question in (closest, there, Query(ways=remote, per_page=SHOWN)):
        if hits := engine.search(question).hits:
            return hits
    return ()
