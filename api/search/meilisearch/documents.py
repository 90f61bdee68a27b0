"""What a Meilisearch server holds of a release: its documents there, the settings, the names.

An index is made for one release and named by it and by these settings: an older one, or one of
another program, has another name and is not searched.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from api.search.port import Query
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import LIMITS
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS

PREFIX = "kith-"
NEW_INDEX = f"{PREFIX}next"  # the index that is being made
HITS_AT_MOST = 1_000  # of one search by words
NO_SLOT = "unknown"

Filter = tuple[str | tuple[str, ...], ...]


class MeilisearchDocument(msgspec.Struct, frozen=True):
    """One activity as the server holds it: words to be found, and what filters look at.

    `row` is its place by next session. `may` are the facts not known to be "no".
    """

    slug: str
    row: int
    labels: tuple[str, ...]
    title: str
    where: tuple[str, ...]
    needs: tuple[str, ...]
    summary: str
    more: str
    kind: tuple[str, ...]
    need: tuple[str, ...]
    way: tuple[str, ...]
    language: tuple[str, ...]
    promise: tuple[str, ...]
    slot: tuple[str, ...]
    may: tuple[str, ...]
    youngest: int
    oldest: int


SEARCHED = ("labels", "title", "where", "needs", "summary", "more")
FILTERED = (
    "slug", "kind", "need", "way", "language", "promise", "slot", "may", "youngest", "oldest",
)  # fmt: skip


def meilisearch_documents(
    documents: Iterable[SearchDocument], gazetteer: Gazetteer
) -> Iterator[MeilisearchDocument]:
    """Yield the documents as the server holds them, in their order."""
    for row, one in enumerate(documents):
        yield MeilisearchDocument(
            slug=one.slug,
            row=row,
            labels=(*one.kind_labels, *one.kind_aliases),
            title=one.title,
            where=(one.venue, *gazetteer.reach(one.places, one.area_served), *one.outward_codes),
            needs=one.need_words,
            summary=one.summary,
            more=f"{one.provider} {one.when} {one.body}",
            kind=one.kinds,
            need=one.needs,
            way=one.ways,
            language=tuple(name.casefold() for name in languages_or_default(one.languages)),
            promise=one.promises,
            slot=one.slots or (NO_SLOT,),
            may=tuple(_may(one)),
            youngest=one.minimum_age or 0,
            oldest=one.maximum_age or LIMITS.age,
        )


def _may(document: SearchDocument) -> Iterator[str]:
    facts = {
        "free": document.free,
        "alone": document.welcomes_newcomers_alone,
        "lift": document.lift_offered,
        "buddy": document.buddy,
    }
    yield from (name for name, known in facts.items() if known != "no")
    yield from (f"access/{slug}" for slug in (*document.access_yes, *document.access_unknown))


def filters_of(query: Query) -> Filter:
    """Return filters that shut out nothing which fits the query.

    Places are not among them: only `api/search/filters.py` decides what is near or serves a place.
    """
    facts = [name for name in ("free", "alone", "lift", "buddy") if getattr(query, name)]
    return (
        *equal("kind", (query.kind,) if query.kind else ()),
        *equal("need", (query.need,) if query.need else ()),
        *equal("promise", query.promises),
        *equal("may", (*facts, *(f"access/{slug}" for slug in query.access))),
        *equal("language", (query.language.casefold(),) if query.language else ()),
        *((equal("way", query.ways),) if query.ways else ()),
        *((equal("slot", _slots(query)),) if query.days or query.times else ()),
        *(() if query.age is None else (f"youngest <= {query.age}", f"oldest >= {query.age}")),
    )


def equal(field: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return a filter for each value: spread they all must hold, as one tuple any will do."""
    return tuple(f"{field} = {_quoted(value)}" for value in values)


def none_of(filters: tuple[tuple[str, ...], ...]) -> str:
    """Return the filter that lets through what the others, all together, shut out."""
    alternatives = [f"({' OR '.join(one)})" for one in filters]
    return f"NOT ({' AND '.join(alternatives)})"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _slots(query: Query) -> tuple[str, ...]:
    """Return every slot that is not ruled out by the days and times of a query."""
    days, parts = query.days or DAYS, query.times or PARTS
    slots = [f"{day}/{part}" for day in ("", *days) for part in ("", *parts)]
    return (*slots, NO_SLOT)


def settings(taxonomy: Taxonomy) -> dict[str, object]:
    """Return the settings of an index, as Meilisearch has them."""
    return {
        "searchableAttributes": SEARCHED,
        "filterableAttributes": FILTERED,
        "sortableAttributes": ["row"],
        "displayedAttributes": ["slug"],
        # Where a word stands says more than how near its neighbours are: a kind before a mention.
        "rankingRules": ["words", "typo", "attribute", "proximity", "sort", "exactness"],
        "typoTolerance": {
            "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8},
            "disableOnNumbers": True,  # "ZZ3" is no misspelt "ZZ4"
        },
        "stopWords": [],
        "synonyms": synonyms(taxonomy),
        "pagination": {"maxTotalHits": HITS_AT_MOST},
        "searchCutoffMs": 500,
    }


def synonyms(taxonomy: Taxonomy) -> dict[str, list[str]]:
    """Return what people type (aliases) with what documents say (labels): one way only."""
    labels_of: dict[str, list[str]] = {}
    terms = [(kind.label, kind.aliases) for kind in taxonomy.kinds]
    terms += [(need.label, need.aliases) for need in taxonomy.needs]
    for label, aliases in terms:
        for alias in map(str.casefold, aliases):
            labels = labels_of.setdefault(alias, [])
            labels += [] if alias == label.casefold() else [label.casefold()]
    return {alias: labels for alias, labels in sorted(labels_of.items()) if labels}


def index_name(stamp: str, taxonomy: Taxonomy) -> str:
    """Return the name of the index of a release, by its stamp and by how we index."""
    how_indexed = msgspec.json.encode(
        (settings(taxonomy), MeilisearchDocument.__struct_fields__), order="sorted"
    )
    return f"{PREFIX}{hashlib.blake2b(how_indexed, digest_size=4).hexdigest()}-{stamp}"
