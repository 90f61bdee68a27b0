"""The nation and the school terms of a place, which the schedule of an activity may refer to."""

from datetime import date
from typing import Literal

import msgspec

Nation = Literal["England", "Scotland", "Wales", "Northern Ireland"]


class Term(msgspec.Struct, frozen=True):
    """A school term or half of one; both days are included."""

    starts_on: date
    ends_on: date
    name: str = ""


class Calendar(msgspec.Struct, frozen=True):
    """What "term time" and "bank holidays" mean in one place."""

    terms: tuple[Term, ...] = ()
    nation: Nation = "England"
