"""What scripts say, in the directory's language: `assets/words.js`, out of the same catalogue.

In English it stays as it lies in `site/assets`: empty, for the scripts hold the English words.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from catalogue.i18n import gettext

RULE = re.compile(r"plural=([n0-9 ()=!<>%&|?:]+)")
"""A catalogue's rule for plurals. Such arithmetic reads the same in JavaScript as in C."""
ENGLISH_RULE = "n != 1"
NUMBERS = range(1000)
"""Among these each form of a plural occurs, in every language Unicode knows of."""


def write(root: Path, site: Path) -> None:
    """Write the words of the scripts in `root/site/assets` into a built site, unless in English."""
    if gettext.active_language() is not gettext.ENGLISH:
        text = module(root / "site" / "assets")
        (site / "assets" / "words.js").write_text(text, encoding="utf-8")


def module(scripts: Path) -> str:
    """Return the module: the language, which form goes with a number, the words of each message."""
    spoken = gettext.active_language()
    rule = RULE.search(spoken.translations.info().get("plural-forms", ""))
    words = msgspec.json.encode(dict(_said(scripts)), order="sorted").decode()
    return (
        f'export const language = "{spoken.language}";\n'
        f"export const form = (n) => Number({rule[1] if rule else ENGLISH_RULE});\n"
        f"export const words = {words};\n"
    )


def _said(scripts: Path) -> Iterator[tuple[str, str | list[str]]]:
    """Yield every translated message by its English words, with all forms where it has some."""
    from babel.messages.extract import extract_from_dir

    for _, _, message, _, _ in extract_from_dir(scripts, [("**.js", "javascript")]):
        if isinstance(message, str):
            said = gettext.gettext(message)
            if said != message:
                yield message, said
        else:
            one, many = message[:2]
            forms = [gettext.plural(one, many, number) for number in _a_number_of_each_form()]
            if {*forms} - {one, many}:
                yield one, forms


def _a_number_of_each_form() -> list[int]:
    """Return for each form of a plural, in order, the least number it goes with."""
    form = getattr(
        gettext.active_language().translations, "plural", lambda number: int(number != 1)
    )
    least = {form(number): number for number in reversed(NUMBERS)}
    return [least[form] for form in sorted(least)]
