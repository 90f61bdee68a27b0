"""The active filters of a search: each with its label and the address without it."""

from collections.abc import Iterable, Mapping

import msgspec

from api.search.port import Understood
from catalogue.i18n.gettext import _, format_list, gettext_noop
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.choices import Choice, Choices
from catalogue.outputs.search.form import SearchForm

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
    form: SearchForm, choices: Choices, understood: Iterable[Understood]
) -> tuple[Link, ...]:
    """Return what words of the search were understood as; its address takes them as plain words."""
    labels = _labels(choices)
    links = []
    for part in understood:
        words = [_understood_label(labels, field, value) for field, value in part.filters]
        taken_back = msgspec.structs.replace(form, as_typed=(*form.as_typed, part.words))
        links.append(
            Link(format_list([word for word in words if word], "or"), taken_back.address())
        )
    return tuple(links)


def _understood_label(labels: Mapping[str, Mapping[str, str]], field: str, value: str) -> str:
    if field == "someone_else":
        return _("For somebody else")
    return _filter_label(labels, FORM_FIELD.get(field, field), value)


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
        return _("Near %(place)s", place=value)
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
