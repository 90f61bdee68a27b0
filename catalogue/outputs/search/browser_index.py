"""The files that the browser's search loads: documents as columns of one JSON file, and an index.

Columns compress better than records. Terms of the taxonomy are sent once and referred to by number.
The visitor's words are compared on their own device; nothing here depends on a question.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from catalogue.model import uk_places
from catalogue.model.activity import Way
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.listings.card import Card, card, without_session
from catalogue.outputs.search import compact_encoding
from catalogue.outputs.search.documents import SearchDocument, session_slots
from catalogue.outputs.search.phrases import Field, Meaning, phrases
from catalogue.outputs.search.word_index import BIT, postings, venue_words

SUMMARY_CHARACTERS = 160
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WAYS: tuple[Way, ...] = ("in person", "online", "by phone", "comes to you")

KindTerm = tuple[str, str, tuple[str, ...]]  # slug, label, aliases
NeedTerm = tuple[str, str, tuple[str, ...], tuple[int, ...]]  # and the numbers of its kinds
AreaTerm = tuple[str, int, tuple[str, ...], float | None, float | None]
"""Name, number of the area around it or -1, outward codes, latitude and longitude of its middle."""
CodeTerm = tuple[str, float, float]  # outward code, latitude and longitude of its middle
TagTerm = tuple[str, str]  # words, look
AccessTerm = tuple[str, str]  # slug, label
MeaningTerm = tuple[Field, str | int, int]  # field, value (a number in its list), weight
PhraseTerm = tuple[tuple[MeaningTerm, ...], str]  # the phrases that mean these, parted by "|"


class Terms(msgspec.Struct, frozen=True):
    """The closed lists; a term's number is its position."""

    kinds: tuple[KindTerm, ...]
    needs: tuple[NeedTerm, ...]
    areas: tuple[AreaTerm, ...]
    invented: tuple[int, ...]  # areas of the demonstration
    codes: tuple[CodeTerm, ...]  # of areas and documents, where postcodes were imported
    tags: tuple[TagTerm, ...]
    access: tuple[AccessTerm, ...]
    languages: tuple[str, ...]
    promises: tuple[str, ...]  # "pledge/commitment"
    phrases: tuple[PhraseTerm, ...]


class Columns(msgspec.Struct, frozen=True):
    """All documents, a column each, in the same order. Numbers are those of the terms.

    `needs` are those that no kind implies; `coming` has for each next session its start in minutes
    after `since` (minutes since 1970, UTC) and how many minutes it lasts (None: not known), `fits`
    the slots each of them stands in, where that is not all; `ways` are digits; `free`, `alone`,
    `lift` and `buddy` have one letter a document (y, n, u) and `access` one for each fact; `slots`,
    `ages`, `levels` (of freshness) and `points` are as `compact_encoding.py` makes them; `worlds`
    has 1 for each of the demonstration, else 0;
    `langs` has the rows not in the site's language; `when` is what a card says once no session
    lies ahead.
    `stamp` changes with any of it.
    """

    stamp: str
    terms: Terms
    slugs: list[str]
    titles: list[str]
    summaries: list[str]
    kinds: list[tuple[int, ...]]
    needs: list[tuple[int, ...]]
    places: list[tuple[int, ...]]
    served: list[tuple[int, ...]]
    codes: list[str]
    venues: list[str]
    providers: list[str]
    slots: list[str]
    ways: list[str]
    free: str
    alone: str
    lift: str
    buddy: str
    access: list[str]
    ages: list[str]
    languages: list[tuple[int, ...]]
    promises: list[tuple[int, ...]]
    levels: str
    worlds: str
    points: list[tuple[int, ...]]
    when: list[str]
    since: int
    coming: list[tuple[int | None, ...]]
    fits: list[str]
    tags: list[tuple[int, ...]]
    langs: list[tuple[int, str]]


