"""All of `content/` into one Catalogue, or all its faults at once.

The way: files -> `entry.read` -> `typed.convert` -> `checks` -> Catalogue. Nothing is raised for a
faulty file; the caller gets every fault of every file, sorted as an editor would walk them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from catalogue.faults import Fault
from catalogue.model.activity import Activity, ActivityFront, Venue
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, PledgeFront, Signatory, SignatoryFront
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import is_slug
from catalogue.model.training import Course, CourseFront, Step, StepFront
from catalogue.progress import Progress, silent
from catalogue.read import build_cache, checks, convert, entry, pledge_checks, training_checks
from catalogue.read.taxonomy import read_taxonomy

Front = TypeVar("Front", bound=msgspec.Struct)
CONTENT = "content"
WITHDRAWN = re.compile(rb"^status: *[\"']?withdrawn\b", re.MULTILINE)
Entries = build_cache.Kept[Activity]


class Reading(msgspec.Struct, frozen=True):
    """What came of reading a project: a catalogue where there is no fault, else the faults."""

    catalogue: Catalogue | None
    faults: tuple[Fault, ...]


def read(root: Path, progress: Progress = silent, cache: Path | None = None) -> Reading:
    """Read the project folder `root`. Never raises for what an editor wrote.

    `cache` is a folder for what was read, which spares reading it again; None keeps nothing.
    """
    faults: list[Fault] = []
    content = root / CONTENT
    terms = read_taxonomy(content / "taxonomy.yml", root, faults)
    if terms is None:
        return Reading(None, tuple(sorted(faults)))
    # Only entries without a fault are kept, so what is found there has none.
    entries = Entries(
        cache / build_cache.ENTRIES if cache else None, Activity, build_cache.of(terms)
    )
    activities = tuple(_activities(root, terms, entries, faults, progress))
    entries.save()
    pledges = tuple(_pledges(content / "pledges", root, terms, faults))
    signatories = tuple(_signatories(content / "pledges", root, terms, pledges, faults))
    # A course may name a pledge whose own file is faulty: one mistake is told once.
    named = {file.parent.name for file in (content / "pledges").glob("*/index.md")}
    courses = tuple(_courses(content / "training", root, named, faults))
    catalogue = Catalogue(terms, activities, pledges, signatories, courses)
    # A signatory whose own file is faulty is still there: one mistake is told once.
    signed = {f"{file.parent.name}/{file.stem}" for file in entry_files(content / "pledges")}
    faults += checks.of_catalogue(catalogue, signed)
    return Reading(None if faults else catalogue, tuple(sorted(set(faults))))


def with_registers(before: Catalogue, root: Path) -> Catalogue:
    """Return an earlier catalogue with its registers as they stand now, whatever else is faulty.

    A faulty entry stays as it was, but for one that is withdrawn: that counts, however it reads.
    """
    faults: list[Fault] = []
    folder = root / CONTENT / "pledges"
    found = tuple(_signatories(folder, root, before.taxonomy, before.pledges, faults))
    faulty = {fault.path for fault in faults}
    stand = {one.path: one for one in before.signatories if one.path in faulty}
    stand = {path: one for path, one in stand.items() if not _says_withdrawn(root / path)}
    stand |= {one.path: one for one in found if one.path not in faulty}
    return msgspec.structs.replace(before, signatories=tuple(stand[one] for one in sorted(stand)))


def _says_withdrawn(file: Path) -> bool:
    return WITHDRAWN.search(file.read_bytes()) is not None


def entry_files(folder: Path) -> list[Path]:
    """Return the Markdown files below a folder, sorted by name whatever subfolder they lie in."""
    found = [file for file in folder.rglob("*.md") if not file.name.startswith(".")]
    return sorted(found, key=lambda file: (file.stem, file.as_posix()))


def _read_as(
    file: Path, root: Path, kind: type[Front], faults: list[Fault]
) -> tuple[entry.Entry, Front] | None:
    try:
        written = entry.read(file, root)
    except entry.Unreadable as error:
        faults.append(error.fault)
        return None
    return _typed(written, file, kind, faults)


def _typed(
    written: entry.Entry, file: Path, kind: type[Front], faults: list[Fault]
) -> tuple[entry.Entry, Front] | None:
    if not is_slug(file.stem):
        faults.append(Fault(written.path, 1, "", "name the file in a-z, 0-9 and single dashes"))
    front = convert.to_struct(written, kind, faults)
    return (written, front) if front is not None else None


def _grown(kind: type[Front], front: msgspec.Struct, **more: object) -> Front:
    """Return the front matter as the published struct, with what the file's place tells."""
    fields = {name: getattr(front, name) for name in front.__struct_fields__}
    return kind(**fields, **more)


