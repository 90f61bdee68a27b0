"""A sign-up on paper: staff enter it, and the signature confirms it.

It needs no e-mail address. It waits for review like any other, with the flag "on_paper".
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, ClassVar

from msgspec import Meta
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid
from api.features.pledges.signing import store
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.hold_reasons import moderation_flags
from api.features.pledges.signing.sign import PledgeEnded, promises_of
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.http.request_bodies import ValidFields
from api.security import contact_text, normalise
from api.security.normalise import name_key
from api.security.references import make, new_id
from api.store import audit
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.gazetteer import area_named
from catalogue.model.phone import find_phone
from catalogue.model.pledge import Pledge
from catalogue.outputs.formatting import LOCAL

Post = Annotated[str, Meta(max_length=300, pattern=contact_text.SEVERAL_LINES)]


class PaperSignUp(SignUpRequest, frozen=True, kw_only=True):
    """The fields of a paper form. `signed_on` is the day beside the signature."""

    contact_email: contact_text.EmailAddress | None = None  # type: ignore[assignment] # paper needs none
    contact_phone: contact_text.Line = ""
    contact_post: Post = ""
    signed_on: date

    NEEDED: ClassVar[Mapping[str, str]] = {
        **SignUpRequest.NEEDED,
        "signed_on": gettext_noop("Write the day beside the signature."),
    }

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterator[FieldFault]:
        """Yield that there is no way to reach who signed, and the faults of every sign-up."""
        contacts = ("contact_email", "contact_phone", "contact_post")
        if not any((valid.get(name) or "").strip() for name in contacts):
            yield FieldFault(
                "contact_email", _("Write one way to reach them: e-mail, telephone or post.")
            )
        else:
            yield from super().cross_field_faults({"contact_email": "", **valid})
        phone = valid.get("contact_phone", "").strip()
        if phone and not find_phone(phone):
            yield FieldFault(
                "contact_phone", _("This number is too short to ring. Please look again.")
            )


class AlreadySigned(Conflict):
    """An active sign-up has this name and place, or this contact."""

    code = "stands-already"
    sentence = gettext_noop("There is one already for this name and place, or for this contact.")


async def enter(body: PaperSignUp, pledge: Pledge, actor: str, context: Context) -> str:
    """Store it as confirmed on the day it was signed, and return its reference.

    Raises `PledgeEnded`, `Invalid` for a day to come, `AlreadySigned`.
    """
    if pledge.status == "ended":
        raise PledgeEnded
    if body.signed_on > context.now.astimezone(LOCAL).date():
        raise Invalid(FieldFault("signed_on", _("This day is still to come.")))
    new, private = _sign_up(body, pledge, context)
    key = name_key(body.name, new.place)
    row = store.sign_up_row(
        new,
        canonical_key=context.encryption.lookup(key),
        contact_lookup=normalise.lookup_of(context.encryption, private),
        until=None,
    )
    line = audit.new_event("sign_up.entered_from_paper", new.reference, actor=actor, at=context.now)

    def write(connection: Connection) -> None:
        existing = store.find_existing(
            connection,
            pledge.slug,
            version=new.version,
            canonical_keys=context.encryption.lookups(key),
            contact_lookups=normalise.lookups_of(context.encryption, private),
            now=context.now,
        )
        if existing:
            raise AlreadySigned
        insert_rows(connection, [row, line])

    try:
        await context.database.write(write)
    except UniqueViolation:
        raise AlreadySigned from None
    return new.reference


def _sign_up(
    body: PaperSignUp, pledge: Pledge, context: Context
) -> tuple[SignUp, SignUpPersonalData]:
    sign_up_id, person = new_id(), body.signer == "person"
    email = body.contact_email or ""
    private = SignUpPersonalData(
        contact_email=email,
        contact_phone=body.contact_phone.strip(),
        contact_post=body.contact_post.strip(),
        signer_name=(body.signer_name or body.name).strip(),
        signer_role=body.signer_role.strip(),
        name=body.name.strip() if person else "",
        show_name=person and body.show_name == "yes",
    )
    signed_at = datetime.combine(body.signed_on, time(12), LOCAL).astimezone(UTC)
    sign_up = SignUp(
        id=sign_up_id,
        reference=make("P"),
        pledge=pledge.slug,
        version=pledge.current.version,
        state="confirmed",
        signer=body.signer,
        kind=body.kind,
        place=area_named(body.place, context.catalogue.taxonomy) or "",
        public_name="" if person else body.name.strip(),
        promises=promises_of(body, pledge),
        sealed=context.encryption.encrypt(sign_up_id, private),
        created_at=context.now,
        confirmed_at=min(signed_at, context.now),
        text_sha256=pledge.current.text_sha256,
        flags=("on_paper", *moderation_flags(body.kind, email)),
    )
    return sign_up, private
