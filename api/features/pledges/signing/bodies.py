"""What somebody says who signs a pledge, and what they are told.

The public half (name, kind, place, promises) is to stand on a page for ever: a person is named only
if they say so, and no address or number may slip into a sentence.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec
from litestar.openapi.spec import Schema
from msgspec import Meta

from api.errors import FieldFault
from api.features.pledges.signing import body_schema
from api.http.request_bodies import Body, ValidFields, Variant
from api.security import contact_text
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import CommitmentState, SignerKind
from catalogue.model.text import POSTCODE

YesNo: TypeAlias = Literal["yes", "no"]
Slug = Annotated[str, Meta(max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?![\s\S])")]
How = Annotated[str, Meta(max_length=body_schema.HOW_CHARACTERS, pattern=contact_text.ONE_LINE)]
Place = Annotated[str, Meta(min_length=1, max_length=80, pattern=contact_text.ONE_LINE)]
Version: TypeAlias = int | float
"""A whole number; JSON makes no difference between 2 and 2.0."""
Role = Annotated[str, Meta(max_length=100, pattern=contact_text.ONE_LINE)]

KEPT_STATES = frozenset({"doing", "starting"})
WEB_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
PHONE_DIGITS = 10

PRIVATE = gettext_noop("This will be public: leave out addresses, telephone numbers and postcodes.")
SIGNS = gettext_noop("Please write this without the signs < and >.")


class PromiseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said to one commitment. `by` is the day a promise that is "starting" holds from."""

    state: CommitmentState
    how: How = ""
    by: date | None = None


class SignUpRequest(Body, frozen=True, kw_only=True):
    """Somebody signs a pledge, for themselves or for an organisation they may sign for.

    `promises` go by commitment id; `version` is the wording they read. Contact, signer and role are
    never published; a person's name only with `show_name`.
    """

    signer: SignerKind
    name: contact_text.Name
    kind: Slug
    place: Place
    contact_email: contact_text.EmailAddress
    signer_name: contact_text.Name | None = None
    signer_role: Role = ""
    may_sign: Literal["yes"]
    promises: Annotated[dict[str, PromiseBody], Meta(max_length=body_schema.PROMISES_AT_MOST)]
    version: Version
    show_name: YesNo = "no"

    NEEDED: ClassVar[Mapping[str, str]] = {
        "signer": gettext_noop("Say whether you sign for yourself or for an organisation."),
        "name": gettext_noop("Write the name, as people know it."),
        "kind": gettext_noop("Choose what kind it is."),
        "place": gettext_noop("Write the town or village."),
        "contact_email": gettext_noop("Write the e-mail address we may send the letter to."),
        "may_sign": gettext_noop("Say that you may sign for it."),
        "promises": gettext_noop(
            "Say what you promise: at least one thing you do or are starting."
        ),
    }
    DESCRIBED: ClassVar[Mapping[str, Schema]] = body_schema.FIELDS
    VARIANTS: ClassVar[tuple[Variant, ...]] = body_schema.VARIANTS

    @classmethod
    def between(cls, sound: ValidFields) -> Iterator[FieldFault]:
        """Hold the answers against each other, and the public ones against what must not stand."""
        if sound.get("signer") == "organisation" and sound.get("signer_name") is None:
            yield FieldFault("signer_name", _("Write who signs. It is not published."))
        if "=?" in sound.get("contact_email", ""):
            yield FieldFault(
                "contact_email", _("Write one e-mail address, such as name@example.org.")
            )
        if sound.get("version", 1) % 1 or sound.get("version", 1) < 1:
            yield FieldFault("version", _("This should be a whole number."))
        if "name" in sound:
            yield from _unfit("name", sound["name"], cls.NEEDED["name"])
        if "promises" in sound:
            yield from _unfit_promises(sound["promises"], cls.NEEDED["promises"])


def _unfit(field: str, words: str, needed: str) -> Iterator[FieldFault]:
    """Yield what keeps words from standing on a public page (the content checks ask the same)."""
    if not words.strip():
        yield FieldFault(field, _(needed))
    elif "<" in words or ">" in words:
        yield FieldFault(field, _(SIGNS))
    elif is_private(words):
        yield FieldFault(field, _(PRIVATE))


def is_private(words: str) -> bool:
    """Say whether words hold an address, a telephone number or a whole postcode."""
    digits = sum(sign.isdigit() for sign in words)
    return bool(
        "@" in words
        or digits >= PHONE_DIGITS
        or POSTCODE.search(words.upper())
        or WEB_ADDRESS.search(words)
    )


def _unfit_promises(
    promises: Mapping[str, PromiseBody | None], needed: str
) -> Iterator[FieldFault]:
    if not any(promise is None or promise.state in KEPT_STATES for promise in promises.values()):
        yield FieldFault("promises", _(needed))
    for promise_id, promise in promises.items():
        # An id that no pledge could have is not repeated; `eligibility.py` refuses it.
        if promise is None or not re.fullmatch(r"[a-z0-9-]{1,40}", promise_id):
            continue
        where = f"promises.{promise_id}"
        if promise.state == "starting" and promise.by is None:
            yield FieldFault(f"{where}.by", _("Write the day from which it will hold."))
        if promise.how:
            yield from _unfit(f"{where}.how", promise.how, gettext_noop("Write a sentence."))


class SignUpAccepted(msgspec.Struct, frozen=True):
    """The answer to every sign-up: the same for a new one and for one we have already."""

    what_happens_next: str


def form_fields(
    answers: Mapping[str, list[str]],
    commitments: tuple[str, ...],
    kind: type[SignUpRequest] = SignUpRequest,
) -> dict[str, Any]:
    """Return the answers of a pledge's form as the fields of `kind`.

    A commitment has three inputs: `promise-<id>`, `how-<id>` and `by-<id>`.
    """
    plain: dict[str, Any] = {
        name: answers[name][0] for name in kind.__struct_fields__ if name in answers
    }
    promises = {}
    for one in commitments:
        said = {
            part: answers[f"{name}-{one}"][0]
            for part, name in INPUTS.items()
            if f"{name}-{one}" in answers
        }
        if said:
            said["state"] = said.get("state", "").replace("_", " ")
            promises[one] = said
    plain.pop("promises", None)
    return plain | ({"promises": promises} if promises else {})


INPUTS = {"state": "promise", "how": "how", "by": "by"}


def input_name(field: str, commitments: tuple[str, ...]) -> str:
    """Return the name of the input a fault belongs to: `how-welcome` of `promises.welcome.how`."""
    parts = field.split(".")
    if parts[0] != "promises":
        return field
    one = parts[1] if len(parts) > 1 else next(iter(commitments), "")
    return f"{INPUTS[parts[2] if len(parts) > 2 else 'state']}-{one}"
