"""Whom to write to about an entry of the register."""

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.features import pledges
from api.features.pledges import SignUpPersonalData
from api.security.encryption import Encryption


class Contact(msgspec.Struct, frozen=True):
    """The contact given at sign-up. With an empty `email`, letters go by post."""

    sign_up_id: str
    reference: str
    email: str
    name: str
    role: str
    postal_address: str


def find_contact(
    connection: Connection, pledge: str, slug: str, encryption: Encryption
) -> Contact | None:
    """Return the contact of an entry; None where nobody signed up for it, or it was erased."""
    sign_up = pledges.published_sign_up_at(connection, signatory_files.path_of(pledge, slug))
    if sign_up is None or sign_up.sealed is None:
        return None
    private = encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
    return Contact(
        sign_up_id=sign_up.id,
        reference=sign_up.reference,
        email=private.contact_email,
        name=private.signer_name,
        role=private.signer_role,
        postal_address=private.contact_post,
    )
