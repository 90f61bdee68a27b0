"""What a change of an entry is called for visitors, and its day, for "New and changed"."""

import re
from collections.abc import Iterable, Mapping, Sequence

from api.content_files.entry_fields import Fields, fields_of
from catalogue.i18n.gettext import _, gettext_noop

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


def news_fields(
    before: bytes, after: bytes, changes: Mapping[str, str], today: str
) -> dict[str, str]:
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
