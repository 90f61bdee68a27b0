"""The texts of pages at fixed addresses: ours, where no editor wrote any."""

from collections.abc import Iterator, Mapping

import msgspec
from markupsafe import Markup

from catalogue.build.editor_pages import Section
from catalogue.i18n.gettext import _, gettext_noop

NOT_SEARCHED = frozenset({"/", "/find/", "/404.html"})  # they are where one searches


class PageText(msgspec.Struct, frozen=True):
    """The text of a page at a fixed address: title, summary, and prose before and under headings.

    `intro` and `sections` are HTML from an editor, and have been cleaned.
    """

    title: str
    description: str = ""
    intro: Markup = Markup()
    sections: tuple[Section, ...] = ()


def searched(texts: Mapping[str, PageText]) -> Iterator[tuple[str, str, str]]:
    """Yield address, title and text of each page that a search finds beside activities."""
    for url, text in texts.items():
        if url not in NOT_SEARCHED:
            sections = " ".join(f"{section.title} {section.html}" for section in text.sections)
            prose = Markup(f"{text.description} {text.intro} {sections}").striptags()  # noqa: S704
            yield url, text.title, prose


DEFAULT_TEXTS: dict[str, PageText] = {
    "/": PageText(
        gettext_noop("Find company near you"),
        gettext_noop("Groups, calls and walks where somebody will be glad you came."),
    ),
    "/find/": PageText(
        gettext_noop("Find company"),
        gettext_noop("Say what you would like and where. We look for it with you."),
    ),
    "/activities/": PageText(
        gettext_noop("All activities"), gettext_noop("Every activity by kind, by place and by day.")
    ),
    "/map/": PageText(
        gettext_noop("The map"), gettext_noop("Where there is company, place by place.")
    ),
    "/new/": PageText(
        gettext_noop("New and changed"),
        gettext_noop("What came in, and what is different from before. The latest first."),
    ),
    "/list/": PageText(
        gettext_noop("Your list"), gettext_noop("What you kept, to take with you or to hand over.")
    ),
    "/offline/": PageText(
        gettext_noop("You are not online"),
        gettext_noop("This page is not on your device. Pages you have read before still open."),
    ),
    "/ask/": PageText(
        gettext_noop("Ask for help"),
        gettext_noop("Tell us a little, and a person rings or writes to you."),
    ),
    "/point/": PageText(
        gettext_noop("I pointed someone"),
        gettext_noop("For connectors: one tap says that you pointed somebody to something good."),
    ),
    "/pledges/": PageText(
        gettext_noop("Pledges"),
        gettext_noop("Promises people and organisations make so that nobody stays a stranger."),
    ),
    "/pledges/manage/": PageText(
        gettext_noop("Renew, change or withdraw a promise"),
        gettext_noop("For those who have made one: a link to it comes by e-mail."),
    ),
}


def default_texts() -> dict[str, PageText]:
    """Return our texts in the directory's language, by address."""
    return {
        url: PageText(_(text.title), _(text.description)) for url, text in DEFAULT_TEXTS.items()
    }
