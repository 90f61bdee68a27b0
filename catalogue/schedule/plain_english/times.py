"""Times of day as people write them (10:30-12:00, 2-4pm, noon), out of tokens.

Times are HH:MM in Europe/London. A closing time that is not after the opening one is on the next
day; "00:00" as closing time is the midnight that ends the day. A part of the day that is named
("evenings 7-9") says which half of the day is meant.
"""

from typing import NamedTuple

from catalogue.schedule.errors import EXAMPLE, schedule_error
from catalogue.schedule.plain_english.tokens import MIDNIGHT, NOON, Token, TokenStream

EVENING = 17 * 60
SMALL_HOURS = 6 * 60
LONGEST_NIGHT = 14 * 60
# When a session may start that is said to be in a part of the day, in minutes since midnight.
PARTS_OF_DAY = {
    "morning": (0, NOON),
    "afternoon": (NOON, 18 * 60),
    "evening": (16 * 60, MIDNIGHT),
    "night": (17 * 60, MIDNIGHT),
}


class Times(NamedTuple):
    """When a session opens and closes, as HH:MM; None where the end is not known."""

    opens_at: str
    closes_at: str | None


def read_times(words: TokenStream, part: str = "") -> Times | None:
    """Read a time or a range of times; None where none comes next. ScheduleError for a slip.

    `part` is the part of the day that is named anywhere in the text: "morning" to "night", or "".
    """
    mark = words.position
    if words.accept("24", "hours"):
        words.accept("a", "day")
        return Times("00:00", "00:00")
    words.accept("at|from")
    opens = words.take("time") or _bare_hour(words, part)
    if opens is None:
        words.position = mark
        return None
    closes = None
    if _is_hour(words.peek(1)) and words.accept("-|to|until|till"):
        closes = words.take("time") or words.take("number")
    elif not (words.accept("onwards") or words.accept("-|to|until|till", "late")):
        closes = _after(opens, _read_length(words))
    next_day = words.accept("the", "next", "day")
    if part:
        opens = _in_part(opens, part)
        closes = closes and _in_part(closes, part, opens)
    return times_of(opens, closes, next_day=next_day)


def _bare_hour(words: TokenStream, part: str) -> Token | None:
    """Take the 2 of `2-4pm`, which gets its half of the day from the time after it.

    An hour alone ("at 7") is taken where a part of the day says which one.
    """
    ranges = words.peek(1).text in ("-", "to", "until", "till")
    alone = bool(part) and words.peek().kind == "number" and words.peek().number <= 12
    return words.take("number") if alone or (ranges and _is_hour(words.peek(2))) else None


def _read_length(words: TokenStream) -> int:
    """Read `for 2 hours`, `for an hour`, `for 90 minutes`; 0 where none comes next."""
    if words.accept("for", "an|a", "hour"):
        return 60
    unit = words.peek(2).text
    if not words.sees("for") or words.peek(1).kind != "number":
        return 0
    length = words.peek(1).number * {"hour": 60, "hours": 60}.get(unit, 1)
    is_unit = unit in ("hour", "hours", "min", "mins", "minutes") and 0 < length < NOON
    words.position += 3 if is_unit else 0
    return length if is_unit else 0


def _after(opens: Token, length: int) -> Token | None:
    """Return the time so many minutes after another; None without a length."""
    if not length or opens.kind != "time":
        return None
    closes = (opens.number + length) % MIDNIGHT
    return Token("time", _clock(closes), closes)


def _in_part(time: Token, part: str, opens: Token | None = None) -> Token:
    """Return the time on the twenty-four hour clock, its half of the day taken from the part.

    Times that say their half, or can be on that clock only (10:30 in a morning, 19:00, 07:30), stay
    as they are.
    """
    hour = time.number * 60 if time.kind == "number" else time.number
    is_clear = _half(time) or time.text in ("noon", "midday", "midnight") or hour > 12 * 60 + 59
    if is_clear or (time.kind == "time" and time.text.startswith("0")):
        return time
    if part == "morning":
        late = opens is not None and hour <= opens.number and hour < NOON
        minutes = hour + NOON if late else hour
    else:
        minutes = hour if hour >= NOON else hour + NOON
        past_midnight = part == "night" and opens is not None and minutes <= opens.number
        minutes = hour % NOON if past_midnight else minutes
    return Token("time", _clock(minutes), minutes)


def check_part(part: str, times: Times) -> None:
    """Raise ScheduleError where times do not start in the part of the day that is named."""
    hours, minutes = times.opens_at.split(":")
    opens = int(hours) * 60 + int(minutes)
    earliest, latest = PARTS_OF_DAY[part]
    if not earliest <= opens < latest:
        raise schedule_error(f'says "{part}", but starts at {times.opens_at}', EXAMPLE)


def _is_hour(token: Token) -> bool:
    """Say whether the token may be a time, if only the 4 of `2-4`."""
    return token.kind == "time" or (token.kind == "number" and token.number <= 24)


def times_of(opens: Token, closes: Token | None, *, next_day: bool) -> Times:
    """Return both as HH:MM once they make sense together."""
    if "number" in (opens.kind, closes.kind if closes else "") and not _half(closes):
        clock_text = f"{opens.text}-{closes.text}" if closes else opens.text
        raise schedule_error(
            f'cannot tell morning from afternoon in "{clock_text}"',
            f"{EXAMPLE} or Tuesdays 2pm-4pm",
        )
    if closes is None:
        return Times(_clock(opens.number), None)
    first = _borrowed(opens, closes) if _half(closes) and not _half(opens) else opens.number
    if not next_day:
        _check_closing(first % MIDNIGHT, closes)
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
    opening = hour % NOON + (NOON if _half(closes) == "pm" else 0)
    return opening if opening < closes.number else (opening + NOON) % MIDNIGHT


def _check_closing(opens: int, closing: Token) -> None:
    """Refuse a slip: who closes next morning opens in the evening, or says the hour in full.

    4pm-2am and 16:00-02:00 are meant so; the 4:00 of 14:00-4:00 is sooner an afternoon's.
    """
    closes = closing.number
    in_full = _half(closing) == "am" or closing.text.startswith("0")
    late = opens >= NOON and closes < SMALL_HOURS and MIDNIGHT + closes - opens <= LONGEST_NIGHT
    overnight = (opens >= EVENING and closes <= NOON) or (late and in_full)
    ends_at_midnight = closes == 0 < opens
    if closes <= opens and not overnight and not ends_at_midnight:
        problem = f"closes at {_clock(closes)}, which is not after it opens at {_clock(opens)}"
        raise schedule_error(problem, f"{EXAMPLE}, or Fridays 22:00-02:00 for a night")


def _clock(minutes: int) -> str:
    """Return minutes since midnight as HH:MM; 1440 is the next 00:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
