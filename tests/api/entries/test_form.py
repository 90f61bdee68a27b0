"""The form loses nothing of any entry there is, and merges what two have written."""

import re
from collections.abc import Iterator
from typing import get_args, get_origin

import msgspec
import pytest

from api.features.entries import form, form_view
from api.features.entries.form import price_in_pence, price_in_pounds
from api.features.entries.form_view import FoldView, InputView, RowsView
from catalogue.model.activity import ActivityFront
from catalogue.read.entry import parse_entry
from catalogue.read.entry_edit import changed_entry
from catalogue.read.struct_reader import container_type, fields_by_name
from tests.api.service_under_test import ROOT, project_taxonomy

ENTRIES = sorted((ROOT / "content" / "activities").rglob("*.md"))


def shown_inputs(items: tuple[object, ...]) -> list[InputView]:
    """All inputs of some parts of the form."""
    shown: list[InputView] = []
    for item in items:
        if isinstance(item, InputView):
            shown.append(item)
        elif isinstance(item, FoldView):
            shown.extend(item.inputs)
        elif isinstance(item, RowsView):
            for row in item.rows:
                shown += shown_inputs(row.items)
    return shown


def fields_of(kind: type[msgspec.Struct], path: str = "") -> Iterator[str]:
    """Yield the dotted fields an editor can write; access facts count as one."""
    for name, field in fields_by_name(kind).items():
        container = container_type(field.type)
        below = get_args(container)[0] if get_origin(container) is tuple else container
        if isinstance(below, type) and issubclass(below, msgspec.Struct):
            is_list = get_origin(container) is tuple
            yield from fields_of(below, f"{path}{name}{'[0]' if is_list else ''}.")
        else:
            yield f"{path}{name}"


def test_the_form_asks_for_every_field_that_an_editor_can_write() -> None:
    names = {
        re.sub(r"\baccess\..*", "access", name) for name in form.input_names(project_taxonomy())
    }
    assert names - {"body"} == {*fields_of(ActivityFront)}


def test_every_entry_there_is_comes_back_from_its_form_to_the_byte() -> None:
    terms = project_taxonomy()
    for file in ENTRIES:
        written = parse_entry(file.read_bytes(), file.name)
        assert form.unknown_fields(written.front, written.body, terms) == ()
        values = form.values_of(written.front, written.body, terms)
        inputs = {
            field.name: field
            for section in form_view.sections(values, (), terms)
            for field in shown_inputs(section.items)
        }
        assert set(values) <= set(inputs)
        for name, value in values.items():
            choices = [choice for choice, _words in inputs[name].choices]
            assert not choices or {value} <= {*choices} or {*value} <= {*choices}, (file, name)
        typed = form.read(form.as_answers(values), terms)
        front = form.in_order_of(typed.front, written.front)
        assert typed.errors == ()
        assert changed_entry(file.read_text(), front, typed.body) == file.read_text(), file


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("2.50", "250"), ("£3", "300"), ("2.5", "250"), ("50p", "50"), ("Free", "0"), ("0", "0")],
)
def test_prices_are_typed_as_people_write_them(typed: str, pence: str) -> None:
    assert price_in_pence(typed) == pence
    assert price_in_pence(price_in_pounds(pence)) == pence


@pytest.mark.parametrize("typed", ["", "two pounds", "2,50", "-1", "1.234", "12345", "£"])
def test_what_is_no_price_is_none(typed: str) -> None:
    assert price_in_pence(typed) == ""


def test_what_two_have_written_is_merged_by_field_and_by_list() -> None:
    values: dict[str, str | tuple[str, ...]] = {
        "title": "A",
        "summary": "S",
        "schedule[0].when": "x",
        "kinds": ("a", "b"),
        "body": "B",
    }
    now = {**values, "summary": "Theirs", "schedule[1].when": "y", "kinds": ("b", "a")}
    typed = {**values, "title": "Mine", "schedule[0].when": "z", "body": "B\r\n"}
    merged, both = form.merge(values, now, typed)
    assert merged == {
        "title": "Mine",
        "summary": "Theirs",
        "schedule[0].when": "z",
        "kinds": ("b", "a"),
        "body": "B",
    }
    assert both == ("schedule",)
    assert form.group_label("schedule", project_taxonomy()) == "When"
