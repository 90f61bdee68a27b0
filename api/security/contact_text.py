"""Types and patterns of names, addresses and free text in request bodies.

The types go into the structs of a feature; their patterns stand in the OpenAPI document too.
Names are accepted as typed. Only invisible characters are refused: control signs, the overrides
that turn the direction of writing round (U+202A-202E, U+2066-2069), halves of surrogate pairs;
and `=?`, which mail software may read as an encoded header (cpython #121650).
"""

import re
from typing import Annotated

from msgspec import Meta

from catalogue.model import text

_UNSEEN = r"\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_END = r"$(?![\s\S])"  # a plain $ would let a closing line break through

ONE_LINE = rf"^(?:[^=\x00-\x1f{_UNSEEN}]|=(?!\?))*{_END}"
SEVERAL_LINES = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f{_UNSEEN}]*{_END}"
EMAIL = rf"^{text.EMAIL}{_END}"
ASCII_EMAIL = rf"^{text.EMAIL_LOCAL}@[A-Za-z0-9-]{{1,60}}\.[A-Za-z][A-Za-z0-9]{{1,60}}{_END}"
"""What the OpenAPI document says of an address: programs make up none but these."""

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE)]
"""What somebody or something is called, one line."""

Line = Annotated[str, Meta(max_length=200, pattern=ONE_LINE)]
"""One line, which may be empty."""

Paragraphs = Annotated[str, Meta(max_length=500, pattern=SEVERAL_LINES)]
"""Free text of up to 500 characters over several lines, which may be empty."""

EmailAddress = Annotated[str, Meta(max_length=254, pattern=EMAIL)]
"""A bare address by the rule of `catalogue.model.text.EMAIL`; its domain may be international."""


def is_plain(line: str, *, lines: bool = False) -> bool:
    """Say whether text holds none of the signs refused here."""
    return re.search(SEVERAL_LINES if lines else ONE_LINE, line) is not None
