"""Tokens of a schedule in plain English: days, months, dates, times, numbers and other words.

Knows the whole vocabulary, so a mistyped word is refused here, with a guess at what was meant.
Grammar is left to the modules beside it.
"""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from catalogue.faults import did_you_mean
from catalogue.schedule.errors import DATES_AND_TIMES, EXAMPLE, schedule_error
from catalogue.schedule.recurrence import LAST

Kind = Literal["day", "month", "nth", "number", "date", "time", "word", "mark", "end"]

LONGEST = 1_000

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    **{"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
}
NOON, MIDNIGHT = 12 * 60, 24 * 60
TIMES = {"noon": NOON, "midday": NOON, "midnight": MIDNIGHT}
SHORT_DAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
SHORT_MONTHS = {"sept": 9}
PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about afternoon afternoons alternate an and annually appointment arrangement ask at bank
        but by call daily day days during each england evening evenings every except fixed for
        fortnight fortnightly fortnights from holiday holidays hour hours in ireland late min mins
        minutes month monthly months morning mornings next night nights no northern not of on once
        only onwards or other outside phone public quarter quarterly ring roughly school scotland
        starting term the till time times to until usually vary wales week weekday weekdays
        weekend weekends weekly weeks working year yearly
        """,
    )
)

PUNCTUATION = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-") | {"(": ",", ")": ",", ";": ",", "&": " and "}
)
SHORTHAND = (
    (re.compile(r"\b([ap])\.m\b\.?"), r"\1m"),
    (re.compile(r"\b12\s?(noon|midday|midnight)\b"), r"\1"),
    (re.compile(r"\bterm-time\b"), "term time"),
    (re.compile(r"(?<!\S)24/7(?!\S)"), "every day 24 hours"),
    (re.compile(r"\b(?:7|seven) days a week\b"), "every day"),
    (re.compile(r"\bonce (?:a|every) (?=(?:week|fortnight|month|year)\b)"), "every "),
    (re.compile(r"(?<=[a-z])\s?[/+]\s?(?=[a-z])"), " and "),  # "Tue/Thu"
    (re.compile(r"(?<=[0-9])\s?(?:hrs|o['’]?clock)\b"), ""),
    (re.compile(r"\bonward\b"), "onwards"),
)
# What people write that can be meant in two ways, or that only a person can put into a date.
UNCLEAR = (
    (
        re.compile(r"\bbi-?weekly\b"),
        '"{0}" can mean twice a week or every 2 weeks',
        "every 2 weeks on Monday 10:00-11:30 from 2026-01-05, or every Monday and Thursday 10:00",
    ),
    (
        re.compile(r"\bbi-?monthly\b"),
        '"{0}" can mean twice a month or every 2 months',
        "1st and 3rd Monday of the month 10:00-11:30",
    ),
    (
        re.compile(r"\b(?:twice|(?:two|three|four|[2-6]) times) an? (?:week|month|year)\b"),
        '"{0}" does not say on which days',
        "every Monday and Thursday 10:00-11:30, or 1st and 3rd Monday of the month 10:00-11:30",
    ),
    (
        re.compile(r"(?<![\d/.-])[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})(?![\d/])"),
        'cannot tell day from month in "{0}": write the month as a word',
        "12 December 2026 18:00-20:00",
    ),
    (
        re.compile(r"\b(?:easter|ramadan|eid|diwali|hanukkah|passover)\b"),
        '"{0}" falls on another date each year: write the date',
        "4 April 2027 10:00-12:00",
    ),
    (
        re.compile(r"\b(?:half past|quarter (?:past|to)) \w+"),
        'write "{0}" in figures',
        EXAMPLE,
    ),
    (
        re.compile(r"\b(?:tbc|tba|to be (?:confirmed|announced)|varies|various)\b"),
        '"{0}" does not say when. Where it varies, write: no fixed time, ring first',
        "every Tuesday, ring first",
    ),
)
SCAN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
    | (?P<time>[0-9]{1,2}[:.][0-9]{2}(?![0-9:.])(?:\s?[ap]m\b)?|[0-9]{1,2}\s?[ap]m\b)
    | (?P<nth>[0-9]{1,2}(?:st|nd|rd|th)\b)
    | (?P<number>[0-9]{1,4}(?![\w:./]))
    | (?P<word>[^\W\d_]+)
    | (?P<mark>[,-])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word and its number: day 0-6, month 1-12, nth (-1 last), minutes, date ordinal."""

    kind: Kind
    text: str
    number: int = 0


END = Token("end", "")


