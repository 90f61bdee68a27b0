"""An entry field by field: what each is called in plain words, and where two texts of it differ.

A field is written as `catalogue.read.front_matter_edit` knows it, such as `schedule[0].when`.
Values are the texts of the front matter, so that what an editor wrote is compared with what an
editor wrote.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Status, YesNoUnknown
from catalogue.model.taxonomy import Taxonomy
from catalogue.read import entry

Fields = Mapping[str, str]
"""Dotted field to what stands there."""

LABELS: Mapping[str, str] = {
    "title": gettext_noop("Title"),
    "summary": gettext_noop("In one sentence"),
    "status": gettext_noop("Does it run?"),
    "schedule.when": gettext_noop("When"),
    "schedule.except": gettext_noop("Not on"),
    "schedule.note": gettext_noop("Note on the time"),
    "venues.name": gettext_noop("Where: name"),
    "venues.address": gettext_noop("Where: street"),
    "venues.postcode": gettext_noop("Where: postcode"),
    "venues.place": gettext_noop("Where: town or area"),
    "cost.price_pence": gettext_noop("Price, in pence"),
    "cost.condition": gettext_noop("Price: for whom, or when"),
    "contact.name": gettext_noop("Ask: name"),
    "contact.phone": gettext_noop("Ask: phone"),
    "contact.email": gettext_noop("Ask: e-mail"),
    "contact.website": gettext_noop("Ask: website"),
    "contact.hours": gettext_noop("Ask: when"),
    "assured_on": gettext_noop("Checked on"),
    "kinds": gettext_noop("Kind"),
    "needs": gettext_noop("Fits the need"),
    "ways": gettext_noop("Way to take part"),
    "languages": gettext_noop("Language"),
    "area_served": gettext_noop("Serves the area"),
    "provider.name": gettext_noop("Who runs it"),
    "provider.website": gettext_noop("Who runs it: website"),
    "provider.signatory": gettext_noop("Who runs it: its promise"),
    "eligibility.who": gettext_noop("Who it is for"),
    "eligibility.not_for": gettext_noop("Who it is not for"),
    "eligibility.referral": gettext_noop("Is a referral needed?"),
    "places.booking": gettext_noop("Is booking needed?"),
    "places.how": gettext_noop("How to book"),
    "places.waiting_list": gettext_noop("Is there a waiting list?"),
    "first_visit.greeter": gettext_noop("First visit: who greets you"),
    "first_visit.what_happens": gettext_noop("First visit: what happens"),
    "first_visit.welcomes_newcomers_alone": gettext_noop("First visit: welcome on your own"),
    "first_visit.bring_someone": gettext_noop("First visit: bring someone"),
    "first_visit.buddy_can_meet_you": gettext_noop("First visit: somebody can meet you"),
    "getting_there.bus": gettext_noop("Getting there: bus"),
    "getting_there.parking": gettext_noop("Getting there: parking"),
    "getting_there.lift_offered": gettext_noop("Getting there: a lift is offered"),
    "getting_there.lift": gettext_noop("Getting there: the lift"),
    "getting_there.directions": gettext_noop("Getting there: the way"),
    "provider.charity_number": gettext_noop("Who runs it: charity number"),
    "provider.company_number": gettext_noop("Who runs it: company number"),
    "schedule.venue": gettext_noop("At which of its places"),
    "venues.latitude": gettext_noop("Where: latitude"),
    "venues.longitude": gettext_noop("Where: longitude"),
    "venues.hidden": gettext_noop("Where: is the address kept back?"),
    "eligibility.minimum_age": gettext_noop("From what age"),
    "eligibility.maximum_age": gettext_noop("Up to what age"),
    "places.as_of": gettext_noop("Room: as it was on"),
    "language": gettext_noop("What the entry is written in"),
    "online_help": gettext_noop("Help to join online"),
    "changed_on": gettext_noop("Changed on"),
    "changed": gettext_noop("What changed, in a few words for visitors"),
    "sources.name": gettext_noop("Where we read it"),
    "sources.website": gettext_noop("Where we read it: website"),
    "sources.read_on": gettext_noop("Day we read it"),
}
VALUE_LABELS: Mapping[str, str] = {
    "active": gettext_noop("Yes, it runs"),
    "unknown": gettext_noop("Not known"),
    "inactive": gettext_noop("Not at present"),
    "temporarily closed": gettext_noop("Closed for a while"),
    "defunct": gettext_noop("No, it has ended"),
    "yes": gettext_noop("Yes"),
    "no": gettext_noop("No"),
}


class Difference(msgspec.Struct, frozen=True):
    """One field that reads otherwise; "" is that there is nothing."""

    field: str
    label: str
    old: str
    new: str


def fields_of(raw: bytes, path: str = "") -> Fields:
    """Return the fields of an entry; none where its front matter cannot be read."""
    try:
        return dict(_flatten(entry.parse_entry(raw, path).front))
    except entry.UnreadableEntry:
        return {}


def differences(before: bytes, after: bytes, path: str, terms: Taxonomy) -> tuple[Difference, ...]:
    """Return the fields in which two texts of one entry differ, in the order of the later one."""
    old, new = fields_of(before, path), fields_of(after, path)
    return tuple(
        Difference(name, label(name, terms), _value_text(name, old), _value_text(name, new))
        for name in {**new, **old}
        if old.get(name, "") != new.get(name, "")
    )


def label(name: str, terms: Taxonomy) -> str:
    """Return what a field is called, with its number where it is not the first of its list."""
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", name)]
    plain = re.sub(r"\[\d+\]", "", name)
    fact = terms.access_fact.get(plain.rpartition("access.")[2]) if "access." in plain else None
    text = fact.label if fact else _(LABELS[plain]) if plain in LABELS else name
    if plain in LABELS and any(numbers):
        return _("%(field)s (%(number)s)", field=text, number=max(numbers) + 1)
    return text


def _value_text(name: str, values: Fields) -> str:
    """Return what stands in a field, in plain words where only some words can stand there."""
    value = values.get(name, "")
    return _(VALUE_LABELS[value]) if value in closed_list(name) else value


def closed_list(name: str) -> tuple[str, ...]:
    """Return the words that can stand in a field; none where any can."""
    if name == "status":
        return get_args(Status)
    return get_args(YesNoUnknown) if re.search(r"(\A|\.)access\.", name) else ()


def _flatten(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of front matter that hold a text."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _flatten(below, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _flatten(below, f"{name}[{number}]")
    elif value:
        yield name, value
