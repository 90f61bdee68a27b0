"""The reasons for which the service says no, in the words of the domain.

They know no HTTP: `http/problems.py` holds the one table that turns them into statuses. A feature
subclasses the nearest one and gives it a sentence of its own. No sentence may repeat what a
person typed: it is shown, and it may be logged.
"""

import msgspec

from catalogue.i18n.gettext import _, gettext_noop


class FieldFault(msgspec.Struct, frozen=True):
    """One field that cannot stand as it is; `field` is a path such as `contact.email`."""

    field: str
    message: str


class DomainError(Exception):
    """The base class: carries one public sentence, the same for everybody, translated.

    Each class gives its own `code`, of which a problem's public `type` is made: `urn:kith:<code>`.
    Callers rely on it, so it stays when a class is renamed (`tests/api/test_problem_types.py`).
    """

    code = "refusal"
    sentence = gettext_noop("This cannot be done.")

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or _(self.sentence)
        super().__init__(self.sentence)


class Malformed(DomainError):
    """The body cannot be read at all: not JSON, not UTF-8, nested without end."""

    code = "malformed"
    sentence = gettext_noop("The body could not be read.")


class Invalid(DomainError):
    """The body can be read, but some fields cannot stand; all the known ones are listed."""

    code = "invalid"
    sentence = gettext_noop("Something is not right in what you sent.")

    def __init__(self, *errors: FieldFault, sentence: str | None = None) -> None:
        self.errors = errors
        super().__init__(sentence)


class NotAllowed(DomainError):
    """The caller may not do this, or the request came from a foreign page."""

    code = "not-allowed"
    sentence = gettext_noop("This is not allowed.")


class Missing(DomainError):
    """There is nothing here, or nothing the caller may know of."""

    code = "missing"
    sentence = gettext_noop("There is nothing here.")


class Conflict(DomainError):
    """The state has moved on: it was answered, decided or withdrawn already."""

    code = "conflict"
    sentence = gettext_noop("This was changed in the meantime.")


class LinkExpired(DomainError):
    """A letter's link is too old, used, cut short or invented: one answer for all of them."""

    code = "link-expired"
    sentence = gettext_noop("This link no longer works.")


class TooMany(DomainError):
    """The caller asks too often; `after_seconds` says when to come back."""

    code = "too-many"
    sentence = gettext_noop("We had a lot from you in a short time. Please wait a minute.")

    def __init__(self, after_seconds: int, sentence: str | None = None) -> None:
        self.after_seconds = after_seconds
        super().__init__(sentence)


class Unavailable(DomainError):
    """Something the service leans on is not there just now; nothing was kept."""

    code = "unavailable"
    sentence = gettext_noop(
        "We cannot take this just now, and nothing was saved. Please try again."
    )

    def __init__(self, after_seconds: int = 5, sentence: str | None = None) -> None:
        self.after_seconds = after_seconds
        super().__init__(sentence)
