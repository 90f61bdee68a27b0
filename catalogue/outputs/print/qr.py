"""Buys a fifth of a cold build of 10,000 entries: QR codes as sums of codes drawn by segno before.

The squares of a code of one size are a linear function over GF(2) of the bits of its text: the same
bit always turns the same squares. So a code is the sum of known ones, and segno draws only the
first few hundred of a site. Decisions 0016 (how) and 0037 (what it buys).
"""

from functools import cache, lru_cache
from itertools import groupby

import msgspec
import segno

LEAST_VERSION = 4  # up to 78 letters: one size for nearly all pages of a site
MASK = 3  # any of the eight can be read; choosing the prettiest for each takes four times as long
DIGITS = bytes.maketrans(b"\0\1", b"01")
LONGEST = 400  # bytes of an address that still makes a code one can scan from paper
STROKES = 13  # squares in one piece of a line


class Code(msgspec.Struct, frozen=True):
    """A code as the path of an SVG, stroked one square wide. `size` is its squares a side."""

    size: int
    path: str


class Codes:
    """Makes codes of level L, which are read with 7 in 100 squares damaged; keeps those drawn."""

    def __init__(self) -> None:
        # For each version: text and squares of a sum of codes, by the highest bit of that text.
        self._drawn: dict[int, dict[int, tuple[int, int]]] = {}

    def code(self, text: str) -> Code:
        """Return the code of a text. Raises ValueError for one of more than LONGEST bytes."""
        content = text.encode()
        if len(content) > LONGEST:
            raise ValueError(f"{len(content)} bytes are too many for a code")
        version = _version(len(content))
        size = 17 + 4 * version
        return Code(size, _svg_path(self._squares(content, version), size))

    def _squares(self, content: bytes, version: int) -> int:
        """Return the squares as bits, line by line, the first the highest."""
        codes = self._drawn.setdefault(version, {})
        # A text of another length differs by the bits of its length and of what fills the end.
        bits = int.from_bytes(content, "little") << LONGEST + 1 | 1 << len(content)
        squares = 0
        while bits:
            cached = codes.get(bits.bit_length())
            if cached is None:
                squares_drawn = _drawn_by_segno(content, version)
                codes[bits.bit_length()] = (bits, squares ^ squares_drawn)
                return squares_drawn
            bits, squares = bits ^ cached[0], squares ^ cached[1]
        return squares


@cache
def _version(length: int) -> int:
    """Return the least version of a code that holds so many bytes."""
    least = segno.make(bytes(length), error="l", mode="byte", mask=MASK, micro=False)
    return max(LEAST_VERSION, int(least.version))


def _drawn_by_segno(content: bytes, version: int) -> int:
    symbol = segno.make(
        content, version=version, error="l", mode="byte", mask=MASK, boost_error=False
    )
    return int(b"".join(symbol.matrix).translate(DIGITS), 2)


def _svg_path(squares: int, size: int) -> str:
    """Return an SVG path, stroked one square wide, along all lines where squares are dark."""
    digits = f"{squares:0{size * size}b}"
    lines = [digits[start : start + size] for start in range(0, size * size, size)]
    pieces = range(0, size, STROKES)
    strokes = ["".join([_stroked(line[at : at + STROKES]) for at in pieces]) for line in lines]
    return "M0 .5" + f"m-{size} 1".join(strokes)


@lru_cache(maxsize=8192)
def _stroked(digits: str) -> str:
    runs = ((dark, len([*run])) for dark, run in groupby(digits))
    return "".join(f"h{length}" if dark == "1" else f"m{length} 0" for dark, length in runs)
