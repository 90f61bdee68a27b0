"""All of `content/` as one Catalogue, or all of its faults.

Each file goes through `entry` (text to fields), `convert` (fields to struct) and the checks.
Nothing is raised for what an editor wrote: faults come sorted by file and line.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from catalogue.faults import Fault
from catalogue.model.activity import Activity, ActivityFront, Venue
from catalogue.model.catalogue import Catalogue
from catalogue.model.gazetteer import area_named
from catalogue.model.pledge import Pledge, PledgeFront, Signatory, SignatoryFront
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import is_slug, tidy_postcode
from catalogue.model.training import Course, CourseFront, Step, StepFront
from catalogue.progress import Progress, silent
from catalogue.read import build_cache, checks, convert, entry, pledge_checks, training_checks
from catalogue.read.site_settings import choose_content, read_site_settings
from catalogue.read.taxonomy import read_taxonomy

Front = TypeVar("Front", bound=msgspec.Struct)
Published = TypeVar("Published", bound=msgspec.Struct)
CONTENT = "content"
WITHDRAWN = re.compile(rb"^status: *[\"']?withdrawn\b", re.MULTILINE)
ActivityCache = build_cache.StructCache[Activity]


class ReadResult(msgspec.Struct, frozen=True):
    """A project that was read: its catalogue (None where there is a fault), and its faults."""

    catalogue: Catalogue | None
    faults: tuple[Fault, ...]


def read_project(root: Path, progress: Progress = silent, cache: Path | None = None) -> ReadResult:
    """Read the project folder `root`. Never raises for what an editor wrote.

    All is checked, the demonstration too where it is then left out.

    Args:
        root: the folder that holds `content/`.
        progress: is called after each activity.
        cache: a folder for activities without faults, which the next call need not read again.
    """
    faults: list[Fault] = []
    content = root / CONTENT
    if special := entry.special_file_faults(content, root):
        return ReadResult(None, tuple(special))
    terms = read_taxonomy(content / "taxonomy.yml", root, faults)
    if terms is None:
        return ReadResult(None, tuple(sorted(faults)))
    activities = tuple(_activities(root, terms, cache, faults, progress))
    pledges = tuple(_pledges(content / "pledges", root, terms, faults))
    signatories = tuple(_signatories(content / "pledges", root, terms, pledges, faults))
    # A pledge or signatory whose own file is faulty exists all the same: it is one mistake, and
    # what names it is not another.
    pledge_slugs = {file.parent.name for file in (content / "pledges").glob("*/index.md")}
    courses = tuple(_courses(content / "training", root, pledge_slugs, faults))
    catalogue = Catalogue(terms, activities, pledges, signatories, courses)
    signed = {f"{file.parent.name}/{file.stem}" for file in entry_files(content / "pledges")}
    faults += checks.catalogue_faults(catalogue, signed)
    if faults:
        return ReadResult(None, tuple(sorted(set(faults))))
    return ReadResult(choose_content(catalogue, read_site_settings(root)), ())


def with_registers(before: Catalogue, root: Path) -> Catalogue:
    """Return an earlier catalogue with its registers read anew, whatever else is faulty.

    A faulty signatory stays as it was, unless its file says that it is withdrawn: that counts even
    where the rest of the file cannot be read.
    """
    faults: list[Fault] = []
    folder = root / CONTENT / "pledges"
    signatories = tuple(_signatories(folder, root, before.taxonomy, before.pledges, faults))
    faulty = {fault.path for fault in faults}
    by_path = {
        signatory.path: signatory
        for signatory in before.signatories
        if signatory.path in faulty and not _is_withdrawn(root / signatory.path)
    }
    by_path |= {
        signatory.path: signatory for signatory in signatories if signatory.path not in faulty
    }
    in_order = tuple(by_path[path] for path in sorted(by_path))
    return msgspec.structs.replace(before, signatories=in_order)


def _is_withdrawn(file: Path) -> bool:
    return file.is_file() and WITHDRAWN.search(file.read_bytes()) is not None


def entry_files(folder: Path) -> list[Path]:
    """Return the Markdown files below a folder, sorted by name whatever subfolder they lie in."""
    files = [file for file in folder.rglob("*.md") if not file.name.startswith(".")]
    return sorted(files, key=lambda file: (file.stem, file.as_posix()))


def _read_as(
    file: Path, root: Path, kind: type[Front], faults: list[Fault]
) -> tuple[entry.Entry, convert.Converted[Front]] | None:
    try:
        parsed = entry.read_entry(file, root)
    except entry.UnreadableEntry as error:
        faults.append(error.fault)
        return None
    return parsed, _converted(parsed, file, kind, faults)


def _converted(
    parsed: entry.Entry, file: Path, kind: type[Front], faults: list[Fault]
) -> convert.Converted[Front]:
    """Return the front matter as far as it can be read; its values are still checked."""
    if not is_slug(file.stem):
        faults.append(Fault(parsed.path, 1, "", "name the file in a-z, 0-9 and single dashes"))
    converted = convert.to_partial_struct(parsed, kind)
    faults += converted.faults
    return converted


def _published(
    kind: type[Published], front: msgspec.Struct, parsed: entry.Entry, **more: object
) -> Published:
    """Return front matter as the published struct, with the path and body of its entry."""
    fields = {name: getattr(front, name) for name in front.__struct_fields__}
    return kind(**fields, path=parsed.path, body=parsed.body, **more)


def _activities(
    root: Path, taxonomy: Taxonomy, cache: Path | None, faults: list[Fault], progress: Progress
) -> Iterator[Activity]:
    cached = ActivityCache(
        cache / build_cache.ENTRIES if cache else None, Activity, build_cache.digest_value(taxonomy)
    )
    path_of_slug: dict[str, str] = {}
    files = entry_files(root / CONTENT / "activities")
    for count_read, file in enumerate(files, 1):
        progress("Reading entries", count_read, len(files))
        path = file.relative_to(root).as_posix()
        activity = _cached_or_read(file, path, taxonomy, cached, faults)
        if activity is None:
            continue
        if activity.slug in path_of_slug:
            faults.append(Fault(path, 1, "", f"{path_of_slug[activity.slug]} has the same name"))
            continue
        path_of_slug[activity.slug] = path
        yield activity
    cached.save()


def _cached_or_read(
    file: Path, path: str, taxonomy: Taxonomy, cached: ActivityCache, faults: list[Fault]
) -> Activity | None:
    """Return an activity. Only those without faults are cached, so that none is lost."""
    try:
        content = entry.read_bytes(file, path)
        key = build_cache.digest(content)
        if unchanged := cached.get(path, key):
            return unchanged
        parsed = entry.parse_entry(content, path)
    except entry.UnreadableEntry as error:
        faults.append(error.fault)
        return None
    own_faults: list[Fault] = []
    activity = _activity(parsed, file, taxonomy, own_faults)
    faults += own_faults
    if activity and not own_faults:
        cached.put(path, key, activity)
    return activity


class CheckedActivity(msgspec.Struct, frozen=True):
    """The text of one entry as it would be read.

    `activity` has blanks for values that could not be read; it is None where nothing could be.
    """

    activity: Activity | None
    faults: tuple[Fault, ...]


def check_activity(content: bytes, path: str, taxonomy: Taxonomy) -> CheckedActivity:
    """Read the text of an entry as if it stood at `path`, and return all that is wrong with it."""
    if len(content) > entry.MAX_ENTRY_BYTES:
        message = f"the file holds {len(content)} bytes, at most {entry.MAX_ENTRY_BYTES} are read"
        return CheckedActivity(None, (Fault(path, 1, "", message),))
    try:
        parsed = entry.parse_entry(content, path)
    except entry.UnreadableEntry as error:
        return CheckedActivity(None, (error.fault,))
    faults: list[Fault] = []
    activity, _readable = _partial_activity(parsed, Path(path), taxonomy, faults)
    return CheckedActivity(activity, tuple(sorted({*faults})))


def _activity(
    parsed: entry.Entry, file: Path, taxonomy: Taxonomy, faults: list[Fault]
) -> Activity | None:
    activity, readable = _partial_activity(parsed, file, taxonomy, faults)
    return activity if readable else None


def _partial_activity(
    parsed: entry.Entry, file: Path, taxonomy: Taxonomy, faults: list[Fault]
) -> tuple[Activity, bool]:
    """Return an activity, and whether all of its values could be read."""
    converted = _converted(parsed, file, ActivityFront, faults)
    front = converted.front
    served = tuple(_area(place, taxonomy) for place in front.area_served)
    venues = tuple(_tidy_venue(venue, taxonomy) for venue in front.venues)
    front = msgspec.structs.replace(front, venues=venues, area_served=served)
    places = (*front.area_served, *(venue.place for venue in front.venues))
    demonstration = any(_is_demonstration(place, taxonomy) for place in places)
    activity = _published(Activity, front, parsed, slug=file.stem, demonstration=demonstration)
    all_faults = checks.activity_faults(activity, parsed, taxonomy)
    faults += converted.independent_faults(all_faults, checks.RESTS_ON)
    return activity, not converted.faults


def _tidy_venue(venue: Venue, taxonomy: Taxonomy) -> Venue:
    return msgspec.structs.replace(
        venue, place=_area(venue.place, taxonomy), postcode=tidy_postcode(venue.postcode)
    )


def _area(place: str, taxonomy: Taxonomy) -> str:
    """Return the name of an area as the closed list writes it; another text as it is."""
    return area_named(place, taxonomy) or place


def _is_demonstration(place: str, taxonomy: Taxonomy) -> bool:
    return any(area.demonstration == "yes" for area in taxonomy.around(place))


def _pledges(folder: Path, root: Path, taxonomy: Taxonomy, faults: list[Fault]) -> Iterator[Pledge]:
    for file in sorted(folder.glob("*/index.md")):
        readable = _read_as(file, root, PledgeFront, faults)
        if readable is None:
            continue
        parsed, converted = readable
        pledge = _published(Pledge, converted.front, parsed, slug=file.parent.name)
        faults += converted.independent_faults(
            pledge_checks.pledge_faults(pledge, parsed, taxonomy)
        )
        if not converted.faults:
            yield pledge


def _signatories(
    folder: Path, root: Path, taxonomy: Taxonomy, pledges: tuple[Pledge, ...], faults: list[Fault]
) -> Iterator[Signatory]:
    pledge_of_slug = {pledge.slug: pledge for pledge in pledges}
    files = (file for file in entry_files(folder) if file.name != "index.md")
    for file in sorted(files, key=lambda file: file.as_posix()):
        readable = _read_as(file, root, SignatoryFront, faults)
        if readable is None:
            continue
        parsed, converted = readable
        place = _area(converted.front.place, taxonomy)
        signatory = _published(
            Signatory,
            msgspec.structs.replace(converted.front, place=place),
            parsed,
            slug=file.stem,
            pledge=file.parent.name,
            demonstration=_is_demonstration(place, taxonomy),
        )
        pledge = pledge_of_slug.get(file.parent.name)
        if pledge is None and (file.parent / "index.md").exists():
            continue  # the pledge itself is faulty, which is one of the faults already
        signatory_faults = pledge_checks.signatory_faults(signatory, parsed, taxonomy, pledge)
        faults += converted.independent_faults(signatory_faults)
        if not converted.faults:
            yield signatory


def _courses(
    folder: Path, root: Path, pledge_slugs: set[str], faults: list[Fault]
) -> Iterator[Course]:
    for file in sorted(folder.glob("*/index.md")):
        steps = tuple(_steps(file.parent, root, faults))
        readable = _read_as(file, root, CourseFront, faults)
        if readable is None:
            continue
        parsed, converted = readable
        course = _published(Course, converted.front, parsed, slug=file.parent.name, steps=steps)
        faults += converted.independent_faults(
            training_checks.course_faults(course, parsed, pledge_slugs)
        )
        if not converted.faults:
            yield course


def _steps(folder: Path, root: Path, faults: list[Fault]) -> list[Step]:
    steps = []
    for file in entry_files(folder):
        readable = _read_as(file, root, StepFront, faults) if file.name != "index.md" else None
        if readable is None:
            continue
        parsed, converted = readable
        step = _published(Step, converted.front, parsed, slug=file.stem)
        faults += converted.independent_faults(training_checks.step_faults(step, parsed))
        if not converted.faults:
            steps.append(step)
    return sorted(steps, key=lambda step: (step.number, step.slug))
