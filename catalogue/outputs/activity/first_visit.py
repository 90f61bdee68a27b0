"""What a newcomer asks before a first visit: company, the way there, eligibility, places left.

A fact that is not known is named as a question to ask; it is never left out and never "no".
"""

from collections.abc import Iterator

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Activity, YesNoUnknown
from catalogue.model.phone import find_phone
from catalogue.outputs import formatting as words

BOOKING = {
    "not needed": gettext_noop("Just come, there is no need to book."),
    "needed": gettext_noop("Please book a place first."),
    "ring first": gettext_noop("Please ring before you come."),
    "unknown": gettext_noop("We do not know whether you need to book. Please ask."),
}
WAITING = {
    "open": gettext_noop("There is a waiting list, and you can join it."),
    "full": gettext_noop("There is no room at the moment, and the waiting list is closed."),
}
WAITING_ON = {
    "open": gettext_noop("There is a waiting list, and you can join it (%(day)s)."),
    "full": gettext_noop(
        "There is no room at the moment, and the waiting list is closed (%(day)s)."
    ),
}
REFERRAL = {
    "not needed": gettext_noop("You do not need to be referred."),
    "self or anyone": gettext_noop("You can refer yourself, or anybody can refer you."),
    "professional only": gettext_noop(
        "A professional has to refer you: your GP, or a social worker."
    ),
}


class Answer(msgspec.Struct, frozen=True):
    """A question a newcomer has, and the answer: yes, no, or that it must be asked."""

    question: str
    words: str
    answer: YesNoUnknown


class WayThere(msgspec.Struct, frozen=True):
    """One way of getting there: by what, and how; `by` is empty for plain directions.

    What the first visit says too is `repeated`, and left out where room is scarce.
    """

    by: str
    words: str
    repeated: bool = False


class GettingThere(msgspec.Struct, frozen=True):
    """How to get there, and in one sentence what was not told of it."""

    ways: tuple[WayThere, ...]
    to_ask: str


def newcomer_answers(activity: Activity) -> Iterator[Answer]:
    """Yield what a newcomer asks."""
    visit = activity.first_visit
    not_known = _("Not known, ask.")
    for question, answer, yes, no in (
        (
            _("Can I come on my own?"),
            visit.welcomes_newcomers_alone,
            _("Yes, people do."),
            _("No."),
        ),
        (
            _("May I bring someone?"),
            visit.bring_someone,
            _("Yes, bring somebody."),
            _("No, please come alone."),
        ),
        (
            _("Can a buddy meet me first?"),
            visit.buddy_can_meet_you,
            _("Yes, ask for one."),
            _("No."),
        ),
    ):
        yield Answer(question, {"yes": yes, "no": no}.get(answer, not_known), answer)


def getting_there(activity: Activity) -> GettingThere:
    """Return the ways there; an activity without a venue has none, and nothing to ask."""
    travel = activity.getting_there
    ways = tuple(way for way in _ways(activity) if way.words)
    if not activity.venues:
        return GettingThere(ways, "")
    unknown = (
        (_("buses"), not travel.bus),
        (_("parking"), not travel.parking),
        (_("lifts"), not travel.lift and travel.lift_offered == "unknown"),
    )
    missing_names = [name for name, missing in unknown if missing]
    sentence = (
        _("Not known, ask: %(what)s.", what=words.together(missing_names)) if missing_names else ""
    )
    return GettingThere(ways, sentence)


def _ways(activity: Activity) -> Iterator[WayThere]:
    travel = activity.getting_there
    yield WayThere("", travel.directions)
    yield WayThere(_("By bus"), travel.bus)
    yield WayThere(_("Parking"), travel.parking)
    lift_answers = {"yes": _("One can be arranged."), "no": _("None are offered.")}
    yield WayThere(_("Lifts"), travel.lift or lift_answers.get(travel.lift_offered, ""))
    if activity.first_visit.buddy_can_meet_you == "yes" and activity.venues:
        at_the_door = _(
            "Somebody can meet you there, so that you need not walk in alone. Ask for it."
        )
        yield WayThere(_("At the door"), at_the_door, repeated=True)


def eligibility_lines(activity: Activity) -> Iterator[str]:
    """Yield whom it is for: in its own words, by age, and who has to send them."""
    eligibility = activity.eligibility
    least, most = eligibility.minimum_age, eligibility.maximum_age
    if eligibility.who:
        yield eligibility.who
    if least is not None and most is not None:
        yield _("For people aged %(least)s to %(most)s.", least=least, most=most)
    elif least is not None:
        yield _("For people aged %(least)s and over.", least=least)
    elif most is not None:
        yield _("For people up to the age of %(most)s.", most=most)
    if eligibility.referral in REFERRAL:
        yield _(REFERRAL[eligibility.referral])


def booking_words(activity: Activity) -> str:
    """Return whether to book, and how; nobody is told to ring where no number is known."""
    booking, how_to_book = activity.places.booking, activity.places.how
    has_phone = activity.contact.phone or find_phone(how_to_book)
    must_ask = booking == "ring first" and not has_phone
    advice = _("Please ask before you come.") if must_ask else _(BOOKING[booking])
    return f"{advice} {how_to_book}".strip()


def booking_lines(activity: Activity) -> Iterator[str]:
    """Yield whether to book and whether there is room, and the day that was true."""
    places_left = activity.places
    yield booking_words(activity)
    if places_left.waiting_list not in WAITING:
        return
    if places_left.as_of:
        yield _(WAITING_ON[places_left.waiting_list], day=words.long_date(places_left.as_of))
    else:
        yield _(WAITING[places_left.waiting_list])
