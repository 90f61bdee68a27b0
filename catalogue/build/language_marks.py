"""Marks what a page says in English for want of a translation: `<span lang="en">`.

Templates print such a message between two signs that nobody writes (private use of Unicode). When
a page is rendered, `resolve` makes spans of them; where a page can have none (attributes, titles,
choices of a list, scripts) the signs are taken out.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from catalogue.i18n import gettext

START, END = "\ue000", "\ue001"
MARKUP = re.compile(
    r"<!--.*?-->|<(title|option|textarea|script|style|text)\b.*?</\1>"
    r"|<[a-zA-Z/!](?:[^\"'>]|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL,
)
"""A tag with its attributes, or an element that holds text alone."""
_SIGNS = re.compile(f"[{START}{END}]")
_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")


def marking(translate: Callable[..., str]) -> Callable[..., str]:
    """Return a function of gettext for templates that marks what it has no translation of."""

    def translate_or_mark(*message: object) -> str:
        text = translate(*message)
        return f"{START}{text}{END}" if gettext.is_untranslated(text) else text

    return translate_or_mark


def mark_printed(value: object) -> object:
    """Mark a text that was worked out in Python; what a template said is marked already."""
    if isinstance(value, str) and not isinstance(value, Markup) and gettext.is_untranslated(value):
        return escape(f"{START}{value}{END}")
    return value


def resolve(html: str) -> str:
    """Return rendered HTML with its marks as spans."""
    if START not in html:
        return html
    html = MARKUP.sub(lambda match: _SIGNS.sub("", match[0]), html)
    marked = 1
    while marked:
        html, marked = _MARKED.subn(r'<span lang="en">\1</span>', html)
    return _SIGNS.sub("", html)
