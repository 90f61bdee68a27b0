"""What somebody sends who found nothing, and what is said back: names off our lists only."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.features.gaps.store import Gap
from api.http.request_bodies import Body
from api.security import contact_text

Place = Annotated[str, Meta(max_length=80, pattern=contact_text.ONE_LINE)]
Term = Annotated[str, Meta(max_length=80, pattern=contact_text.ONE_LINE)]
PageView = Annotated[str, Meta(max_length=80, pattern=contact_text.ONE_LINE)]


class NothingFound(Body, frozen=True, kw_only=True):
    """There was nothing of a kind (slug) in a place, for a need (slug).

    What our lists do not know is not kept. `page_view` is drawn by the page: one counts once.
    """

    place: Place = ""
    kind: Term = ""
    need: Term = ""
    page_view: PageView = ""


class GapTaken(msgspec.Struct, frozen=True):
    """What was counted, in names of our lists; `counted` is false where they know none of it."""

    counted: bool
    area: str = ""
    kind: str = ""
    need: str = ""


def taken(gap: Gap | None) -> GapTaken:
    """Return what to say of a gap."""
    return GapTaken(True, gap.area, gap.kind, gap.need) if gap else GapTaken(False)