def columns(documents: Sequence[SearchDocument], taxonomy: Taxonomy) -> Columns:
    """Return what the page searches, of these documents in their order."""
    cards = [card(document, taxonomy) for document in documents]
    terms = _terms(documents, cards, taxonomy)
    since = min(
        (_minutes(document.next_session) for document in documents if document.next_session),
        default=0,
    )
    number = _Numbers(taxonomy, terms)
    facts = [slug for slug, _label in terms.access]
    unstamped = Columns(
        stamp="",
        terms=terms,
        slugs=[document.slug for document in documents],
        titles=[document.title for document in documents],
        summaries=[shortened(document.summary) for document in documents],
        kinds=[number.kinds(document) for document in documents],
        needs=[number.own_needs(document) for document in documents],
        places=[number.areas(document.places) for document in documents],
        served=[number.areas(document.area_served) for document in documents],
        codes=[" ".join(document.outward_codes) for document in documents],
        venues=[document.venue for document in documents],
        providers=[document.provider for document in documents],
        slots=[compact_encoding.slots(document) for document in documents],
        ways=[_digits(document) for document in documents],
        free=compact_encoding.letters(document.free for document in documents),
        alone=compact_encoding.letters(document.welcomes_newcomers_alone for document in documents),
        lift=compact_encoding.letters(document.lift_offered for document in documents),
        buddy=compact_encoding.letters(document.buddy for document in documents),
        access=[compact_encoding.access(document, facts) for document in documents],
        ages=[compact_encoding.ages(document) for document in documents],
        languages=[number.languages(document) for document in documents],
        promises=[number.promises(document) for document in documents],
        levels=compact_encoding.levels(documents),
        worlds="".join("1" if document.demonstration else "0" for document in documents),
        points=[compact_encoding.points(document) for document in documents],
        when=[without_session(document) for document in documents],
        since=since,
        coming=[_coming(document, since) for document in documents],
        fits=[_fits(document) for document in documents],
        tags=[number.tags(card_view) for card_view in cards],
        langs=[(row, document.lang) for row, document in enumerate(documents) if document.lang],
    )
    digest = hashlib.blake2b(msgspec.json.encode(unstamped), digest_size=8)
    return msgspec.structs.replace(unstamped, stamp=digest.hexdigest())


def write_search(folder: Path, documents: Sequence[SearchDocument], taxonomy: Taxonomy) -> None:
    """Write documents, index and places of the UK (`search/`) into the site's folder."""
    target = folder / "search"
    target.mkdir(parents=True, exist_ok=True)
    index_columns = columns(documents, taxonomy)
    (target / "documents.json").write_bytes(msgspec.json.encode(index_columns))
    index = packed_index(documents, index_columns.stamp)
    (target / "index.json").write_bytes(msgspec.json.encode(index))
    (target / "places.tsv").write_bytes(places_file(taxonomy, index_columns.terms))


def places_file(taxonomy: Taxonomy, terms: Terms) -> bytes:
    """Return the places of the UK, and in a last table the outward codes that were imported.

    Those of the terms are left out: the page has them. A table of all codes is 25 kB, compressed.
    """
    outward_codes_known = {code for code, *_middle in terms.codes}
    rows = (
        f"{code}\t{point.latitude:.4f}\t{point.longitude:.4f}\n"
        for code, point in sorted(taxonomy.middles.items())
        if code not in outward_codes_known
    )
    table = "".join(rows)
    return uk_places.FILE.read_bytes() + (f"\n{table}".encode() if table else b"")


class PackedIndex(msgspec.Struct, frozen=True):
    """The words of titles, venues, summaries, providers and descriptions, with where each stands.

    `rows` has for each word, by the mask of its fields, the gaps between its rows (base 36):
    "3:0 4 a;20:2". What kinds, needs, places and codes say is not in it: the page knows it.
    """

    stamp: str
    words: str
    rows: tuple[str, ...]


def packed_index(documents: Sequence[SearchDocument], stamp: str) -> PackedIndex:
    """Return the index of words as the page loads it."""
    text_fields = BIT["title"] | BIT["summary"] | BIT["more"]
    venues = [venue_words(document) for document in documents]
    packed: dict[str, str] = {}
    for word, rows in postings(documents).items():
        by_mask: dict[int, list[int]] = {}
        for row, fields in rows.items():
            mask = fields & text_fields | (BIT["where"] if word in venues[row] else 0)
            if mask:
                by_mask.setdefault(mask, []).append(row)
        if by_mask:
            packed[word] = ";".join(f"{mask}:{_gaps(by_mask[mask])}" for mask in sorted(by_mask))
    return PackedIndex(stamp, " ".join(packed), tuple(packed.values()))


def _gaps(rows: list[int]) -> str:
    before = [0, *rows[:-1]]
    return " ".join(_base36(row - last) for row, last in zip(rows, before, strict=True))


def _base36(number: int) -> str:
    head, last = divmod(number, len(DIGITS))
    return (_base36(head) if head else "") + DIGITS[last]


def shortened(summary: str) -> str:
    """Return the summary, cut after a whole word where it is too long for a small card."""
    if len(summary) <= SUMMARY_CHARACTERS:
        return summary
    start = summary[: SUMMARY_CHARACTERS - 1]
    return start[: start.rfind(" ")].rstrip(" ,;:-") + "…"


