"""The page that describes entries names every field there is, so it cannot fall behind."""

from pathlib import Path

import msgspec
import pytest

from catalogue.model import activity, pledge

PAGE = (Path(__file__).parents[2] / "docs/entries.md").read_text()


@pytest.mark.parametrize(
    "struct",
    [
        activity.ActivityFront,
        activity.Venue,
        activity.Timetable,
        activity.CostOption,
        activity.Eligibility,
        activity.Contact,
        activity.Places,
        activity.FirstVisit,
        activity.GettingThere,
        activity.Provider,
        activity.Source,
        pledge.PledgeFront,
        pledge.Version,
        pledge.Commitment,
        pledge.SignatoryFront,
        pledge.Promise,
    ],
)
def test_every_field_is_described(struct: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(struct):
        assert f"`{field.encode_name}`" in PAGE, field.encode_name
