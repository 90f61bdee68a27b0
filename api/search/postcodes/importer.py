"""What an import takes over from a list of postcodes, what it leaves out, and when it refuses."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from api.search.postcodes import source, store
from api.search.postcodes.layouts import Line, Outcome
from api.search.postcodes.store import STEPS, PostcodeRow
from catalogue.progress import Progress, silent

SHOWN = 10
WRONG_AT_MOST = 0.01  # of the lines; more, and the file is not what it seems


class UnusableDirectory(Exception):
    """The file was read to its end, but is not to be trusted; `shown` names lines at fault."""

    def __init__(self, why: str, lines: tuple[str, ...]) -> None:
        super().__init__(why)
        self.shown = lines


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
    """Read a file, zip or folder and put its postcodes in place of those imported before.

    Raises `source.UnreadableSource` or UnusableDirectory; the earlier import is kept
    then.
    """
    tally = _Tally()
    kept_count = store.write(into, tally.postcodes(source.lines(file, progress)))
    counts = tally.counts
    return Imported(
        kept=kept_count,
        twice=counts["kept"] - kept_count,
        ended=counts["ended"],
        nowhere=counts["nowhere"],
        wrong=counts["wrong"],
        shown=tuple(tally.shown),
    )


class _Tally:
    """Counts the lines of each outcome."""

    def __init__(self) -> None:
        self.counts: Counter[Outcome] = Counter()
        self.shown: list[str] = []

    def postcodes(self, lines: Iterator[Line]) -> Iterator[PostcodeRow]:
        """Yield the postcodes to keep, and refuse at the end where they are not to be trusted."""
        for line in lines:
            self.counts[line.outcome] += 1
            if line.outcome == "kept":
                yield (
                    line.postcode,
                    round(line.latitude * STEPS),
                    round(line.longitude * STEPS),
                )
            elif line.outcome == "wrong" and len(self.shown) < SHOWN:
                self.shown.append(f"{line.name}, line {line.number}: {line.why}")
        self._check()

    def _check(self) -> None:
        if not self.counts["kept"]:
            raise UnusableDirectory(
                "No postcode in it is in use and has a position.", tuple(self.shown)
            )
        wrong = self.counts["wrong"]
        if wrong > WRONG_AT_MOST * self.counts.total():
            raise UnusableDirectory(
                f"{wrong} of {self.counts.total()} lines are wrong.", tuple(self.shown)
            )
