"""How pages name and link a pledge."""

import msgspec

from catalogue.model.pledge import Pledge


class PledgeLink(msgspec.Struct, frozen=True):
    """A pledge as a page names and links it."""

    title: str
    url: str


def pledge_link(pledge: Pledge) -> PledgeLink:
    """Return the link to a pledge's page."""
    return PledgeLink(pledge.title, f"/pledges/{pledge.slug}/")
