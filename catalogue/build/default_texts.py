"""What stands on the pages that Kith pours: an editor's words, else our own."""

import msgspec
from markupsafe import Markup

from catalogue.build.editor_pages import Section
from catalogue.i18n.gettext import _, later


class Words(msgspec.Struct, frozen=True):
    """What an editor wrote for a page that Kith pours: title, summary and prose in its parts."""

    title: str
    description: str = ""
    intro: Markup = Markup()
    sections: tuple[Section, ...] = ()


OWN_WORDS: dict[str, Words] = {
    "/": Words(
        later("Find company near you"),
        later("Groups, calls and walks where somebody will be glad you came."),
    ),
    "/find/": Words(
        later("Find company"), later("Say what you would like and where. We look for it with you.")
    ),
    "/activities/": Words(
        later("All there is"), later("Every activity by kind, by place and by day.")
    ),
    "/map/": Words(later("The map"), later("Where there is company, place by place.")),
    "/list/": Words(later("Your list"), later("What you kept, to take with you or to hand over.")),
    "/offline/": Words(
        later("You are not connected"),
        later("This page is not on your device. Pages you have read before still open."),
    ),
    "/ask/": Words(
        later("Ask for help"), later("Tell us a little, and a person rings or writes to you.")
    ),
    "/point/": Words(
        later("I pointed someone"),
        later("For connectors: say with one tap that you pointed somebody to something good."),
    ),
    "/pledges/": Words(
        later("Pledges"),
        later("Promises people and organisations make so that nobody stays a stranger."),
    ),
    "/pledges/manage/": Words(
        later("Renew, change or withdraw a promise"),
        later("For those who have made one: a link to it comes by e-mail."),
    ),
}


def own_words() -> dict[str, Words]:
    """Return by address what stands on our own pages where no editor wrote anything."""
    return {url: Words(_(told.title), _(told.description)) for url, told in OWN_WORDS.items()}
