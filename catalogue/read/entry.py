"""One Markdown file as its author left it: front matter with line numbers, and the body.

What the fields mean is left to `convert` and the structs it fills. YAML is read with `BaseLoader`,
so `no` stays "no" and `10:30` stays "10:30" (PyYAML would make False and 630).
"""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from catalogue.faults import Fault

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # eight times as fast

MAX_ENTRY_BYTES = 32_768
LINE_CHARACTERS = 2_000
OPEN_BRACKETS = 200  # Markdown parsers go quadratic on runs of "[": measured, a file hangs a build
DEPTH = 12
NO_FILE = "this is no file, but a folder, a pipe or a device: take it away"

# Control characters and the marks that turn the direction of reading: they can hide what a word is.
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FENCE = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class Entry(msgspec.Struct, frozen=True):
    """A file of `content/`: `front` holds only str, list and dict.

    `lines` has the line of each dotted field (`venues[0].place`); lines count from 1.
    """

    path: str
    front: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int

    def line_of(self, field: str) -> int:
        """Return the line of a dotted field, or of the nearest field around it."""
        while field and field not in self.lines:
            field = re.sub(r"(\.[^.\[\]]+|\[\d+\]|[^.\[\]]+)\Z", "", field)
        return self.lines.get(field, 1)

    def fault(self, field: str, message: str) -> Fault:
        """Return a fault at the line where this field stands."""
        return Fault(self.path, self.line_of(field), field, message)


