"""Messages of the scripts in the active language: `assets/words.js`, from the same translations.

In English the file stays as it is in `site/assets`: empty, for the scripts hold the English words.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from catalogue.i18n import gettext

PLURAL_RULE = re.compile(r"plural=([n0-9 ()=!<>%&|?:]+)")
"""The plural rule of a kith.po file: C arithmetic that is JavaScript as well."""
ENGLISH_PLURAL_RULE = "n != 1"
NUMBERS = range(1000)
"""In every language of Unicode CLDR each plural form occurs among these."""


def write(root: Path, site: Path) -> None:
    """Write the translated messages of `root/site/assets` into a built site; not in English."""
    if gettext.active_language() is not gettext.ENGLISH:
        text = module(root / "site" / "assets")
        (site / "assets" / "words.js").write_text(text, encoding="utf-8")


def module(scripts: Path) -> str:
    """Return the module: language, plural rule, and the translations of messages in `scripts`."""
    active = gettext.active_language()
    rule = PLURAL_RULE.search(active.translations.info().get("plural-forms", ""))
    words = msgspec.json.encode(dict(_translations(scripts)), order="sorted").decode()
    return (
        f'export const language = "{active.language}";\n'
        f"export const form = (n) => Number({rule[1] if rule else ENGLISH_PLURAL_RULE});\n"
        f"export const words = {words};\n"
        f"export const names = {msgspec.json.encode(_date_names()).decode()};\n"
    )


def _date_names() -> dict[str, tuple[str, ...]]:
    """Return the names of days and months: browsers know them in few languages."""
    from babel import Locale

    active = gettext.active_language()
    short = Locale.parse(active.language, sep="-").days["format"]["abbreviated"]
    return {
        "weekdays": active.weekdays,
        "short_weekdays": tuple(short[number] for number in range(7)),
        "months": active.months,
        "short_months": active.short_months,
    }


def _translations(scripts: Path) -> Iterator[tuple[str, str | list[str]]]:
    """Yield (English message, translation); of a plural all forms; nothing if untranslated."""
    from babel.messages.extract import extract_from_dir

    for _, _, message, _, _ in extract_from_dir(scripts, [("**.js", "javascript")]):
        if isinstance(message, str):
            translation = gettext.gettext(message)
            if translation != message:
                yield message, translation
        else:
            singular, plural = message[:2]
            forms = [
                gettext.plural(singular, plural, number) for number in _least_number_of_each_form()
            ]
            if {*forms} - {singular, plural}:
                yield singular, forms


def _least_number_of_each_form() -> list[int]:
    """Return for each plural form, in order, the least number that takes it."""
    form = getattr(
        gettext.active_language().translations, "plural", lambda number: int(number != 1)
    )
    least = {form(number): number for number in reversed(NUMBERS)}
    return [least[form] for form in sorted(least)]
