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
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday
from jinja2.compiler import CodeGenerator

from benchmarks import builds
from catalogue.build import templates
from catalogue.model.activity import ActivityFront
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity import page
from catalogue.outputs.search import documents
from catalogue.read import build_cache, convert, entry, load
from catalogue.schedule import rfc5545, schedule
from catalogue.schedule.recurrence import Repeat
from tests.support import generate

ROUNDS = 5
ROOT = Path(__file__).parents[1]
FREQUENCIES = {"day": DAILY, "week": WEEKLY, "month": MONTHLY}


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
    """Return the CPU seconds of one round, memory of earlier rounds forgotten."""
    schedule._sessions.cache_clear()
    began = time.process_time()
    work()
    return time.process_time() - began


def comparisons(project: Path) -> Iterator[Comparison]:
    """Yield all comparisons."""
    catalogue = load.read(project).catalogue
    if catalogue is None:
        raise ValueError("the generated content has faults")
    yield _recurrence(catalogue)
    yield _messages(catalogue)
    yield from _caches(project, catalogue)
    yield _conversion(project)


def _recurrence(catalogue: Catalogue) -> Comparison:
    """The sessions that pages, cards and search show, and the rule of the calendar file."""

    def work() -> None:
        for activity in catalogue.activities:
            calendar = catalogue.taxonomy.calendar(activity.first_place)
            for timetable in activity.schedule:
                rule = schedule.parse(timetable.when, timetable.except_)
                schedule.sessions(rule, generate.NOW, 6, calendar)
                schedule.next_held(rule, generate.NOW, calendar)
                rfc5545.to_rfc5545(rule, generate.NOW.date(), calendar)

    def plain() -> None:
        with mock.patch.object(Repeat, "dates", _by_dateutil):
            work()

    return Comparison("days of schedules: own arithmetic / dateutil", work, plain)


def _by_dateutil(rule: Repeat, first: date, final: date, anchor: date) -> Iterator[date]:
    if rule.is_rough:
        return
    start = first if rule.every == 1 else anchor
    days = [weekday(day) for day in rule.weekdays]
    days += [weekday(day, nth) for nth, day in rule.nth_weekdays]
    for moment in rrule(
        FREQUENCIES[rule.unit],
        dtstart=datetime(start.year, start.month, start.day),  # noqa: DTZ001
        interval=rule.every,
        byweekday=days or None,
        bymonthday=rule.month_days or None,
    ):
        day = moment.date()
        if day > final:
            return
        if day >= first:
            yield day


def _messages(catalogue: Catalogue) -> Comparison:
    """Pages of entries out of templates, compiled with and without their messages."""
    views = [page.activity_view(one, catalogue, generate.NOW) for one in catalogue.activities]
    service = templates.Service()

    def work(pages: templates.Templates) -> None:
        for view in views:
            pages.render("activity.html", page=view, service=service)

    folder = ROOT / "site" / "theme" / "pages"
    precompiled, ordinary = templates.Templates(folder), templates.Templates(folder)
    environment: Any = ordinary._environment
    environment.code_generator_class = CodeGenerator
    name = "pages from templates: messages compiled in / gettext calls"
    return Comparison(name, partial(work, precompiled), partial(work, ordinary))


def _caches(project: Path, catalogue: Catalogue) -> Iterable[Comparison]:
    """What an unchanged project costs with and without what the last build left."""
    cache = project / build_cache.FOLDER
    load.read(project, cache=cache)
    now = build_cache.start_of_day(generate.NOW)
    before = partial(documents.earlier, catalogue, now, project)
    documents.documents(catalogue, now, before())
    yield Comparison(
        "entries: from the cache / read and checked",
        lambda: load.read(project, cache=cache),
        lambda: load.read(project),
    )
    yield Comparison(
        "search documents: from the cache / made",
        lambda: documents.documents(catalogue, now, before()),
        lambda: documents.documents(catalogue, now),
    )


def _conversion(project: Path) -> Comparison:
    """Front matter into structs."""
    files = sorted((project / "content" / "activities").rglob("*.md"))
    fronts = [entry.read(file, project).front for file in files]

    def work(convert_one: Callable[..., object]) -> None:
        for front in fronts:
            convert_one(front, ActivityFront, lambda field, message: None)

    return Comparison(
        "front matter: in one go / field by field",
        partial(work, convert.convert),
        partial(work, convert.walk),
    )


if __name__ == "__main__":
    main()
