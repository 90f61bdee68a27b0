"""What stands on the pages that Kith pours: an editor's words, else our own."""

import msgspec
from markupsafe import Markup

from catalogue.build.editor_pages import Section
from catalogue.i18n.gettext import _, gettext_noop


class Words(msgspec.Struct, frozen=True):
    """What an editor wrote for a page that Kith pours: title, summary and prose in its parts."""

    title: str
    description: str = ""
    intro: Markup = Markup()
    sections: tuple[Section, ...] = ()


OWN_WORDS: dict[str, Words] = {
    "/": Words(
        gettext_noop("Find company near you"),
        gettext_noop("Groups, calls and walks where somebody will be glad you came."),
    ),
    "/find/": Words(
        gettext_noop("Find company"),
        gettext_noop("Say what you would like and where. We look for it with you."),
    ),
    "/activities/": Words(
        gettext_noop("All there is"), gettext_noop("Every activity by kind, by place and by day.")
    ),
    "/map/": Words(
        gettext_noop("The map"), gettext_noop("Where there is company, place by place.")
    ),
    "/list/": Words(
        gettext_noop("Your list"), gettext_noop("What you kept, to take with you or to hand over.")
    ),
    "/offline/": Words(
        gettext_noop("You are not connected"),
        gettext_noop("This page is not on your device. Pages you have read before still open."),
    ),
    "/ask/": Words(
        gettext_noop("Ask for help"),
        gettext_noop("Tell us a little, and a person rings or writes to you."),
    ),
    "/point/": Words(
        gettext_noop("I pointed someone"),
        gettext_noop(
            "For connectors: say with one tap that you pointed somebody to something good."
        ),
    ),
    "/pledges/": Words(
        gettext_noop("Pledges"),
        gettext_noop("Promises people and organisations make so that nobody stays a stranger."),
    ),
    "/pledges/manage/": Words(
        gettext_noop("Renew, change or withdraw a promise"),
        gettext_noop("For those who have made one: a link to it comes by e-mail."),
    ),
}


def own_words() -> dict[str, Words]:
    """Return by address what stands on our own pages where no editor wrote anything."""
    return {url: Words(_(told.title), _(told.description)) for url, told in OWN_WORDS.items()}
