"""The change that a correction makes to one entry."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from api.content_files.atomic_write import Unfit
from api.content_files.entry_change import EntryChange
from api.content_files.entry_news import news_fields
from api.context import Context
from api.errors import Conflict
from api.features.corrections.store import Correction
from catalogue.faults import Fault
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class EntryGone(Conflict):
    """The entry is not in the content any more."""

    code = "entry-gone"
    sentence = gettext_noop("The entry is not there any more: reject the correction.")


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

    `values` are those of fields; without them a choice that says enough brings its own. What
    people go by is dated, for "New and changed"; a check alone is no change.
    """
    entry = read_entry(correction, context.project, catalogue)
    today = context.now.astimezone(LOCAL).date().isoformat()
    implied = {"still_right": {"assured_on": today}, "ended": {"status": "defunct"}}
    changes = dict(values or implied.get(correction.about, {}))
    if checked:
        changes["assured_on"] = today
    try:
        after = set_fields(entry.raw.decode(), changes)
        dated = set_fields(after, news_fields(entry.raw, after.encode(), changes, today))
        return EntryChange(entry.path, entry.raw, dated.encode())
    except (CannotEdit, UnicodeDecodeError) as error:
        raise Unfit([Fault(entry.path, 1, "", str(error))]) from error
