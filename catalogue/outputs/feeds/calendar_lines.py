"""Buys two seconds of a cold build of 10,000 entries: lines of calendar files without icalendar.

Content lines as in RFC 5545, 3.1: escaped, folded after 75 octets, ended by CRLF. The `icalendar`
library takes twenty times as long for the same event; tests hold the two to the same lines.
Decisions 0013 (what is in the files) and 0037 (what it buys).
"""

import re
from datetime import date, datetime, timedelta

ZONE = "Europe/London"
FOLD_OCTETS = 75
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LINE_ENDS = re.compile(r"\r\n?")
# Since 1996 the clocks change together in all of Europe: 02:00 there and back, 01:00 UTC.
LONDON = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
DTSTART:19960331T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n").encode()


def line(name: str, value: str) -> bytes:
    """Return one property whose value is ready as it is; `name` holds its parameters too."""
    return folded(f"{name}:{value}".encode()) + b"\r\n"


def text(name: str, words: str) -> bytes:
    """Return a property of plain words."""
    return line(name, escaped(words))


def escaped(words: str) -> str:
    """Return words as a TEXT value: what would part or end it is escaped, controls are dropped."""
    if not words.isprintable():
        words = CONTROLS.sub("", LINE_ENDS.sub("\n", words))
    words = words.replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return words.replace("\n", r"\n")


def folded(raw: bytes) -> bytes:
    """Return a line in pieces of 75 octets, no character and no escape cut in two."""
    if len(raw) <= FOLD_OCTETS:
        return raw
    pieces, start, room = [], 0, FOLD_OCTETS
    while len(raw) - start > room:
        end = _end_of_piece(raw, start, start + room)
        pieces.append(raw[start:end])
        start, room = end, FOLD_OCTETS - 1
    return b"\r\n ".join([*pieces, raw[start:]])


def _end_of_piece(raw: bytes, start: int, end: int) -> int:
    while raw[end] & 0xC0 == 0x80:  # inside a character of UTF-8
        end -= 1
    piece = raw[start:end]
    slashes = len(piece) - len(piece.rstrip(b"\\"))
    return end - slashes % 2


def at(name: str, *moments: datetime) -> bytes:
    """Return a property of local times."""
    return line(f"{name};TZID={ZONE}", ",".join(f"{moment:%Y%m%dT%H%M%S}" for moment in moments))


def midnight(name: str, day: date) -> bytes:
    """Return a property of the first moment of a day, in UTC."""
    return line(name, f"{day:%Y%m%d}T000000Z")


def duration(lasts: timedelta) -> bytes:
    """Return DURATION in hours and minutes."""
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    length = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    return line("DURATION", f"PT{length}")
