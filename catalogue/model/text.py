"""Kinds of short text, each with the pattern it must match, and how texts are compared.

The patterns refuse what could turn into markup or a script on a page (`<`, `>`), although every
template escapes as well, and keep links to schemes a reader can trust. A `description` is what an
editor is told to write instead (`read/convert.py`).
"""

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from catalogue.model.search_constants import FOLDING, PLACES

EMAIL_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=^_`{|}~-]{1,64}"
"""The part of an e-mail address before the @ (RFC 5322, without quotes)."""
_LETTER = r"[^\x00-,./:-@\[-`{-\x7f\s\u2000-\u206f]"  # of ASCII: letters, digits and -
_LABEL = rf"(?!-){_LETTER}{{1,63}}(?<!-)"
EMAIL = rf"{EMAIL_LOCAL}@(?:{_LABEL}\.)+(?!-|[0-9]+(?:$|[^0-9])){_LETTER}{{2,63}}(?<!-)"
"""An e-mail address; its domain may be an international one (bücher.example)."""

Line = Annotated[
    str, Meta(max_length=300, pattern=r"^[^<>\n]*$", description="one line of words without < or >")
]
Paragraph = Annotated[
    str, Meta(max_length=1_000, pattern=r"^[^<>]*$", description="words without < or >")
]
Url = Annotated[
    str,
    Meta(
        max_length=300,
        pattern=r"^(https?://[^\s<>\"']+|)$",
        description="a whole web address: https://example.org",
    ),
]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=rf"^({EMAIL}|)$",
        description="an e-mail address: hello@example.org",
    ),
]
Phone = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=r"^(([0-9+()./\u2010-\u2015\u2212-]|[^\S\r\n])*"
        r"((\b(extension|extn?\.?|x)|#)[^\S\r\n]?[0-9]{1,7})?)$",
        description="a phone number in digits, and what else there is to say in `hours` or `name`",
    ),
]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_CHARACTERS = 80
SLUG_EXAMPLE = "small letters, digits and single dashes: tea-dance"
Slug = Annotated[
    str,
    Meta(max_length=SLUG_CHARACTERS, pattern=rf"^{SLUG.pattern}$", description=SLUG_EXAMPLE),
]
ShortSlug = Annotated[
    str, Meta(max_length=40, pattern=rf"^{SLUG.pattern}$", description=SLUG_EXAMPLE)
]
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", ""})

POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")
OUTWARD_CODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
INWARD_CODE = re.compile(r"[0-9][A-Z]{2}")
AS_DIGIT, AS_LETTER = str.maketrans("OIL", "011"), str.maketrans("01", "OI")
"""What people type for one another in a postcode; a small L is a 1."""

POSTCODE_AREAS = frozenset(PLACES.postcode_areas.split())
"""The letters a postcode begins with, and ZZ, which is nobody's and stands for invented places."""


def find_email(text: str) -> str:
    """Return the first e-mail address in a text such as "Jo <jo@example.org>"; else nothing."""
    match = re.search(EMAIL, text)
    return match[0] if match else ""


def is_slug(text: str) -> bool:
    """Say whether the text can stand in a public address: a-z, 0-9 and single dashes."""
    return len(text) <= SLUG_CHARACTERS and SLUG.fullmatch(text) is not None


def slug_of(text: str) -> str:
    """Return the words of a name as a slug, for names that are already plain letters."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:SLUG_CHARACTERS]


def outward_code(postcode: str) -> str:
    """Return `ZZ3` of `zz3 1aa` or `ZZ3`; nothing where the text is no postcode."""
    parts = words(postcode)
    parts_found = _whole_postcode(parts)
    return parts_found[0] if parts_found else _half_postcode(parts)


def postcode_parts(text: str) -> tuple[str, str]:
    """Return `ZZ3` and `1AA` of the postcode in a text, however it is spaced.

    The second is empty where the whole text is only an outward code; both are without a postcode.
    """
    parts = words(text)
    within = POSTCODE.search(" ".join(parts).upper())
    parts_found = _whole_postcode(parts) or (within and (_as_outward(within[1]), within[2]))
    return parts_found or (_half_postcode(parts), "")


def tidy_postcode(text: str) -> str:
    """Return "ZZ3 1AA" of `zz31aa`; a text that is no postcode as it is written."""
    parts = words(text)
    parts_found = _whole_postcode(parts)
    return " ".join(parts_found) if parts_found else _half_postcode(parts) or text


def _whole_postcode(parts: list[str]) -> tuple[str, str] | None:
    """Return both halves of a postcode, whichever of O and 0, I and 1 were typed."""
    together = "".join(parts).upper()
    if not (5 <= len(together) <= 7 and any(map(str.isdecimal, together))):
        return None
    outward, inward = _as_outward(together[:-3]), together[-3:]
    inward = inward[0].translate(AS_DIGIT) + inward[1:]
    return (outward, inward) if outward and INWARD_CODE.fullmatch(inward) else None


def _half_postcode(parts: list[str]) -> str:
    """Return `WR12` of `wr12` and `WR 12`, nothing of `WR1 2`: that is of WR1, and cut short."""
    together = "".join(parts).upper()
    is_half = any(map(str.isdecimal, together)) and (len(parts) == 1 or parts[0].isalpha())
    return _as_outward(together) if is_half else ""


def _as_outward(code: str) -> str:
    """Return `BS10` of `BS1O` and `OX1` of `0X1`; nothing of what is no outward code.

    No code ends with I, L or O. Another reading than the one written begins with the letters of
    a postcode area.
    """
    readings = [
        code[:count].translate(AS_LETTER) + code[count:].translate(AS_DIGIT) for count in (1, 2)
    ]
    for reading in sorted(readings, key=lambda candidate: sum(map(str.__ne__, candidate, code))):
        is_known = reading == code or postcode_area(reading) in POSTCODE_AREAS
        if is_known and OUTWARD_CODE.fullmatch(reading):
            return reading
    return ""


def postcode_area(code: str) -> str:
    """Return the letters an outward code begins with: `SW` of `SW1A`."""
    return re.match("[A-Z]*", code)[0]  # type: ignore[index]  # it always matches


def is_safe_link(target: str) -> bool:
    """Say whether a link may stand on a page (no `javascript:`, no `data:`)."""
    return urlsplit(target.strip()).scheme.casefold() in LINK_SCHEMES


WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['\u2018\u2019\u201b\u2032`\u00b4\u02b9\u02bb\u02bc\uff07]")
INVISIBLE = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")  # soft hyphens, joiners
LETTERS = str.maketrans(FOLDING.letters)


def fold(text: str) -> str:
    """Return a text as it is compared: small letters, no accents, apostrophes or ligatures.

    "Men's C\u0153ur" becomes "mens coeur" and "&" becomes "and". Spaces and dashes of every sort
    stay: `words` parts by them. `site/assets/search_text.js` folds the same way, held to the same
    vectors.
    """
    plain = APOSTROPHES.sub("", text).replace("&", " and ")
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", INVISIBLE.sub("", plain))
        unmarked = "".join(sign for sign in decomposed if unicodedata.category(sign)[0] != "M")
        plain = APOSTROPHES.sub("", unmarked.lower().translate(LETTERS))
    return plain.lower()


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded."""
    return WORD.findall(fold(text))


def name_key(text: str) -> str:
    """Return what ways to write one name have in common: "St. Mary & Co", "saint mary and co"."""
    short = (FOLDING.short_of.get(word, word) for word in words(text))
    return "-".join(word for word in short if word != "and")
