"""The active filters of a search: each with its label and the address without it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from api.search.port import Understood
from catalogue.i18n.gettext import _, format_list, gettext_noop
from catalogue.outputs.formatting import day
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.choices import Choice, Choices
from catalogue.outputs.search.form import SearchForm

NEAR = re.compile(r"^\s*(near|nr\.?|in|around)\s+", re.IGNORECASE)  # the label says it already
FORM_FIELD = {"days": "day", "times": "time", "ways": "way"}  # a field of a query in the form
YES_LABELS = {
    "soon": gettext_noop("Today or tomorrow"),
    "free": gettext_noop("Free"),
    "alone": gettext_noop("Someone will greet me"),
    "buddy": gettext_noop("Somebody meets me at the door"),
    "lift": gettext_noop("Can collect me"),
}


def active_filters(form: SearchForm, choices: Choices) -> tuple[Link, ...]:
    """Return every answer that narrows a search; its address is the search without it."""
    labels = _labels(choices)
    return tuple(
        Link(label, form.without(field, value).address())
        for field, value in form.pairs
        if (label := _filter_label(labels, field, value))
    )


def understood_filters(
    form: SearchForm, choices: Choices, understood: Iterable[Understood], today: date
) -> tuple[Link, ...]:
    """Return what words of the search were understood as; its address takes them as plain words."""
    labels = _labels(choices)
    links = []
    for part in understood:
        by_field: dict[str, list[str]] = {}
        is_one_date = [field for field, _value in part.filters].count("dates") == 1
        for field, value in part.filters:
            label = _understood_label(labels, field, value, today if is_one_date else None)
            by_field.setdefault(field, []).append(label)
        lists = (
            format_list([label for label in found if label], "or") for found in by_field.values()
        )
        taken_back = msgspec.structs.replace(form, as_typed=(*form.as_typed, part.words))
        links.append(Link(", ".join(filter(None, lists)), taken_back.address()))
    return tuple(links)


def _understood_label(
    labels: Mapping[str, Mapping[str, str]], field: str, value: str, today: date | None
) -> str:
    if field == "dates":
        return _date_label(date.fromisoformat(value), today)
    if field == "someone_else":
        return _("For somebody else")
    return _filter_label(labels, FORM_FIELD.get(field, field), value)


def _date_label(on: date, today: date | None) -> str:
    """Return "Tomorrow, Wednesday 25 November"; without `today` the date alone."""
    if today is None or (on - today).days not in (0, 1):
        return day(on)
    return _("%(day)s, %(date)s", day=day(on, today), date=day(on))


def other_orders(form: SearchForm, choices: Choices, possible: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the possible orders that the search does not have now."""
    return tuple(
        Link(choice.words, msgspec.structs.replace(form, order=choice.value).address())
        for choice in choices.orders
        if choice.value in possible and choice.value != form.order
    )


def _filter_label(labels: Mapping[str, Mapping[str, str]], field: str, value: str) -> str:
    """Return the label of an answer; nothing for what is no filter or not choices."""
    if field == "place":
        return _("Near %(place)s", place=NEAR.sub("", value) or value)
    if field == "near":
        return _("Near where you are")
    if field == "age":
        return _("Age %(age)s", age=value)
    if field in YES_LABELS:
        return _(YES_LABELS[field])
    return labels.get(field, {}).get(value, "")


def _labels(choices: Choices) -> dict[str, dict[str, str]]:
    lists: tuple[tuple[str, tuple[Choice, ...]], ...] = (
        ("kind", choices.kinds),
        ("need", choices.needs),
        ("day", choices.days),
        ("time", choices.times),
        ("way", choices.ways),
        ("access", choices.access),
        ("promise", choices.promises),
        ("language", choices.languages),
        ("within_km", choices.distances),
    )
    return {field: {choice.value: choice.words for choice in options} for field, options in lists}
