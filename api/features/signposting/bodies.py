"""The body of a signposting request and its answer; the same as JSON and as a form.

Little is needed: what to call the person and one way to reach them. Terms that are no longer on our
lists are accepted, so that nobody is turned away because a page was old.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from litestar.openapi.spec import Schema
from msgspec import Meta

from api.errors import FieldFault
from api.features.signposting import body_schema
from api.features.signposting.body_schema import (
    MAX_NEEDS,
    REACH_CHARACTERS,
    SLUG,
)
from api.http.request_bodies import Body, ValidFields, Variant
from api.security import contact_text
from api.security.normalise import ascii_email
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.phone import find_phone
from catalogue.model.text import find_email, tidy_postcode

WhoAsks: TypeAlias = Literal["myself", "someone_else"]
Way: TypeAlias = Literal["phone", "text", "email", "post", "visit"]
YesNo: TypeAlias = Literal["yes", "no"]

Slug = Annotated[str, Meta(max_length=80, pattern=SLUG)]
Place = Annotated[str, Meta(max_length=100, pattern=contact_text.ONE_LINE)]
Reach = Annotated[
    str, Meta(min_length=1, max_length=REACH_CHARACTERS, pattern=contact_text.SEVERAL_LINES)
]
VISIBLE = re.compile(r"\S")

NAME_NEEDED = gettext_noop("Write what we should call you, or the person. Any name will do.")
REACH_NEEDED = gettext_noop("Write where we can reach you, or the person.")
CONSENT_NEEDED = gettext_noop("Ask the person first, and say here that they know and agree.")


class SignpostingRequest(Body, frozen=True, kw_only=True):
    """Somebody asks for help, for themselves or for someone who knows and agrees.

    `reach_at` belongs to `reach_by`: a number, an address, or where and when to come by.
    """

    who_asks: WhoAsks
    consent: Literal["yes"] | None = None
    name: contact_text.Name
    reach_by: Way
    reach_at: Reach
    safe_when: contact_text.Line = ""
    leave_message: YesNo = "no"
    place: Place = ""
    needs: Annotated[tuple[Slug, ...], Meta(max_length=MAX_NEEDS)] = ()
    matters: contact_text.Paragraphs = ""
    activity: Slug | None = None

    def __post_init__(self) -> None:
        """Write a postcode as everybody does, whichever way it was typed."""
        msgspec.structs.force_setattr(self, "place", tidy_postcode(self.place))

    NEEDED: ClassVar[Mapping[str, str]] = {
        "who_asks": gettext_noop("Say whether you ask for yourself or for someone else."),
        "name": NAME_NEEDED,
        "reach_by": gettext_noop("Choose one way we may reach you, or the person."),
        "reach_at": REACH_NEEDED,
    }
    DESCRIBED: ClassVar[Mapping[str, Schema]] = body_schema.FIELDS
    VARIANTS: ClassVar[tuple[Variant, ...]] = body_schema.VARIANTS

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterator[FieldFault]:
        """Check the answers against each other, as `VARIANTS` describes, and refuse blank ones."""
        if valid.get("who_asks") == "someone_else" and valid.get("consent") is None:
            yield FieldFault("consent", _(CONSENT_NEEDED))
        if not VISIBLE.search(valid.get("name", "-")):
            yield FieldFault("name", _(NAME_NEEDED))
        reach_at = valid.get("reach_at")
        if reach_at is not None:
            yield from _reach_faults(valid.get("reach_by"), reach_at)


class ReachCorrection(Body, frozen=True, kw_only=True):
    """How to reach somebody, put right from the page after the form."""

    reach_by: Way
    reach_at: Reach

    NEEDED: ClassVar[Mapping[str, str]] = SignpostingRequest.NEEDED

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterator[FieldFault]:
        """Check the address by the rule of every request."""
        if "reach_at" in valid:
            yield from _reach_faults(valid.get("reach_by"), valid["reach_at"])


def _reach_faults(reach_by: Way | None, reach_at: str) -> Iterator[FieldFault]:
    if not VISIBLE.search(reach_at):
        yield FieldFault("reach_at", _(REACH_NEEDED))
    elif reach_by in ("phone", "text") and not find_phone(reach_at):
        yield FieldFault("reach_at", _("This number is too short to ring. Please look again."))
    elif reach_by == "email" and not ascii_email(find_email(reach_at)):
        yield FieldFault(
            "reach_at", _("This is not an e-mail address. It looks like name@example.org.")
        )


class RequestReceived(msgspec.Struct, frozen=True):
    """The answer, given only once the request is stored. `answer_by` is a local date."""

    reference: str
    what_happens_next: str
    answer_by: date
