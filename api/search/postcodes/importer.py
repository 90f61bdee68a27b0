"""What an import takes over from a postcode directory, what it leaves out, and when it refuses."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from api.search.postcodes import ons_directory, store
from api.search.postcodes.ons_directory import Line, Worth
from api.search.postcodes.store import STEPS, Known
from catalogue.progress import Progress, silent

SHOWN = 10
WRONG_AT_MOST = 0.01  # of the lines; more, and the file is not what it seems


class Unusable(Exception):
    """The file was read to its end, but is not to be trusted; `shown` names lines at fault."""

    def __init__(self, why: str, shown: tuple[str, ...]) -> None:
        super().__init__(why)
        self.shown = shown


class Imported(msgspec.Struct, frozen=True):
    """How many postcodes are kept, and how many lines were left out for which reason.

    `shown` names the first of those that were wrong, by line.
    """

    kept: int
    twice: int
    ended: int
    nowhere: int
    wrong: int
    shown: tuple[str, ...]


def from_file(file: Path, into: Path, progress: Progress = silent) -> Imported:
    """Read a directory and put its postcodes in place of those imported before.

    Raises `directory.NoDirectory` or Unusable, with what was imported before still standing.
    """
    told = _Told()
    kept = store.write(into, told.known(ons_directory.lines(file, progress)))
    counts = told.counts
    return Imported(
        kept=kept,
        twice=counts["kept"] - kept,
        ended=counts["ended"],
        nowhere=counts["nowhere"],
        wrong=counts["wrong"],
        shown=tuple(told.shown),
    )


class _Told:
    """Counts what goes by."""

    def __init__(self) -> None:
        self.counts: Counter[Worth] = Counter()
        self.shown: list[str] = []

    def known(self, lines: Iterator[Line]) -> Iterator[Known]:
        """Yield the postcodes to keep, and refuse at the end where they are not to be trusted."""
        for line in lines:
            self.counts[line.worth] += 1
            if line.worth == "kept":
                yield (
                    line.postcode,
                    round(line.latitude * STEPS),
                    round(line.longitude * STEPS),
                )
            elif line.worth == "wrong" and len(self.shown) < SHOWN:
                self.shown.append(f"line {line.number}: {line.why}")
        self._judge()

    def _judge(self) -> None:
        if not self.counts["kept"]:
            raise Unusable("No postcode in it is in use and has a position.", tuple(self.shown))
        wrong = self.counts["wrong"]
        if wrong > WRONG_AT_MOST * self.counts.total():
            raise Unusable(f"{wrong} of {self.counts.total()} lines are wrong.", tuple(self.shown))
