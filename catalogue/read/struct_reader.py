"""Plain data into structs field by field, so that every fault is collected.

`msgspec.convert` stops at the first value it cannot read, so here it reads single values only.
Subclasses decide what counts as absent and how a fault is worded: `convert` for front matter,
`api.http.request_bodies` for JSON and forms.
"""

import types
import typing
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, ClassVar

import msgspec

Fields = Mapping[str, msgspec.structs.FieldInfo]


class StructReader:
    """Reads one value; `faults` holds (dotted path, message) of everything that is wrong in it."""

    strict: ClassVar[bool] = True
    """Whether msgspec refuses "5" for a number."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def fields(self, plain: Mapping[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
        """Return the fields of a struct that could be read, by attribute name.

        A mapping with faults inside is there with what could be read, and None for the rest.
        """
        return self._fields(plain, kind, "")

    def _fields(
        self, plain: Mapping[str, Any], kind: type[msgspec.Struct], path: str
    ) -> dict[str, Any]:
        fields = fields_by_name(kind)
        if unknown := [name for name in plain if name not in fields]:
            self.unknown(path, unknown, fields)
        readable = {}
        for name, field in fields.items():
            field_path = f"{path}.{name}" if path else name
            if self.is_absent(plain, name):
                if field.required:
                    self.missing(field_path, kind, name)
                continue
            before = len(self.faults)
            value = self.value(plain[name], field.type, field_path)
            if len(self.faults) == before or self.is_usable(value):
                readable[field.name] = value
        return readable

    def value(self, plain: Any, hint: Any, path: str) -> Any:
        """Return a value of the type `hint`; None (or part of a mapping) with faults."""
        before, container = len(self.faults), container_type(hint)
        if isinstance(plain, dict):
            if isinstance(container, type) and issubclass(container, msgspec.Struct):
                readable = self._fields(plain, container, path)
                is_sound = len(self.faults) == before
                return container(**readable) if is_sound else self.partial(container, readable)
            if typing.get_origin(container) is dict:
                inner = typing.get_args(container)[1]
                plain = {
                    key: self.value(value, inner, path + self.key_path(key))
                    for key, value in plain.items()
                }
                if len(self.faults) > before:
                    return plain
        try:
            return msgspec.convert(plain, hint, strict=self.strict)
        except msgspec.ValidationError as error:
            self.invalid(path, error, plain, hint)
            return None

    def is_usable(self, value: Any) -> bool:
        """Say whether what could be read of a faulty value is kept."""
        return isinstance(value, dict)

    def partial(self, kind: type[msgspec.Struct], readable: dict[str, Any]) -> Any:
        """Return what stands for a struct with faults, of which some fields could be read."""
        return None

    def is_absent(self, plain: Mapping[str, Any], name: str) -> bool:
        """Say whether a field was left out."""
        return name not in plain

    def key_path(self, key: str) -> str:
        """Return what a key of a mapping adds to the path."""
        return f".{key}"

    def unknown(self, path: str, names: Collection[str], fields: Fields) -> None:
        """Add the faults of fields that the struct at `path` does not have."""
        raise NotImplementedError

    def missing(self, path: str, kind: type[msgspec.Struct], name: str) -> None:
        """Add the fault of a required field that is absent."""
        raise NotImplementedError

    def invalid(self, path: str, error: msgspec.ValidationError, plain: Any, hint: Any) -> None:
        """Add the faults of a value that msgspec refused."""
        raise NotImplementedError


@cache
def fields_by_name(kind: type[msgspec.Struct]) -> Fields:
    """Return the fields of a struct by the names they are written with (`except`)."""
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


@cache
def container_type(hint: Any) -> Any:
    """Return a type without `Annotated` and without `None` as the other choice."""
    if hasattr(hint, "__metadata__"):
        return container_type(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        choices = [choice for choice in typing.get_args(hint) if choice is not type(None)]
        if len(choices) == 1:
            return container_type(choices[0])
    return hint
