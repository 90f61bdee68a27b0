"""The form of an entry: every field that an editor can write, by what it is about, in plain words.

Names are dotted as in the front matter; those below a list (`Rows`) lack its name and number.
"""

from typing import Literal, TypeAlias

import msgspec

from catalogue.i18n.gettext import gettext_noop

Kind = Literal["line", "words", "lines", "date", "price", "choice", "ticks"]
"""One line, a text, several lines, a day, pounds, one of a few words, or any of a closed list."""
Choices: TypeAlias = tuple[tuple[str, str], ...]
"""Values and what they are called; a blank value says that it is not known."""

NOT_KNOWN = ("", gettext_noop("Not known"))
YES_NO: Choices = (NOT_KNOWN, ("yes", gettext_noop("Yes")), ("no", gettext_noop("No")))
STATUS: Choices = (
    ("active", gettext_noop("Yes, it runs")),
    ("temporarily closed", gettext_noop("Closed for a while")),
    ("inactive", gettext_noop("Not at present")),
    ("defunct", gettext_noop("No, it has ended")),
    NOT_KNOWN,
)
BOOKING: Choices = (
    NOT_KNOWN,
    ("not needed", gettext_noop("No, just come")),
    ("ring first", gettext_noop("Ring first")),
    ("needed", gettext_noop("Yes")),
)
WAITING_LIST: Choices = (
    NOT_KNOWN,
    ("none", gettext_noop("No")),
    ("open", gettext_noop("Yes, and one can join it")),
    ("full", gettext_noop("Yes, and it is closed")),
)
REFERRAL: Choices = (
    NOT_KNOWN,
    ("not needed", gettext_noop("No")),
    ("self or anyone", gettext_noop("Yes: oneself or anybody can refer")),
    ("professional only", gettext_noop("Yes: a GP, a social worker")),
)
WAYS: Choices = (
    ("in person", gettext_noop("In person")),
    ("online", gettext_noop("Online")),
    ("by phone", gettext_noop("By phone")),
    ("comes to you", gettext_noop("Somebody comes to you")),
)
HIDDEN: Choices = (
    ("", gettext_noop("No, everybody may know it")),
    ("yes", gettext_noop("Yes, show only the town or area")),
)


class Field(msgspec.Struct, frozen=True):
    """One question. `offers` names a list of the taxonomy for its choices or its suggestions."""

    name: str
    label: str
    hint: str = ""
    kind: Kind = "line"
    choices: Choices = ()
    offers: Literal["", "kinds", "needs", "areas"] = ""


class Fold(msgspec.Struct, frozen=True):
    """Questions that few entries need, behind a line to open. `access` stands for all facts."""

    label: str
    fields: tuple[Field, ...] = ()
    access: bool = False


class Rows(msgspec.Struct, frozen=True):
    """A list: the same questions for each of its lines. `legend` heads a line, by its number."""

    name: str
    legend: str
    add: str
    parts: "tuple[Field | Fold, ...]"


Part: TypeAlias = Field | Fold | Rows


class Section(msgspec.Struct, frozen=True):
    """A part of the form; one that is not `open` is folded until something in it is wrong."""

    slug: str
    title: str
    parts: tuple[Part, ...]
    hint: str = ""
    open: bool = True


ACCESS = Fold(gettext_noop("Access facts"), access=True)

