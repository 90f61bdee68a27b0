"""A signatory's certificate and window poster as PDFs of one A4 sheet.

They say "has promised", never "accredited", and bear a code that leads to the entry as it is today.
The letters are those of the site, from the browser parts; a name they cannot write is no name less:
then there is no PDF, and the page prints it in whatever typeface the reader has.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF

from catalogue.build.assets import STATIC_FONT
from catalogue.i18n.gettext import _, active_language
from catalogue.outputs.pledges.signatory import SignatoryView

PLAIN, BOLD, FURTHER = "latin-400", "latin-700", "latin-ext-400"
FURTHER_BOLD = "latin-ext-700"
WIDE, MARGIN = 210, 22  # millimetres of A4, and what stays free at its edges
SUN, WORDS, QUIET = (244, 185, 66), (29, 43, 42), (76, 91, 89)
LEAST = 14  # points: no smaller letters on what hangs on a wall


class CannotPrint(Exception):
    """The typeface is not here, or has no sign for something that must stand on the sheet."""


def certificate(of: SignatoryView, root: Path) -> bytes:
    """Return the certificate. Raises CannotPrint."""
    sheet = _Sheet(root, _("Certificate: %(name)s", name=of.name), of)
    sheet.words(of.pledge.words, 20, bold=True)
    sheet.words(of.name, 40, bold=True, after=4)
    sheet.words(of.place.words, 20, after=8)
    promised = _(
        "has promised on %(day)s to keep %(pledge)s, wording %(version)s:",
        day=of.since,
        pledge=of.pledge.words,
        version=of.version,
    )
    sheet.words(promised, 16, after=4)
    for promise in of.promises:
        if promise.kept:
            sheet.words(promise.title, 18, bold=True)
    sheet.words(
        _("Confirmed until %(day)s. What is true today stands here:", day=of.until), LEAST, before=8
    )
    sheet.code(45)
    sheet.words(_("A promise is what somebody says they do. Nobody has inspected it."), LEAST)
    return sheet.done()


def poster(of: SignatoryView, root: Path) -> bytes:
    """Return the poster for a window, to be read from the pavement. Raises CannotPrint."""
    sheet = _Sheet(root, _("Poster: %(name)s", name=of.name), of)
    sheet.words(_("Come in. You are welcome here."), 46, bold=True, after=6)
    sheet.words(of.name, 34, bold=True, after=8)
    for promise in of.promises:
        if promise.kept and promise.for_visitors:
            sheet.words(promise.title, 24)
    sheet.code(62)
    told = _(
        "We have promised to keep %(pledge)s, on %(day)s. Scan this to see what that means, and "
        "tell us if it is not so.",
        pledge=of.pledge.words,
        day=of.since,
    )
    sheet.words(told, 16)
    return sheet.done()


class _Sheet:
    """One A4 sheet with a coloured edge, filled from the top, everything in the middle."""

    def __init__(self, root: Path, title: str, of: SignatoryView) -> None:
        self._faces = _faces(root)
        self._of = of
        self._pdf = FPDF(format="A4")
        self._pdf.set_title(title)
        self._pdf.set_lang(active_language().language)
        self._pdf.set_auto_page_break(auto=False)
        for name, file in self._faces.items():
            self._pdf.add_font(name, "", file)
        self._pdf.add_page()
        self._pdf.set_draw_color(*SUN)
        self._pdf.set_line_width(2.5)
        self._pdf.rect(9, 9, WIDE - 18, 297 - 18)
        self._pdf.set_margin(MARGIN)
        self._pdf.set_y(MARGIN)
        if of.demonstration:
            self.words(_("A demonstration: this signatory is made up."), LEAST, bold=True)

    def words(
        self, text: str, size: float, *, bold: bool = False, before: float = 0, after: float = 2
    ) -> None:
        """Write a paragraph, `size` in points, room in millimetres; too long a word is made small.

        Raises CannotPrint.
        """
        if not _can_write(text, tuple(self._faces.values())):
            raise CannotPrint
        self._pdf.set_y(self._pdf.get_y() + before)
        self._pdf.set_text_color(*WORDS)
        self._pdf.set_font(BOLD if bold else PLAIN, size=size)
        self._pdf.set_fallback_fonts([FURTHER_BOLD if bold else FURTHER])
        longest = max(self._pdf.get_string_width(word) for word in text.split() or [""])
        if longest > WIDE - 2 * MARGIN:
            size *= (WIDE - 2 * MARGIN) / longest * 0.98
            self._pdf.set_font_size(size)
        self._pdf.multi_cell(0, size * 0.46, text, align="C", new_x="LMARGIN", new_y="NEXT")
        self._pdf.set_y(self._pdf.get_y() + after)

    def code(self, side: float) -> None:
        """Draw the code, `side` in millimetres, and the address below it."""
        materials = self._of.print_materials
        if materials is None or not materials.code:
            return
        rows = [list(row) for row in segno.make(materials.address, error="m", micro=False).matrix]
        square = side / len(rows)
        top, left = self._pdf.get_y() + 4, (WIDE - side) / 2
        self._pdf.set_fill_color(*WORDS)
        for line, row in enumerate(rows):
            for at, length in _runs(row):
                x, y = left + at * square, top + line * square
                self._pdf.rect(x, y, length * square, square, style="F")
        self._pdf.set_y(top + side + 4)
        self.words(materials.shown, LEAST)

    def done(self) -> bytes:
        """Return the file. Raises CannotPrint for what does not fit one sheet."""
        if self._pdf.get_y() > 297 - 12:
            raise CannotPrint
        return bytes(self._pdf.output())


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
    found = {}
    for name in (PLAIN, BOLD, FURTHER, FURTHER_BOLD):
        packed = root / STATIC_FONT / f"atkinson-hyperlegible-next-{name}-normal.woff"
        if not packed.is_file():
            raise CannotPrint
        face = TTFont(packed)
        face.flavor = None
        face.save(folder / f"{name}.ttf")
        found[name] = folder / f"{name}.ttf"
    return found


@cache
def _signs(files: tuple[Path, ...]) -> frozenset[int]:
    """Return all signs the typeface has, by their code points."""
    return frozenset().union(*(TTFont(file).getBestCmap() for file in files))


def _can_write(text: str, files: tuple[Path, ...]) -> bool:
    return {ord(sign) for sign in text if not sign.isspace()} <= _signs(files)