class _Numbers:
    """Finds the numbers of terms; one for all documents."""

    def __init__(self, taxonomy: Taxonomy, terms: Terms) -> None:
        self._taxonomy = taxonomy
        self._kind = {kind.slug: at for at, kind in enumerate(taxonomy.kinds)}
        self._area = {area.name: at for at, area in enumerate(taxonomy.areas)}
        self._tag = {tag: at for at, tag in enumerate(terms.tags)}
        self._language = {name: at for at, name in enumerate(terms.languages)}
        self._promise = {promise: at for at, promise in enumerate(terms.promises)}

    def kinds(self, document: SearchDocument) -> tuple[int, ...]:
        return tuple(self._kind[slug] for slug in document.kinds)

    def own_needs(self, document: SearchDocument) -> tuple[int, ...]:
        """Return the needs that follow from no kind of the document."""
        return tuple(
            at
            for at, need in enumerate(self._taxonomy.needs)
            if need.slug in document.needs and not set(need.kinds) & set(document.kinds)
        )

    def areas(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the innermost of these areas: those around them follow from the terms."""
        wider = {area.name for name in names for area in self._taxonomy.around(name)[1:]}
        return tuple(self._area[name] for name in names if name not in wider)

    def languages(self, document: SearchDocument) -> tuple[int, ...]:
        return tuple(self._language[name] for name in document.languages)

    def promises(self, document: SearchDocument) -> tuple[int, ...]:
        return tuple(self._promise[promise] for promise in document.promises)

    def tags(self, card_view: Card) -> tuple[int, ...]:
        return tuple(self._tag[tag.words, tag.style] for tag in card_view.tags)


def _terms(documents: Sequence[SearchDocument], cards: Sequence[Card], taxonomy: Taxonomy) -> Terms:
    kind_number = {kind.slug: at for at, kind in enumerate(taxonomy.kinds)}
    area_number = {area.name: at for at, area in enumerate(taxonomy.areas)}
    spoken_of = {code for area in taxonomy.areas for code in area.outward_codes}
    spoken_of.update(code for document in documents for code in document.outward_codes)
    return Terms(
        kinds=tuple((kind.slug, kind.label, kind.aliases) for kind in taxonomy.kinds),
        needs=tuple(
            (need.slug, need.label, need.aliases, tuple(kind_number[kind] for kind in need.kinds))
            for need in taxonomy.needs
        ),
        areas=tuple(
            (
                area.name,
                area_number.get(area.within, -1),
                area.outward_codes,
                area.latitude,
                area.longitude,
            )
            for area in taxonomy.areas
        ),
        invented=tuple(at for at, area in enumerate(taxonomy.areas) if area.demonstration == "yes"),
        codes=tuple(
            (code, round(point.latitude, 4), round(point.longitude, 4))
            for code, point in sorted(taxonomy.middles.items())
            if code in spoken_of
        ),
        tags=tuple(
            dict.fromkeys((tag.words, tag.style) for card_view in cards for tag in card_view.tags)
        ),
        access=tuple((fact.slug, fact.label) for fact in taxonomy.access),
        languages=tuple(sorted({name for document in documents for name in document.languages})),
        promises=tuple(
            sorted({promise for document in documents for promise in document.promises})
        ),
        phrases=_phrase_terms(documents, taxonomy),
    )


def _digits(document: SearchDocument) -> str:
    return "".join(str(at) for at, way in enumerate(WAYS) if way in document.ways)


def _minutes(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp()) // 60


def _coming(document: SearchDocument, since: int) -> tuple[int | None, ...]:
    """Return start, length, start, length: the sessions a document carries, in minutes."""
    return tuple(
        number
        for starts, ends in document.coming
        for number in (
            _minutes(starts) - since,
            _minutes(ends) - _minutes(starts) if ends else None,
        )
    )


def _fits(document: SearchDocument) -> str:
    """Return a letter for each slot of each session ("-": none), sessions parted by dots.

    Nothing where each session stands in all slots of the document.
    """
    all_slots = compact_encoding.slots(document)
    of_sessions = [
        compact_encoding.letters_of_slots(session_slots(document, session))
        for session in document.coming
    ]
    if all(letters == all_slots for letters in of_sessions):
        return ""
    return ".".join(letters or "-" for letters in of_sessions)


def _phrase_terms(
    documents: Sequence[SearchDocument], taxonomy: Taxonomy
) -> tuple[PhraseTerm, ...]:
    """Return all phrases, those with the same meanings together."""
    codes = frozenset(code for document in documents for code in document.outward_codes)
    number = {
        "kind": {kind.slug: at for at, kind in enumerate(taxonomy.kinds)},
        "need": {need.slug: at for at, need in enumerate(taxonomy.needs)},
        "place": {area.name: at for at, area in enumerate(taxonomy.areas)},
    }

    def term(meaning: Meaning) -> MeaningTerm:
        return (
            meaning.field,
            number.get(meaning.field, {}).get(meaning.value, meaning.value),
            meaning.weight,
        )

    spellings: dict[tuple[MeaningTerm, ...], list[str]] = {}
    for phrase in phrases(taxonomy, Gazetteer(taxonomy.areas, codes)):
        terms = tuple(map(term, phrase.meanings))
        spellings.setdefault(terms, []).append(" ".join(phrase.words))
    return tuple((terms, "|".join(texts)) for terms, texts in spellings.items())
