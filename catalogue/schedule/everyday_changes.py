"""What people say has changed ("it starts at 11 now", "moved to Thursdays"), as the rule it makes.

Only one day and one time are read, and only where nothing else is said about when: whatever is not
certain is None, and a person reads the words.
"""

import re

import msgspec

from catalogue.schedule import schedule
from catalogue.schedule.errors import ScheduleError
from catalogue.schedule.plain_english.tokens import DAYS, MONTHS, NUMBERS, SHORT_DAYS

STARTS = "starts?|starting|begins?|beginning|opens?|from|at"
ENDS = "ends?|ending|finish(?:es)?|closes?|till|until"
BEFORE_A_TIME = f"{STARTS}|{ENDS}|by|past|to|around|about"
DAY_NAMES = (*(f"{day}s?" for day in DAYS), *SHORT_DAYS, "mon", "tue", "thu", "fri")
"""Without "wed", "sat" and "sun", which are words of their own."""
DAY = f"(?:{'|'.join(DAY_NAMES)})"
TIME = (
    r"(?:(?P<part>half past|quarter past|quarter to) )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?"
    r"(?: ?(?P<half>am|pm|in the morning|in the afternoon|in the evening|o'clock))?"
)
NOT_SO = r"(?:not|no longer|instead of|rather than|used to be|was|were)"
UNREADABLE = re.compile(
    rf"\d{{3}}|\d(?:st|nd|rd|th)\b|£|\b(?:{'|'.join(MONTHS)}|not|never|no|first|second|third|fourth|last"
    r"|next|other|every other|fortnight\w*|weeks?|weekly|months?|monthly|terms?|school|holidays?"
    r"|summer|winter|except|until further|and|or|but|sometimes|usually|\w+n't)\b"
)
A_TIME_IN_A_RULE = re.compile(r"\d{1,2}:\d\d(?:\s*(?:-|–|to)\s*\d{1,2}:\d\d)?")
MINUTES_OF_A_DAY = 24 * 60


class _Time(msgspec.Struct, frozen=True):
    """A time of day as somebody said it, in minutes; without a half of the day it may be either."""

    minutes: int
    is_certain: bool

    def nearest(self, reference: int) -> int:
        """Return the reading that lies nearest to a time of day."""
        if self.is_certain:
            return self.minutes
        halves = (self.minutes % 720, self.minutes % 720 + 720)
        return min(halves, key=lambda minutes: abs(minutes - reference))


def changed_rule(rule: str, sentence: str) -> str | None:
    """Return a rule (`every Tuesday 10:30-12:00`) with what somebody says has changed, or None."""
    try:
        before = schedule.parse(rule)
        changed = _changed(rule, _plain(sentence), before)
        if changed is None or not before.certain:
            return None
        after = schedule.parse(changed)
    except ScheduleError:
        return None
    return changed if after != before and after.in_words() != before.in_words() else None


def _plain(sentence: str) -> str:
    """Return words in small letters, numbers as digits, without what used to be."""
    text = " ".join(sentence.casefold().replace("’", "'").replace("–", "-").split())
    text = re.sub(r"\b([ap])\.m\.?", r"\1m", text)
    text = re.sub(r"\bo clock\b", "o'clock", text)
    text = re.sub(r"\b(?:noon|midday)\b", "12:00 pm", text)
    text = re.sub(
        rf"\b({BEFORE_A_TIME}) ({'|'.join(NUMBERS)})(?: (thirty|fifteen|forty-five))?\b",
        lambda match: f"{match[1]} {NUMBERS[match[2]]}{_minutes(match[3])}",
        text,
    )
    text = re.sub(
        rf"\b({'|'.join(NUMBERS)}) (am|pm|o'clock|now)\b", lambda m: f"{NUMBERS[m[1]]} {m[2]}", text
    )
    anonymous = re.sub(r"\?P<\w+>", "?:", TIME)
    return re.sub(rf"\b{NOT_SO} (?:on |at |from )?(?:{DAY}|{anonymous})(?!\w)", "", text)


