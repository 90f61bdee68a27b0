"""What is real and what is invented never stands in one answer: the one rule of all outputs.

A world is either of the two. Real entries are shown; those of the demonstration stand apart, or in
their place where nothing is real. A file that somebody follows (a calendar, the feed) has the shown
ones alone.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from catalogue.i18n.gettext import _


class _Entry(Protocol):
    @property
    def demonstration(self) -> bool: ...


_E = TypeVar("_E", bound=_Entry)


class _TitledEntry(_Entry, Protocol):
    @property
    def title(self) -> str: ...


def split_worlds(entries: Iterable[_E]) -> tuple[list[_E], list[_E]]:
    """Return what is shown and, apart, what is invented; without real ones all invented is shown.

    Both are in the order given.
    """
    ordered = list(entries)
    real = [entry for entry in ordered if not entry.demonstration]
    if not real:
        return ordered, []
    return real, [entry for entry in ordered if entry.demonstration]


def title(entry: _TitledEntry) -> str:
    """Return an entry's title; an invented one says so where its name goes without its page."""
    if entry.demonstration:
        return _("Demonstration: %(title)s", title=entry.title)
    return entry.title
