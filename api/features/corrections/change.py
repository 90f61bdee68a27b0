"""The change that a correction makes to one entry."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from api.content_files.atomic_write import Unfit
from api.content_files.entry_change import EntryChange
from api.context import Context
from api.errors import Conflict
from api.features.corrections.fields import Fields, fields_of
from api.features.corrections.store import Correction
from catalogue.faults import Fault
from catalogue.i18n.gettext import _, gettext_noop
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
        dated = set_fields(after, _news(entry.raw, after.encode(), changes, today))
        return EntryChange(entry.path, entry.raw, dated.encode())
    except (CannotEdit, UnicodeDecodeError) as error:
        raise Unfit([Fault(entry.path, 1, "", str(error))]) from error


NEWS: Mapping[str, str] = {
    "schedule": gettext_noop("New days or times"),
    "venues": gettext_noop("New place"),
    "cost": gettext_noop("New price"),
    "contact": gettext_noop("New way to ask about it"),
    "access": gettext_noop("More is known about getting in"),
}
"""What changed, for visitors, by the first part of a field's name."""
STATUS_NEWS: Mapping[str, str] = {
    "active": gettext_noop("It runs again"),
    "inactive": gettext_noop("Not at present"),
    "temporarily closed": gettext_noop("Closed for a while"),
    "defunct": gettext_noop("It has ended"),
}
NO_NEWS = {"assured_on", "sources", "changed_on", "changed"}


def _news(before: bytes, after: bytes, changes: Mapping[str, str], today: str) -> dict[str, str]:
    """Return the fields that date a change: none where nothing changed that people go by.

    What somebody typed as `changed` stands; words of an earlier change never stand for this one.
    """
    old, new = fields_of(before), fields_of(after)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    parts = dict.fromkeys(re.split(r"[.\[]", name)[0] for name in changed)
    if parts.keys() <= NO_NEWS and "changed" not in changed:
        return {}
    news = {"changed_on": today}
    if "changed" not in changes:
        news["changed"] = _news_words(changed, parts, new)
    return {name: value for name, value in news.items() if value or new.get(name)}


def _news_words(changed: Sequence[str], parts: Iterable[str], new: Fields) -> str:
    """Return what changed, in a few words for visitors."""
    status = STATUS_NEWS.get(new.get("status", "")) if "status" in parts else None
    if status:
        return _(status)
    words = {part: _(NEWS[part]) for part in parts if part in NEWS}
    times = [new[name] for name in changed if name.endswith(".when") and new.get(name)]
    if len(times) == 1:
        words["schedule"] = _("Now %(times)s", times=times[0])
    return "; ".join(words.values())
