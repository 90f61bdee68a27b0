"""What is typed into the form of an entry: read into front matter, and shown again as it was typed.

Lines of a list that were left empty do not count, so that a line's number is the one it gets in the
file. All that is wrong is said at once, beside its field.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from api.content_files.entry_fields import label
from api.features.entries.form_fields import SECTIONS, YES_NO, Field, Fold, Part, Rows
from catalogue.faults import Fault
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import ActivityFront
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.forms import FieldError
from catalogue.read.entry import FORBIDDEN_CHARACTERS
from catalogue.read.entry_edit import Front, reads_alike, tidy

Values: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""What stands in each input, by its name: `schedule[0].when`; ticks have several."""
LINES_AT_MOST = 40
"""So many lines of one list are read: more than any entry has."""
LINE_AT_MOST = 1_500
"""Longer than any field but the prose may be, and short enough for a line of the file."""
ROW = re.compile(r"([a-z_]+)\[(\d{1,3})\]")
POUNDS = re.compile(r"£? ?(\d{1,4})(?:\.(\d{1,2}))?")
PENCE = re.compile(r"(\d{1,4}) ?p")
ORDER = tuple(field.encode_name for field in msgspec.structs.fields(ActivityFront))

MISSING: Mapping[str, str] = {
    "title": gettext_noop("Write what people call it."),
    "summary": gettext_noop("Say in one sentence what it is."),
    "kinds": gettext_noop("Tick at least one kind."),
    "ways": gettext_noop("Tick how people take part."),
    "provider.name": gettext_noop("Say who runs it."),
    "venues.place": gettext_noop("Write the town, village or area."),
    "area_served": gettext_noop("Say which areas it is for: it has no place of its own."),
    "schedule.when": gettext_noop("Say when: every Tuesday 10:30-12:00."),
    "cost.price_pence": gettext_noop("Write the price, or 0 where it is free."),
    "contact.phone": gettext_noop("Give a phone number, an e-mail address or a website to ask at."),
    "assured_on": gettext_noop("Say when who runs it said so, or where you read it and when."),
    "sources.name": gettext_noop("Say where you read it."),
    "sources.read_on": gettext_noop("Say on which day you read it."),
}
"""What to do about a field that is missing."""
PLAIN: Mapping[str, str] = {
    'add "in person", or take the venues out': gettext_noop(
        "There is a place: tick In person, or empty it."
    ),
    "is above maximum_age": gettext_noop("This is above the oldest age."),
    "write a date as 2026-11-22": gettext_noop("Write the day as 2026-11-22."),
    "write a number from 0 to 100000": gettext_noop("Write a price of at most 1,000 pounds."),
    "write a whole number": gettext_noop("Write a number without words."),
    "write a number": gettext_noop("Write a number without words."),
}
"""What to do about a fault whose own words speak of a file."""
THIS_IS_MISSING = gettext_noop("This is missing.")
LEADS_TO: Mapping[str, str] = {
    "contact": "contact.phone",
    "provider": "provider.name",
    "venues": "venues[0].place",
    "schedule": "schedule[0].when",
    "cost": "cost[0].price_pence",
    "sources": "sources[0].name",
}
"""The input that a fault of a field with fields below it leads to."""


class TypedEntry(msgspec.Struct, frozen=True):
    """What a form says: `front` and `body` to be written, `values` as they were typed."""

    front: Front
    body: str
    values: Values
    errors: tuple[FieldError, ...]
    """What is wrong with the typing alone; such a field is not in `front`."""


class _Reader:
    """Walks the form once, and gathers values, front matter and errors."""

    def __init__(self, answers: Mapping[str, Sequence[str]], terms: Taxonomy) -> None:
        self.answers, self.terms = answers, terms
        self.values: dict[str, str | tuple[str, ...]] = {}
        self.front: dict[str, Any] = {}
        self.errors: list[FieldError] = []

    def read_parts(self, parts: Iterable[Part]) -> None:
        for part in parts:
            if isinstance(part, Rows):
                self._read_rows(part)
            else:
                for field in fields_of_part(part, self.terms):
                    self._read_field(field, field.name, field.name, self.front)

    def _read_rows(self, rows: Rows) -> None:
        numbers = {
            int(match[2])
            for name in self.answers
            if (match := ROW.match(name)) and match[1] == rows.name
        }
        fields = [field for part in rows.parts for field in fields_of_part(part, self.terms)]
        lines: list[dict[str, Any]] = []
        for number in sorted(numbers)[:LINES_AT_MOST]:
            typed = f"{rows.name}[{number}]."
            if any(self.answers.get(typed + field.name) for field in fields):
                line: dict[str, Any] = {}
                for field in fields:
                    field_name = f"{rows.name}[{len(lines)}].{field.name}"
                    self._read_field(field, typed + field.name, field_name, line)
                lines.append(line)
        if lines:
            self.front[rows.name] = lines

    def _read_field(self, field: Field, typed: str, field_name: str, into: dict[str, Any]) -> None:
        answers = tuple(self.answers.get(typed, ()))
        if not answers:
            return
        self.values[field_name] = answers if field.kind == "ticks" else answers[0]
        if any(FORBIDDEN_CHARACTERS.search(answer) for answer in answers):
            message = _("There is an invisible control character: delete it and type it again.")
            self.errors.append(FieldError(field_name, message))
            return
        longest = max(map(len, answers[0].split("\n") if field.kind == "lines" else answers))
        if field.name != "body" and longest > LINE_AT_MOST:
            message = _("This is too long: write it shorter.")
            self.errors.append(FieldError(field_name, message))
            return
        if field.kind == "price" and not price_in_pence(answers[0]):
            message = _("Write a price such as 2.50, or 0 where it is free.")
            self.errors.append(FieldError(field_name, message))
            return
        _put(into, field.name, _value(field, answers))


