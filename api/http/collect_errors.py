"""A walk through a body, field by field, that notes every fault instead of stopping at the first.

msgspec reads the leaves; where a struct lies inside another, or in a mapping, the walk goes in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin

import msgspec

from api.errors import FieldFault
from api.http.problems import field_faults
from catalogue.i18n.gettext import _, gettext_noop

NEEDED = gettext_noop("This is needed.")

KeyName = Callable[[str], str]
"""Writes a key inside a field as the fault's reader knows it."""


class Walk:
    """One way through a body: what could be read is returned, what could not is noted."""

    def __init__(self, strict: bool, name_of_key: KeyName) -> None:
        self.faults: list[FieldFault] = []
        self._strict = strict
        self._name_of_key = name_of_key

    def fields(
        self,
        plain: Mapping[str, Any],
        kind: type[msgspec.Struct],
        where: str,
        needed: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return the fields that could be read."""
        known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        if not known.keys() >= plain.keys():
            self.faults.append(FieldFault(where, _("There is a field here that is not known.")))
        sound = {}
        for name, field in known.items():
            inside = f"{where}.{name}" if where else name
            if name not in plain:
                if field.required:
                    self.faults.append(FieldFault(inside, _(needed.get(name, NEEDED))))
                continue
            before = len(self.faults)
            value = self._value(plain[name], field.type, inside)
            if len(self.faults) == before or isinstance(value, dict):
                sound[field.name] = value
        return sound

    def _value(self, plain: Any, hint: Any, where: str) -> Any:
        before = len(self.faults)
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and isinstance(plain, dict):
            sound = self.fields(plain, hint, where, {})
            return hint(**sound) if len(self.faults) == before else None
        if get_origin(_bare(hint)) is dict and isinstance(plain, dict):
            inner = get_args(_bare(hint))[1]
            read = {
                key: self._value(value, inner, where + self._name_of_key(key))
                for key, value in plain.items()
            }
            if len(self.faults) > before:
                return read
        return self._leaf(plain, hint, where)

    def _leaf(self, plain: Any, hint: Any, where: str) -> Any:
        try:
            return msgspec.convert(plain, hint, strict=self._strict)
        except msgspec.ValidationError as error:
            self.faults.extend(_inside(where, field_faults(error)))
            return None


def _bare(hint: Any) -> Any:
    """Return a type without its `Annotated`."""
    return get_args(hint)[0] if hasattr(hint, "__metadata__") else hint


def _inside(where: str, found: Iterable[FieldFault]) -> Iterator[FieldFault]:
    for fault in found:
        yield FieldFault(f"{where}.{fault.field}" if fault.field else where, fault.message)
