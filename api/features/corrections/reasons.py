"""Why a correction is left: a closed list, so that the trail, which is for ever, names no person.

A code is never renamed or taken away, for lines in the store name it. Nobody is written to.
"""

import msgspec

from catalogue.i18n.gettext import later


class Reason(msgspec.Struct, frozen=True):
    """One reason; `title` is what staff choose."""

    code: str
    title: str


GONE = "entry_gone"
"""The one that is left where there is no entry to mend."""

REASONS = (
    Reason("right_already", later("We asked, and the page is right")),
    Reason("mended", later("It is mended already, or another way")),
    Reason("said_before", later("Somebody has told us the same before")),
    Reason("unclear", later("We cannot tell what is meant, and nobody can be asked")),
    Reason("no_answer", later("Who runs it gave no answer, and we are not sure")),
    Reason("not_ours", later("It is about something that is not on our pages")),
    Reason("not_meant", later("A test, advertising, or not meant")),
    Reason(GONE, later("The activity is not in the directory any more")),
)


def title(code: str) -> str:
    """Return a reason's title; "" for a code the list has not."""
    return next((one.title for one in REASONS if one.code == code), "")
