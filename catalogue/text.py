"""Kinds of short text, each with the pattern that keeps it what it says.

The patterns refuse what could turn into markup or a script on a page (`<`, `>`), although every
template escapes as well, and keep links to schemes a reader can trust.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

Line = Annotated[str, Meta(max_length=300, pattern=r"^[^<>\n]*$")]
Paragraph = Annotated[str, Meta(max_length=1_000, pattern=r"^[^<>]*$")]
Url = Annotated[str, Meta(max_length=300, pattern=r"^(https?://[^\s<>\"']+|)$")]
Email = Annotated[
    str, Meta(max_length=254, pattern=r"^([^\s<>@\"']+@[^\s<>@\"']+\.[^\s<>@\"']+|)$")
]
Phone = Annotated[str, Meta(max_length=30, pattern=r"^[0-9+() ]*$")]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_CHARACTERS = 80
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", ""})

POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")
OUTWARD_CODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


def is_slug(text: str) -> bool:
    """Say whether the text can stand in a public address: a-z, 0-9 and single dashes."""
    return len(text) <= SLUG_CHARACTERS and SLUG.fullmatch(text) is not None


def slug_of(text: str) -> str:
    """Return the words of a name as a slug, for names that are already plain letters."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:SLUG_CHARACTERS]


def outward_code(postcode: str) -> str:
    """Return `ZZ3` of `zz3 1aa` or `ZZ3`; nothing where the text is no postcode."""
    tidy = postcode.strip().upper()
    if OUTWARD_CODE.fullmatch(tidy):
        return tidy
    match = POSTCODE.fullmatch(tidy)
    return match[1] if match else ""


def is_safe_link(target: str) -> bool:
    """Say whether a link may stand on a page (no `javascript:`, no `data:`)."""
    return urlsplit(target.strip()).scheme.casefold() in LINK_SCHEMES
