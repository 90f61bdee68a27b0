"""What a Meilisearch server holds of a release: its documents there, the settings, the names.

An index is made for one release and named by it and by these settings: an older one, or one of
another program, has another name and is not searched.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from api.search.embedded.matching import OUTRIGHT
from api.search.port import Query
from api.search.text.query_plan import WordGroup
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import LIMITS
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS
from catalogue.outputs.search.word_index import postings, stem

PREFIX = "kith-"
NEW_INDEX = f"{PREFIX}next"  # the index that is being made
HITS_AT_MOST = 1_000  # that one search returns
NO_SLOT = "unknown"

Filter = tuple[str | tuple[str, ...], ...]


class MeilisearchDocument(msgspec.Struct, frozen=True):
    """One activity as the server holds it: what a plan matches, and what filters look at.

    `row` is its place in the release's own index. `words` are the stems it holds, `outright` those
    of its title, labels and summary. `may` are the facts not known to be "no".
    """

    slug: str
    row: int
    words: tuple[str, ...]
    outright: tuple[str, ...]
    kind: tuple[str, ...]
    need: tuple[str, ...]
    place: tuple[str, ...]
    outward_code: tuple[str, ...]
    way: tuple[str, ...]
    language: tuple[str, ...]
    promise: tuple[str, ...]
    slot: tuple[str, ...]
    may: tuple[str, ...]
    youngest: int
    oldest: int


FILTERED = (
    "slug", "words", "outright", "kind", "need", "place", "outward_code", "way", "language",
    "promise", "slot", "may", "youngest", "oldest",
)  # fmt: skip


def meilisearch_documents(
    documents: Sequence[SearchDocument], gazetteer: Gazetteer
) -> Iterator[MeilisearchDocument]:
    """Yield the documents as the server holds them, in their order."""
    fields_by_word: list[dict[str, int]] = [{} for _document in documents]
    for word, rows in postings(documents).items():
        for row, fields in rows.items():
            fields_by_word[row][stem(word)] = fields_by_word[row].get(stem(word), 0) | fields
    for row, document in enumerate(documents):
        yield MeilisearchDocument(
            slug=document.slug,
            row=row,
            words=tuple(fields_by_word[row]),
            outright=tuple(
                word for word, fields in fields_by_word[row].items() if fields & OUTRIGHT
            ),
            kind=document.kinds,
            need=document.needs,
            place=gazetteer.reach(document.places, document.area_served),
            outward_code=document.outward_codes,
            way=document.ways,
            language=tuple(name.casefold() for name in languages_or_default(document.languages)),
            promise=document.promises,
            slot=document.slots or (NO_SLOT,),
            may=tuple(_may(document)),
            youngest=document.minimum_age or 0,
            oldest=document.maximum_age or LIMITS.age,
        )


def _may(document: SearchDocument) -> Iterator[str]:
    facts = {
        "free": document.free,
        "alone": document.welcomes_newcomers_alone,
        "lift": document.lift_offered,
        "buddy": document.buddy,
    }
    yield from (name for name, answer in facts.items() if answer != "no")
    yield from (f"access/{slug}" for slug in (*document.access_yes, *document.access_unknown))


def filters_of(query: Query) -> Filter:
    """Return filters that shut out nothing which fits the query.

    Places are not among them, nor are dates: only `api/search/filters.py` decides what is near or
    serves a place, and what is held on a date.
    """
    facts = [name for name in ("free", "alone", "lift", "buddy") if getattr(query, name)]
    return (
        *equal("kind", (query.kind,) if query.kind else ()),
        *equal("need", (query.need,) if query.need else ()),
        *equal("promise", query.promises),
        *equal("may", (*facts, *(f"access/{slug}" for slug in query.access))),
        *equal("language", (query.language.casefold(),) if query.language else ()),
        *((equal("way", query.ways),) if query.ways else ()),
        *((equal("slot", _slots(query)),) if query.asks_when and not query.dates else ()),
        *(() if query.age is None else (f"youngest <= {query.age}", f"oldest >= {query.age}")),
    )


def equal(field: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return a filter for each value: spread they all must hold, as one tuple any will do."""
    return tuple(f"{field} = {_quoted(value)}" for value in values)


def matching(groups: Sequence[WordGroup]) -> str:
    """Return the filter for what fits all of some groups of a plan."""
    return " AND ".join(f"({' OR '.join(_alternatives(group))})" for group in groups)


def _alternatives(group: WordGroup) -> Iterator[str]:
    field = "outright" if group.outright else "words"
    for option in group.options:
        yield f"({' AND '.join(equal(field, map(stem, option.words)))})"
    for concept in group.concepts:
        yield from equal(concept.field, (concept.value,))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _slots(query: Query) -> tuple[str, ...]:
    """Return every slot that is not ruled out by the days and times of a query."""
    days, parts = query.days or DAYS, query.times or PARTS
    slots = [f"{day}/{part}" for day in ("", *days) for part in ("", *parts)]
    return (*slots, NO_SLOT)


def settings() -> dict[str, object]:
    """Return the settings of an index, as Meilisearch has them."""
    return {
        "searchableAttributes": ["slug"],
        "filterableAttributes": FILTERED,
        "displayedAttributes": ["slug", "row"],
        "rankingRules": [],
        "pagination": {"maxTotalHits": HITS_AT_MOST + 1},
        "searchCutoffMs": 500,
    }


def index_name(stamp: str) -> str:
    """Return the name of the index of a release, by its stamp and by how we index."""
    how_indexed = msgspec.json.encode(
        (settings(), MeilisearchDocument.__struct_fields__), order="sorted"
    )
    return f"{PREFIX}{hashlib.blake2b(how_indexed, digest_size=4).hexdigest()}-{stamp}"
