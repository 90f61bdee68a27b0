"""Every field of the service that holds something of a person: where it is, what, for how long.

The one list. Erasure, the export for a person, retention and the page about privacy are made of it,
and a test holds that no column of the schema is left out. A field is named `table.column`.
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec


class Period(msgspec.Struct, frozen=True):
    """How long a class of fields is kept: so many days from an event, in words for visitors."""

    days: int
    since: str


class PersonalField(msgspec.Struct, frozen=True):
    """A column that holds something of a person.

    `what` is for the page about privacy. `sealed` says that it is encrypted. `kept` are names of
    `KEPT`; with none it stays as long as the promise stands on the register.
    """

    column: str
    what: str
    kept: tuple[str, ...]
    sealed: bool = False

    @property
    def table(self) -> str:
        """The table it is in."""
        return self.column.partition(".")[0]

    @property
    def name(self) -> str:
        """The column without its table."""
        return self.column.partition(".")[2]


KEPT: Mapping[str, Period] = {
    "request": Period(365, "after the request is closed"),
    "correction": Period(90, "after we have decided"),
    "correction_open": Period(365, "after it came, if nobody decided"),
    "unconfirmed": Period(30, "if you never answer our letter"),
    "held": Period(180, "if a person still has to look at it"),
    "refused": Period(90, "after it was refused or taken off"),
    "withdrawn": Period(90, "after you withdrew it"),
    "promise": Period(365, "after the promise has run out"),
    "source": Period(30, "after it came"),
    "dispute": Period(90, "after it was settled"),
    "dispute_open": Period(365, "after it came, if nobody settled it"),
    "check_in": Period(365, "after you wrote it"),
    "text_change": Period(90, "after we have decided"),
    "text_change_open": Period(365, "after it came, if nobody decided"),
    "entry_link": Period(30, "after it has run out"),
    "reminder": Period(3 * 365, "after it was sent"),
    "letter": Period(90, "if it could not be delivered; one that was is emptied at once"),
    "repeat": Period(1, "after it came"),
    "login": Period(30, "after it ended"),
    "invalidation": Period(120, "after it was begun"),
    "staff": Period(365, "after they have left"),
    "sign_in_source": Period(30, "after it was tried"),
}

BACKUPS = timedelta(days=35)
"""How long a backup is kept: what was erased is in none that is older."""

_SIGN_UP = ("unconfirmed", "held", "refused", "withdrawn", "promise")
_ENDED = ("unconfirmed", "held", "refused", "withdrawn")


def _sealed(table: str, what: str, *kept_fields: str) -> PersonalField:
    return PersonalField(f"{table}.sealed", what, kept_fields, sealed=True)


FIELDS: tuple[PersonalField, ...] = (
    _sealed(
        "signposting_request",
        "when you ask for help: what to call you, how and when to reach you, your own words",
        "request",
    ),
    PersonalField(
        "signposting_request.contact_lookup",
        "a code made from how to reach you, to find a second request of yours",
        ("request",),
    ),
    _sealed(
        "correction",
        "when you put an activity right: your words, how you know, how to reach you",
        "correction",
        "correction_open",
    ),
    _sealed(
        "sign_up",
        "when you sign a pledge: your address, the name and job of whoever signed",
        *_SIGN_UP,
    ),
    PersonalField(
        "sign_up.contact_lookup", "a code made from your address, to find you again", _SIGN_UP
    ),
    PersonalField("sign_up.source_lookup", "a code made from your internet address", ("source",)),
    PersonalField("sign_up.public_name", "the name for the register", _ENDED),
    PersonalField(
        "sign_up.canonical_key", "a code made from name and place, to see who signs twice", _ENDED
    ),
    PersonalField("sign_up.place", "the place you signed for", _ENDED),
    PersonalField("sign_up.commitments", "what you promised, in your words", _ENDED),
    PersonalField("sign_up.entry_path", "the address on the register, made from the name", _ENDED),
    PersonalField("sign_up.decision_why", "why we decided as we did", _ENDED),
    _sealed("sign_up_decision", "a question or a reason that we wrote to you", *_SIGN_UP),
    PersonalField("sign_up_decision.before", "what stood there before we decided", _SIGN_UP),
    _sealed(
        "dispute",
        "when you say that a promise is not true: your words, how to reach you",
        "dispute",
        "dispute_open",
    ),
    PersonalField("dispute.who", "which entry it is about", ("dispute", "dispute_open")),
    _sealed("check_in", "when you renew a promise: your words", "check_in"),
    PersonalField("check_in.who", "which entry was renewed", _ENDED),
    PersonalField("keeping_link.who", "which entry a link is for", ("entry_link",)),
    PersonalField("reminder.who", "which entry we reminded of", ("reminder", *_ENDED)),
    _sealed(
        "promise_change",
        "when you change what you promised: the new words",
        "text_change",
        "text_change_open",
    ),
    PersonalField("promise_change.who", "which entry it is about", _ENDED),
    PersonalField("was_it_true.who", "which entry visitors answered about", ("reminder", *_ENDED)),
    PersonalField("doubt.who", "which entry visitors doubted", _ENDED),
    PersonalField("register_change.who", "the name an entry had", _ENDED),
    PersonalField("register_change.into", "the name an entry got", _ENDED),
    PersonalField("register_change.before", "the entry as it stood", _ENDED),
    PersonalField("register_change.after", "the entry as it was changed", _ENDED),
    _sealed("letter", "letters that we wrote to you", "letter"),
    PersonalField(
        "letter.recipient_lookup", "a code made from the address of a letter", ("letter",)
    ),
    PersonalField(
        "repeat.body_digest", "a code made from what you sent, to see a repeated one", ("repeat",)
    ),
    _sealed("staff", "of those who work here: name and address", "staff"),
    PersonalField(
        "staff.email_lookup", "of those who work here: a code made from the address", ("staff",)
    ),
    PersonalField(
        "staff.second_factor",
        "of those who work here: the secret of their phone",
        ("staff",),
        sealed=True,
    ),
    PersonalField("staff_login.device", "of those who work here: the device", ("login",)),
    PersonalField(
        "sign_in_event.source_lookup",
        "of whoever tries to sign in as staff, or is refused a page of theirs: a code made from "
        "the internet address",
        ("sign_in_source",),
    ),
    _sealed("invalidation", "when many sign-ups are refused: what they share", "invalidation"),
)


def kept_for(name: str) -> timedelta:
    """Return how long a class of fields is kept."""
    return timedelta(days=KEPT[name].days)