def _minutes(word: str | None) -> str:
    return {None: "", "thirty": ":30", "fifteen": ":15", "forty-five": ":45"}[word]


def _changed(rule: str, sentence: str, before: schedule.Schedule) -> str | None:
    moved = re.search(rf"\bfrom ({DAY}) to ({DAY})\b", sentence)
    sentence = sentence.replace(moved[0], moved[2]) if moved else sentence
    if UNREADABLE.search(sentence):
        return None
    days = {_day(match) for match in re.findall(rf"\b{DAY}\b", sentence)}
    times = _times(sentence)
    if len(days) > 1 or times is None or not (days or any(times)):
        return None
    for day in days:
        named = list(re.finditer(rf"(?i)\b(?:{'|'.join(DAYS)})", rule))
        if len(named) != 1:
            return None
        rule = rule[: named[0].start()] + day.title() + rule[named[0].end() :]
    return _with_times(rule, times, before) if any(times) else rule


def _day(word: str) -> str:
    return (
        DAYS[SHORT_DAYS[word]]
        if word in SHORT_DAYS
        else next(day for day in DAYS if day.startswith(word[:3]))
    )


def _times(sentence: str) -> tuple[_Time | None, _Time | None] | None:
    """Return when it starts and ends, as far as that is said; None where it cannot be told."""
    span = re.search(
        rf"\b{TIME} ?(?:-|to|till|until) ?{TIME.replace('?P<', '?P<end_')}(?![\d:.])", sentence
    )
    if span:
        return _time(span), _time(span, "end_")
    end = re.search(rf"\b(?:{ENDS})(?: at)? {TIME}\b", sentence)
    rest = sentence.replace(end[0], "") if end else sentence
    start = re.search(rf"\b(?:{STARTS})(?: at| from)? {TIME}\b", rest)
    bare = re.search(rf"(?:\A|\b){TIME}(?= now\b|\Z)", rest)
    times = [match for match in (start, end) if match]
    if not times and bare:
        start, times = bare, [bare]
    if len(re.findall(r"(?<!\d)\d{1,2}(?!\d)(?![:.]\d)", re.sub(r"[:.]\d\d", "", sentence))) > len(
        times
    ):
        return None
    return (_time(start) if start else None), (_time(end) if end else None)


def _time(match: re.Match[str], prefix: str = "") -> _Time:
    part, hour, minute, half = (
        match[f"{prefix}{name}"] for name in ("part", "hour", "minute", "half")
    )
    minutes = int(hour) * 60 + int(minute or 0)
    minutes += {"half past": 30, "quarter past": 15, "quarter to": -15}.get(part or "", 0)
    if half in ("am", "in the morning"):
        return _Time(minutes % 720, True)
    if half in ("pm", "in the afternoon", "in the evening"):
        return _Time(minutes % 720 + 720, True)
    return _Time(minutes, int(hour) > 12)


def _with_times(
    rule: str, times: tuple[_Time | None, _Time | None], before: schedule.Schedule
) -> str | None:
    """Return a rule at other times; where only the start is said it lasts as long as before."""
    start, end = times
    standing = list(A_TIME_IN_A_RULE.finditer(rule))
    if before.opens_at is None or len(standing) != 1:
        return None
    start_minutes = _in_minutes(before.opens_at)
    lasted = _in_minutes(before.closes_at) - start_minutes if before.closes_at else 0
    opens = start.nearest(start_minutes) if start else start_minutes
    closes = end.nearest(opens + (lasted or 90)) if end else (opens + lasted if lasted else None)
    if closes is not None and (closes >= MINUTES_OF_A_DAY or closes <= opens):
        return None
    text = _clock(opens) + ("" if closes is None else f"-{_clock(closes)}")
    return rule[: standing[0].start()] + text + rule[standing[0].end() :]


def _in_minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
