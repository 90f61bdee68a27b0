"""Why a correction is left: a closed list, so that the trail, which is for ever, names no person.

A code is never renamed or taken away, for lines in the store name it. Nobody is written to.
"""

from api.moderation.reasons import Reason
from catalogue.i18n.gettext import gettext_noop

GONE = "entry_gone"
"""The one that is left where there is no entry to mend."""

REASONS = (
    Reason("right_already", gettext_noop("We asked, and the page is right")),
    Reason("mended", gettext_noop("It is mended already, or another way")),
    Reason("said_before", gettext_noop("Somebody has told us the same before")),
    Reason("unclear", gettext_noop("We cannot tell what is meant, and nobody can be asked")),
    Reason("no_answer", gettext_noop("Who runs it gave no answer, and we are not sure")),
    Reason("not_ours", gettext_noop("It is about something that is not on our pages")),
    Reason("not_meant", gettext_noop("A test, advertising, or not meant")),
    Reason(GONE, gettext_noop("The activity is not in the directory any more")),
)
