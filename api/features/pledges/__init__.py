"""Signing a pledge: from a form to a confirmed promise, and from there to the public register."""

from api.features.pledges.store import (
    KEPT_WITHDRAWN,
    Private,
    is_named,
    keep_until,
    moved_entry,
    paths_taken,
    published_at,
    published_of,
    renamed,
    withdraw,
)

__all__ = [
    "KEPT_WITHDRAWN",
    "Private",
    "is_named",
    "keep_until",
    "moved_entry",
    "paths_taken",
    "published_at",
    "published_of",
    "renamed",
    "withdraw",
]
