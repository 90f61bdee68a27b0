"""Plain front matter into a struct, with every fault at once and a did-you-mean for a slip.

`msgspec.convert` stops at the first thing it cannot read; an editor should see them all. So structs
are walked field by field here, and msgspec converts the leaves (`strict=False`: YAML gave strings).
What has no fault, which is nearly all, msgspec makes in one go: ten times as fast, and the same.
A blank value is an absent one: unknown is a value of its own and never "no".
"""

import re
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeVar

import msgspec

from catalogue.faults import did_you_mean

Tell = Callable[[str, str], None]  # (field, message)
T = TypeVar("T")

EXPECTED = {
    "date": "write a date as 2026-11-22",
    "int": "write a whole number",
    "float": "write a number",
    "str": "write words",
    "array": "write a list: [one, two]",
    "object": 'write fields below it, indented, as "name: ..."',
}


class Unfit(Exception):
    """A struct that could not be made; its faults have been told."""


def convert(plain: dict[str, Any], kind: type[T], tell: Tell, field: str = "") -> T | None:
    """Return the struct, or None after telling at least one fault."""
    return at_once(plain, kind) or walk(plain, kind, tell, field)


def walk(plain: dict[str, Any], kind: type[T], tell: Tell, field: str = "") -> T | None:
    """Return the struct, made field by field, or None after telling every fault there is."""
    try:
        return typing.cast(T, _value(plain, kind, tell, field))
    except Unfit:
        return None


def at_once(plain: dict[str, Any], kind: type[T]) -> T | None:
    """Return the struct if msgspec makes it of what is written, blanks left to the walk."""
    try:
        return None if _has_blank(plain) else msgspec.convert(plain, kind, strict=False)
    except msgspec.ValidationError:
        return None


def _has_blank(plain: Any) -> bool:
    """Say whether a value is blank anywhere inside; to msgspec the word "null" would be one."""
    if isinstance(plain, str):
        return not plain or plain.casefold() == "null"
    return any(map(_has_blank, plain.values() if isinstance(plain, dict) else plain))


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[Any, bool]]:
    """Return name as written -> (type, required); `except_` is written `except`."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {
        field.encode_name: (hints[field.name], field.required)
        for field in msgspec.structs.fields(kind)
    }


@cache
def _names(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {field.encode_name: field.name for field in msgspec.structs.fields(kind)}


def _struct(plain: Any, kind: type[msgspec.Struct], tell: Tell, field: str) -> msgspec.Struct:
    if not isinstance(plain, dict):
        tell(field, EXPECTED["object"])
        raise Unfit
    known = _fields(kind)
    faulty = _unknown(plain, known, tell, field)
    made: dict[str, Any] = {}
    for name, (hint, required) in known.items():
        value = plain.get(name, "")
        if value in ("", None):
            if required:
                tell(_inside(field, name), "is missing")
                faulty = True
            continue
        try:
            made[_names(kind)[name]] = _value(value, hint, tell, _inside(field, name))
        except Unfit:
            faulty = True
    if faulty:
        raise Unfit
    return _build(kind, made, tell, field)


def _build(
    kind: type[msgspec.Struct], made: dict[str, Any], tell: Tell, field: str
) -> msgspec.Struct:
    try:
        return kind(**made)
    except ValueError as error:  # a struct's own rule, from __post_init__
        tell(field, str(error))
        raise Unfit from None


def _unknown(plain: dict[str, Any], known: dict[str, Any], tell: Tell, field: str) -> bool:
    strange = [name for name in plain if name not in known]
    for name in strange:
        tell(_inside(field, name), f"no such field.{did_you_mean(name, known)}")
    return bool(strange)


def _value(plain: Any, hint: Any, tell: Tell, field: str) -> Any:
    hint = _without_none(hint)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _struct(plain, hint, tell, field)
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _sequence(plain, typing.get_args(hint)[0], tell, field)
    if origin is dict:
        return _mapping(plain, typing.get_args(hint)[1], tell, field)
    try:
        return msgspec.convert(plain, hint, strict=False)
    except msgspec.ValidationError as error:
        tell(field, _in_plain_words(str(error), plain, hint))
        raise Unfit from None


def _sequence(plain: Any, hint: Any, tell: Tell, field: str) -> tuple[Any, ...]:
    if isinstance(plain, str):
        plain = [plain]  # "kinds: choir" is as good as "kinds: [choir]"
    if not isinstance(plain, list):
        tell(field, EXPECTED["array"])
        raise Unfit
    made, faulty = [], False
    for number, value in enumerate(plain):
        try:
            made.append(_value(value, hint, tell, f"{field}[{number}]"))
        except Unfit:
            faulty = True
    if faulty:
        raise Unfit
    return tuple(made)


def _mapping(plain: Any, hint: Any, tell: Tell, field: str) -> dict[str, Any]:
    if not isinstance(plain, dict):
        tell(field, EXPECTED["object"])
        raise Unfit
    made, faulty = {}, False
    for name, value in plain.items():
        try:
            made[name] = _value(value, hint, tell, _inside(field, name))
        except Unfit:
            faulty = True
    if faulty:
        raise Unfit
    return made


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        if len(kinds) == 1:
            return kinds[0]
    return hint


def _inside(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _in_plain_words(error: str, plain: Any, hint: Any) -> str:
    """Translate msgspec's sentence for somebody who knows Markdown and nothing else."""
    if typing.get_origin(hint) is Literal:
        choices = [str(choice) for choice in typing.get_args(hint)]
        wrong = plain if isinstance(plain, str) else "this"
        return f'"{wrong[:40]}" is not one of: {", ".join(choices)}.{did_you_mean(wrong, choices)}'
    if said := _out_of_limits(error, plain, hint):
        return said
    expected = re.match(r"Expected `(\w+)", error)
    if expected and (words := EXPECTED.get(expected[1])):
        return words
    if "ISO8601" in error or "date" in error:
        return EXPECTED["date"]
    return re.sub(r" - at `.*`", "", error).replace("`", '"')


def _out_of_limits(error: str, plain: Any, hint: Any) -> str:
    """Say what a value of the right type must be beyond that; nothing where its type is wrong."""
    limits = next((one for one in typing.get_args(hint) if isinstance(one, msgspec.Meta)), None)
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
