"""Telephone numbers: which can be rung, how a link dials one, how one is written for a lookup.

The rules are those of the library phonenumbers. A number without a country is read as a British
one. Numbers that Ofcom keeps for drama (01632 960xxx, 07700 900xxx) count like all others, so a
British number of the full ten digits is enough: the library's list of ranges in use is not asked.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

import phonenumbers
from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    ValidationResult,
)

REGION = "GB"
_COUNTRY_CODE, _DIGITS = 44, 10
FIVE_DIGITS = r"[0-9](?:[^A-Za-z0-9]{0,3}[0-9]){4}"
SPACES = re.compile(r"[^\S\n]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # pasted beside a number


def find_phone(text: str) -> str:
    """Return the first number that a text holds and that can be rung, in its canonical form.

    That is E.164, with the extension behind it: `+441632960123` or `+441632960123;ext=5`. Nothing
    where no number can be rung. Words may stand around it: "01632 960123, ask for Mary".
    """
    number = _find(text)
    if number is None:
        return ""
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + extension


@lru_cache(maxsize=4096)
def dialled(text: str) -> str:
    """Return what a `tel:` link dials: E.164, or the digits of a short number such as 116 123.

    An extension stands behind it as `;ext=5` (RFC 3966). Nothing where no number can be rung.
    """
    digits = "".join(text.split())
    if digits.isascii() and digits.isdigit() and _is_short(digits):
        return digits
    return find_phone(text)


def is_unringable(text: str) -> bool:
    """Say whether a text is meant for a number, having five digits in a row, but none can be rung.

    Asked where a number or an address may stand: "01632 96, ask for Mary" is asked again, "4 Quay
    Court, ZZ1 1AA" is not.
    """
    return re.search(FIVE_DIGITS, text) is not None and not find_phone(text)


def _is_short(digits: str) -> bool:
    short = PhoneNumber(country_code=_COUNTRY_CODE, national_number=int(digits))
    return phonenumbers.is_valid_short_number_for_region(short, REGION)


def _find(text: str) -> PhoneNumber | None:
    plain = SPACES.sub(" ", INVISIBLE.sub("", text))
    return next((number for number in _numbers(plain) if _can_be_rung(number)), None)


def _numbers(text: str) -> Iterator[PhoneNumber]:
    """Yield the whole text as a number, unless it has letters, then every number found in it."""
    if not any(sign.isalpha() for sign in text):  # letters would be read as keys: Mary as 6279
        with suppress(NumberParseException):
            yield phonenumbers.parse(text, REGION)
    for match in PhoneNumberMatcher(text, REGION, leniency=Leniency.POSSIBLE):
        yield match.number


def _can_be_rung(number: PhoneNumber) -> bool:
    if phonenumbers.is_valid_number(number):
        return True
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return False
    digits = len(phonenumbers.national_significant_number(number))
    return number.country_code != _COUNTRY_CODE or digits == _DIGITS
