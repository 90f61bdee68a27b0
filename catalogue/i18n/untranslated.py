"""The messages that the active language has no translation of, which are shown in English."""

import re
from collections.abc import Iterable
from functools import lru_cache
from gettext import NullTranslations

GAP = re.compile(r"%\(\w+\)s|%%")
LETTER = re.compile(r"[^\W\d_]")
ENOUGH_LETTERS = 5  # beside the gaps, for a message to be told from what an editor wrote


class Untranslated(NullTranslations):
    """The last thing translations fall back on: gives the English message, and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: set[str] = set()
        self._patterns: list[re.Pattern[str]] = []
        self.includes = lru_cache(4096)(self._includes)

    def add(self, messages: Iterable[str]) -> None:
        """Note messages without a translation, their gaps unfilled."""
        for message in messages:
            if message.casefold() in self._messages:
                continue
            self._messages.add(message.casefold())
            if GAP.search(message) and len(LETTER.findall(GAP.sub("", message))) >= ENOUGH_LETTERS:
                self._patterns.append(_pattern(message))
            self.includes.cache_clear()

    def _includes(self, text: str) -> bool:
        """Say whether a text is one of the messages, its gaps unfilled or filled with anything.

        Capital letters do not count: "every Tuesday" may begin a sentence.
        """
        is_message = text.casefold() in self._messages
        return is_message or any(pattern.fullmatch(text) for pattern in self._patterns)

    def gettext(self, message: str) -> str:
        """Return the message."""
        self.add([message])
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English form for a number."""
        return self.gettext(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        """Return the message."""
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English form for a number."""
        return self.ngettext(msgid1, msgid2, n)


def _pattern(message: str) -> re.Pattern[str]:
    """Return what matches the message with its gaps filled."""
    pieces = [re.escape(piece) for piece in GAP.split(message)]
    gaps = ["%" if gap == "%%" else ".+" for gap in GAP.findall(message)]
    filled = [part for pair in zip(pieces, [*gaps, ""], strict=True) for part in pair]
    return re.compile("".join(filled), re.DOTALL | re.IGNORECASE)
