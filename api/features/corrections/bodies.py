"""What a visitor says is wrong about an activity, or that all of it is still right."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from litestar.openapi.spec import OpenAPIType, Schema
from msgspec import Meta

from api.errors import FieldFault
from api.http.request_bodies import Body, ValidFields, Variant, portable
from api.security import contact_text
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.phone import FIVE_DIGITS, is_unringable
from catalogue.model.text import SLUG_CHARACTERS

About: TypeAlias = Literal[
    "still_right", "ended", "times", "place", "cost", "contact", "access", "other"
]
Knows: TypeAlias = Literal["runs_it", "goes_there", "was_told", ""]
Slug = Annotated[
    str, Meta(max_length=SLUG_CHARACTERS, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?![\s\S])")
]

ABOUT: Mapping[str, str] = {
    "ended": gettext_noop("It has ended"),
    "times": gettext_noop("The day or the time"),
    "place": gettext_noop("The place"),
    "cost": gettext_noop("What it costs"),
    "contact": gettext_noop("The phone number or e-mail address"),
    "access": gettext_noop("Getting in: steps, toilets, hearing"),
    "other": gettext_noop("Something else"),
}
STILL_RIGHT = gettext_noop("All of it is still right")
KNOWS: Mapping[str, str] = {
    "runs_it": gettext_noop("I run it, or help to"),
    "goes_there": gettext_noop("I go there, or tried to"),
    "was_told": gettext_noop("Somebody told me"),
}
SAYS_ENOUGH = frozenset({"still_right", "ended"})
"""What needs no more words."""
WORDS_NEEDED = gettext_noop("Write what is right, as far as you know.")


class CorrectionRequest(Body, frozen=True, kw_only=True):
    """Somebody says what is wrong (`about`) and what is right (`words`) about an activity.

    `reach_at` is only for asking back; it is sealed, and may be left out.
    """

    activity: Slug
    about: About
    words: contact_text.Paragraphs = ""
    knows: Knows = ""
    reach_at: contact_text.Line = ""

    NEEDED: ClassVar[Mapping[str, str]] = {
        "activity": "Say which activity this is about.",
        "about": "Choose what is wrong.",
    }
    DESCRIBED: ClassVar[Mapping[str, Schema]] = {
        "reach_at": Schema(
            type=OpenAPIType.STRING,
            max_length=200,
            pattern=rf"^(?![\s\S]*{FIVE_DIGITS})"  # a number is one that can be rung
            + portable(contact_text.ONE_LINE).removeprefix("^"),
        )
    }
    VARIANTS: ClassVar[tuple[Variant, ...]] = (
        Variant({"about": Schema(type=OpenAPIType.STRING, enum=sorted(SAYS_ENOUGH))}),
        Variant(
            {
                "about": Schema(type=OpenAPIType.STRING, enum=[*(set(ABOUT) - SAYS_ENOUGH)]),
                "words": Schema(
                    type=OpenAPIType.STRING,
                    min_length=1,
                    max_length=500,
                    pattern=r"^(?=[\s\S]*\S)"
                    + portable(contact_text.SEVERAL_LINES).removeprefix("^"),
                ),
            },
            ("words",),
        ),
    )

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterator[FieldFault]:
        """Ask for words where a choice alone says too little."""
        enough = valid.get("about") in (None, *SAYS_ENOUGH)
        if not enough and not re.search(r"\S", valid.get("words", "")):
            yield FieldFault("words", WORDS_NEEDED)
        if is_unringable(valid.get("reach_at", "")):
            yield FieldFault("reach_at", _("This number is too short to ring. Please look again."))


class CorrectionReceived(msgspec.Struct, frozen=True):
    """The answer, given only once what was said is safely kept."""

    reference: str
    what_happens_next: str
