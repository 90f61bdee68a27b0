"""What a search can be narrowed to: the answers its form offers, in plain words.

Only what leads somewhere is offered: kinds and languages that are used, promises that somebody
keeps today. `api/search` decides which activity fits an answer.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from catalogue.i18n.gettext import _, gettext_noop, ngettext, weekday
from catalogue.i18n.languages import language_label, languages_or_default
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import HelpNow
from catalogue.outputs.search import filters
from catalogue.outputs.search.filters import DAYS

WAYS = {
    "online": gettext_noop("Online"),
    "by phone": gettext_noop("By phone"),
    "comes to you": gettext_noop("Comes to you"),
    "in person": gettext_noop("In person"),
}
PARTS = {
    "morning": gettext_noop("Morning"),
    "afternoon": gettext_noop("Afternoon"),
    "evening": gettext_noop("Evening"),
}
ORDERS = {
    "soonest": gettext_noop("The soonest first"),
    "nearest": gettext_noop("The nearest first"),
    "best": gettext_noop("What fits my words best first"),
}
WITHIN_KM = {2: 1, 5: 3, 8: 5, 16: 10, 32: 20}
"""The distances of the form: kilometres, and the miles they are shown as."""


class Choice(msgspec.Struct, frozen=True):
    """One answer a search form offers."""

    value: str
    words: str
    short: str = ""
    """The same for a chip, where there is a shorter way to say it."""


class Choices(msgspec.Struct, frozen=True):
    """All answers a search form offers; the values are those of `api.search.port.Query`."""

    kinds: tuple[Choice, ...]
    places: tuple[str, ...]
    days: tuple[Choice, ...]
    ways: tuple[Choice, ...]
    times: tuple[Choice, ...] = ()
    needs: tuple[Choice, ...] = ()
    access: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    promises: tuple[Choice, ...] = ()
    distances: tuple[Choice, ...] = ()
    orders: tuple[Choice, ...] = ()
    help_now: tuple[HelpNow, ...] = ()
    """What is told at once where somebody's words cannot wait."""


def choices(catalogue: Catalogue, today: date) -> Choices:
    """Return what a search of this catalogue can be narrowed to on a day (London)."""
    terms = catalogue.taxonomy
    used = {slug for activity in catalogue.activities for slug in activity.kinds}
    return Choices(
        kinds=tuple(Choice(kind.slug, kind.label) for kind in terms.kinds if kind.slug in used),
        places=tuple(area.name for area in terms.areas),
        days=tuple(Choice(day, weekday(number)) for number, day in enumerate(DAYS)),
        ways=_translated_choices(WAYS),
        times=_translated_choices(PARTS),
        needs=tuple(Choice(need.slug, need.label) for need in terms.needs),
        access=tuple(Choice(fact.slug, fact.label, fact.short) for fact in terms.access),
        languages=tuple(Choice(name, language_label(name)) for name in _languages(catalogue)),
        promises=_promises(catalogue, today),
        distances=tuple(Choice(str(km), within(miles)) for km, miles in WITHIN_KM.items()),
        orders=_translated_choices(ORDERS),
        help_now=terms.help_now,
    )


def within(miles: int) -> str:
    """Return "Within 5 miles"."""
    return ngettext("Within %(num)s mile", "Within %(num)s miles", miles)


def _translated_choices(words: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, _(language_label)) for value, language_label in words.items())


def _languages(catalogue: Catalogue) -> Iterable[str]:
    """Return every language spoken somewhere; nothing where all speak the same."""
    names = {
        name
        for activity in catalogue.activities
        for name in languages_or_default(activity.languages)
    }
    return sorted(names) if len(names) > 1 else ()


def _promises(catalogue: Catalogue, today: date) -> tuple[Choice, ...]:
    """Return the commitments that a provider of some activity keeps now, as the pledges run."""
    kept_promises = filters.promises(catalogue, today)
    now = {
        name
        for activity in catalogue.activities
        for name in kept_promises.get(activity.provider.signatory, ())
    }
    return tuple(
        Choice(name, commitment.title)
        for pledge in catalogue.pledges
        for commitment in pledge.current.commitments
        if (name := f"{pledge.slug}/{commitment.id}") in now
    )
