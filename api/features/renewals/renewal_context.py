"""What an act on a standing promise is worked with, and whom to write to about it."""

from datetime import date, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.errors import Conflict, Missing
from api.features.pledges import store as pledges
from api.features.pledges.store import Private
from api.security.encryption import Vault
from api.settings import Settings
from api.store.database import Database
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge
from catalogue.outputs.formatting import LOCAL


class NoPledge(Missing):
    """The pledge of a promise is not in the content any more."""

    sentence = gettext_noop("This pledge is not here any more.")


class PledgeEnded(Conflict):
    """The register is frozen: nothing on it is renewed or changed."""

    sentence = gettext_noop("This pledge has ended. Its register stays as it is.")


class Means(msgspec.Struct, frozen=True):
    """All that an act needs, at one moment, and who acts (`signatory`, `visitor`, `staff ...`)."""

    settings: Settings
    database: Database
    vault: Vault
    catalogue: Catalogue
    now: datetime
    actor: str

    @property
    def project(self) -> Path:
        """Where the entries stand."""
        return self.settings.project

    @property
    def today(self) -> date:
        """The day it is here."""
        return self.now.astimezone(LOCAL).date()

    def pledge(self, slug: str) -> Pledge:
        """Return a pledge that runs. Raises `NoPledge` or `PledgeEnded`."""
        found = self.catalogue.pledge(slug)
        if found is None:
            raise NoPledge
        if found.status == "ended":
            raise PledgeEnded
        return found


class Contact(msgspec.Struct, frozen=True):
    """Whom to write to about an entry, from its sign-up. `email` may be empty: then by post."""

    sign_up_id: str
    reference: str
    email: str
    name: str
    role: str
    post: str


def contact_of(connection: Connection, pledge: str, who: str, vault: Vault) -> Contact | None:
    """Return the contact of an entry; None where nobody signed here, or it was erased."""
    found = pledges.published_at(connection, signatory_files.path_of(pledge, who))
    if found is None or found.sealed is None:
        return None
    private = vault.open_as(found.id, found.sealed, Private)
    email = private.contact_email
    return Contact(
        sign_up_id=found.id,
        reference=found.reference,
        email=email,
        name=private.signer_name,
        role=private.signer_role,
        post=private.contact_post,
    )
