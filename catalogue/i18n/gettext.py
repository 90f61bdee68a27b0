"""Messages of pages and letters in the language of the directory (gettext).

The English sentence in the code is the message. A process has one active language, read once from
`theme.language` in mkdocs.yml (docs/decisions/0010). Translations stand in
`<language>/LC_MESSAGES/kith.po`: first in the project's folder `tongues/`, then in `catalogues/`
beside this file. Beside them `<language>/taxonomy.yml` holds words for the closed lists.
Placeholders are `%(name)s`; a percent sign is `%%`. See CONTRIBUTING.md.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import yaml

from catalogue.i18n.taxonomy_words import FILE, TaxonomyWords, read_taxonomy_words
from catalogue.i18n.untranslated import Untranslated

if TYPE_CHECKING:
    from babel.messages.catalog import Message

ListStyle = Literal["standard", "or"]
"""Join a list with "and", or with "or"."""

SOURCE_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "catalogues"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class UnknownLanguage(ValueError):
    """There is no translation into the language asked for, or it cannot be read."""


class Language(msgspec.Struct, frozen=True):
    """A language: its tag (BCP 47), translations, names of days and months, and how lists join.

    `untranslated` are the messages shown in English for want of a translation.
    """

    language: str
    translations: NullTranslations
    untranslated: Untranslated
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    join_list: Callable[[list[str], ListStyle], str]
    taxonomy_words: TaxonomyWords = TaxonomyWords()


def _join_english(words: list[str], style: ListStyle) -> str:
    """Return "one", "one and two", "one, two and three"."""
    *first, final = words or [""]
    conjunction = "or" if style == "or" else "and"
    return f"{', '.join(first)} {conjunction} {final}" if first else final


def gettext_noop(message: str) -> str:
    """Mark the message of a constant for extraction; translate it where it is shown: `_(NAME)`."""
    return message


# For translators: as it stands inside a sentence. Left empty, the day is called as Unicode has it.
WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
ENGLISH = Language(
    SOURCE_LANGUAGE,
    NullTranslations(),
    Untranslated(),
    WEEKDAYS,
    MONTHS,
    SHORT_MONTHS,
    _join_english,
)
_active = ENGLISH


def activate(language: str, root: Path | None = None) -> Language:
    """Make a language (BCP 47 tag) the active one of the process. Raises UnknownLanguage.

    Translations in `root/tongues/` come before those of the program.
    """
    global _active
    english = language == SOURCE_LANGUAGE
    _active = ENGLISH if english else _load(language, root)
    return _active


def activate_for_project(root: Path) -> Language:
    """Activate `theme.language` of `root/mkdocs.yml`, else English. Raises UnknownLanguage."""
    file = root / "mkdocs.yml"
    content = file.read_bytes() if file.is_file() else b""
    settings = yaml.load(content, Loader=yaml.BaseLoader) or {}  # noqa: S506 - only str
    theme = settings.get("theme")
    declared = theme if isinstance(theme, dict) else {}
    return activate(declared.get("language", SOURCE_LANGUAGE), root)


def active_language() -> Language:
    """Return the active language of the process."""
    return _active


def catalogue_files(language: str, root: Path | None = None) -> list[Path]:
    """Return the existing kith.po files of a language, the project's own first."""
    files = [folder / "LC_MESSAGES" / "kith.po" for folder in _language_folders(language, root)]
    return [file for file in files if file.is_file()]


def _language_folders(language: str, root: Path | None) -> list[Path]:
    folders = [root / "tongues", CATALOGUES] if root else [CATALOGUES]
    return [folder / language for folder in folders]


def _load(language: str, root: Path | None) -> Language:
    """Read kith.po files that fall back on each other in order, and last on English."""
    from babel import Locale, UnknownLocaleError, lists

    files = catalogue_files(language, root)
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        files = []
    if not files:
        available = {file.parents[1].name for file in CATALOGUES.glob("*/*/kith.po")}
        raise UnknownLanguage(
            f'theme.language in mkdocs.yml: there are no words for "{language}". '
            f"There are: {', '.join(sorted({SOURCE_LANGUAGE, *available}))}."
        )
    untranslated_messages: list[Message] = []
    first, *later_files = (_compile(file, untranslated_messages) for file in files)
    untranslated = Untranslated()
    for other in (*later_files, untranslated):
        first.add_fallback(other)
    for message in untranslated_messages:
        _look_up(message, first)
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    short = locale.months["format"]["abbreviated"]
    return Language(
        language,
        first,
        untranslated,
        tuple(_translated_or(first, day, days[number]) for number, day in enumerate(WEEKDAYS)),
        tuple(months[number] for number in range(1, 13)),
        tuple(short[number] for number in range(1, 13)),
        lambda words, style: _elide(lists.format_list(words, style=style, locale=locale)),
        _taxonomy_words(language, root),
    )


