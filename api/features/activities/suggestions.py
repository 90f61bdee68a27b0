"""Suggestions when little or nothing fits: the same search with one filter less, and its count.

Works with any `Engine`. A looser search is suggested only where it finds more.
"""

from collections.abc import Iterator

import msgspec

from api.search.port import Engine, Hit, Query
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Way
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.form import SearchForm

FEW = 3  # certain fits; with fewer there are suggestions
REMOTE_SHOWN = 6  # activities that can be joined from home
FURTHER_KM = 32  # twenty miles


class LooserSearch(msgspec.Struct, frozen=True):
    """A search with one filter less: its label, and how query and form change."""

    label: str
    query_changes: dict[str, object]
    form_changes: dict[str, object]


def _looser_searches(query: Query) -> Iterator[LooserSearch]:
    """Yield the searches with one filter less, the smallest loss first."""
    if query.place or query.near:
        if 0 < query.within_km < FURTHER_KM or not query.within_km:
            wider: dict[str, object] = {"within_km": FURTHER_KM}
            yield LooserSearch(
                gettext_noop("Within 20 miles"), wider, {"within_km": str(FURTHER_KM)}
            )
        yield LooserSearch(
            gettext_noop("Anywhere"), _empty("place", "near"), _empty("place", "near")
        )
    if query.asks_when:
        yield LooserSearch(
            gettext_noop("On any day, at any time"),
            {"days": (), "dates": (), "times": ()},
            {"day": (), "time": (), "soon": ""},
        )
    if query.access:
        yield LooserSearch(
            gettext_noop("With or without the access you chose"), {"access": ()}, {"access": ()}
        )
    if query.promises:
        yield LooserSearch(
            gettext_noop("With or without a promise"), {"promises": ()}, {"promise": ()}
        )
    if query.free:
        yield LooserSearch(
            gettext_noop("Also things that cost money"), _empty("free"), _empty("free")
        )
    if query.alone or query.lift or query.buddy:
        first = _empty("alone", "lift", "buddy")
        yield LooserSearch(gettext_noop("Whatever happens on a first visit"), first, first)
    if query.kind:
        yield LooserSearch(gettext_noop("Any kind of thing"), _empty("kind"), _empty("kind"))
    if query.need:
        yield LooserSearch(gettext_noop("For any reason"), _empty("need"), _empty("need"))
    if query.ways:
        yield LooserSearch(gettext_noop("In person, online or by phone"), {"ways": ()}, {"way": ()})
    if query.language:
        yield LooserSearch(gettext_noop("In any language"), _empty("language"), _empty("language"))
    if query.age is not None:
        yield LooserSearch(gettext_noop("For any age"), {"age": None}, _empty("age"))
    if query.q:
        yield LooserSearch(gettext_noop("Without the words you typed"), _empty("q"), _empty("q"))


def _empty(*fields: str) -> dict[str, object]:
    return dict.fromkeys(fields, "")


def looser_links(engine: Engine, query: Query, form: SearchForm, total: int) -> tuple[Link, ...]:
    """Return the looser searches that find more than `total`, with how many each finds."""
    links = []
    for looser in _looser_searches(query):
        looser_query = msgspec.structs.replace(query, page=1, per_page=1, **looser.query_changes)
        count = engine.search(looser_query).total
        if count > total:
            address = msgspec.structs.replace(form, **looser.form_changes).address()
            links.append(Link(_(looser.label), address, count))
    return tuple(links)


def find_remote(engine: Engine, query: Query) -> tuple[Hit, ...]:
    """Return a few activities by phone or online, as close to the query as there are."""
    remote: tuple[Way, ...] = ("online", "by phone")
    nearby = Query(
        place=query.place, near=query.near, ways=remote, per_page=REMOTE_SHOWN, now=query.now
    )
    closest = msgspec.structs.replace(query, ways=remote, page=1, per_page=REMOTE_SHOWN)
    for remote_query in (closest, nearby, Query(ways=remote, per_page=REMOTE_SHOWN, now=query.now)):
        if hits := engine.search(remote_query).hits:
            return hits
    return ()