def read(answers: Mapping[str, Sequence[str]], terms: Taxonomy) -> TypedEntry:
    """Read the answers of a form."""
    reader = _Reader(answers, terms)
    for section in SECTIONS:
        reader.read_parts(section.parts)
    body = str(reader.front.pop("body", ""))
    in_order = {name: reader.front[name] for name in ORDER if name in reader.front}
    return TypedEntry(in_order, body, reader.values, tuple(reader.errors))


def in_order_of(front: Front, old: Front) -> Front:
    """Return what was ticked in the order that an entry has it in, new terms last."""
    ordered = dict(front)
    for name in (name for name in ("kinds", "needs", "ways") if isinstance(front.get(name), list)):
        had = old.get(name)
        before = [had] if isinstance(had, str) else list(had or ())
        ordered[name] = sorted(
            front[name], key=lambda term: before.index(term) if term in before else len(before)
        )
    return ordered


def values_of(front: Front, body: str, terms: Taxonomy) -> Values:
    """Return what stands in the inputs of an entry as it is."""
    values: dict[str, str | tuple[str, ...]] = {"body": body} if body else {}
    for part in (part for section in SECTIONS for part in section.parts):
        if isinstance(part, Rows):
            fields = [field for below in part.parts for field in fields_of_part(below, terms)]
            lines = front.get(part.name)
            for number, line in enumerate(lines if isinstance(lines, list) else []):
                for field in fields:
                    _show(values, f"{part.name}[{number}].{field.name}", field, line)
        else:
            for field in fields_of_part(part, terms):
                _show(values, field.name, field, front)
    return values


def unknown_fields(front: Front, body: str, terms: Taxonomy) -> tuple[str, ...]:
    """Return the fields of an entry that the form would lose, so that it must not write it."""
    again = read(as_answers(values_of(front, body, terms)), terms).front
    return tuple(name for name in front if not reads_alike(front[name], again.get(name)))


def as_answers(values: Values) -> dict[str, Sequence[str]]:
    """Return values as a form sends them."""
    return {name: (value,) if isinstance(value, str) else value for name, value in values.items()}


def merge(shown_before: Values, now: Values, typed: Values) -> tuple[Values, tuple[str, ...]]:
    """Return what was typed over an entry that was changed since its form was shown.

    What was left as it was shown is as it stands now, lists as a whole. The second part names the
    fields that both have changed, and differently.
    """
    groups = {_group(name): None for name in (*shown_before, *now, *typed)}
    merged: dict[str, str | tuple[str, ...]] = {}
    both: list[str] = []
    for group in groups:
        before, stands, mine = (_of_group(group, values) for values in (shown_before, now, typed))
        is_mine = comparable(mine) != comparable(before)
        if is_mine and comparable(stands) not in (comparable(before), comparable(mine)):
            both.append(group)
        merged |= mine if is_mine else stands
    return merged, tuple(both)


def group_label(group: str, terms: Taxonomy) -> str:
    """Return what a field, or a list as a whole, is called."""
    for section in SECTIONS:
        if any(isinstance(part, Rows) and part.name == group for part in section.parts):
            return _(section.title)
    return _("The text") if group == "body" else label(group, terms)


def comparable(values: Values) -> dict[str, Any]:
    """Return values with white space, and a long text's line ends, as they count."""
    return {
        name: digest(value)
        if name == "body"
        else sorted(value)
        if isinstance(value, tuple)
        else tidy(value)
        for name, value in values.items()
    }


def digest(text: str | tuple[str, ...]) -> str:
    """Return what an entry's prose is compared by; one that is a digest already stays."""
    plain = "\n".join(str(text).replace("\r\n", "\n").strip().splitlines())
    if not plain or re.fullmatch(r"sha256:[0-9a-f]{64}", plain):
        return plain
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()


