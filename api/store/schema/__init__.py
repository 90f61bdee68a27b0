"""Every table of the service, and which of its columns hold what is personal.

Only `migrations/` makes them; a test holds that both say the same. Rules: ids are
text from `references.new_id()`; moments are UTC; everything personal lies in `sealed`, one blob a
record (`api.security.encryption`), and goes when `delete_after` has passed; `*_lookup` is a keyed
digest.
"""

from api.store.schema.base import metadata
from api.store.schema.common import audit, letter, repeat
from api.store.schema.connectors import connector, connector_link, signpost
from api.store.schema.installation import installation
from api.store.schema.invalidations import invalidation, invalidation_member
from api.store.schema.jobs import background_job, write_probe
from api.store.schema.renewals import (
    check_in,
    doubt,
    keeping_link,
    promise_change,
    register_change,
    reminder,
    was_it_true,
)
from api.store.schema.requests import correction, entry_revision, gap, signposting_request
from api.store.schema.sign_ups import (
    confirmation_token,
    dispute,
    sign_up,
    sign_up_decision,
    sign_up_lock,
)
from api.store.schema.staff import (
    recovery_code,
    sign_in_event,
    sign_in_link,
    staff,
    staff_login,
)

REVISION = "0016"
"""The migration this schema is: a store of any other revision is migrated or refused."""

__all__ = [
    "REVISION",
    "audit",
    "background_job",
    "check_in",
    "confirmation_token",
    "connector",
    "connector_link",
    "correction",
    "dispute",
    "doubt",
    "entry_revision",
    "gap",
    "installation",
    "invalidation",
    "invalidation_member",
    "keeping_link",
    "letter",
    "metadata",
    "promise_change",
    "recovery_code",
    "register_change",
    "reminder",
    "repeat",
    "sign_in_event",
    "sign_in_link",
    "sign_up",
    "sign_up_decision",
    "sign_up_lock",
    "signpost",
    "signposting_request",
    "staff",
    "staff_login",
    "was_it_true",
    "write_probe",
]
