"""Front matter becomes a struct as msgspec reads it, blanks aside, and every fault is told."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.faults import Fault
from catalogue.model.activity import ActivityFront
from catalogue.model.pledge import PledgeFront, SignatoryFront
from catalogue.read import convert
from catalogue.read.entry import Entry

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
    paths = []
    for step, value in inner:
        paths.append((*at, step))
        if isinstance(value, dict | list):
            paths += places(value, (*at, step))
    return paths


def with_value(tree: Any, at: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(tree)
    parent = changed
    for step in at[:-1]:
        parent = parent[step]
    parent[at[-1]] = value
    return changed


def read(plain: dict[str, Any], kind: type[msgspec.Struct]) -> tuple[Any, list[Fault]]:
    faults: list[Fault] = []
    struct = convert.to_struct(Entry("mill.md", plain, {}, "", 1), kind, faults)
    assert (struct is None) == bool(faults)
    return struct, faults


def has_blank(plain: Any) -> bool:
    if isinstance(plain, str):
        return not plain or plain.casefold() == "null"  # msgspec takes the word for None
    return any(has_blank(inner) for inner in (plain.values() if isinstance(plain, dict) else plain))


@pytest.mark.parametrize(("plain", "kind"), [(PLAIN, ActivityFront), (SIGNATORY, SignatoryFront)])
@given(data=st.data())
def test_front_matter_without_blanks_reads_as_msgspec_reads_it(
    plain: dict[str, Any], kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    for at in data.draw(st.lists(st.sampled_from(places(plain)), min_size=1, max_size=3)):
        try:
            plain = with_value(plain, at, data.draw(st.sampled_from(ODD_VALUES)))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    struct, faults = read(plain, kind)
    if has_blank(plain):
        return
    try:
        assert struct == msgspec.convert(plain, kind, strict=False)
    except msgspec.ValidationError as error:
        one_for_a_list = "Expected `array`, got `str`" in str(error)
        assert faults or one_for_a_list


@pytest.mark.parametrize(("plain", "kind"), [(PLAIN, ActivityFront), (SIGNATORY, SignatoryFront)])
def test_an_entry_without_a_fault_is_read(plain: dict[str, Any], kind: type[Any]) -> None:
    assert read(plain, kind)[1] == []


def test_a_blank_field_counts_as_absent_and_the_word_null_does_not() -> None:
    struct, faults = read({**PLAIN, "eligibility": {"minimum_age": "", "who": ""}}, ActivityFront)
    assert (struct.eligibility.minimum_age, faults) == (None, [])
    struct, faults = read({**PLAIN, "eligibility": {"minimum_age": "null"}}, ActivityFront)
    assert [str(fault) for fault in faults] == [
        "mill.md:1: eligibility.minimum_age: write a whole number"
    ]


def test_every_fault_is_reported_at_once() -> None:
    venue = {"place": "Oxley Bridge", "plaec": "x", "latitude": "95"}
    faulty = {**PLAIN, "title": "", "venues": [venue], "cost": [{"price_pence": "two"}]}
    _, faults = read(faulty, ActivityFront)
    assert {fault.field for fault in faults} == {
        *("title", "venues[0].plaec", "venues[0].latitude", "cost[0].price_pence")
    }


@pytest.mark.parametrize("kind", [ActivityFront, PledgeFront, SignatoryFront])
def test_no_front_matter_takes_a_field_that_nobody_knows(kind: type[Any]) -> None:
    """Else a misspelt field would be lost without a word."""
    assert kind.__struct_config__.forbid_unknown_fields
    _, faults = read({"titel": "x"}, kind)
    assert "titel" in {fault.field for fault in faults}
