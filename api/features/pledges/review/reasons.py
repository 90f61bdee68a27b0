"""Why a promise is refused or taken off: a closed list, with a title for staff and a text for the
signer. A code is never renamed or taken away, for decisions in the store name it.
"""

from collections.abc import Mapping

import msgspec

from catalogue.i18n.gettext import later

OTHER = "other"
"""The reason that says nothing by itself: words of one's own are needed."""


class Reason(msgspec.Struct, frozen=True):
    """One reason. `title` is what staff choose, `text` what the signer is told."""

    code: str
    title: str
    text: str = ""


_OTHER = Reason(OTHER, later("Something else (write it below)"))

REFUSED = (
    Reason(
        "duplicate",
        later("It stands on the register already"),
        later("This promise is on our register already. One is enough."),
    ),
    Reason(
        "not_for_them",
        later("This pledge is not for them"),
        later("This pledge is meant for others. We may have one that fits: please ask us."),
    ),
    Reason(
        "elsewhere",
        later("They are not in our area"),
        later("We only list who is in our area."),
    ),
    Reason(
        "no_authority",
        later("The signer may not sign for it"),
        later("We could not find out whether you may sign for this organisation."),
    ),
    Reason(
        "unclear",
        later("We cannot tell what they will do"),
        later("We could not tell from your words what you will do. A plain sentence is enough."),
    ),
    Reason(
        "unfit_words",
        later("Words that we cannot publish"),
        later("Some of your words cannot be published, such as what names or hurts somebody."),
    ),
    Reason(
        "advertising",
        later("It is advertising"),
        later("It reads as advertising. The register is for promises to people."),
    ),
    Reason(
        "no_answer",
        later("No answer to our question"),
        later("We asked you something about it, and have had no answer."),
    ),
    Reason(
        "made_up",
        later("Made up, or sent by a program"),
        later("It looks made up to us."),
    ),
    Reason(
        "not_meant",
        later("A test, or not meant"),
        later("We think it was a test, or not meant."),
    ),
    _OTHER,
)
"""Why a sign-up is not published."""

TAKEN_OFF = (
    Reason("asked_to", later("They asked us to"), later("You asked us to.")),
    Reason(
        "never_signed",
        later("They say they never signed"),
        later("We were told that nobody with you made this promise."),
    ),
    Reason(
        "not_kept",
        later("The promise is not kept"),
        later("Several people told us that the promise is not kept."),
    ),
    Reason(
        "made_up",
        later("Made up, or sent by a program"),
        later("It looks made up to us."),
    ),
    Reason("closed", later("It has closed"), later("We were told that you have closed.")),
    Reason(
        "misleading",
        later("They say more than they promised"),
        later("The promise was shown as a badge of quality, which it is not."),
    ),
    Reason(
        "our_mistake",
        later("We published it by mistake"),
        later("We published it by mistake. We are sorry."),
    ),
    _OTHER,
)
"""Why a published promise is taken off."""

BY_ACT: Mapping[str, tuple[Reason, ...]] = {"reject": REFUSED, "remove": TAKEN_OFF}


def reason(act: str, code: str) -> Reason | None:
    """Return a reason of an act, None where there is none of this code."""
    return next((one for one in BY_ACT.get(act, ()) if one.code == code), None)


def title(code: str) -> str:
    """Return a reason's title, of whichever act; "" for a code no list has."""
    both = (*REFUSED, *TAKEN_OFF)
    return next((one.title for one in both if one.code == code), "")
