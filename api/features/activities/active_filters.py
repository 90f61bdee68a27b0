"""The answers given in a search form, each in words and with the address that takes it away."""

from collections.abc import Mapping

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.choices import Choice, Choices
from catalogue.outputs.search.form import SearchForm

YES = {
    "free": gettext_noop("Free"),
    "alone": gettext_noop("Welcomes people on their own"),
    "buddy": gettext_noop("Somebody meets me at the door"),
    "lift": gettext_noop("Can collect me"),
}


def chosen(asked: SearchForm, offered: Choices) -> tuple[Link, ...]:
    """Return every answer that narrows a search; its address is the search without it."""
    words = _words(offered)
    return tuple(
        Link(said, asked.without(field, value).address())
        for field, value in asked.pairs
        if (said := _said(words, field, value))
    )


def orders(asked: SearchForm, offered: Choices, possible: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the other orders that make sense for this answer."""
    return tuple(
        Link(one.words, msgspec.structs.replace(asked, order=one.value).address())
        for one in offered.orders
        if one.value in possible and one.value != asked.order
    )


def _said(words: Mapping[str, Mapping[str, str]], field: str, value: str) -> str:
    """Return an answer in words; nothing for what is no filter or not offered."""
    if field == "place":
        return _("Near %(place)s", place=value)
    if field == "near":
        return _("Near where you are")
    if field == "age":
        return _("Age %(age)s", age=value)
    if field in YES:
        return _(YES[field])
    return words.get(field, {}).get(value, "")


def _words(offered: Choices) -> dict[str, dict[str, str]]:
    lists: tuple[tuple[str, tuple[Choice, ...]], ...] = (
        ("kind", offered.kinds),
        ("need", offered.needs),
        ("day", offered.days),
        ("time", offered.times),
        ("way", offered.ways),
        ("access", offered.access),
        ("promise", offered.promises),
        ("language", offered.languages),
        ("within_km", offered.distances),
    )
    return {field: {one.value: one.words for one in choices} for field, choices in lists}
