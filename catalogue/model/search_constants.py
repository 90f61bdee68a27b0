"""The constants of search, read from `search_constants.toml`: limits, rules, spelling and weights.

The API process reads them here; the page gets them as a script, `outputs/search/constants_script`.
"""

from pathlib import Path

import msgspec

FILE = Path(__file__).with_suffix(".toml")


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits of a query."""

    q_characters: int
    place_characters: int
    within_km: int
    age: int


class Folding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is the same when texts are compared.

    `letters` are written otherwise by many; `short_forms` have the words that each stands for;
    `same` are words for one thing.
    """

    letters: dict[str, str]
    short_forms: dict[str, str]
    same: dict[str, str]

    @property
    def short_of(self) -> dict[str, str]:
        """Return the short form of each word that has one."""
        return {word: short for short, full in self.short_forms.items() for word in full.split()}


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


class Spelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How words are read and forgiven."""

    one_slip_from: int
    two_slips_from: int
    completed_from: int
    completed: float
    small_words: str


class InProcess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scores of the engine in the API process."""

    all_words: float
    other_matches: float
    doubt: float
    first_kind: float
    fields: dict[str, float]
    concepts: dict[str, float]


class InBrowser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scores of the search in the page."""

    all_words: int
    most_words: int
    short: int
    one_slip: float
    two_slips: float
    loose: float
    fuzzy: float
    prefix: float
    closed_list: float
    fields: dict[str, int]
    concepts: dict[str, int]


class Constants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    limits: Limits
    folding: Folding
    rules: Rules
    spelling: Spelling
    in_process: InProcess
    in_browser: InBrowser


CONSTANTS = msgspec.toml.decode(FILE.read_bytes(), type=Constants)
LIMITS, RULES, SPELLING = CONSTANTS.limits, CONSTANTS.rules, CONSTANTS.spelling
FOLDING = CONSTANTS.folding
IN_PROCESS, IN_BROWSER = CONSTANTS.in_process, CONSTANTS.in_browser
SMALL_WORDS = frozenset(SPELLING.small_words.split())
