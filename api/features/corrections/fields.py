"""Which fields of an entry the page of a correction offers, by what is said to be wrong."""

import re
from collections.abc import Iterator

import msgspec

from api.content_files.entry_fields import VALUE_LABELS, Fields, closed_list, label
from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.choices import Choice

LIST_FIELDS = {
    "times": ("schedule", ("when", "note")),
    "place": ("venues", ("name", "address", "postcode", "place")),
    "cost": ("cost", ("price_pence", "condition")),
}
"""Of each choice of what is wrong the list it is about, and what one line of it holds."""
CONTACT = tuple(f"contact.{name}" for name in ("name", "phone", "email", "website", "hours"))


class EntryField(msgspec.Struct, frozen=True):
    """One input: `name` is the field, `value` what is typed in it.

    `previous_value` is what the entry says, `choices` are there where only some words can stand.
    """

    name: str
    label: str
    value: str
    previous_value: str
    choices: tuple[Choice, ...] = ()


def split_fields(about: str, values: Fields, terms: Taxonomy) -> tuple[tuple[EntryField, ...], ...]:
    """Return the inputs for what is said to be wrong, and those for the rest of the entry."""
    writable = {name: value for name, value in values.items() if "\n" not in value}
    first = tuple(dict.fromkeys(_fields_about(about, writable, terms)))
    remaining = [name for name in writable if name not in first]
    return tuple(
        tuple(_field(name, writable.get(name, ""), terms) for name in names)
        for names in (first, remaining)
    )


def _fields_about(about: str, values: Fields, terms: Taxonomy) -> Iterator[str]:
    if about in ("ended", "times"):
        yield "status"
    if about in LIST_FIELDS:
        yield from _list_fields(*LIST_FIELDS[about], values)
    elif about == "contact":
        yield from CONTACT
    elif about == "access":
        yield from (f"access.{slug}" for slug in terms.access_fact)
    elif about == "still_right":
        yield "assured_on"


def _list_fields(name: str, parts: tuple[str, ...], values: Fields) -> Iterator[str]:
    """Yield the fields of each line of a list that stands, and those of one more."""
    pattern = re.compile(rf"{name}\[(\d+)\]")
    numbers = [int(match[1]) for field in values if (match := pattern.match(field))]
    for number in range(max(numbers, default=-1) + 2):
        row = f"{name}[{number}]"
        yield from (f"{row}.{part}" for part in parts)
        yield from (field for field in values if field.startswith(f"{row}.except["))


def _field(name: str, value: str, terms: Taxonomy) -> EntryField:
    choices = tuple(Choice(value, _(VALUE_LABELS[value])) for value in closed_list(name))
    return EntryField(name, label(name, terms), value, value, choices)
