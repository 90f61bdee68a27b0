"""What code written for speed buys, beside the plain way, at 1,000 entries.

`python -m benchmarks.plain_ways [--count 1000]` prints a table of CPU seconds: each way does the
same work in this one process, turn about, and the quickest of its rounds counts. The whole build
of as many entries stands below them, for what a second more or less means.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from benchmarks import builds
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search import documents
from catalogue.read import build_cache, load
from tests.support import generate

ROUNDS = 5
ROOT = Path(__file__).parents[1]


class Comparison(msgspec.Struct, frozen=True):
    """The same work done in two ways."""

    name: str
    clever: Callable[[], object]
    plain: Callable[[], object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain_ways", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    count = parser.parse_args(arguments).count
    print(f"| work for {count:,} entries | clever, CPU-s | plain, CPU-s | difference |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        project = Path(place)
        generate.write(count, generate.SEED, project)
        for comparison in comparisons(project):
            clever, plain = measure(comparison)
            print(f"| {comparison.name} | {clever:.2f} | {plain:.2f} | {plain - clever:+.2f} |")
        builds.furnish(ROOT, project)
        shutil.rmtree(project / build_cache.FOLDER, ignore_errors=True)
        whole = builds.cpu_of("-m", "api.cli", "--project", place, "build")
        print(f"| the whole build, cold | {whole:.1f} | | |")


def measure(comparison: Comparison) -> tuple[float, float]:
    """Return the CPU seconds of both ways."""
    rounds = [(cpu_of(comparison.clever), cpu_of(comparison.plain)) for _ in range(ROUNDS)]
    return min(clever for clever, _ in rounds), min(plain for _, plain in rounds)


def cpu_of(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one round."""
    began = time.process_time()
    work()
    return time.process_time() - began


def comparisons(project: Path) -> Iterator[Comparison]:
    """Yield all comparisons."""
    catalogue = load.read_project(project).catalogue
    if catalogue is None:
        raise ValueError("the generated content has faults")
    yield from _caches(project, catalogue)


def _caches(project: Path, catalogue: Catalogue) -> Iterable[Comparison]:
    """What an unchanged project costs with and without what the last build left."""
    cache = project / build_cache.FOLDER
    load.read_project(project, cache=cache)
    now = build_cache.start_of_day(generate.NOW)
    before = partial(documents.earlier, catalogue, now, project)
    documents.documents(catalogue, now, before())
    yield Comparison(
        "entries: from the cache / read and checked",
        lambda: load.read_project(project, cache=cache),
        lambda: load.read_project(project),
    )
    yield Comparison(
        "search documents: from the cache / made",
        lambda: documents.documents(catalogue, now, before()),
        lambda: documents.documents(catalogue, now),
    )


if __name__ == "__main__":
    main()
