"""Front matter becomes a struct in one go or field by field: nobody can tell which way it went."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model.activity import ActivityFront
from catalogue.model.pledge import PledgeFront, SignatoryFront
from catalogue.read import convert

PLAIN: dict[str, Any] = {
    "title": "Tuesday coffee morning",
    "summary": "Tea, toast and a table by the door.",
    "kinds": ["coffee-morning"],
    "ways": ["in person", "online"],
    "provider": {"name": "The Mill", "charity_number": "1234567"},
    "venues": [{"place": "Oxley Bridge", "latitude": "51.5", "access": {"step-free": "yes"}}],
    "schedule": [{"when": "every Tuesday 10:30", "except": ["August"]}],
    "cost": [{"price_pence": "250", "condition": "for members"}],
    "eligibility": {"minimum_age": "50"},
    "contact": {"phone": "01632 960123", "email": "mill@example.org"},
    "places": {"booking": "not needed", "as_of": "2026-11-01"},
    "assured_on": "2026-11-01",
    "sources": [{"name": "Their poster", "read_on": "2026-11-01"}],
}
SIGNATORY: dict[str, Any] = {
    "name": "Mill Taxis",
    "signer": "organisation",
    "kind": "taxi",
    "place": "Oxley Bridge",
    "version": "1",
    "promises": {"welcome": {"state": "starting", "by": "2026-12-01", "how": "We wave."}},
    "since": "2026-01-05",
    "confirmed_until": "2027-01-05",
}
ODD = ["", "null", "None", "true", "no", "yes", "0", "-1", "5", "1.5", "nan", "2026-02-30", "x<y"]
ODD_VALUES: list[Any] = [*ODD, "x" * 500, [], {}, ["x"], ["", "x"], {"a": "b"}, [["x"]]]


def places(tree: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a tree."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found = []
    for step, value in inner:
        found.append((*at, step))
        if isinstance(value, dict | list):
            found += places(value, (*at, step))
    return found


def with_value(tree: Any, at: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(tree)
    inside = changed
    for step in at[:-1]:
        inside = inside[step]
    inside[at[-1]] = value
    return changed


@pytest.mark.parametrize(("plain", "kind"), [(PLAIN, ActivityFront), (SIGNATORY, SignatoryFront)])
@given(told=st.data())
def test_what_is_made_in_one_go_is_what_the_walk_makes(
    plain: dict[str, Any], kind: type[Any], told: st.DataObject
) -> None:
    for at in told.draw(st.lists(st.sampled_from(places(plain)), min_size=1, max_size=3)):
        try:
            plain = with_value(plain, at, told.draw(st.sampled_from(ODD_VALUES)))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    faults: list[tuple[str, str]] = []
    at_once = convert.at_once(plain, kind)
    walked = convert.walk(plain, kind, lambda field, said: faults.append((field, said)))
    assert at_once is None or (at_once == walked and not faults)
    assert convert.convert(plain, kind, lambda field, said: None) == walked


@pytest.mark.parametrize(("plain", "kind"), [(PLAIN, ActivityFront), (SIGNATORY, SignatoryFront)])
def test_an_entry_without_a_fault_is_made_in_one_go(plain: dict[str, Any], kind: type[Any]) -> None:
    assert convert.at_once(plain, kind) is not None


@pytest.mark.parametrize("kind", [ActivityFront, PledgeFront, SignatoryFront])
def test_a_field_nobody_knows_is_never_let_through_in_one_go(kind: type[Any]) -> None:
    """Else a misspelt field would be lost without a word."""
    assert kind.__struct_config__.forbid_unknown_fields
    assert (
        convert.at_once({**PLAIN, "venues": [{"place": "Oxley Bridge", "plaec": "x"}]}, kind)
        is None
    )
