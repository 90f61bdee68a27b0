"""The words of pages and letters in the directory's own language; English is what the code says.

A process speaks one language, chosen once from `theme.language` of mkdocs.yml. Another one is a
catalogue `tongues/<language>/LC_MESSAGES/kith.po`, the project's own before the program's. A value
in a message is `%(name)s`; a percent sign in one is `%%`. How to translate is in CONTRIBUTING.md.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal

import msgspec
import yaml

Style = Literal["standard", "or"]
"""How words are joined: with "and", or with "or"."""

SOURCE = "en"
TONGUES = Path(__file__).parent / "catalogues"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class NoSuchTongue(ValueError):
    """There are no words in the language asked for; the message says which there are."""


class Tongue(msgspec.Struct, frozen=True):
    """A language with its words: of messages, of days and months, and how it joins a list."""

    language: str
    translations: NullTranslations
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    lists: Callable[[list[str], Style], str]


def _in_english(words: list[str], style: Style) -> str:
    """Return "one", "one and two", "one, two and three"."""
    *first, final = words or [""]
    joint = "or" if style == "or" else "and"
    return f"{', '.join(first)} {joint} {final}" if first else final


def later(message: str) -> str:
    """Mark the message of a constant: whoever shows it says it, `_(CONSTANT)`."""
    return message


# For translators: as it stands inside a sentence. Left empty, the day is called as Unicode has it.
WEEKDAYS = (
    *(later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday")),
    *(later("Friday"), later("Saturday"), later("Sunday")),
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
ENGLISH = Tongue(SOURCE, NullTranslations(), WEEKDAYS, MONTHS, SHORT_MONTHS, _in_english)
_spoken = ENGLISH


def choose(language: str, root: Path | None = None) -> Tongue:
    """Speak a language from now on, in the whole process. Raises NoSuchTongue."""
    global _spoken
    _spoken = ENGLISH if language == SOURCE else _read(language, catalogues(language, root))
    return _spoken


def choose_for(root: Path) -> Tongue:
    """Speak the language of the project in `root`, as its mkdocs.yml says. Raises NoSuchTongue."""
    file = root / "mkdocs.yml"
    written = file.read_bytes() if file.is_file() else b""
    settings = yaml.load(written, Loader=yaml.BaseLoader) or {}  # noqa: S506 - only str
    theme = settings.get("theme")
    return choose(theme.get("language", SOURCE) if isinstance(theme, dict) else SOURCE, root)


def spoken() -> Tongue:
    """Return the language spoken now."""
    return _spoken


def catalogues(language: str, root: Path | None = None) -> list[Path]:
    """Return the catalogues of a language there are, the project's own first."""
    folders = [root / "tongues", TONGUES] if root else [TONGUES]
    files = [folder / language / "LC_MESSAGES" / "kith.po" for folder in folders]
    return [file for file in files if file.is_file()]


def _read(language: str, files: list[Path]) -> Tongue:
    """Read catalogues that fall back on each other in order, and last on English."""
    from babel import Locale, UnknownLocaleError, lists

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        files = []
    if not files:
        there = sorted({SOURCE, *(one.parents[1].name for one in TONGUES.glob("*/*/kith.po"))})
        raise NoSuchTongue(
            f'theme.language in mkdocs.yml: there are no words for "{language}". '
            f"There are: {', '.join(there)}."
        )
    first, *others = map(_compiled, files)
    for other in others:
        first.add_fallback(other)
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    short = locale.months["format"]["abbreviated"]
    return Tongue(
        language,
        first,
        tuple(_translated(first, day, days[number]) for number, day in enumerate(WEEKDAYS)),
        tuple(months[number] for number in range(1, 13)),
        tuple(short[number] for number in range(1, 13)),
        lambda words, style: _settled(lists.format_list(words, style=style, locale=locale)),
    )


def _translated(translations: NullTranslations, message: str, otherwise: str) -> str:
    said = translations.gettext(message)
    return otherwise if said == message else said


def _settled(words: str) -> str:
    """Choose where Unicode's Welsh leaves a choice, "a(c)": "ac" stands before a vowel."""
    return re.sub(r"\ba\(c\) (?=([aeiouwyâêîôûŵŷ])?)", _before, words, flags=re.IGNORECASE)


def _before(joint: re.Match[str]) -> str:
    return "ac " if joint[1] else "a "


def _compiled(file: Path) -> GNUTranslations:
    """Return a catalogue as gettext reads it; nothing compiled is kept on disk."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = BytesIO()
    with file.open("rb") as text:
        write_mo(written, read_po(text, abort_invalid=True))
    written.seek(0)
    return GNUTranslations(written)


def gettext(message: str) -> str:
    """Return a message as it stands in the catalogue, its gaps unfilled; for templates."""
    return _spoken.translations.gettext(message)


def plural(one: str, many: str, number: int) -> str:
    """Return the form of a message that goes with a number, its gaps unfilled; for templates."""
    return _spoken.translations.ngettext(one, many, number)


def in_context(context: str, message: str) -> str:
    """Return a short message that means different things in different places; for templates."""
    return _spoken.translations.pgettext(context, message)


def plural_in_context(context: str, one: str, many: str, number: int) -> str:
    """Return the form of such a message that goes with a number; for templates."""
    return _spoken.translations.npgettext(context, one, many, number)


def _(message: str, /, **values: object) -> str:
    """Say a message, its gaps filled."""
    return gettext(message) % values


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """Say the form of a message that goes with a number, which fills the gap `%(num)s`."""
    return plural(one, many, num) % {"num": num, **values}


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Say a short message that means different things in different places."""
    return in_context(context, message) % values


def weekday(on: date | int) -> str:
    """Return "Tuesday" of a day, or of 1 (0 is Monday)."""
    return _spoken.weekdays[on if isinstance(on, int) else on.weekday()]


def month(on: date | int) -> str:
    """Return "November" of a day, or of 11."""
    return _spoken.months[(on if isinstance(on, int) else on.month) - 1]


def short_month(on: date) -> str:
    """Return "Nov" of a day."""
    return _spoken.short_months[on.month - 1]


def listed(words: Iterable[str], style: Style = "standard") -> str:
    """Return "one, two and three"; with the style "or": "one, two or three"."""
    return _spoken.lists([*words], style)
