"""The text of an entry from its values: a new file, or a file with other values.

A change leaves every line alone whose value stays, comments and quotes too: each value goes through
`front_matter_edit`. A field that cannot be changed so is taken out and written anew at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from catalogue.read.entry import FENCE, UnreadableEntry, parse_entry
from catalogue.read.front_matter_edit import CannotEdit, scalar_text, set_fields

Front: TypeAlias = Mapping[str, Any]
"""Front matter as `entry.Entry` holds it: texts, lists and mappings."""
Edit: TypeAlias = tuple[str, str]
"""A dotted field and its new value; "" takes it out."""

IN_BRACKETS_AT_MOST = 80


def new_entry(front: Front, body: str) -> str:
    """Return the text of a new entry, its fields in the order given."""
    lines = "".join(f"{line}\n" for line in _mapping_lines(tidy(front)))
    return f"---\n{lines}---\n" + (f"{body.strip()}\n" if body.strip() else "")


def changed_entry(text: str, front: Front, body: str) -> str:
    """Return the text of an entry with these values instead of its own.

    Raises CannotEdit where the file is so written that it must be mended by hand.
    """
    old = _front(text)
    for name in {**old, **front}:
        if not reads_alike(old.get(name), front.get(name)):
            text = _with_field(text, name, old.get(name), front.get(name))
    if not reads_alike(_front(text), front):
        raise CannotEdit("the file cannot be changed here: mend it by hand")
    return _with_body(text, body)


def reads_alike(value: Any, other: Any) -> bool:
    """Say whether two values read alike: blanks and line ends mean nothing, one may be a list."""
    return _alike(tidy(value), tidy(other))


def tidy(value: Any) -> Any:
    """Return a value without blanks, with every run of white space as one space."""
    if isinstance(value, Mapping):
        pairs = ((name, tidy(inner)) for name, inner in value.items())
        return {name: inner for name, inner in pairs if inner}
    if isinstance(value, list | tuple):
        return [inner for inner in map(tidy, value) if inner]
    return " ".join(str(value or "").split())


def _alike(one: Any, other: Any) -> bool:
    if not one or not other:
        return not one and not other
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_alike(one.get(name), other.get(name)) for name in {**one, **other})
    if isinstance(one, list) != isinstance(other, list):
        one, other = (value if isinstance(value, list) else [value] for value in (one, other))
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _front(text: str) -> dict[str, Any]:
    try:
        return parse_entry(text.encode(), "").front
    except UnreadableEntry as error:
        raise CannotEdit(error.fault.message) from None


def _with_field(text: str, name: str, old: Any, new: Any) -> str:
    try:
        changed = text
        for field, value in _edits(name, old, tidy(new)):
            changed = set_fields(changed, {field: value})
        if reads_alike(_front(changed).get(name), new):
            return changed
    except CannotEdit:
        pass
    return _written_anew(text, name, old, new)


def _edits(path: str, old: Any, new: Any) -> Iterator[Edit]:
    """Yield the changes that turn one value into another, to be made in this order."""
    if reads_alike(old, new):
        return
    if not new:
        yield path, ""
    elif isinstance(new, str):
        if not isinstance(old, str | None):
            yield path, ""
        yield path, new
    elif isinstance(new, dict):
        fields: dict[str, Any] = old if isinstance(old, dict) else {}
        if old and not fields:
            yield path, ""
        for name, value in new.items():
            yield from _edits(f"{path}.{name}", fields.get(name), value)
        for name, value in fields.items():
            if tidy(value) and name not in new:
                yield f"{path}.{name}", ""
    else:
        lines: list[Any] = old if isinstance(old, list) and all(map(tidy, old)) else []
        if old and not lines:
            yield path, ""
        yield from _list_edits(path, lines, new)


def _list_edits(path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Edit]:
    """Yield changes of lines that stay, then those taken out, the last first, then new ones."""
    kept_lines = _kept_lines(old, new)
    for number, value in zip(kept_lines, new, strict=False):
        yield from _edits(f"{path}[{number}]", old[number], value)
    for number in reversed(range(len(old))):
        if number not in kept_lines:
            yield f"{path}[{number}]", ""
    for number in range(len(kept_lines), len(new)):
        yield from _edits(f"{path}[{number}]", None, new[number])


def _kept_lines(old: Sequence[Any], new: Sequence[Any]) -> list[int]:
    """Return which lines of a list stay, in order: as many as there will be, where there are."""
    if len(new) >= len(old):
        return list(range(len(old)))
    matched = SequenceMatcher(None, [*map(repr, map(tidy, old))], [*map(repr, new)], autojunk=False)
    kept_lines: list[int] = []
    for _kind, old_from, old_to, new_from, new_to in matched.get_opcodes():
        kept_lines += list(range(old_from, old_to))[: new_to - new_from]
    return kept_lines if len(kept_lines) == len(new) else list(range(len(new)))


def _written_anew(text: str, name: str, old: Any, new: Any) -> str:
    """Take a field out and write it after the last one."""
    if tidy(old):
        text = set_fields(text, {name: ""})
    if not tidy(new):
        return text
    fence = FENCE.match(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    if fence is None:
        raise CannotEdit("the front matter cannot be read: run kith check")
    ends = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = "".join(f"{line}\n" for line in _mapping_lines({name: tidy(new)}))
    content = fence.string
    return mark + (content[: fence.end(1)] + lines + content[fence.end(1) :]).replace("\n", ends)


def _mapping_lines(fields: Mapping[str, Any], column: int = 0) -> Iterator[str]:
    """Yield the lines of fields as an editor writes them; short lists stand in brackets."""
    indent = " " * column
    for name, value in fields.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _mapping_lines(value, column + 2)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            words = ", ".join(scalar_text(item, flow=True) for item in value)
            if len(words) <= IN_BRACKETS_AT_MOST:
                yield f"{indent}{name}: [{words}]"
            else:
                yield f"{indent}{name}:"
                yield from (f"{indent}  - {scalar_text(item)}" for item in value)
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            for item in value:
                first, *later_lines = _mapping_lines(item, column + 4)
                yield f"{indent}  - {first.lstrip()}"
                yield from later_lines
        else:
            yield f"{indent}{name}: {scalar_text(value)}"


def _with_body(text: str, body: str) -> str:
    """Return an entry with other prose; one that reads the same stays to the byte."""
    ends = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    fence = FENCE.match(plain)
    new = body.replace("\r\n", "\n").strip()
    if fence is None or plain[fence.end() :].strip() == new:
        return text
    head = plain[: fence.end()].rstrip("\n") + "\n"
    return mark + (head + (f"{new}\n" if new else "")).replace("\n", ends)
