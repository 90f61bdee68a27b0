"""The request and the answer of a sign-up, and what makes a request invalid.

The public half (name, kind, place, promises) is published: a person is named only if they allow it,
and public text may hold no address and no telephone number.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec
from litestar.openapi.spec import Schema
from msgspec import Meta

from api.errors import FieldFault
from api.features.pledges.signing import body_schema
from api.http.request_bodies import Body, ValidFields, Variant
from api.security import contact_text
from api.security.normalise import ascii_email
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.gazetteer import area_named
from catalogue.model.pledge import CommitmentState, Pledge, SignerKind
from catalogue.model.taxonomy import Taxonomy
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
INPUTS = {"state": "promise", "how": "how", "by": "by"}
"""The prefix of a commitment's three inputs in a form, by the field of `PromiseBody`."""

NO_CONTACT_DETAILS = gettext_noop(
    "This will be public: leave out addresses, telephone numbers and postcodes."
)
NO_ANGLE_BRACKETS = gettext_noop("Please write this without < and >.")


class PromiseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer to one commitment. `by` is the day from which a "starting" promise holds."""

    state: CommitmentState
    how: How = ""
    by: date | None = None


class SignUpRequest(Body, frozen=True, kw_only=True):
    """Somebody signs a pledge, for themselves or for an organisation they may sign for.

    `promises` are keyed by commitment id; `version` is the wording they read. `may_sign` is asked
    of an organisation only: everybody may sign for themselves. Contact, signer and
    role are never published; a person's name only with `show_name`.
    """

    signer: SignerKind
    name: contact_text.Name
    kind: Slug
    place: Place
    contact_email: contact_text.EmailAddress
    signer_name: contact_text.Name | None = None
    signer_role: Role = ""
    may_sign: Literal["yes"] | None = None
    promises: Annotated[dict[str, PromiseBody], Meta(max_length=body_schema.PROMISES_AT_MOST)]
    version: Version
    show_name: YesNo = "no"

    NEEDED: ClassVar[Mapping[str, str]] = {
        "signer": gettext_noop("Say whether you sign for yourself or for an organisation."),
        "name": gettext_noop("Write the name, as people know it."),
        "kind": gettext_noop("Choose what kind it is."),
        "place": gettext_noop("Write the town or village."),
        "contact_email": gettext_noop("Write the e-mail address we may send the letter to."),
        "promises": gettext_noop(
            "Say what you promise: at least one thing you do or are starting."
        ),
    }
    DESCRIBED: ClassVar[Mapping[str, Schema]] = body_schema.FIELDS
    VARIANTS: ClassVar[tuple[Variant, ...]] = body_schema.VARIANTS

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterator[FieldFault]:
        """Yield faults between fields, and what may not stand in the public ones."""
        if valid.get("signer") == "organisation" and valid.get("signer_name") is None:
            yield FieldFault("signer_name", _("Write who signs. It is not published."))
        if valid.get("signer") == "organisation" and valid.get("may_sign") is None:
            yield FieldFault("may_sign", _("Say that you may sign for it."))
        address = valid.get("contact_email") or ""
        if "=?" in address or (address and not ascii_email(address)):
            yield FieldFault(
                "contact_email", _("Write one e-mail address, such as name@example.org.")
            )
        if valid.get("version", 1) % 1 or valid.get("version", 1) < 1:
            yield FieldFault("version", _("This should be a whole number."))
        if "name" in valid:
            yield from _public_text_faults("name", valid["name"], cls.NEEDED["name"])
        if "promises" in valid:
            yield from _promise_faults(valid["promises"], cls.NEEDED["promises"])


def _public_text_faults(field: str, text: str, needed: str) -> Iterator[FieldFault]:
    """Yield what keeps a text off a public page; the content checks are the same."""
    if not text.strip():
        yield FieldFault(field, _(needed))
    elif "<" in text or ">" in text:
        yield FieldFault(field, _(NO_ANGLE_BRACKETS))
    elif is_private(text):
        yield FieldFault(field, _(NO_CONTACT_DETAILS))


def is_private(text: str) -> bool:
    """Return whether a text holds an address, a telephone number or a whole postcode."""
    digits = sum(sign.isdigit() for sign in text)
    return bool(
        "@" in text
        or digits >= PHONE_DIGITS
        or POSTCODE.search(text.upper())
        or WEB_ADDRESS.search(text)
    )


def _promise_faults(
    promises: Mapping[str, PromiseBody | None], needed: str
) -> Iterator[FieldFault]:
    if not any(promise is None or promise.state in KEPT_STATES for promise in promises.values()):
        yield FieldFault("promises", _(needed))
    for promise_id, promise in promises.items():
        # An id that no pledge could have is not repeated; `pledge_faults` refuses it.
        if promise is None or not re.fullmatch(r"[a-z0-9-]{1,40}", promise_id):
            continue
        path = f"promises.{promise_id}"
        if promise.state == "starting" and promise.by is None:
            yield FieldFault(f"{path}.by", _("Write the day from which it will hold."))
        if promise.how:
            yield from _public_text_faults(
                f"{path}.how", promise.how, gettext_noop("Write a sentence.")
            )


def pledge_faults(valid: ValidFields, pledge: Pledge, taxonomy: Taxonomy) -> Iterator[FieldFault]:
    """Yield what this pledge and the closed lists refuse in a sign-up.

    `sound` holds the fields that passed the checks of `SignUpRequest`.
    """
    if valid.get("signer") not in (None, *pledge.who_may_sign):
        yield FieldFault("signer", _who_may_sign(pledge))
    if valid.get("kind") not in (None, *(pledge.signer_kinds or taxonomy.signer_kind)):
        yield FieldFault("kind", _("Choose one of the kinds of this pledge."))
    if "place" in valid and area_named(valid["place"], taxonomy) is None:
        yield FieldFault("place", _("Choose a place from the list; the nearest one will do."))
    if valid.get("version") not in (None, pledge.current.version):
        yield FieldFault("version", _("The wording has changed. Please read it again, then sign."))
    if valid.get("promises"):
        yield from _commitment_faults(valid["promises"], pledge)


def _who_may_sign(pledge: Pledge) -> str:
    if "organisation" in pledge.who_may_sign:
        return _("Only organisations can sign this pledge.")
    return _("Only people can sign this pledge.")


def _commitment_faults(promised: Collection[str], pledge: Pledge) -> Iterator[FieldFault]:
    commitments = pledge.current.commitments
    if not {commitment.id for commitment in commitments}.issuperset(promised):
        yield FieldFault(
            "promises", _("There is a promise here that this pledge does not ask for.")
        )
    for commitment in commitments:
        if commitment.required == "yes" and commitment.id not in promised:
            yield FieldFault(
                f"promises.{commitment.id}",
                _(
                    "%(title)s: say whether you do this, start it, or not.",
                    title=commitment.title,
                ),
            )


class SignUpAccepted(msgspec.Struct, frozen=True):
    """The answer to every sign-up: the same for a new one and for one we have already."""

    what_happens_next: str


def form_fields(
    answers: Mapping[str, list[str]],
    commitments: tuple[str, ...],
    kind: type[SignUpRequest] = SignUpRequest,
) -> dict[str, Any]:
    """Return the answers of a pledge's form as the fields of `kind`.

    A commitment has three inputs: `promise-<id>`, `how-<id>` and `by-<id>` (`INPUTS`).
    """
    plain: dict[str, Any] = {
        name: answers[name][0] for name in kind.__struct_fields__ if name in answers
    }
    promises = {}
    for commitment in commitments:
        answer = {
            part: answers[f"{name}-{commitment}"][0]
            for part, name in INPUTS.items()
            if f"{name}-{commitment}" in answers
        }
        if answer:
            answer["state"] = answer.get("state", "").replace("_", " ")
            promises[commitment] = answer
    plain.pop("promises", None)
    return plain | ({"promises": promises} if promises else {})


def input_name(field: str, commitments: tuple[str, ...]) -> str:
    """Return the input that a faulty field comes from: `how-welcome` for `promises.welcome.how`."""
    parts = field.split(".")
    if parts[0] != "promises":
        return field
    commitment = parts[1] if len(parts) > 1 else next(iter(commitments), "")
    return f"{INPUTS[parts[2] if len(parts) > 2 else 'state']}-{commitment}"
