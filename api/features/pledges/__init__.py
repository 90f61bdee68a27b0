"""Signing a pledge: from a form to a confirmed promise, and from there to the public register."""

from api.features.pledges.store import (
    KEPT_WITHDRAWN,
    SignUpPersonalData,
    extend_retention,
    is_name_taken,
    move_entry,
    published_sign_up_at,
    published_sign_ups_of,
    rename_signatory,
    taken_paths,
    withdraw,
)

__all__ = [
    "KEPT_WITHDRAWN",
    "SignUpPersonalData",
    "extend_retention",
    "is_name_taken",
    "move_entry",
    "published_sign_up_at",
    "published_sign_ups_of",
    "rename_signatory",
    "taken_paths",
    "withdraw",
]
