"""The change a correction makes to one entry: a diff, checked as every entry is, put in place.

Nothing goes into `content/` that the loader would not read, or that the checks find a fault in.
"""

import difflib
import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from api.content_files import atomic_write
from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict
from api.features.corrections.store import Correction
from catalogue.faults import Fault
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.activity import Activity, ActivityFront
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL
from catalogue.read import checks, load
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class EntryGone(Conflict):
    """The entry is not in the content any more."""

    code = "entry-gone"
    sentence = gettext_noop("The entry is not there any more: reject the correction.")


class EntryChange(msgspec.Struct, frozen=True):
    """A change ready to be written. `path` is the entry's below the project."""

    path: str
    before: bytes
    after: bytes

    @property
    def before_digest(self) -> str:
        """Return the SHA-256 of the file as it stands."""
        return hashlib.sha256(self.before).hexdigest()

    @property
    def after_digest(self) -> str:
        """Return the SHA-256 of the file as it would stand."""
        return hashlib.sha256(self.after).hexdigest()

    @property
    def diff(self) -> str:
        """Return the change as a unified diff; empty where there is none."""
        old, new = (raw.decode().splitlines(keepends=True) for raw in (self.before, self.after))
        return "".join(difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}"))


class EntryOnDisk(msgspec.Struct, frozen=True):
    """An entry as it stands on the disk at one moment."""

    path: str
    raw: bytes

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        return hashlib.sha256(self.raw).hexdigest()


def read_entry(correction: Correction, project: Path, catalogue: Catalogue) -> EntryOnDisk:
    """Return the entry a correction is about. Raises EntryGone."""
    activity = catalogue.activity(correction.activity)
    file = project / activity.path if activity else None
    if activity is None or file is None or not file.is_file() or file.is_symlink():
        raise EntryGone
    return EntryOnDisk(activity.path, file.read_bytes())


def build_change(
    correction: Correction,
    values: Mapping[str, str],
    context: Context,
    catalogue: Catalogue,
    *,
    checked: bool,
) -> EntryChange:
    """Return the change an entry would get. Raises EntryGone, or Unfit where it cannot be made.

    `values` are those of fields; without them a choice that says enough brings its own.
    """
    entry = read_entry(correction, context.project, catalogue)
    today = context.now.astimezone(LOCAL).date().isoformat()
    implied = {"still_right": {"assured_on": today}, "ended": {"status": "defunct"}}
    changes = dict(values or implied.get(correction.about, {}))
    if checked:
        changes["assured_on"] = today
    try:
        after = set_fields(entry.raw.decode(), changes).encode()
        return EntryChange(entry.path, entry.raw, after)
    except (CannotEdit, UnicodeDecodeError) as error:
        raise Unfit([Fault(entry.path, 1, "", str(error))]) from error


def find_faults(change: EntryChange, project: Path, catalogue: Catalogue) -> list[Fault]:
    """Read the changed entry as the loader would, and return all that is wrong with it."""
    faults: list[Fault] = []
    with atomic_write.aside(project / change.path, change.after) as hidden:
        parsed = atomic_write.read_back(hidden, project, change.path, ActivityFront, faults)
    if parsed is None:
        return faults
    written, front = parsed
    fields = {name: getattr(front, name) for name in front.__struct_fields__}
    slug = Path(change.path).stem
    new = Activity(**fields, slug=slug, path=change.path, body=written.body)
    activities = tuple(new if one.slug == slug else one for one in catalogue.activities)
    pledges = load.entry_files(project / load.CONTENT / "pledges")
    signed = {f"{file.parent.name}/{file.stem}" for file in pledges}
    changed = msgspec.structs.replace(catalogue, activities=activities)
    entry_faults = checks.activity_faults(new, written, catalogue.taxonomy)
    return sorted({*entry_faults, *checks.catalogue_faults(changed, signed)})
