"""Changes single fields of an entry's front matter and leaves every other character as it was.

Lines, comments, order and quotes of the author stay. The changed text is parsed again: unless
exactly the field meant has changed, the edit is refused.
"""

import copy
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypeAlias

import yaml

from catalogue.read.entry import FENCE, LOADER

FieldPath: TypeAlias = list[str | int]
"""The parts of `schedule[0].when`: "schedule", 0, "when"."""
FIELD = re.compile(r"[a-z_]+(?:\[\d+\]|\.[a-z0-9_-]+)*")
PART = re.compile(r"\[(\d+)\]|([a-z0-9_-]+)")


class CannotEdit(ValueError):
    """The field cannot be changed alone; the message tells an editor why."""


def set_fields(text: str, changes: Mapping[str, str]) -> str:
    """Return the text of an entry with dotted fields (`schedule[0].when`) set; "" takes one out.

    Line ends stay as they are. Raises CannotEdit.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    if ends == "\r\n" and text.count("\n") != text.count("\r\n"):
        raise CannotEdit("the file mixes two kinds of line ends: mend it by hand")
    plain = text.replace("\r\n", "\n")
    for field, value in changes.items():
        plain = _with_field(plain, field, value.strip())
    return plain.replace("\n", ends)


def _with_field(text: str, field: str, value: str) -> str:
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    fence = FENCE.match(body)
    if fence is None or not FIELD.fullmatch(field):
        raise CannotEdit(f'"{field}" is no field that can be set: write it as schedule[0].when')
    if re.search(r"[\x00-\x1f\x7f-\x9f]", value):
        raise CannotEdit(f"{field}: a value stands on one line")
    front = fence[1]
    changed = _changed(front, _field_path(field), value, field)
    try:
        parsed = _without_blanks(_parse(changed))
    except yaml.YAMLError:
        raise CannotEdit(f"{field}: would not read as it was meant") from None
    expected = _expected(_parse(front), _field_path(field), value, field)
    if parsed != _without_blanks(expected):
        raise CannotEdit(f"{field}: cannot be changed alone here; mend the file by hand")
    return mark + body[: fence.start(1)] + changed + body[fence.end(1) :]


def _field_path(field: str) -> FieldPath:
    return [int(number) if number else name for number, name in PART.findall(field)]


def _parse(front: str) -> Any:
    return yaml.load(front, Loader=LOADER)  # noqa: S506 - makes nothing but texts


def _expected(front: Any, path: FieldPath, value: str, field: str) -> Any:
    """Return the fields as they should read afterwards."""
    expected = copy.deepcopy(front)
    at = expected
    try:
        for key, below in pairwise(path):
            container: Any = [] if isinstance(below, int) else {}
            if isinstance(at, list) and key == len(at):
                at.append(container)
            elif isinstance(at, dict) and at.get(str(key)) in (None, ""):
                at[key] = container
            at = at[key]
        if not value:
            del at[path[-1]]
        elif isinstance(at, list) and path[-1] == len(at):
            at.append(value)
        else:
            at[path[-1]] = value
    except (KeyError, IndexError, TypeError):
        raise CannotEdit(f"{field}: there is no such place in this entry") from None
    return expected


def _without_blanks(value: Any) -> Any:
    """Return the same with empty lists and mappings as "": an emptied list counts as left out."""
    if isinstance(value, dict):
        return {name: _without_blanks(inner) for name, inner in value.items()} or ""
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value] or ""
    return value or ""


def _changed(front: str, path: FieldPath, value: str, field: str) -> str:
    try:
        node: yaml.Node | None = yaml.compose(front, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        raise CannotEdit("the front matter cannot be read: run kith check") from None
    for depth, part in enumerate(path):
        if isinstance(node, yaml.ScalarNode) and not node.value and depth:
            # a bare "cost:" has nothing below it yet
            end = node.start_mark.index
            return front[:end] + _below(path[depth:], value, 0) + front[end:]
        key, below = _child(node, part)
        if below is None:
            if not value or not isinstance(node, yaml.CollectionNode):
                raise CannotEdit(f"{field}: there is no such place in this entry")
            return _added(front, node, path[depth:], value)
        if depth == len(path) - 1:
            return _set(front, node, key, below, value, field)
        node = below
    raise CannotEdit(f"{field}: is no field")


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return the key (of a mapping) and the value of a part below a node; None where absent."""
    if isinstance(node, yaml.MappingNode):
        pairs = (pair for pair in node.value if pair[0].value == part)
        return next(pairs, (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None, None


def _set(
    front: str,
    parent: yaml.Node | None,
    key: yaml.Node | None,
    node: yaml.Node,
    value: str,
    field: str,
) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    flow = bool(getattr(parent, "flow_style", False))
    if not value:
        if flow:
            return _without_in_brackets(front, (key or node).start_mark.index, end)
        return _without(front, (key or node).start_mark.index, end)
    if not isinstance(node, yaml.ScalarNode):
        raise CannotEdit(f"{field}: holds more than one value; say which, as in {field}[0]")
    quoted = node.style in ("'", '"')
    end = start + len(front[start:end].rstrip()) if node.style in ("|", ">") else end
    gap = " " if start and front[start - 1] == ":" else ""
    return front[:start] + gap + scalar_text(value, flow=flow, quoted=quoted) + front[end:]


def _without(front: str, start: int, end: int) -> str:
    """Remove whole lines, from that of `start` to the last with text before `end`."""
    first = front.rfind("\n", 0, start) + 1
    last = len(front[:end].rstrip())
    until = front.find("\n", last)
    return front[:first] + ("" if until < 0 else front[until + 1 :])


def _without_in_brackets(front: str, start: int, end: int) -> str:
    """Remove an item between brackets, with the comma after or before it."""
    after = re.match(r"\s*,\s*", front[end:])
    if after:
        return front[:start] + front[end + after.end() :]
    return re.sub(r",\s*\Z", "", front[:start]) + front[end:]


def _added(front: str, node: yaml.CollectionNode, path: FieldPath, value: str) -> str:
    """Add a field after the last one of a mapping, or a line after the last one of a list."""
    if node.flow_style:
        at = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return front[:at].rstrip() + comma + _inside(path, value) + front[at:]
    last = node.value[-1]
    end = (last[1] if isinstance(node, yaml.MappingNode) else last).end_mark.index
    at = front.find("\n", len(front[:end].rstrip())) + 1
    column = node.start_mark.column
    return front[:at] + " " * column + _entry(path, value, column) + "\n" + front[at:]


def _entry(path: FieldPath, value: str, column: int) -> str:
    """Return `name: ...` or `- ...`, with all that is below it, for a line at this column."""
    key, below = path[0], path[1:]
    if isinstance(key, int):
        return "- " + (_entry(below, value, column + 2) if below else scalar_text(value))
    return f"{key}:" + (_below(below, value, column + 2) if below else f" {scalar_text(value)}")


def _below(path: FieldPath, value: str, column: int) -> str:
    column = max(column, 2)
    return "\n" + " " * column + _entry(path, value, column)


def _inside(path: FieldPath, value: str) -> str:
    """Return the same for a place between brackets: `{name: ...}` or `[...]`."""
    key, below = path[0], path[1:]
    if not below:
        text = scalar_text(value, flow=True)
    else:
        text = _inside(below, value)
        text = f"[{text}]" if isinstance(below[0], int) else f"{{{text}}}"
    return text if isinstance(key, int) else f"{key}: {text}"


def scalar_text(value: str, *, flow: bool = False, quoted: bool = False) -> str:
    """Return a value as an author would write it: plain where that reads as the same words.

    `flow` is for a place between brackets.
    """
    plain = re.fullmatch(r"[\w£(][^\n]*", value) and not (flow and re.search(r"[^\w .-]", value))
    if plain and not quoted:
        try:
            if yaml.load(f"- {value}", Loader=yaml.BaseLoader) == [value]:  # noqa: S506
                return value
        except yaml.YAMLError:
            pass
    return json.dumps(value, ensure_ascii=False)
