"""Front matter into a struct, with every fault at once and a "Did you mean" for a slip.

A blank value is an absent one: unknown is a value of its own and never "no". Values are texts, as
YAML's BaseLoader leaves them, so numbers and dates are read from texts.
"""

import re
import typing
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Generic, Literal, TypeVar

import msgspec

from catalogue.faults import Fault, did_you_mean
from catalogue.read.entry import Entry
from catalogue.read.struct_reader import Fields, StructReader, container_type, fields_by_name

T = TypeVar("T", bound=msgspec.Struct)

EXPECTED = {
    "date": "write a date as 2026-11-22",
    "int": "write a whole number",
    "float": "write a number",
    "str": "write words",
    "array": "write a list: [one, two]",
    "object": 'write fields below it, indented, as "name: ..."',
}


def to_struct(entry: Entry, kind: type[T], faults: list[Fault]) -> T | None:
    """Return the front matter of an entry as a struct, or None after adding to `faults`."""
    converted = to_partial_struct(entry, kind)
    faults += converted.faults
    return None if converted.faults else converted.front


class Converted(msgspec.Struct, Generic[T], frozen=True):
    """Front matter as a struct, and its faults of shape.

    Where there are any, `front` has a blank value in place of each that could not be read, so that
    the faults of all other values can be found at the same time.
    """

    front: T
    faults: tuple[Fault, ...]

    def independent_faults(
        self, faults: Iterable[Fault], rests_on: Mapping[str, Collection[str]] | None = None
    ) -> list[Fault]:
        """Return the faults of values that are not merely those of a value that was not read.

        `rests_on` names, for a field, other fields without which its faults say nothing.
        """
        unread = [fault.field for fault in self.faults]
        further_fields = rests_on or {}
        return [
            fault
            for fault in faults
            if not any(
                _overlap(field, other)
                for field in (fault.field, *further_fields.get(fault.field, ()))
                for other in unread
            )
        ]


def to_partial_struct(entry: Entry, kind: type[T]) -> Converted[T]:
    """Return the front matter of an entry as far as it can be read, with its faults of shape."""
    reader = FrontMatterReader()
    fields = reader.fields(entry.front, kind)
    faults = (entry.fault(field, message) for field, message in reader.faults)
    return Converted(reader.partial(kind, fields), tuple(faults))


def _overlap(field: str, other: str) -> bool:
    """Say whether two dotted fields are one, or one of them holds the other."""
    shorter, longer = sorted((field, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) : len(shorter) + 1] in ("", ".", "[")


class FrontMatterReader(StructReader):
    """Reads front matter; words its faults for somebody who knows Markdown and nothing else."""

    strict = False

    def value(self, plain: Any, hint: Any, path: str) -> Any:
        """Return a value; "kinds: choir" is as good as "kinds: [choir]"."""
        container = container_type(hint)
        if typing.get_origin(container) is not tuple:
            return super().value(plain, _without_none(hint), path)
        items = [plain] if isinstance(plain, str) else plain
        if not isinstance(items, list):
            self.faults.append((path, EXPECTED["array"]))
            return None
        inner = typing.get_args(container)[0]
        values = (self.value(item, inner, f"{path}[{number}]") for number, item in enumerate(items))
        return tuple(_blank(inner) if value is None else value for value in values)

    def is_usable(self, value: Any) -> bool:
        """Keep all that could be read: the checks of values look at it."""
        return value is not None

    def partial(self, kind: type[msgspec.Struct], readable: dict[str, Any]) -> Any:
        """Return the struct with a blank value for each required field that could not be read."""
        required = (field for field in fields_by_name(kind).values() if field.required)
        return kind(**{field.name: _blank(field.type) for field in required} | readable)

    def is_absent(self, plain: Mapping[str, Any], name: str) -> bool:
        """Say whether a field was left out or left blank."""
        return plain.get(name, "") in ("", None)

    def unknown(self, path: str, names: Collection[str], fields: Fields) -> None:
        """Add a fault for each field that nobody knows."""
        for name in names:
            field_path = f"{path}.{name}" if path else name
            self.faults.append((field_path, f"no such field.{did_you_mean(name, fields)}"))

    def missing(self, path: str, kind: type[msgspec.Struct], name: str) -> None:
        """Add the fault of a required field."""
        self.faults.append((path, "is missing"))

    def invalid(self, path: str, error: msgspec.ValidationError, plain: Any, hint: Any) -> None:
        """Add the one fault of a value."""
        self.faults.append((path, _in_plain_words(str(error), plain, hint)))


def _in_plain_words(error: str, plain: Any, hint: Any) -> str:
    """Return what to write instead, from msgspec's message and the type it should have been."""
    if typing.get_origin(hint) is Literal:
        choices = [str(choice) for choice in typing.get_args(hint)]
        wrong = plain if isinstance(plain, str) else "this"
        return f'"{wrong[:40]}" is not one of: {", ".join(choices)}.{did_you_mean(wrong, choices)}'
    if message := _out_of_limits(error, plain, hint):
        return message
    expected = re.match(r"Expected `(\w+)", error)
    if expected and (message := EXPECTED.get(expected[1], "")):
        return message
    if "ISO8601" in error or "date" in error:
        return EXPECTED["date"]
    return re.sub(r" - at `.*`", "", error).replace("`", '"')


def _out_of_limits(error: str, plain: Any, hint: Any) -> str:
    """Return what a value of the right type must be beyond that; "" where its type is wrong."""
    limits = next((arg for arg in typing.get_args(hint) if isinstance(arg, msgspec.Meta)), None)
    if limits is None:
        return ""
    if "of length <=" in error:
        return f"is {len(plain)} characters long, {limits.max_length} at most"
    if "matching regex" in error and limits.description:
        return f"write {limits.description}"
    if re.search("[<>]=", error):
        most = "" if limits.le is None else f" to {limits.le:g}"
        return f"write a number from {limits.ge:g}{most}"
    return ""


def _blank(hint: Any) -> Any:
    """Return a value of a type that says nothing."""
    kind = container_type(hint)
    if typing.get_origin(kind) is Literal:
        return typing.get_args(kind)[0]
    if kind is date:
        return date.min
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return FrontMatterReader().partial(kind, {})
    return (typing.get_origin(kind) or kind)()


def _without_none(hint: Any) -> Any:
    """Return the other choice of `... | None`: to msgspec the text "null" would be None."""
    choices = [choice for choice in typing.get_args(hint) if choice is not type(None)]
    return choices[0] if type(None) in typing.get_args(hint) and len(choices) == 1 else hint
