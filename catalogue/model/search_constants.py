"""The constants of search, read from `search_constants.toml`: limits, rules, spelling and weights.

The API process reads them here; the page gets them as a script, `outputs/search/constants_script`.
"""

from functools import cached_property
from pathlib import Path

import msgspec

FILE = Path(__file__).with_suffix(".toml")


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits of a query."""

    q_characters: int
    place_characters: int
    within_km: int
    age: int


class Folding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """What is the same when texts are compared.

    `letters` are written otherwise by many; `short_forms` have the words that each stands for, and
    `short_weight` is what one is worth where the whole word was typed; `same` are words for one
    thing.
    """

    short_weight: int
    letters: dict[str, str]
    short_forms: dict[str, str]
    same: dict[str, str]

    @cached_property
    def short_of(self) -> dict[str, str]:
        """Return the short form of each word that has one."""
        return {
            word: short
            for short, long_forms in self.short_forms.items()
            for word in long_forms.split()
        }


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What decides which documents fit and in which order. `ageing` is by freshness."""

    near_km: int
    about_km: int
    further: int
    enough: int
    area_km: int
    ageing_km: int
    ageing_days: int
    ageing: dict[str, int]


class PlaceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a place that somebody typed is read; `phrases` parts the words and phrases of a field.

    `before` stands before any place, `anywhere` after it; `short_for` joins the parts of names that
    people cut short, `self` is no place, `common` are the words of many venues.
    """

    before: str
    anywhere: str
    short_for: str
    self: str
    common: str
    postcode_areas: str
    nations: dict[str, str]


def phrases(text: str) -> list[str]:
    """Return the phrases of a text that are parted by lines and "|"."""
    return [part for line in text.splitlines() for part in line.split(" | ") if part]


class Spelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How words are read and forgiven."""

    one_slip_from: int
    two_slips_from: int
    completed_from: int
    known_completed_from: int
    completed: int
    completed_more: int
    small_words: str


class Rank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much everything counts when hits are put in order, in whole numbers.

    `fields` weigh words by where they stand, `concepts` documents of the right kind, need or place.
    """

    all_words: int
    whole_title: int
    begins_title: int
    in_title: int
    others_percent: int
    doubt: int
    in_phrase: int
    first_kind: int
    common_at_least: int
    common_percent: int
    fields: dict[str, int]
    concepts: dict[str, int]


class SitePages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How pages are found that are no activities: how many, and what a word of a title adds."""

    at_most: int
    in_title: int


class PersonWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody is spoken of, and the kinds that are not for them; see the file.

    Words and kinds are parted as by `phrases`.
    """

    words: str
    relations: str
    pronouns: str
    unfit_kinds: str
    age: int


class AudienceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a sentence says whom it is about, and how old they are."""

    old_from: int
    before_age: str
    before_person: str
    oneself: str
    years: str
    owners: str
    units: str
    decades: dict[str, int]
    people: dict[str, PersonWords]


class Constants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    limits: Limits
    folding: Folding
    rules: Rules
    places: PlaceWords
    spelling: Spelling
    rank: Rank
    site_pages: SitePages
    audience: AudienceWords
    sentences: dict[str, str]


CONSTANTS = msgspec.toml.decode(FILE.read_bytes(), type=Constants)
LIMITS, RULES, SPELLING = CONSTANTS.limits, CONSTANTS.rules, CONSTANTS.spelling
FOLDING, PLACES = CONSTANTS.folding, CONSTANTS.places
RANK, SITE_PAGES = CONSTANTS.rank, CONSTANTS.site_pages
AUDIENCE = CONSTANTS.audience
FIELDS = tuple(RANK.fields)
SENTENCES = {meaning: phrases(texts) for meaning, texts in CONSTANTS.sentences.items()}
SMALL_WORDS = frozenset(SPELLING.small_words.split())
