"""The rules that an activity must keep, one generator each, and those between several files.

A rule yields (dotted field, message); `Entry.fault` adds path and line. Rules that need more than
one file are in `catalogue_faults`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from catalogue.faults import Fault, did_you_mean
from catalogue.i18n import languages
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.geo import kilometres
from catalogue.model.phone import dialled
from catalogue.model.taxonomy import Kind, Need, Taxonomy
from catalogue.model.text import POSTCODE, POSTCODE_AREAS, name_key, outward_code
from catalogue.read import body
from catalogue.read.entry import Entry
from catalogue.schedule import schedule
from catalogue.schedule.errors import ScheduleError

FAR_KM = 50  # no venue lies further from the middle of its own place

Faults = Iterator[tuple[str, str]]
"""Pairs of dotted field and message."""


def terms_known(
    field: str,
    words: Iterable[str],
    allowed: Iterable[str],
    list_name: str,
    terms: Iterable[Kind | Need] = (),
) -> Faults:
    """Each word stands in the closed list; `list_name` names that list to an editor.

    `terms` have what people say instead: it leads an editor to the word of the list.
    """
    allowed = tuple(allowed)
    for number, word in enumerate(words):
        if word not in allowed:
            other_term = other_names_of(terms).get(name_key(word), "")
            hint = f' Write "{other_term}".' if other_term else did_you_mean(word, allowed)
            yield (
                f"{field}[{number}]",
                f'"{word}" is not one of the {list_name} in taxonomy.yml.{hint}',
            )


def other_names_of(terms: Iterable[Kind | Need]) -> dict[str, str]:
    """Return the slug of each label, plural and alias, by the key of the name."""
    return {
        name_key(name): term.slug
        for term in terms
        for name in (*term.aliases, getattr(term, "plural", ""), term.label, term.slug)
    }


def kinds_are_known(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Every kind is a slug of the taxonomy; what people say for one leads an editor to it."""
    yield from terms_known("kinds", activity.kinds, taxonomy.kind, "kinds", taxonomy.kinds)