def _activities(
    root: Path, terms: Taxonomy, entries: Entries, faults: list[Fault], progress: Progress
) -> Iterator[Activity]:
    seen: dict[str, str] = {}
    files = entry_files(root / CONTENT / "activities")
    for done, file in enumerate(files, 1):
        progress("Reading entries", done, len(files))
        path = file.relative_to(root).as_posix()
        activity = _kept_or_read(file, path, terms, entries, faults)
        if activity is None:
            continue
        if activity.slug in seen:
            faults.append(Fault(path, 1, "", f"{seen[activity.slug]} has the same name"))
            continue
        seen[activity.slug] = path
        yield activity


def _kept_or_read(
    file: Path, path: str, terms: Taxonomy, entries: Entries, faults: list[Fault]
) -> Activity | None:
    try:
        raw = entry.raw(file, path)
        key = build_cache.digest(raw)
        if found := entries.find(path, key):
            return found
        written = entry.parse(raw, path)
    except entry.Unreadable as error:
        faults.append(error.fault)
        return None
    told: list[Fault] = []
    activity = _activity(written, file, terms, told)
    faults += told
    if activity and not told:
        entries.keep(path, key, activity)
    return activity


def _activity(
    written: entry.Entry, file: Path, terms: Taxonomy, faults: list[Fault]
) -> Activity | None:
    found = _typed(written, file, ActivityFront, faults)
    if found is None:
        return None
    front = found[1]
    activity = _grown(
        Activity,
        front,
        slug=file.stem,
        path=written.path,
        body=written.body,
        demonstration=_is_demonstration(front.area_served, front.venues, terms),
    )
    faults += checks.of_activity(activity, written, terms)
    return activity


def _is_demonstration(served: tuple[str, ...], venues: tuple[Venue, ...], terms: Taxonomy) -> bool:
    names = (*served, *(venue.place for venue in venues))
    return any(area.demonstration == "yes" for name in names for area in terms.around(name))


def _pledges(folder: Path, root: Path, terms: Taxonomy, faults: list[Fault]) -> Iterator[Pledge]:
    for file in sorted(folder.glob("*/index.md")):
        found = _read_as(file, root, PledgeFront, faults)
        if found is None:
            continue
        written, front = found
        pledge = _grown(Pledge, front, slug=file.parent.name, path=written.path, body=written.body)
        faults += pledge_checks.of_pledge(pledge, written, terms)
        yield pledge


def _signatories(
    folder: Path, root: Path, terms: Taxonomy, pledges: tuple[Pledge, ...], faults: list[Fault]
) -> Iterator[Signatory]:
    by_slug = {pledge.slug: pledge for pledge in pledges}
    files = (file for file in entry_files(folder) if file.name != "index.md")
    for file in sorted(files, key=lambda file: file.as_posix()):
        found = _read_as(file, root, SignatoryFront, faults)
        if found is None:
            continue
        written, front = found
        signatory = _grown(
            Signatory,
            front,
            slug=file.stem,
            pledge=file.parent.name,
            path=written.path,
            body=written.body,
            demonstration=any(area.demonstration == "yes" for area in terms.around(front.place)),
        )
        pledge = by_slug.get(file.parent.name)
        if pledge is None and (file.parent / "index.md").exists():
            continue  # the pledge itself is faulty, and that is told already
        faults += pledge_checks.of_signatory(signatory, written, terms, pledge)
        yield signatory


def _courses(folder: Path, root: Path, pledges: set[str], faults: list[Fault]) -> Iterator[Course]:
    for file in sorted(folder.glob("*/index.md")):
        steps = tuple(_steps(file.parent, root, faults))
        found = _read_as(file, root, CourseFront, faults)
        if found is None:
            continue
        written, front = found
        more = {"slug": file.parent.name, "path": written.path, "body": written.body}
        course = _grown(Course, front, **more, steps=steps)
        faults += training_checks.of_course(course, written, pledges)
        yield course


def _steps(folder: Path, root: Path, faults: list[Fault]) -> list[Step]:
    steps = []
    for file in entry_files(folder):
        found = _read_as(file, root, StepFront, faults) if file.name != "index.md" else None
        if found is None:
            continue
        written, front = found
        step = _grown(Step, front, slug=file.stem, path=written.path, body=written.body)
        faults += training_checks.of_step(step, written)
        steps.append(step)
    return sorted(steps, key=lambda step: (step.number, step.slug))
