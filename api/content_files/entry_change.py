"""A change to the entry of one activity: a diff, checked as every entry is before it is written.

Nothing goes into `content/` that the loader would not read, or that the checks find a fault in.
"""

import difflib
import hashlib
from pathlib import Path

import msgspec

from catalogue.faults import Fault
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.read import checks, load


class EntryChange(msgspec.Struct, frozen=True):
    """A change ready to be written. `path` is the entry's below the project; a new one was b""."""

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


def check_change(change: EntryChange, project: Path, catalogue: Catalogue) -> load.CheckedActivity:
    """Read the changed entry as the loader would, and return it with all that is wrong with it."""
    checked = load.check_activity(change.after, change.path, catalogue.taxonomy)
    if checked.activity is None:
        return checked
    pledges = load.entry_files(project / load.CONTENT / "pledges")
    signed = {f"{file.parent.name}/{file.stem}" for file in pledges}
    activities = _with_activity(catalogue.activities, checked.activity)
    changed = msgspec.structs.replace(catalogue, activities=activities)
    faults = {*checked.faults, *checks.catalogue_faults(changed, signed)}
    return load.CheckedActivity(checked.activity, tuple(sorted(faults)))


def find_faults(change: EntryChange, project: Path, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return all that is wrong with the changed entry."""
    return check_change(change, project, catalogue).faults


def _with_activity(before: tuple[Activity, ...], new: Activity) -> tuple[Activity, ...]:
    unchanged = (activity for activity in before if activity.slug != new.slug)
    return tuple(sorted((*unchanged, new), key=lambda activity: activity.slug))