def needs_are_known(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Every need is a slug of the taxonomy; what people say for one leads an editor to it."""
    yield from terms_known("needs", activity.needs, taxonomy.need, "needs", taxonomy.needs)


def areas_are_known(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Venues and areas served stand in the list of areas, so that people find them by place."""
    yield from terms_known("area_served", activity.area_served, taxonomy.area, "areas")
    for number, venue in enumerate(activity.venues):
        if venue.place not in taxonomy.area:
            hint = did_you_mean(venue.place, taxonomy.area)
            message = f'"{venue.place}" is not one of the areas in taxonomy.yml.{hint}'
            yield f"venues[{number}].place", message


def access_facts_are_known(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Access facts come from the closed list, so that every one of them can be filtered."""
    known_facts = taxonomy.access_fact
    places = [("access", activity.access)]
    places += [(f"venues[{n}].access", venue.access) for n, venue in enumerate(activity.venues)]
    for field, facts in places:
        for name in facts:
            if name not in known_facts:
                yield f"{field}.{name}", f"no such access fact.{did_you_mean(name, known_facts)}"


def its_language_is_known(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """The language it is written in has a tag, so that a screen reader can speak it."""
    name = activity.language
    if name and name not in languages.tags():
        hint = did_you_mean(name, languages.tags())
        yield "language", f'"{name}" is not the English name of a language we know.{hint}'


def postcodes_read_as_postcodes(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """A postcode is a whole one (ZZ3 1AA) or its first half (ZZ3), of an area there is."""
    for number, venue in enumerate(activity.venues):
        if not venue.postcode:
            continue
        letters = outward_code(venue.postcode)[:2].rstrip("0123456789")
        if not letters:
            yield f"venues[{number}].postcode", "write a postcode as ZZ3 1AA, or its first half"
        elif letters not in POSTCODE_AREAS:
            yield f"venues[{number}].postcode", f"no postcode begins with {letters}"


def venues_lie_where_their_place_is(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """A slip in a number puts a venue into the sea, and everybody near it finds it nowhere."""
    for number, venue in enumerate(activity.venues):
        point, place = venue.point, taxonomy.area.get(venue.place)
        if (venue.latitude is None) != (venue.longitude is None):
            yield f"venues[{number}]", "latitude and longitude belong together: write both"
        if point is None or place is None or place.point is None:
            continue
        apart = kilometres(point, place.point)
        if apart > FAR_KM:
            message = f"lies {apart:.0f} km from {place.name}: look at latitude and longitude again"
            yield f"venues[{number}].latitude", message


def hidden_venues_say_no_more_than_their_place(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """A hidden address must not be written down: the folder of entries is published as it is."""
    for number, venue in enumerate(activity.venues):
        if venue.hidden == "no":
            continue
        exact = POSTCODE.search(_all_words(activity).upper())
        if venue.address or venue.name or venue.latitude is not None or exact:
            message = "a hidden venue names only its place: take name, address and postcode out"
            yield f"venues[{number}].hidden", message


def _all_words(activity: Activity) -> str:
    """Return all text of the entry except venues that are not hidden."""
    hidden = tuple(venue for venue in activity.venues if venue.hidden == "yes")
    checked = msgspec.structs.replace(activity, venues=hidden, path="")
    return msgspec.json.encode(checked).decode()


def in_person_has_a_venue(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Somebody who is to come needs to know where to."""
    if "in person" in activity.ways and not activity.venues:
        yield "venues", 'is missing: an activity "in person" happens somewhere'
    if activity.ways and "in person" not in activity.ways and activity.venues:
        yield "ways", 'add "in person", or take the venues out'
    if not activity.venues and not activity.area_served:
        yield "area_served", "is missing: say which area it serves when it has no venue"


def schedules_can_be_read(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """Every timetable parses, and names a venue of this entry if it names one."""
    names = [venue.name for venue in activity.venues]
    for number, timetable in enumerate(activity.schedule):
        try:
            schedule.parse(timetable.when, timetable.except_)
        except ScheduleError as error:
            yield f"schedule[{number}].when", str(error)
        if timetable.venue and timetable.venue not in names:
            hint = did_you_mean(timetable.venue, names)
            yield f"schedule[{number}].venue", f"no venue of this entry has that name.{hint}"


def somebody_can_be_asked(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """A page that leaves things unknown says whom to ask."""
    contact = activity.contact
    if not (contact.phone or contact.email or contact.website or activity.provider.website):
        yield "contact", "is missing: give a phone, an e-mail address or a website to ask at"


def the_number_can_be_rung(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """The number to ask at is whole."""
    if activity.contact.phone and not dialled(activity.contact.phone):
        yield "contact.phone", "is no number that can be rung: are all digits there?"


def facts_have_a_day(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """An entry says when it was checked with its provider, or where and when it was read."""
    if activity.assured_on is None and not activity.sources:
        yield "assured_on", "is missing: say when this was checked, or give `sources`"


def titles_have_words(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """A title is words, and lists hold something."""
    if not any(sign.isalpha() for sign in activity.title):
        yield "title", "is missing its words"
    if not activity.kinds:
        yield "kinds", "is missing: name at least one kind"
    if not activity.ways:
        yield "ways", 'is missing: "in person", "online", "by phone" or "comes to you"'


def ages_are_in_order(activity: Activity, taxonomy: Taxonomy) -> Faults:
    """The youngest age is not above the oldest."""
    eligibility = activity.eligibility
    if (
        eligibility.minimum_age
        and eligibility.maximum_age
        and eligibility.minimum_age > eligibility.maximum_age
    ):
        yield "eligibility.minimum_age", "is above maximum_age"


ACTIVITY_RULES: tuple[Callable[[Activity, Taxonomy], Faults], ...] = (
    titles_have_words,
    kinds_are_known,
    needs_are_known,
    areas_are_known,
    access_facts_are_known,
    its_language_is_known,
    postcodes_read_as_postcodes,
    venues_lie_where_their_place_is,
    hidden_venues_say_no_more_than_their_place,
    in_person_has_a_venue,
    schedules_can_be_read,
    somebody_can_be_asked,
    the_number_can_be_rung,
    facts_have_a_day,
    ages_are_in_order,
)


RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "venues": ("ways", "area_served"),
    "ways": ("venues",),
    "area_served": ("ways", "venues"),
    "contact": ("provider",),
    "assured_on": ("sources",),
}
"""Fields that are faulty only beside others: a list that could not be read makes none missing."""


def activity_faults(activity: Activity, entry: Entry, taxonomy: Taxonomy) -> list[Fault]:
    """Return all faults of one activity."""
    faults = [
        entry.fault(field, message)
        for rule in ACTIVITY_RULES
        for field, message in rule(activity, taxonomy)
    ]
    faults += [entry.fault(field, NO_MARKUP) for field in _fields_with_markup(entry.front)]
    return faults + body_faults(entry)


def body_faults(entry: Entry) -> list[Fault]:
    """Return the faults of an entry's Markdown, each at its line."""
    return [
        Fault(entry.path, entry.body_line + line - 1, "", message)
        for line, message in body.markdown_faults(entry.body)
    ]


MARKUP = re.compile(r"<[A-Za-z/!?]")
NO_MARKUP = "takes plain words, and no tags such as <b>"


def _fields_with_markup(value: object, field: str = "") -> Iterator[str]:
    """Yield the dotted name of each line of the front matter that holds markup."""
    if isinstance(value, str) and MARKUP.search(value):
        yield field
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _fields_with_markup(inner, f"{field}.{name}" if field else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _fields_with_markup(inner, f"{field}[{place}]")


def catalogue_faults(catalogue: Catalogue, signed: set[str]) -> Iterator[Fault]:
    """Yield the faults that need more than one file; `signed` are all signatories: `pledge/who`."""
    for activity in catalogue.activities:
        signatory_key = activity.provider.signatory
        if signatory_key and signatory_key not in signed:
            hint = did_you_mean(signatory_key, signed)
            yield Fault(activity.path, 1, "provider.signatory", f"no such pledge entry.{hint}")
    yield from _former_names_lead_to_one(catalogue, signed)
    yield from _terms_name_known_terms(catalogue.taxonomy)


def _former_names_lead_to_one(catalogue: Catalogue, signed: set[str]) -> Iterator[Fault]:
    """A former name leads to one signatory, and is not the name of another."""
    owner: dict[str, str] = {}
    for signatory in catalogue.signatories:
        for number, name in enumerate(signatory.former_slugs):
            former, field = f"{signatory.pledge}/{name}", f"former_slugs[{number}]"
            if former in signed and name != signatory.slug:
                message = f"{former} is an entry of its own: take it out"
                yield Fault(signatory.path, 1, field, message)
            elif owner.setdefault(former, signatory.path) != signatory.path:
                message = f"{former} leads to {owner[former]} already"
                yield Fault(signatory.path, 1, field, message)


def _terms_name_known_terms(taxonomy: Taxonomy) -> Iterator[Fault]:
    path = "content/taxonomy.yml"
    for need in taxonomy.needs:
        for kind in need.kinds:
            if kind not in taxonomy.kind:
                yield Fault(path, 1, f"needs.{need.slug}", f'"{kind}" is not a kind')
    for group in taxonomy.kind_groups:
        for kind in group.kinds:
            if kind not in taxonomy.kind:
                yield Fault(path, 1, f"kind_groups.{group.slug}", f'"{kind}" is not a kind')
    for area in taxonomy.areas:
        if area.within and area.within not in taxonomy.area:
            yield Fault(path, 1, f"areas.{area.name}", f'"{area.within}" is not an area')