@cache
def _either(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


class TokenStream:
    """The tokens of one schedule or exception, and how far they are read."""

    def __init__(self, text: str, example: str = EXAMPLE) -> None:
        self.tokens = scan(text, example)
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the token that far ahead; after the last one, an end without text."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else END

    def take(self, kind: Kind) -> Token | None:
        """Return the next token and move past it if it is of that kind."""
        token = self.peek()
        if token.kind != kind:
            return None
        self.position += 1
        return token

    def sees(self, *phrase: str) -> bool:
        """Say whether these words come next; `a|b` stands for either."""
        return all(self.peek(ahead).text in _either(word) for ahead, word in enumerate(phrase))

    def accept(self, *phrase: str) -> bool:
        """Move past these words if they come next, and say whether they did."""
        accepted = self.sees(*phrase)
        self.position += len(phrase) if accepted else 0
        return accepted

    def sees_year(self, ahead: int = 0) -> bool:
        """Say whether a number of four figures stands that far ahead."""
        return self.peek(ahead).kind == "number" and self.peek(ahead).number >= 1000

    def has(self, word: str) -> bool:
        """Say whether a word stands anywhere, read or not; `a|b` stands for either."""
        return any(token.text in _either(word) for token in self.tokens)

    def joins(self, *kinds: Kind) -> bool:
        """Move past a comma or "and" if a token of these kinds follows it, and say so."""
        ahead = 0
        while self.peek(ahead).text in (",", "and", "the", "on"):
            ahead += 1
        joined = ahead > 0 and self.peek(ahead).kind in kinds
        self.position += ahead if joined else 0
        return joined


def scan(text: str, example: str = EXAMPLE) -> tuple[Token, ...]:
    """Return the tokens of a text. Raises ScheduleError at a word outside the vocabulary."""
    if len(text) > LONGEST:
        raise schedule_error(f"is {len(text):,} characters long; the most is {LONGEST}", example)
    plain = _plain(text)
    for pattern, problem, instead in UNCLEAR:
        if unclear := pattern.search(plain):
            raise schedule_error(problem.format(_shown(unclear.group())), instead)
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        match = SCAN.match(plain, at)
        if match is None:
            raise schedule_error(f'cannot read "{_shown(plain[at:].split()[0])}"', DATES_AND_TIMES)
        at = match.end()
        if match.lastgroup != "space":
            tokens.append(_token(match.lastgroup or "", match.group(), example))
    if not tokens:
        raise schedule_error("is empty", example)
    return tuple(tokens)


def _plain(text: str) -> str:
    """Return the text in small letters, with one form for dashes, brackets and common shorthand."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(PUNCTUATION)
    for pattern, instead in SHORTHAND:
        plain = pattern.sub(instead, plain)
    return plain.strip(" .")


def _shown(chunk: str) -> str:
    """Return a piece of the text as it may stand in a message: short, with nothing invisible."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in chunk[:40])


def _token(kind: str, text: str, example: str) -> Token:
    """Return the token for one match of SCAN."""
    match kind:
        case "date":
            return Token("date", text, exact(text).toordinal())
        case "time":
            return Token("time", text, minutes(text))
        case "nth":
            return Token("nth", text, int(text[:-2]))
        case "number":
            return Token("number", text, int(text))
        case "mark":
            return Token("mark", text)
    token = VOCABULARY.get(text)
    if token is None:
        raise schedule_error(
            f'cannot read "{_shown(text)}"', example, did_you_mean(text, SUGGESTED)
        )
    return token


def exact(text: str) -> date:
    """Return the day a date such as 2026-12-22 names; ScheduleError where there is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise schedule_error(f"there is no {text} in the calendar", "2026-12-22") from None
    return in_range(day)


def in_range(day: date) -> date:
    """Return the day if it lies in the years 2000 to 2099, else raise ScheduleError."""
    if not 2000 <= day.year <= 2099:
        raise schedule_error(f"the year {day.year} is not between 2000 and 2099", "2026-12-22")
    return day


def minutes(text: str) -> int:
    """Return minutes since midnight of 10:30, 10.30, 10am, 2.15pm; 24:00 is 1440."""
    half = text[-2:] if text.endswith("m") else ""
    hour, _, minute = text.removesuffix(half).strip().replace(".", ":").partition(":")
    total = int(hour) * 60 + int(minute or 0)
    if half:
        possible = 1 <= int(hour) <= 12
        total = total % NOON + (NOON if half == "pm" else 0)
    else:
        possible = total <= MIDNIGHT
    if not possible or int(minute or 0) > 59:
        raise schedule_error(f"{text} is not a time of day")
    return total


def _vocabulary() -> dict[str, Token]:
    """Return every word that can be read, with its token."""
    words = {word: Token("word", word) for word in PLAIN_WORDS}
    days = {form: n for n, day in enumerate(DAYS) for form in (day, f"{day}s", day[:3])}
    months = {form: n for n, month in enumerate(MONTHS, start=1) for form in (month, month[:3])}
    words |= {word: Token("day", word, n) for word, n in (days | SHORT_DAYS).items()}
    words |= {word: Token("month", word, n) for word, n in (months | SHORT_MONTHS).items()}
    words |= {word: Token("nth", word, n) for word, n in NTHS.items()}
    words |= {word: Token("number", word, n) for word, n in NUMBERS.items()}
    words |= {word: Token("time", word, n) for word, n in TIMES.items()}
    return words


VOCABULARY = _vocabulary()
SUGGESTED = sorted(
    {word.title() for word in (*DAYS, *MONTHS)}
    | {word for word in PLAIN_WORDS if len(word) > 3}
    | {*NTHS, *TIMES}
)
