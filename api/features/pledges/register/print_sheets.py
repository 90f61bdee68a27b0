"""A signatory's certificate and window poster as PDFs of one sheet, A4 or US Letter.

They say "has promised", never "accredited", and bear a code that leads to the entry as it is today.
The promise stands there in its own words, as large as one sheet allows.
The letters are those of the site, from the browser parts; a name they cannot write is no name less:
then there is no PDF, and the page prints it in whatever typeface the reader has.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import TTFFont

from catalogue.build.assets import STATIC_FONT
from catalogue.i18n.gettext import _, active_language
from catalogue.outputs.pledges.signatory import PromiseView, SignatoryView

PLAIN, BOLD, FURTHER = "latin-400", "latin-700", "latin-ext-400"
FURTHER_BOLD = "latin-ext-700"
Paper = Literal["a4", "letter"]
SIZES_MM: dict[str, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
MARGIN = 20  # millimetres that stay free at the edges
SUN, WORDS, QUIET, WHITE = (244, 185, 66), (29, 43, 42), (76, 91, 89), (255, 255, 255)
LEAST = 14  # points of what stands around the promise: it hangs on a wall
PROMISE_SIZES = tuple(range(24, 7, -1))  # points, of which the largest that fits is taken
MANY = 7  # promises that leave room for large headings; more have smaller ones
LINE = 0.46  # millimetres of a line for each point of its letters
INDENT = 11  # millimetres from the tick to the words of a promise
CODE = 42  # millimetres a side

Piece: TypeAlias = tuple[bool, str]
"""Some words of a paragraph, and whether they are bold."""


class CannotPrint(Exception):
    """The typeface is not here, or has no sign for something that must stand on the sheet."""


def certificate(of: SignatoryView, root: Path, paper: Paper = "a4") -> bytes:
    """Return the certificate. Raises CannotPrint."""
    with closing(_Sheet(root, _("Certificate: %(name)s", name=of.name), of, paper)) as sheet:
        sheet.frame()
        sheet.mark(sheet.width / 2 - 10.5, 17, second=SUN)
        sheet.y = 32
        sheet.paragraph(of.pledge.words, 20, bold=True, align="C")
        name, size = sheet.fit_heading(of.name, 42 if len(of.promises) <= MANY else 26)
        sheet.write(name, size, align="C")
        sheet.y += 4
        sheet.paragraph(of.place.words, 18, align="C", after=5)
        promised = _(
            "promised on %(day)s to keep %(pledge)s, wording %(version)s:",
            day=of.since,
            pledge=of.pledge.words,
            version=of.version,
        )
        sheet.paragraph(promised, 16, align="C", after=6)
        bottom = sheet.code_and_words(
            _("Confirmed until %(day)s. What is true today is shown here:", day=of.until),
            _("A promise is what somebody says they do. Nobody has inspected it."),
        )
        sheet.promises([promise for promise in of.promises if promise.kept], bottom)
        return sheet.done()


def poster(of: SignatoryView, root: Path, paper: Paper = "a4") -> bytes:
    """Return the poster for a window, to be read from the pavement. Raises CannotPrint."""
    with closing(_Sheet(root, _("Poster: %(name)s", name=of.name), of, paper)) as sheet:
        few = len(of.noticed) <= MANY
        hello, size = sheet.fit_heading(
            _("Come in. You are welcome here."), 48 if few else 30, right=26
        )
        name, name_size = sheet.fit_heading(of.name, 32 if few else 22)
        band = MARGIN + (len(hello) * size + len(name) * name_size) * LINE + 15
        sheet.band(band)
        sheet.mark(sheet.width - MARGIN - 21, 16, second=WHITE)
        sheet.write(hello, size)
        sheet.y += 5
        sheet.write(name, name_size)
        sheet.y = band + 10
        invitation = _(
            "We have promised to keep %(pledge)s, on %(day)s. Scan this to see what that means, "
            "and tell us if it is not so.",
            pledge=of.pledge.words,
            day=of.since,
        )
        bottom = sheet.code_and_words(invitation)
        sheet.promises(of.noticed, bottom)
        return sheet.done()


class _Sheet:
    """One sheet, filled from the top; lengths are in millimetres, sizes of letters in points."""

    def __init__(self, root: Path, title: str, of: SignatoryView, paper: Paper) -> None:
        self._faces = _faces(root)
        self._of = of
        self.width, self.height = SIZES_MM[paper]
        self.y: float = MARGIN
        self._pdf = FPDF(format=(self.width, self.height))
        self._pdf.set_title(title)
        self._pdf.set_lang(active_language().language)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.c_margin = 0
        for name, file in self._faces.items():
            self._pdf.add_font(name, "", file)
        self._pdf.add_page()

    def frame(self) -> None:
        """Draw a coloured edge with a fine line inside it."""
        for inset, line, colour in ((9, 2.5, SUN), (12.5, 0.4, WORDS)):
            self._pdf.set_draw_color(*colour)
            self._pdf.set_line_width(line)
            self._pdf.rect(inset, inset, self.width - 2 * inset, self.height - 2 * inset)

    def band(self, height: float) -> None:
        """Colour the top of the sheet from edge to edge."""
        self._pdf.set_fill_color(*SUN)
        self._pdf.rect(0, 0, self.width, height, style="F")

    def mark(self, x: float, y: float, *, second: tuple[int, int, int]) -> None:
        """Draw the two rings of Kith, 21 wide, the second in a colour of its own."""
        self._pdf.set_line_width(2)
        for at, colour in ((x + 1, WORDS), (x + 8, second)):
            self._pdf.set_draw_color(*colour)
            self._pdf.ellipse(at, y, 12, 12)

    def fit_heading(
        self, text: str, size: float, *, right: float = 0
    ) -> tuple[list[list[Piece]], float]:
        """Return the lines of a heading in bold and their size, smaller to take two at most.

        `right` stays free at the right. Raises CannotPrint.
        """
        room = self.width - 2 * MARGIN - right
        while len(lines := self._lines([(True, text)], size, room)) > 2 and size > LEAST:
            size -= 2
        return lines, size

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: str = "L",
        indent: float = MARGIN,
        after: float = 2,
    ) -> None:
        """Write a paragraph at `y`, and move on by its height and `after`. Raises CannotPrint."""
        lines = self._lines([(bold, text)], size, self.width - MARGIN - indent)
        self.write(lines, size, indent=indent, align=align)
        self.y += after

    def promises(self, promises: Sequence[PromiseView], bottom: float) -> None:
        """Fill the sheet down to `bottom` with the promises, a tick before each.

        Raises CannotPrint for what does not fit in letters that can be read.
        """
        indent, room = MARGIN + INDENT, self.width - 2 * MARGIN - INDENT
        for size in PROMISE_SIZES:
            paragraphs = [self._lines(_pieces(promise), size, room) for promise in promises]
            used = sum(len(lines) for lines in paragraphs) * size * LINE
            spare = bottom - self.y - used
            if spare >= len(paragraphs) * size * LINE * 0.25:
                break
        else:
            raise CannotPrint
        gap = min(spare / max(1, len(paragraphs)), size * LINE * 1.6)
        self.y += (spare - gap * len(paragraphs)) / 3  # what is left over stands around them
        for lines in paragraphs:
            self._tick(MARGIN, self.y + size * LINE * 0.5)
            self.write(lines, size, indent=indent)
            self.y += gap

    def code_and_words(self, *paragraphs: str) -> float:
        """Draw the code at the foot with words beside it, and return where all that begins."""
        materials, top = self._of.print_materials, self.height - MARGIN - CODE
        top_before, indent = self.y, MARGIN
        if materials and materials.code:
            self._draw_code(materials.address, MARGIN, top)
            indent += CODE + 8
        words = [(False, paragraph) for paragraph in paragraphs]
        if materials:
            words.insert(1, (True, materials.shown))
        if self._of.demonstration:
            words.append((True, _("A demonstration: this signatory is made up.")))
        room = self.width - MARGIN - indent
        count = sum(len(self._lines([piece], LEAST, room)) for piece in words)
        height = count * LEAST * LINE + 2 * len(words)
        top = min(top, self.height - MARGIN - height)
        self.y = top + (self.height - MARGIN - top - height) / 2
        for bold, text in words:
            self.paragraph(text, LEAST, bold=bold, indent=indent)
        self.y = top_before
        return top - 6

    def done(self) -> bytes:
        """Return the file."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Close the files of the typeface."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _font(self, bold: bool, size: float) -> None:
        self._pdf.set_font(BOLD if bold else PLAIN, size=size)
        self._pdf.set_fallback_fonts([FURTHER_BOLD if bold else FURTHER])

    def _lines(self, pieces: Sequence[Piece], size: float, room: float) -> list[list[Piece]]:
        """Break a paragraph into lines no wider than `room`; too long a word is broken.

        No word stands alone on the last line. Raises CannotPrint.
        """
        lines: list[list[Piece]] = [[]]
        used = 0.0
        for bold, text in pieces:
            if not _can_write(text, tuple(self._faces.values())):
                raise CannotPrint
            self._font(bold, size)
            space = self._pdf.get_string_width(" ")
            for word in self._words(text, room):
                width = self._pdf.get_string_width(word)
                if lines[-1] and used + space + width > room:
                    lines.append([])
                    used = 0
                used += width + (space if lines[-1] else 0)
                lines[-1].append((bold, word))
        if len(lines) > 1 and len(lines[-1]) == 1 and len(lines[-2]) > 2:
            last = " ".join(word for _bold, word in (lines[-2][-1], lines[-1][0]))
            if self._pdf.get_string_width(last) <= room:
                lines[-1].insert(0, lines[-2].pop())
        return lines

    def _words(self, text: str, room: float) -> Iterator[str]:
        """Yield the words of a text, a number with the word after it: "22 November".

        One wider than `room` comes in parts, an address at its slashes and hyphens.
        """
        for word in re.findall(r"\d+\s+\S+|\S+", text):
            remainder = " ".join(word.split())
            while remainder:
                end = len(remainder)
                while end > 1 and self._pdf.get_string_width(remainder[:end]) > room:
                    end -= 1
                if end < len(remainder):
                    end = max(remainder.rfind(mark, 0, end) + 1 for mark in "/-") or end
                yield remainder[:end]
                remainder = remainder[end:]

    def write(
        self,
        lines: Sequence[Sequence[Piece]],
        size: float,
        *,
        indent: float = MARGIN,
        align: str = "L",
    ) -> None:
        """Write lines from `y` on, and leave `y` below them."""
        room = self.width - MARGIN - indent
        self._pdf.set_text_color(*WORDS)
        for line in lines:
            runs = list(_joined(line))
            widths = []
            for bold, text in runs:
                self._font(bold, size)
                widths.append(self._pdf.get_string_width(text))
            x = indent + (room - sum(widths)) / 2 if align == "C" else indent
            for (bold, text), width in zip(runs, widths, strict=True):
                self._font(bold, size)
                self._pdf.set_xy(x, self.y)
                self._pdf.cell(width, size * LINE, text)
                x += width
            self.y += size * LINE

    def _tick(self, x: float, middle: float) -> None:
        """Draw a tick on a coloured disc, its middle at a height."""
        self._pdf.set_fill_color(*SUN)
        self._pdf.ellipse(x, middle - 3.5, 7, 7, style="F")
        self._pdf.set_draw_color(*WORDS)
        self._pdf.set_line_width(0.8)
        self._pdf.line(x + 1.9, middle + 0.1, x + 3.1, middle + 1.4)
        self._pdf.line(x + 3.1, middle + 1.4, x + 5.2, middle - 1.4)

    def _draw_code(self, address: str, x_start: float, top: float) -> None:
        rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
        square = CODE / len(rows)
        self._pdf.set_fill_color(*WORDS)
        for line, row in enumerate(rows):
            for at, length in _runs(row):
                x, y = x_start + at * square, top + line * square
                self._pdf.rect(x, y, length * square, square, style="F")


