"""What a connector tells of pointing somebody somewhere, and what is said back.

No field here is about the person: names off our closed lists, a day, and who counts it. There is no
box for words, so none can slip in; a test walks every field and fails when one is added.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.http.request_bodies import Body

END = r"$(?![\s\S])"
Slug = Annotated[str, Meta(max_length=80, pattern=rf"^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?{END}")]
Id = Annotated[str, Meta(pattern=rf"^[0-9a-f]{{32}}{END}")]
PointingKey = Annotated[str, Meta(pattern=rf"^(?:[0-9a-f]{{64}})?{END}")]
How = Literal["card", "talk", "nothing"]


class Pointer(Body, frozen=True, kw_only=True):
    """Somebody was pointed to a kind of thing (slug) in an area (slug), or there was nothing.

    `id` is drawn by the caller, and one id counts once. `day` is when it was; a day that cannot be
    right is today. `connector` is the key of whose page counts it; empty is nobody's.
    """

    id: Id
    how: How
    area: Slug = ""
    kind: Slug = ""
    day: date | None = None
    connector: PointingKey = ""


class PointerTaken(msgspec.Struct, frozen=True):
    """What was counted: that somebody was pointed on, that there was nothing, or neither.

    A kind that our lists do not know is a gap; what they know nothing of is not kept.
    """

    counted: Literal["pointed", "gap", "nothing"]


class Pointed(msgspec.Struct, frozen=True):
    """How often somebody was pointed on, by all connectors; None where it is fewer than five."""

    this_month: int | None
    this_year: int | None