SECTIONS: tuple[Section, ...] = (
    Section(
        "what",
        gettext_noop("What it is"),
        (
            Field("title", gettext_noop("What people call it")),
            Field(
                "summary",
                gettext_noop("What it is, in one sentence"),
                gettext_noop("As you would say it to a neighbour, at most 220 characters."),
                "words",
            ),
            Field("kinds", gettext_noop("What kind of thing is it?"), kind="ticks", offers="kinds"),
            Field("provider.name", gettext_noop("Who runs it")),
            Field("status", gettext_noop("Does it run?"), kind="choice", choices=STATUS),
            Field(
                "body",
                gettext_noop("More about it"),
                gettext_noop(
                    "What somebody wants to know before going. An empty line begins a new "
                    "paragraph. May stay empty."
                ),
                "words",
            ),
            Fold(
                gettext_noop("More about who runs it"),
                (
                    Field("provider.website", gettext_noop("Their website")),
                    Field("provider.charity_number", gettext_noop("Charity number")),
                    Field("provider.company_number", gettext_noop("Company number")),
                    Field(
                        "provider.signatory",
                        gettext_noop("Their promise on a register"),
                        gettext_noop(
                            "The end of its page's address: community-connector/the-mill-cafe"
                        ),
                    ),
                ),
            ),
            Fold(
                gettext_noop("It is written in another language than the site"),
                (
                    Field(
                        "language",
                        gettext_noop("What it is written in"),
                        gettext_noop("The language's English name: Welsh"),
                    ),
                ),
            ),
        ),
    ),
    Section(
        "when",
        gettext_noop("When"),
        (
            Rows(
                "schedule",
                gettext_noop("Time %(number)s"),
                gettext_noop("Room for another time"),
                (
                    Field(
                        "when",
                        gettext_noop("When is it?"),
                        gettext_noop(
                            "Such as: every Tuesday 10:30-12:00, or last Friday of the month 7pm"
                        ),
                    ),
                    Field(
                        "except",
                        gettext_noop("Not on"),
                        gettext_noop(
                            "One a line: 22 December 2026, August, bank holidays, outside term time"
                        ),
                        "lines",
                    ),
                    Fold(
                        gettext_noop("More about this time"),
                        (
                            Field("note", gettext_noop("What else there is to say about it")),
                            Field(
                                "venue",
                                gettext_noop("At which place"),
                                gettext_noop("Its name, where there are several places."),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        gettext_noop("Leave it empty if you do not know: the page then says to ask."),
    ),
    Section(
        "where",
        gettext_noop("Where"),
        (
            Field("ways", gettext_noop("How do people take part?"), kind="ticks", choices=WAYS),
            Rows(
                "venues",
                gettext_noop("Place %(number)s"),
                gettext_noop("Room for another place"),
                (
                    Field("place", gettext_noop("Town, village or area"), offers="areas"),
                    Field("name", gettext_noop("Name of the building or spot")),
                    Field("address", gettext_noop("Street")),
                    Field("postcode", gettext_noop("Postcode")),
                    Fold(
                        gettext_noop("More about this place"),
                        (
                            Field(
                                "hidden",
                                gettext_noop("Is the address kept back?"),
                                gettext_noop(
                                    "For a refuge or somebody's home: then leave name, street "
                                    "and postcode empty."
                                ),
                                "choice",
                                HIDDEN,
                            ),
                            Field("latitude", gettext_noop("Latitude, such as 52.19")),
                            Field("longitude", gettext_noop("Longitude, such as -2.22")),
                        ),
                    ),
                    Fold(
                        gettext_noop("Getting in, where this place differs from the others"),
                        access=True,
                    ),
                ),
            ),
            Field(
                "area_served",
                gettext_noop("Which areas is it for?"),
                gettext_noop("One a line, where that is not simply where it happens."),
                "lines",
            ),
        ),
    ),
    Section(
        "who",
        gettext_noop("Who it is for"),
        (
            Field("eligibility.who", gettext_noop("Who it is for")),
            Field("eligibility.not_for", gettext_noop("Whom it cannot support")),
            Field("eligibility.minimum_age", gettext_noop("From what age?")),
            Field("eligibility.maximum_age", gettext_noop("Up to what age?")),
            Field(
                "eligibility.referral",
                gettext_noop("Must somebody refer you?"),
                kind="choice",
                choices=REFERRAL,
            ),
            Field(
                "languages",
                gettext_noop("Languages spoken there"),
                gettext_noop("One a line. Left empty, English is."),
                "lines",
            ),
            Field(
                "needs",
                gettext_noop("It helps with"),
                gettext_noop("Beyond what its kind says already."),
                "ticks",
                offers="needs",
            ),
        ),
        open=False,
    ),
    Section(
        "cost",
        gettext_noop("Cost"),
        (
            Rows(
                "cost",
                gettext_noop("Price %(number)s"),
                gettext_noop("Room for another price"),
                (
                    Field(
                        "price_pence",
                        gettext_noop("Price in pounds"),
                        gettext_noop("2.50, or 0 where it is free"),
                        "price",
                    ),
                    Field(
                        "condition",
                        gettext_noop("For whom, or for what"),
                        gettext_noop("Where there are several prices: for members"),
                    ),
                ),
            ),
        ),
    ),
    Section(
        "ask",
        gettext_noop("Whom to ask"),
        (
            Field(
                "contact.name",
                gettext_noop("Name"),
                gettext_noop("Only with this person's consent: the page shows it to everybody."),
            ),
            Field("contact.phone", gettext_noop("Phone")),
            Field("contact.email", gettext_noop("E-mail")),
            Field("contact.website", gettext_noop("Website")),
            Field("contact.hours", gettext_noop("When to ring")),
        ),
        gettext_noop("At least a phone number, an e-mail address or a website."),
    ),
    Section(
        "getting-in",
        gettext_noop("Getting in"),
        (ACCESS,),
        gettext_noop("What is not known stays so: the page says to ask."),
        open=False,
    ),
    Section(
        "first-visit",
        gettext_noop("The first visit, and getting there"),
        (
            Field("first_visit.greeter", gettext_noop("Who greets somebody new?")),
            Field("first_visit.what_happens", gettext_noop("What happens then?"), kind="words"),
            Field(
                "first_visit.welcomes_newcomers_alone",
                gettext_noop("Can people come on their own?"),
                kind="choice",
                choices=YES_NO,
            ),
            Field(
                "first_visit.bring_someone",
                gettext_noop("May they bring someone?"),
                kind="choice",
                choices=YES_NO,
            ),
            Field(
                "first_visit.buddy_can_meet_you",
                gettext_noop("Can a buddy meet them first?"),
                kind="choice",
                choices=YES_NO,
            ),
            Field("getting_there.bus", gettext_noop("By bus")),
            Field("getting_there.parking", gettext_noop("Parking")),
            Field(
                "getting_there.lift_offered",
                gettext_noop("Is a lift offered?"),
                kind="choice",
                choices=YES_NO,
            ),
            Field("getting_there.lift", gettext_noop("How to get a lift")),
            Field("getting_there.directions", gettext_noop("The way"), kind="words"),
            Field("online_help", gettext_noop("Help to join online")),
        ),
        open=False,
    ),
    Section(
        "booking",
        gettext_noop("Booking"),
        (
            Field(
                "places.booking",
                gettext_noop("Must one book?"),
                kind="choice",
                choices=BOOKING,
            ),
            Field("places.how", gettext_noop("How to book")),
            Field(
                "places.waiting_list",
                gettext_noop("Is there a waiting list?"),
                kind="choice",
                choices=WAITING_LIST,
            ),
            Field("places.as_of", gettext_noop("On which day was that true?"), kind="date"),
        ),
        open=False,
    ),
    Section(
        "checked",
        gettext_noop("Who says so, and since when"),
        (
            Field(
                "assured_on",
                gettext_noop("When did who runs it last say that all this is right?"),
                kind="date",
            ),
            Rows(
                "sources",
                gettext_noop("Source %(number)s"),
                gettext_noop("Room for another source"),
                (
                    Field("name", gettext_noop("Or where did you read it?")),
                    Field("website", gettext_noop("Its address on the web")),
                    Field("read_on", gettext_noop("On which day?"), kind="date"),
                ),
            ),
            Fold(
                gettext_noop('What it says under "New and changed"'),
                (
                    Field(
                        "changed_on",
                        gettext_noop("The day something changed"),
                        gettext_noop("Left as it is, today is written where something changes."),
                        "date",
                    ),
                    Field(
                        "changed",
                        gettext_noop("What changed, in a few words for visitors"),
                        gettext_noop("Such as: Now on Thursdays"),
                    ),
                ),
            ),
        ),
    ),
)
