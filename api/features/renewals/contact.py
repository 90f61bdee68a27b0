"""What an act on a standing promise is worked with, and whom to write to about it."""

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import Conflict, Missing
from api.features import pledges
from api.features.pledges import Private
from api.security.encryption import Encryption
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.pledge import Pledge


class NoPledge(Missing):
    """The pledge of a promise is not in the content any more."""

    sentence = gettext_noop("This pledge is not here any more.")


class PledgeEnded(Conflict):
    """The register is frozen: nothing on it is renewed or changed."""

    sentence = gettext_noop("This pledge has ended. Its register stays as it is.")


def running_pledge(context: Context, slug: str) -> Pledge:
    """Return a pledge that runs. Raises `NoPledge` or `PledgeEnded`."""
    pledge = context.catalogue.pledge(slug)
    if pledge is None:
        raise NoPledge
    if pledge.status == "ended":
        raise PledgeEnded
    return pledge


class Contact(msgspec.Struct, frozen=True):
    """Whom to write to about an entry, from its sign-up. `email` may be empty: then by post."""

    sign_up_id: str
    reference: str
    email: str
    name: str
    role: str
    post: str


def contact_of(
    connection: Connection, pledge: str, who: str, encryption: Encryption
) -> Contact | None:
    """Return the contact of an entry; None where nobody signed here, or it was erased."""
    found = pledges.published_sign_up_at(connection, signatory_files.path_of(pledge, who))
    if found is None or found.sealed is None:
        return None
    private = encryption.decrypt_as(found.id, found.sealed, Private)
    email = private.contact_email
    return Contact(
        sign_up_id=found.id,
        reference=found.reference,
        email=email,
        name=private.signer_name,
        role=private.signer_role,
        post=private.contact_post,
    )
