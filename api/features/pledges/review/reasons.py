"""Why a promise is refused or taken off: a closed list, with a title for staff and a text for the
signer. A code is never renamed or taken away, for decisions in the store name it.
"""

from collections.abc import Mapping

from api.moderation import reasons
from api.moderation.reasons import Reason
from catalogue.i18n.gettext import gettext_noop

OTHER = "other"
"""The reason that says nothing by itself: words of one's own are needed."""


_OTHER = Reason(OTHER, gettext_noop("Something else (write it below)"))

REFUSED = (
    Reason(
        "duplicate",
        gettext_noop("It is on the register already"),
        gettext_noop("This promise is on our register already. One is enough."),
    ),
    Reason(
        "not_for_them",
        gettext_noop("This pledge is not for them"),
        gettext_noop("This pledge is meant for others. We may have one that fits: please ask us."),
    ),
    Reason(
        "elsewhere",
        gettext_noop("They are not in our area"),
        gettext_noop("We only list who is in our area."),
    ),
    Reason(
        "no_authority",
        gettext_noop("The signer may not sign for it"),
        gettext_noop("We could not find out whether you may sign for this organisation."),
    ),
    Reason(
        "unclear",
        gettext_noop("We cannot tell what they will do"),
        gettext_noop(
            "We could not tell from your words what you will do. A plain sentence is enough."
        ),
    ),
    Reason(
        "unfit_words",
        gettext_noop("Words that we cannot publish"),
        gettext_noop(
            "Some of your words cannot be published, such as what names or hurts somebody."
        ),
    ),
    Reason(
        "advertising",
        gettext_noop("It is advertising"),
        gettext_noop("It reads as advertising. The register is for promises to people."),
    ),
    Reason(
        "no_answer",
        gettext_noop("No answer to our question"),
        gettext_noop("We asked you something about it, and have had no answer."),
    ),
    Reason(
        "made_up",
        gettext_noop("Made up, or sent by a program"),
        gettext_noop("It looks made up to us."),
    ),
    Reason(
        "not_meant",
        gettext_noop("A test, or not meant"),
        gettext_noop("We think it was a test, or not meant."),
    ),
    _OTHER,
)
"""Why a sign-up is not published."""

TAKEN_OFF = (
    Reason("asked_to", gettext_noop("They asked us to"), gettext_noop("You asked us to.")),
    Reason(
        "never_signed",
        gettext_noop("They say they never signed"),
        gettext_noop("We were told that nobody with you made this promise."),
    ),
    Reason(
        "not_kept",
        gettext_noop("The promise is not kept"),
        gettext_noop("Several people told us that the promise is not kept."),
    ),
    Reason(
        "made_up",
        gettext_noop("Made up, or sent by a program"),
        gettext_noop("It looks made up to us."),
    ),
    Reason(
        "closed", gettext_noop("It has closed"), gettext_noop("We were told that you have closed.")
    ),
    Reason(
        "misleading",
        gettext_noop("They say more than they promised"),
        gettext_noop("The promise was shown as a badge of quality, which it is not."),
    ),
    Reason(
        "our_mistake",
        gettext_noop("We published it by mistake"),
        gettext_noop("We published it by mistake. We are sorry."),
    ),
    _OTHER,
)
"""Why a published promise is taken off."""

BY_ACT: Mapping[str, tuple[Reason, ...]] = {"reject": REFUSED, "remove": TAKEN_OFF}


def reason(act: str, code: str) -> Reason | None:
    """Return a reason of a decision, None where there is none of this code."""
    return reasons.find(BY_ACT.get(act, ()), code)


def title(code: str) -> str:
    """Return a reason's title, of whichever decision; "" for a code no list has."""
    return reasons.title((*REFUSED, *TAKEN_OFF), code)