class UnreadableEntry(Exception):
    """A file that cannot be read as an entry at all; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_entry(file: Path, root: Path) -> Entry:
    """Read one entry below the project folder `root`. Raises UnreadableEntry."""
    path = file.relative_to(root).as_posix()
    return parse_entry(read_bytes(file, path), path)


def parse_entry(content: bytes, path: str) -> Entry:
    """Read the bytes of one entry; `path` is where they stand. Raises UnreadableEntry."""
    text = _decode(content, path)
    match = FENCE.match(text)
    if match is None:
        raise UnreadableEntry(
            Fault(path, 1, "", "front matter is missing: start the file with ---")
        )
    front, lines = _front(match[1], path, 2)
    body_line = text.count("\n", 0, match.end()) + 1
    body = text[match.end() :]
    _check_body(body, path, body_line)
    return Entry(path, front, lines, body.strip(), body_line)


def read_front_matter(file: Path, root: Path, at_most_bytes: int) -> Entry:
    """Read a file that is all front matter (the taxonomy). Raises UnreadableEntry."""
    path = file.relative_to(root).as_posix()
    front, lines = _front(_decode(read_bytes(file, path, at_most_bytes), path), path, 1)
    return Entry(path, front, lines, "", 1)


def special_file_faults(folder: Path, root: Path) -> list[Fault]:
    """Return a fault for each pipe, socket or device below a folder: nothing may open one."""
    faults = []
    for parent, _folders, names in os.walk(folder):
        for name in names:
            file = Path(parent, name)
            mode = file.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
                faults.append(Fault(file.relative_to(root).as_posix(), 1, "", NO_FILE))
    return sorted(faults)


def read_bytes(file: Path, path: str, at_most_bytes: int = MAX_ENTRY_BYTES) -> bytes:
    """Return the bytes of a file that is no link and not too long. Raises UnreadableEntry."""
    mode = file.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise UnreadableEntry(
            Fault(path, 1, "", "this is a link to another file: put the words here")
        )
    if not stat.S_ISREG(mode):  # to open a pipe would wait for ever
        raise UnreadableEntry(Fault(path, 1, "", NO_FILE))
    with open(file, "rb") as opened_file:  # noqa: PTH123 - a third cheaper than Path.read_bytes
        content = opened_file.read()
    if len(content) > at_most_bytes:
        message = f"the file holds {len(content)} bytes, at most {at_most_bytes} are read"
        raise UnreadableEntry(Fault(path, 1, "", message))
    return content


def _decode(content: bytes, path: str) -> str:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableEntry(
            Fault(path, line, "", "not UTF-8: save the file as UTF-8 text")
        ) from None
    _check_lines(text, path)
    return text


def _check_lines(text: str, path: str) -> None:
    lines = text.split("\n")
    if not FORBIDDEN_CHARACTERS.search(text) and max(map(len, lines)) <= LINE_CHARACTERS:
        return
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_CHARACTERS:
            message = f"the line is longer than {LINE_CHARACTERS} characters"
            raise UnreadableEntry(Fault(path, number, "", message))
        if FORBIDDEN_CHARACTERS.search(line):
            message = "an invisible control character: delete it and type the word again"
            raise UnreadableEntry(Fault(path, number, "", message))


def _check_body(body: str, path: str, line: int) -> None:
    if body.count("[") > OPEN_BRACKETS:
        message = f'more than {OPEN_BRACKETS} opening brackets "[" in one entry'
        raise UnreadableEntry(Fault(path, line, "", message))


def _front(text: str, path: str, first_line: int) -> tuple[dict[str, Any], dict[str, int]]:
    if _bracket_depth(text) > DEPTH:
        raise UnreadableEntry(Fault(path, first_line, "", "too many brackets inside each other"))
    try:
        parser = _FrontMatterParser(text, path, first_line)
        return parser.mapping(), parser.lines
    except yaml.YAMLError as error:
        raise UnreadableEntry(_yaml_fault(error, path, first_line)) from None


def _bracket_depth(text: str) -> int:
    """Return how deep brackets nest; checked before parsing, for the parser recurses."""
    depth = deepest = 0
    for sign in re.findall(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if sign in "[{" else -1))
        deepest = max(deepest, depth)
    return deepest


def _yaml_fault(error: yaml.YAMLError, path: str, first_line: int) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it does not read as YAML"
    hint = 'if a value holds ": " or starts with a sign, put it in "quotes"'
    line = mark.line + first_line if mark else first_line
    return Fault(path, line, "", f"front matter cannot be read ({problem}); {hint}")


class _FrontMatterParser:
    """Turns the events of a YAML parser into str, list and dict, with the line of every field.

    PyYAML's loaders keep no lines; composing its tree of nodes first takes half as long again.
    """

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.lines: dict[str, int] = {}
        self._next: Callable[[], Any] = LOADER(text).get_event

    def mapping(self) -> dict[str, Any]:
        """Return the one mapping the text must be."""
        self._next()  # the stream starts
        in_document = isinstance(self._next(), yaml.DocumentStartEvent)
        if not in_document or not isinstance(self._next(), yaml.MappingStartEvent):
            message = 'front matter is made of lines like "title: ..."'
            raise UnreadableEntry(Fault(self.path, self.first_line, "", message))
        mapping = self._mapping("", 0)
        self._next()  # the document ends
        if not isinstance(after := self._next(), yaml.StreamEndEvent):
            raise self._unreadable(after, "", "front matter ends at a line of ---")
        return mapping

    def _value(self, event: Any, field: str, depth: int) -> Any:
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            return event.value.strip()
        if kind is yaml.AliasEvent:  # may contain itself, or expand a billionfold
            raise self._unreadable(event, field, f"write it out again instead of *{event.anchor}")
        if depth > DEPTH:
            raise self._unreadable(event, field, "nested too deeply")
        if kind is yaml.MappingStartEvent:
            return self._mapping(field, depth + 1)
        return self._sequence(field, depth + 1)

    def _sequence(self, field: str, depth: int) -> list[Any]:
        items: list[Any] = []
        while (event := self._next()).__class__ is not yaml.SequenceEndEvent:
            name = f"{field}[{len(items)}]"
            self.lines[name] = event.start_mark.line + self.first_line
            items.append(self._value(event, name, depth))
        return items

    def _mapping(self, field: str, depth: int) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while (event := self._next()).__class__ is not yaml.MappingEndEvent:
            key = event.value if event.__class__ is yaml.ScalarEvent else ""
            name = f"{field}.{key}" if field else key
            if not key or key == "<<" or key in fields:
                message = "stands twice" if key in fields else "is not a field name"
                raise self._unreadable(event, name, message)
            self.lines[name] = event.start_mark.line + self.first_line
            fields[key] = self._value(self._next(), name, depth)
        return fields

    def _unreadable(self, event: Any, field: str, message: str) -> UnreadableEntry:
        line = event.start_mark.line + self.first_line
        return UnreadableEntry(Fault(self.path, line, field, message))