def field_errors(
    faults: Iterable[Fault], values: Values, terms: Taxonomy, body_line: int
) -> list[FieldError]:
    """Return the faults of an entry, each beside its input and in plain words.

    `body_line` is the line of the file at which the prose begins.
    """
    names = set(input_names(terms)) | {*values}
    errors: dict[tuple[str, str], None] = {}
    for fault in faults:
        name = _input_of(fault, names, body_line)
        errors[name, _plain_words(fault, name, terms)] = None
    return [FieldError(name, message) for name, message in errors]


def input_names(terms: Taxonomy) -> Iterator[str]:
    """Yield the names of all inputs, of lists those of the first line."""
    for part in (part for section in SECTIONS for part in section.parts):
        if isinstance(part, Rows):
            for below in part.parts:
                for field in fields_of_part(below, terms):
                    yield f"{part.name}[0].{field.name}"
        else:
            for field in fields_of_part(part, terms):
                yield field.name


def fields_of_part(part: Field | Fold, terms: Taxonomy) -> tuple[Field, ...]:
    """Return the questions of a part; those of access facts are the taxonomy's."""
    if isinstance(part, Field):
        return (part,)
    if part.access:
        return tuple(access_field(fact.slug, fact.label) for fact in terms.access)
    return part.fields


def access_field(slug: str, words: str) -> Field:
    """Return the question of one access fact."""
    return Field(f"access.{slug}", words, kind="choice", choices=YES_NO)


def price_in_pence(typed: str) -> str:
    """Return pence of "2.50", "£3", "50p" or "free"; "" where it is none of these."""
    text = typed.strip().casefold()
    if pounds := POUNDS.fullmatch(text):
        return str(int(pounds[1]) * 100 + int((pounds[2] or "").ljust(2, "0")))
    if pence := PENCE.fullmatch(text):
        return str(int(pence[1]))
    return "0" if text in ("free", "nothing", "none") else ""


def price_in_pounds(pence: str) -> str:
    """Return "2.50" of "250"; what is no number as it stands."""
    if not (pence.isascii() and pence.isdigit()):
        return pence
    pounds, rest = divmod(int(pence), 100)
    return f"{pounds}.{rest:02}" if rest else str(pounds)


def _value(field: Field, answers: Sequence[str]) -> Any:
    if field.kind == "ticks":
        return list(answers)
    if field.kind == "lines":
        return tidy(answers[0].split("\n"))
    if field.kind == "price":
        return price_in_pence(answers[0])
    return answers[0] if field.name == "body" else tidy(answers[0])


def _show(values: dict[str, Any], name: str, field: Field, within: Any) -> None:
    value: Any = within
    for part in field.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if not value:
        return
    lines = [value] if isinstance(value, str) else value
    if field.kind == "ticks":
        values[name] = tuple(lines)
    elif field.kind == "lines":
        values[name] = "\n".join(map(str, lines))
    elif isinstance(value, str):
        values[name] = price_in_pounds(value) if field.kind == "price" else value


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    first, _dot, rest = name.partition(".")
    if not rest:
        into[first] = value
    elif value:
        _put(into.setdefault(first, {}), rest, value)


def _group(name: str) -> str:
    """Return what is changed as a whole: a list, or one field."""
    match = ROW.match(name)
    return match[1] if match else name


def _of_group(group: str, values: Values) -> Values:
    return {name: value for name, value in values.items() if _group(name) == group}


def _input_of(fault: Fault, names: Iterable[str], body_line: int) -> str:
    """Return the input that a fault belongs to, "" for the whole entry."""
    field = fault.field
    if field.startswith("venues[") and field.endswith("]"):
        field += ".latitude"
    while field:
        if field in names:
            return field
        if field in LEADS_TO:
            return LEADS_TO[field]
        if re.fullmatch(r"[a-z_]+\[\d+\]\.[a-z_.-]+", field):
            return field
        field = re.sub(r"(\.[^.\[\]]+|\[\d+\]|[^.\[\]]+)\Z", "", field)
    return "body" if fault.line >= body_line and not fault.field else ""


def _plain_words(fault: Fault, name: str, terms: Taxonomy) -> str:
    """Return what to do about a fault, for somebody who sees a form and no file."""
    message = fault.message
    if message.startswith("is missing"):
        plain = re.sub(r"\[\d+\]", "", name)
        return _(MISSING.get(plain, THIS_IS_MISSING))
    if message in PLAIN:
        return _(PLAIN[message])
    message = message.replace(" in taxonomy.yml", " we know")
    message = re.sub(r"\A(is|lies)\b", r"This \1", message)
    message = message[:1].upper() + message[1:]
    message = message if message[-1:] in ".?!" else f"{message}."
    if not name and fault.field:
        return f"{label(fault.field, terms)}: {message}"
    return message
