"""Times of day as people write them (10:30-12:00, 2-4pm, noon), out of tokens.

Times are HH:MM in Europe/London. A closing time that is not after the opening one is on the next
day; "00:00" as closing time is the midnight that ends the day.
"""

from typing import NamedTuple

from catalogue.schedule.errors import EXAMPLE, schedule_error
from catalogue.schedule.plain_english.tokens import MIDNIGHT, NOON, Token, TokenStream

EVENING = 17 * 60


class Times(NamedTuple):
    """When a session opens and closes, as HH:MM; None where the end is not known."""

    opens_at: str
    closes_at: str | None


def read_times(words: TokenStream) -> Times | None:
    """Read a time or a range of times; None where none comes next. ScheduleError for a slip."""
    mark = words.position
    if words.accept("24", "hours"):
        words.accept("a", "day")
        return Times("00:00", "00:00")
    words.accept("at|from")
    opens = words.take("time") or _bare_hour(words)
    if opens is None:
        words.position = mark
        return None
    closes = None
    if _is_hour(words.peek(1)) and words.accept("-|to|until|till"):
        closes = words.take("time") or words.take("number")
    words.accept("the", "next", "day")
    return _times(opens, closes)


def _bare_hour(words: TokenStream) -> Token | None:
    """Take the 2 of `2-4pm`, which gets its half of the day from the time after it."""
    ranges = words.peek(1).text in ("-", "to", "until", "till")
    return words.take("number") if ranges and _is_hour(words.peek(2)) else None


def _is_hour(token: Token) -> bool:
    """Say whether the token may be a time, if only the 4 of `2-4`."""
    return token.kind == "time" or (token.kind == "number" and token.number <= 24)


def _times(opens: Token, closes: Token | None) -> Times:
    """Return both as HH:MM once they make sense together."""
    if "number" in (opens.kind, closes.kind if closes else "") and not _half(closes):
        written = f"{opens.text}-{closes.text}" if closes else opens.text
        raise schedule_error(
            f'cannot tell morning from afternoon in "{written}"', f"{EXAMPLE} or Tuesdays 2pm-4pm"
        )
    if closes is None:
        return Times(_clock(opens.number), None)
    first = _borrowed(opens, closes) if _half(closes) and not _half(opens) else opens.number
    _check_closing(first % MIDNIGHT, closes.number)
    return Times(_clock(first), _clock(closes.number))


def _half(token: Token | None) -> str:
    """Return am or pm where the time says it."""
    return token.text[-2:] if token and token.text.endswith(("am", "pm")) else ""


def _borrowed(opens: Token, closes: Token) -> int:
    """Return the opening minutes, its half of the day taken from the end: 2-4pm, 11-1pm."""
    if opens.text in ("noon", "midday", "midnight") or opens.number >= 13 * 60:
        return opens.number
    hour = opens.number * 60 if opens.kind == "number" else opens.number
    if hour >= 13 * 60:
        raise schedule_error(f'"{opens.text}" is not an hour before {closes.text}')
    same = hour % NOON + (NOON if _half(closes) == "pm" else 0)
    return same if same < closes.number else (same + NOON) % MIDNIGHT


def _check_closing(opens: int, closes: int) -> None:
    """Refuse a slip: only what opens in the evening may close next morning."""
    overnight = opens >= EVENING and closes <= NOON
    ends_at_midnight = closes == 0 < opens
    if closes <= opens and not overnight and not ends_at_midnight:
        problem = f"closes at {_clock(closes)}, which is not after it opens at {_clock(opens)}"
        raise schedule_error(problem, f"{EXAMPLE}, or Fridays 22:00-02:00 for a night")


def _clock(minutes: int) -> str:
    """Return minutes since midnight as HH:MM; 1440 is the next 00:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
