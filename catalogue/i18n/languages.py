"""Languages by the English names editors write ("Welsh"), and their tags for `lang` attributes."""

from collections.abc import Mapping
from functools import cache

from catalogue.i18n import gettext
from catalogue.i18n.gettext import _, gettext_noop

DEFAULT_LANGUAGE = gettext_noop("English")
"""The language of an activity whose entry names none."""


@cache
def tags() -> Mapping[str, str]:
    """Return BCP 47 tags by English name: "cy" by "Welsh". Source: Unicode CLDR, by Babel."""
    from babel import Locale  # slow to import, and most directories have one language

    return {name: tag.replace("_", "-") for tag, name in Locale("en").languages.items()}


def lang_tag(name: str) -> str:
    """Return the `lang` attribute for words in this language; empty where the page has it too."""
    tag = tags().get(name, "") if name else ""
    return "" if tag == gettext.active_language().language else tag


def own_name(tag: str) -> str:
    """Return what a language is called in itself: "Cymraeg" of "cy"."""
    from babel import Locale

    return Locale.parse(tag, sep="-").get_language_name() or tag


def language_label(name: str) -> str:
    """Return the name of a language for a page; names other than ours stand as editors wrote."""
    return _(DEFAULT_LANGUAGE) if name == DEFAULT_LANGUAGE else name


def languages_or_default(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages that an activity is found under: those written, else English."""
    return names or (DEFAULT_LANGUAGE,)
