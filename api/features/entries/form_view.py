"""The form of an entry as its template prints it: each input with its name, words and choices."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from api.features.entries.form import ROW, Values, access_field
from api.features.entries.form_fields import SECTIONS, Choices, Field, Fold, Part, Rows, Section
from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.forms import FieldError, KindChoiceGroup, point_choices

InputType = Literal["line", "words", "lines", "date", "choice", "ticks", "kinds"]


class InputView(msgspec.Struct, frozen=True):
    """One input. `groups` are the kinds by groups, `suggestions` the id of a list of words."""

    name: str
    label: str
    hint: str
    type: InputType
    choices: Choices
    groups: tuple[KindChoiceGroup, ...]
    suggestions: str
    item: str = "input"


class FoldView(msgspec.Struct, frozen=True):
    """Inputs behind a line to open."""

    label: str
    inputs: tuple[InputView, ...]
    open: bool
    item: str = "fold"


class RowView(msgspec.Struct, frozen=True):
    """One line of a list; `id` is where a button that adds one leads to."""

    id: str
    legend: str
    items: "tuple[InputView | FoldView, ...]"


class RowsView(msgspec.Struct, frozen=True):
    """A list, with one line at least, and the button for another."""

    name: str
    rows: tuple[RowView, ...]
    add: str
    last: str
    """The id of the line that the button adds."""
    item: str = "rows"


Item: TypeAlias = InputView | FoldView | RowsView


class SectionView(msgspec.Struct, frozen=True):
    """A part of the form, folded or not."""

    slug: str
    title: str
    hint: str
    items: tuple[Item, ...]
    folds: bool
    open: bool


def sections(
    values: Values, errors: Sequence[FieldError], terms: Taxonomy, more: str = ""
) -> tuple[SectionView, ...]:
    """Return the form with what is typed; `more` names the list that gets another empty line."""
    drawing = _Drawing(values, {error.field for error in errors}, terms, more)
    return tuple(drawing.section(section) for section in SECTIONS)


class _Drawing:
    def __init__(self, values: Values, wrong: set[str], terms: Taxonomy, more: str) -> None:
        self.values, self.wrong, self.terms, self.more = values, wrong, terms, more

    def section(self, section: Section) -> SectionView:
        items = tuple(self._item(part) for part in section.parts)
        is_open = section.open or self._has_wrong(_names(items))
        return SectionView(
            section.slug,
            _(section.title),
            _(section.hint) if section.hint else "",
            items,
            folds=not section.open,
            open=is_open,
        )

    def _item(self, part: Part) -> Item:
        if isinstance(part, Rows):
            return self._rows(part)
        return self._part(part, "")

    def _rows(self, rows: Rows) -> RowsView:
        used = [
            int(match[2]) + 1
            for name in (*self.values, *self.wrong)
            if (match := ROW.match(name)) and match[1] == rows.name
        ]
        filled = max(used, default=1)
        count = filled + (self.more == rows.name)
        drawn = tuple(
            RowView(
                f"{rows.name}-{number + 1}",
                _(rows.legend, number=number + 1),
                tuple(self._part(part, f"{rows.name}[{number}].") for part in rows.parts),
            )
            for number in range(count)
        )
        return RowsView(rows.name, drawn, _(rows.add), f"{rows.name}-{filled + 1}")

    def _part(self, part: Field | Fold, prefix: str) -> InputView | FoldView:
        if isinstance(part, Field):
            return self._input(part, prefix)
        fields = part.fields
        if part.access:
            fields = tuple(access_field(fact.slug, fact.label) for fact in self.terms.access)
        inputs = tuple(self._input(field, prefix) for field in fields)
        return FoldView(_(part.label), inputs, self._has_wrong(field.name for field in inputs))

    def _input(self, field: Field, prefix: str) -> InputView:
        name = prefix + field.name
        kind: InputType = "line" if field.kind == "price" else field.kind
        if field.offers == "kinds":
            kind = "kinds"
        value = self.values.get(name, "")
        if kind == "date" and value and not _is_date(str(value)):
            kind = "line"  # an input for a day would not show what was typed
        return InputView(
            name=name,
            label=_(field.label) if not field.name.startswith("access.") else field.label,
            hint=_(field.hint) if field.hint else "",
            type=kind,
            choices=self._choices(field, str(value)),
            groups=point_choices(self.terms).groups if kind == "kinds" else (),
            suggestions="areas" if field.offers == "areas" else "",
        )

    def _choices(self, field: Field, value: str) -> Choices:
        if field.offers == "needs":
            return tuple((need.slug, need.label) for need in self.terms.needs)
        if field.kind not in ("choice", "ticks"):
            return ()
        # A choice that the entry writes out is not changed by being shown.
        written_out = {"": value} if value in ("unknown", "no") else {}
        has_own = any(value_known == value for value_known, _words in field.choices if value_known)
        blank = "" if has_own else written_out.get("", "")
        return tuple((value_known or blank, _(words)) for value_known, words in field.choices)

    def _has_wrong(self, names: Iterable[str]) -> bool:
        return any(name in self.wrong for name in names)


def _names(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, InputView):
            yield item.name
        elif isinstance(item, FoldView):
            yield from (field.name for field in item.inputs)
        else:
            for row in item.rows:
                yield from _names(row.items)


def _is_date(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
