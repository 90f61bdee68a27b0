"""The filled-in search form, and the address that holds all of its answers.

Texts are as they were typed; whoever answers parses and checks them.
"""

from collections.abc import Sequence
from typing import Self
from urllib.parse import urlencode

import msgspec

TEXTS = (
    "q", "place", "near", "within_km", "kind", "need", "free", "alone", "lift", "buddy",
    "age", "language", "order", "soon",
)  # fmt: skip
LISTS = ("day", "time", "way", "access", "promise", "as_typed")
IN_SIGHT = ("q", "place", "near", "free", "alone", "soon", "as_typed")
WAYS_IN_SIGHT = ("online", "by phone")
"""What the form shows before "More choices" is opened."""


class SearchForm(msgspec.Struct, frozen=True, kw_only=True):
    """Every field of the form, by its name in an address; an empty one does not filter."""

    q: str = ""
    place: str = ""
    near: str = ""
    within_km: str = ""
    kind: str = ""
    need: str = ""
    day: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    free: str = ""
    alone: str = ""
    lift: str = ""
    buddy: str = ""
    way: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    promise: tuple[str, ...] = ()
    age: str = ""
    language: str = ""
    as_typed: tuple[str, ...] = ()
    order: str = ""
    soon: str = ""
    """"yes" is today or tomorrow, whenever that address is opened."""

    def is_chosen(self, field: str, value: str) -> bool:
        """Say whether this answer of a field was given."""
        current: str | Sequence[str] = getattr(self, field)
        return value == current if isinstance(current, str) else value in current

    @property
    def more(self) -> bool:
        """Say whether a field under "More choices" is filled in."""
        return self.more_count > 0

    @property
    def more_count(self) -> int:
        """Return how many fields under "More choices" are filled in."""
        folded = {
            field
            for field, value in self.pairs
            if field not in IN_SIGHT and not (field == "way" and value in WAYS_IN_SIGHT)
        }
        return len(folded)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return every answer given, with its field."""
        texts = [(field, getattr(self, field)) for field in TEXTS]
        lists = [(field, value) for field in LISTS for value in getattr(self, field)]
        return tuple((field, value) for field, value in (*texts, *lists) if value)

    def address(self, page: int = 1, to: str = "/search") -> str:
        """Return the address of a page of the answers to this question."""
        turned = [("page", str(page))] if page > 1 else []
        query = urlencode([*self.pairs, *turned])
        return f"{to}?{query}" if query else to

    def without(self, field: str, value: str = "") -> Self:
        """Return the question with one answer taken away: a whole field, or a value of a list."""
        current: str | tuple[str, ...] = getattr(self, field)
        changed = (
            "" if isinstance(current, str) else tuple(item for item in current if item != value)
        )
        return msgspec.structs.replace(self, **{field: changed})
