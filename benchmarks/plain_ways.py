"""What code written for speed buys, beside the plain way, at 1,000 entries.

`python -m benchmarks.plain_ways [--count 1000]` prints a table of CPU seconds: each way does the
same work in this one process, turn about, and the quickest of its rounds counts. The whole build
of as many entries stands below them, for what a second more or less means. The last line is the
size of what a browser downloads to search, compressed, in kB.
"""

import argparse
import gzip
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
import segno
from icalendar import Calendar, Event

from benchmarks import builds
from catalogue.build import templates
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.pages import SitePages
from catalogue.build.site_writer import write_site
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.feeds import calendar, calendar_lines
from catalogue.outputs.print import qr
from catalogue.outputs.search import browser_index, documents
from catalogue.read import build_cache, load
from catalogue.read.site_settings import Service
from tests.support import generate

ROUNDS = 5
ROOT = Path(__file__).parents[1]
SITE = "https://kith.example.org/"


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
        builds.complete_project(ROOT, project)
        shutil.rmtree(project / build_cache.FOLDER, ignore_errors=True)
        build = builds.cpu_of("-m", "api.cli", "--project", place, "build")
        print(f"| the whole build, cold | {build:.1f} | | |")
        clever_kb, plain_kb = browser_documents(project)
        difference = plain_kb - clever_kb
        row = f"{clever_kb:.1f} kB | {plain_kb:.1f} kB | {difference:+.1f} kB"
        print(f"| the browser's documents: a letter a fact / words | {row} |")


def measure(comparison: Comparison) -> tuple[float, float]:
    """Return the CPU seconds of both ways."""
    rounds = [(cpu_of(comparison.clever), cpu_of(comparison.plain)) for _ in range(ROUNDS)]
    return min(clever for clever, _ in rounds), min(plain for _, plain in rounds)


def cpu_of(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one round."""
    started_at = time.process_time()
    work()
    return time.process_time() - started_at


def comparisons(project: Path) -> Iterator[Comparison]:
    """Yield all comparisons."""
    catalogue = load.read_project(project).catalogue
    if catalogue is None:
        raise ValueError("the generated content has faults")
    yield from _caches(project, catalogue)
    yield _codes(catalogue)
    yield _calendar_lines(catalogue)
    yield _incremental_output(project, catalogue)


def _caches(project: Path, catalogue: Catalogue) -> Iterable[Comparison]:
    """What an unchanged project costs with and without what the last build left."""
    cache = project / build_cache.FOLDER
    load.read_project(project, cache=cache)
    now = build_cache.start_of_day(generate.NOW)
    before = partial(documents.cached_documents, catalogue, now, project)
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


def _codes(catalogue: Catalogue) -> Comparison:
    """The code to scan of each activity's address."""
    addresses = [f"{SITE}activities/{activity.slug}/" for activity in catalogue.activities]

    def summed() -> None:
        codes = qr.Codes()
        for address in addresses:
            codes.code(address)

    def by_segno() -> None:
        for address in addresses:
            segno.make(address.encode(), error="l", mode="byte", mask=qr.MASK, micro=False)

    return Comparison("codes to scan: summed / each by segno", summed, by_segno)


def _calendar_lines(catalogue: Catalogue) -> Comparison:
    """The events of all activities, their values worked out before."""
    today = generate.NOW.date()
    events = [
        event
        for activity in catalogue.activities
        for event in Calendar.from_ical(
            calendar.calendar_file(
                "", "", [calendar.events(activity, catalogue.taxonomy, today, SITE)]
            ).decode()
        ).walk("VEVENT")
    ]
    values = [[(name, value) for name, value in event.items()] for event in events]
    words = [[(name, value.to_ical().decode()) for name, value in event] for event in values]

    def own_lines() -> None:
        for event in words:
            b"".join(calendar_lines.text(name, value) for name, value in event)

    def by_icalendar() -> None:
        for event in values:
            written_event = Event()
            for name, value in event:
                written_event.add(name, value)
            written_event.to_ical()

    return Comparison("calendar events: own lines / icalendar", own_lines, by_icalendar)


def _incremental_output(project: Path, catalogue: Catalogue) -> Comparison:
    """The files of a site of which nothing has changed since the earlier one."""
    now = build_cache.start_of_day(generate.NOW)
    search_documents = documents.documents(catalogue, now)
    renderer = templates.Templates(ROOT / "site" / "theme" / "pages")

    def write(earlier: Path | None) -> Path:
        folder = Path(tempfile.mkdtemp(dir=project)) / "site"
        folder.mkdir()
        (folder / "frame.html").write_text("".join(templates.MARKERS))
        pages = SitePages(catalogue, search_documents, now, Service(), {}, site_url=SITE)
        output = IncrementalOutput(folder, b"", earlier)
        write_site(pages, renderer, output, ())
        output.save()
        return folder

    earlier = write(None)
    return Comparison(
        "an unchanged site: linked / written again", lambda: write(earlier), lambda: write(None)
    )


def browser_documents(project: Path) -> tuple[float, float]:
    """Return the size of `search/documents.json` in kB, as it is and with its facts in words."""
    catalogue = load.read_project(project).catalogue
    if catalogue is None:
        raise ValueError("the generated content has faults")
    search_documents = documents.documents(catalogue, build_cache.start_of_day(generate.NOW))
    compact = browser_index.columns(search_documents, catalogue.taxonomy)
    plain = msgspec.to_builtins(compact) | {
        "slots": [document.slots for document in search_documents],
        "ways": [document.ways for document in search_documents],
        "free": [document.free for document in search_documents],
        "alone": [document.welcomes_newcomers_alone for document in search_documents],
        "lift": [document.lift_offered for document in search_documents],
        "buddy": [document.buddy for document in search_documents],
        "access": [(document.access_yes, document.access_unknown) for document in search_documents],
        "ages": [(document.minimum_age, document.maximum_age) for document in search_documents],
        "levels": [document.freshness for document in search_documents],
        "points": [document.points for document in search_documents],
    }
    sizes = [
        len(gzip.compress(msgspec.json.encode(encoding), mtime=0)) for encoding in (compact, plain)
    ]
    return sizes[0] / 1000, sizes[1] / 1000


if __name__ == "__main__":
    main()