def _pieces(promise: PromiseView) -> list[Piece]:
    """Return a promise as a paragraph: its title in bold, then its words."""
    if not promise.text:
        return [(True, promise.title)]
    return [(True, f"{promise.title}."), (False, promise.text)]


def _joined(line: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the words of a line as runs of one weight, each with the space that follows it."""
    at = 0
    while at < len(line):
        bold, words = line[at][0], []
        while at < len(line) and line[at][0] == bold:
            words.append(line[at][1])
            at += 1
        yield bold, " ".join(words) + (" " if at < len(line) else "")


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield start and length of what is dark in a line of a code."""
    start = None
    for at, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None


@cache
def _faces(root: Path) -> dict[str, Path]:
    """Return the typeface's files as TrueType, unpacked once for the process."""
    folder = Path(tempfile.mkdtemp(prefix="kith-type-"))
    fonts = {}
    for name in (PLAIN, BOLD, FURTHER, FURTHER_BOLD):
        packed = root / STATIC_FONT / f"atkinson-hyperlegible-next-{name}-normal.woff"
        if not packed.is_file():
            raise CannotPrint
        with TTFont(packed) as face:
            face.flavor = None
            face.save(folder / f"{name}.ttf")
        fonts[name] = folder / f"{name}.ttf"
    return fonts


@cache
def _signs(files: tuple[Path, ...]) -> frozenset[int]:
    """Return all signs the typeface has, by their code points."""
    return frozenset().union(*map(_signs_of, files))


def _signs_of(file: Path) -> frozenset[int]:
    with TTFont(file) as face:
        return frozenset(face.getBestCmap())


def _can_write(text: str, files: tuple[Path, ...]) -> bool:
    return {ord(sign) for sign in text if not sign.isspace()} <= _signs(files)
