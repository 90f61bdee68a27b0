"""What one wants to know of an activity in lines of plain text, for a calendar or a feed reader.

No date and no age of the facts: the text changes only when the entry does.
"""

from collections.abc import Iterator

from catalogue.i18n.gettext import _, ngettext
from catalogue.model.activity import Activity
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity import freshness
from catalogue.outputs.activity.first_visit import booking_words
from catalogue.outputs.activity.venue import getting_in
from catalogue.outputs.listings.card import sentence
from catalogue.schedule import schedule


def facts(activity: Activity, taxonomy: Taxonomy) -> Iterator[str]:
    """Yield what one wants to know in the calendar, a line a fact, unknown ones said so."""
    if activity.demonstration:
        yield _("This is a demonstration. The places, people and phone numbers are invented.")
    if notice := freshness.notice(activity):
        yield notice
    yield activity.summary
    for rule in activity.schedule:
        read = schedule.parse(rule.when, rule.except_)
        when = sentence(read.in_words(rings=bool(activity.contact.phone)))
        yield f"{when} ({rule.note})" if rule.note else f"{when}."
    yield _("Cost: %(cost)s", cost=formatting.cost(activity.cost))
    if activity.places.booking in ("needed", "ring first"):
        yield booking_words(activity)
    yield from _access(activity, taxonomy)
    if contact_line := contact(activity):
        yield _("Ask: %(contact)s", contact=contact_line)


def _access(activity: Activity, taxonomy: Taxonomy) -> Iterator[str]:
    for group in getting_in(activity, taxonomy):
        phrases = [*group.access.yes, *(_("%(fact)s: no", fact=label) for label in group.access.no)]
        if group.venue:
            phrases.insert(0, group.venue)
        if phrases:
            yield _("Getting in: %(facts)s.", facts="; ".join(phrases))
        if group.access.unknown:
            yield ngettext(
                "%(num)s thing about getting in is not known: ask.",
                "%(num)s things about getting in are not known: ask.",
                len(group.access.unknown),
            )


def contact(activity: Activity) -> str:
    """Return whom to ask, and how and when, on one line; nothing where that is not known."""
    fields = activity.contact
    website = fields.website or activity.provider.website
    return ", ".join(filter(None, (fields.name, fields.phone, fields.email, website, fields.hours)))
