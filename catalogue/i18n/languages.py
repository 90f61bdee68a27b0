"""Languages by the English names editors write ("Welsh"), and the tags pages are marked with."""

from collections.abc import Mapping
from functools import cache

from catalogue.i18n import gettext
from catalogue.i18n.gettext import _, later

SPOKEN_UNLESS_SAID = later("English")
"""Nobody writes down that English is spoken."""


@cache
def tags() -> Mapping[str, str]:
    """Return BCP 47 tags by English name: "cy" by "Welsh". Names and tags are Unicode's."""
    from babel import Locale  # slow to import, and most directories speak one language

    return {name: tag.replace("_", "-") for tag, name in Locale("en").languages.items()}


def mark(name: str) -> str:
    """Return the tag words in this language need on a page; empty where the page speaks it too."""
    tag = tags().get(name, "") if name else ""
    return "" if tag == gettext.spoken().language else tag


def said(name: str) -> str:
    """Return the name of a language on a page; other names than our own are as editors wrote."""
    return _(SPOKEN_UNLESS_SAID) if name == SPOKEN_UNLESS_SAID else name


def spoken(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages an activity is found under, of those written down."""
    return names or (SPOKEN_UNLESS_SAID,)
