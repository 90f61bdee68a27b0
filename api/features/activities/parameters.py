"""The query parameters of the search API, with their limits and descriptions for OpenAPI."""

from collections.abc import Sequence
from typing import Annotated

from litestar.params import QueryParameter

from api.search.port import OnlyYes as YesOrNothing
from api.search.port import Order as Ordering
from catalogue.model.activity import Way
from catalogue.outputs.search.filters import Day, PartOfDay

DEGREES_PATTERN = r"^-?[0-8]?[0-9](\.[0-9]{1,6})?,-?(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,6})?$"
YEARS_PATTERN = r"^([0-9]|[1-9][0-9]|1[01][0-9]|120)?$"

QueryText = Annotated[
    str, QueryParameter(max_length=200, description="Free words; spelling is forgiven.")
]
Kind = Annotated[str, QueryParameter(max_length=80, description="Slug of a kind.")]
Need = Annotated[str, QueryParameter(max_length=80, description="Slug of a need.")]
Place = Annotated[
    str, QueryParameter(max_length=80, description="A place, an outward code or a postcode.")
]
Near = Annotated[
    str | None,
    QueryParameter(
        pattern=DEGREES_PATTERN, description="Latitude,longitude in degrees; goes before `place`."
    ),
]
WithinKm = Annotated[
    int,
    QueryParameter(gt=-1, le=100, description="What counts as near; 0 leaves it to the service."),
]
Days = Annotated[
    Sequence[Day],
    QueryParameter(name="day", description="A day of the week: on any of these."),
]
Times = Annotated[
    Sequence[PartOfDay],
    QueryParameter(name="time", description="A part of the day: in any of these."),
]
Ways = Annotated[
    Sequence[Way], QueryParameter(name="way", description="How it reaches you: any of these.")
]
Access = Annotated[
    Sequence[str],
    QueryParameter(max_items=40, description="Slugs of access facts: all must hold, or be asked."),
]
Promises = Annotated[
    Sequence[str],
    QueryParameter(
        name="promise",
        max_items=40,
        description="Commitments as pledge/commitment: its provider keeps all of them now.",
    ),
]
Free = Annotated[
    YesOrNothing, QueryParameter(description="yes: free; where the cost is not known, ask.")
]
Alone = Annotated[
    YesOrNothing, QueryParameter(description="yes: welcomes newcomers on their own, or ask.")
]
Lift = Annotated[YesOrNothing, QueryParameter(description="yes: can collect you, or ask.")]
Buddy = Annotated[
    YesOrNothing, QueryParameter(description="yes: somebody meets you at the door, or ask.")
]
Age = Annotated[
    str,
    QueryParameter(pattern=YEARS_PATTERN, description="Of who would go, in whole years to 120."),
]
Language = Annotated[
    str, QueryParameter(max_length=80, description="A language spoken there, by its English name.")
]
AsTyped = Annotated[
    Sequence[str],
    QueryParameter(
        max_items=8, description="Words of `q` that are not to be understood as a filter."
    ),
]
Order = Annotated[
    Ordering, QueryParameter(description="soonest, nearest or best; left out: what fits best.")
]
Page = Annotated[int, QueryParameter(ge=1, le=1_000_000)]
PerPage = Annotated[int, QueryParameter(ge=1, le=100)]
