"""Buys a tenth of the browser's first download: facts of documents as letters, digits and numbers.

`browser_index.Columns` says what each column holds; `search_filters.js` and `search_distance.js`
in site/assets decode them. Decision 0037 has the sizes.
"""

from collections.abc import Iterable, Sequence

from catalogue.model.activity import YesNoUnknown
from catalogue.outputs.activity.freshness import Level
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS

LEVELS: tuple[Level, ...] = ("fresh", "ageing", "unchecked", "ring first", "old")
SLOT_LETTERS = "0123456789abcdefghijklmnopqrstuv"
POINT_STEPS = 10_000  # a degree in steps of about ten metres


def letters(answers: Iterable[YesNoUnknown]) -> str:
    """Return y, n or u for each."""
    return "".join(answer[0] for answer in answers)


def slots(document: SearchDocument) -> str:
    """Return one letter a slot: four times the day (0 is not known, 1 Monday) and its part."""
    return letters_of_slots(document.slots)


def letters_of_slots(slots: Iterable[str]) -> str:
    """Return one letter for each of these slots."""
    return "".join(_slot(*slot.split("/")) for slot in slots)


def _slot(day: str, part: str) -> str:
    days, parts = ("", *DAYS), ("", *PARTS)
    return SLOT_LETTERS[days.index(day) * len(parts) + parts.index(part)]


def access(document: SearchDocument, facts: Sequence[str]) -> str:
    """Return y, u or n for each access fact of the taxonomy."""
    return "".join(
        "y" if slug in document.access_yes else "u" if slug in document.access_unknown else "n"
        for slug in facts
    )


def ages(document: SearchDocument) -> str:
    """Return "18-25", "18-" or "-25"; nothing where no limit is written."""
    if document.minimum_age is None and document.maximum_age is None:
        return ""
    limits = (document.minimum_age, document.maximum_age)
    return "-".join("" if limit is None else str(limit) for limit in limits)


def levels(documents: Iterable[SearchDocument]) -> str:
    """Return a digit a document: how long ago its facts were checked."""
    return "".join(str(LEVELS.index(document.freshness)) for document in documents)


def points(document: SearchDocument) -> tuple[int, ...]:
    """Return latitude, longitude (in steps) and 1 for "about", else 0, of each point in turn."""
    return tuple(
        number
        for point in document.points
        for number in (
            round(point.latitude * POINT_STEPS),
            round(point.longitude * POINT_STEPS),
            int(point.about),
        )
    )