def _taxonomy_words(language: str, root: Path | None) -> TaxonomyWords:
    try:
        return read_taxonomy_words(folder / FILE for folder in _language_folders(language, root))
    except ValueError as error:
        raise UnknownLanguage(f"The words of the closed lists cannot be read: {error}") from error


def _translated_or(translations: NullTranslations, message: str, default: str) -> str:
    translation = translations.gettext(message)
    return default if translation == message else translation


def _elide(words: str) -> str:
    """Resolve CLDR's Welsh "a(c)": "ac" before a vowel, else "a"."""
    return re.sub(r"\ba\(c\) (?=([aeiouwyâêîôûŵŷ])?)", _welsh_and, words, flags=re.IGNORECASE)


def _welsh_and(conjunction: re.Match[str]) -> str:
    return "ac " if conjunction[1] else "a "


def _compile(file: Path, untranslated_messages: list["Message"]) -> GNUTranslations:
    """Return the translations of a kith.po file; nothing compiled is kept on disk.

    Adds to `waiting` the messages that the file has no translation of.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with file.open("rb") as text:
        catalogue = read_po(text, abort_invalid=True)
    for message in catalogue:
        if message.id and not (message.string and all(message.string)):
            message.string = ""  # babel would write a plural without translation in English
            untranslated_messages.append(message)
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _look_up(message: "Message", translations: NullTranslations) -> None:
    """Translate a message in all its forms: what nobody translates is noted by the last."""
    forms = (message.id, message.id) if isinstance(message.id, str) else message.id
    for number in (1, 2):
        if message.context:
            translations.npgettext(message.context, forms[0], forms[1], number)
        else:
            translations.ngettext(forms[0], forms[1], number)


def gettext(message: str) -> str:
    """Translate a message, its placeholders unfilled; for templates."""
    return _active.translations.gettext(message)


def is_untranslated(text: str) -> bool:
    """Say whether a text is a message, its gaps filled or not, that is shown in English."""
    return _active.untranslated.includes(text)


def plural(singular: str, plural_form: str, number: int) -> str:
    """Translate the form of a message for a number, its placeholders unfilled; for templates."""
    return _active.translations.ngettext(singular, plural_form, number)


def in_context(context: str, message: str) -> str:
    """Translate a message whose meaning depends on its context; for templates."""
    return _active.translations.pgettext(context, message)


def plural_in_context(context: str, singular: str, plural_form: str, number: int) -> str:
    """Translate the form of a message in its context for a number; for templates."""
    return _active.translations.npgettext(context, singular, plural_form, number)


def _(message: str, /, **values: object) -> str:
    """Translate a message and fill its placeholders."""
    return gettext(message) % values


def ngettext(singular: str, plural_form: str, num: int, /, **values: object) -> str:
    """Translate the form of a message for a number, which fills the placeholder `%(num)s`."""
    return plural(singular, plural_form, num) % {"num": num, **values}


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Translate a message whose meaning depends on its context, and fill its placeholders."""
    return in_context(context, message) % values


def weekday(on: date | int) -> str:
    """Return "Tuesday" of a date, or of 1 (0 is Monday)."""
    return _active.weekdays[on if isinstance(on, int) else on.weekday()]


def month(on: date | int) -> str:
    """Return "November" of a date, or of 11."""
    return _active.months[(on if isinstance(on, int) else on.month) - 1]


def short_month(on: date) -> str:
    """Return "Nov" of a date."""
    return _active.short_months[on.month - 1]


def format_list(words: Iterable[str], style: ListStyle = "standard") -> str:
    """Return "one, two and three"; with the style "or": "one, two or three"."""
    return _active.join_list([*words], style)
