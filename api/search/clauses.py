"""Plans and filters as tantivy queries, and the fields they speak of.

Concepts outweigh words by design: an entry of the right kind in the right place comes before any
that only mentions both. Filters never change the order.
"""

from collections.abc import Iterable

import tantivy
from tantivy import Occur, SchemaBuilder
from tantivy import Query as Clause

from api.search.phrases import Concept, Field
from api.search.planner import Group
from api.search.port import Query
from api.search.vocabulary import Choice
from api.search.words import Stems
from catalogue.gazetteer import Place

TOKENISER = "kith"
ROW = "row"  # the entry's line in the file of documents
TEXTS = {  # what a word weighs by where it stands
    "title": 2.0, "labels": 1.5, "where": 1.0, "summary": 0.8, "needs": 0.5, "more": 0.3,
}  # fmt: skip
CONCEPTS: dict[Field, float] = {
    "place": 60.0, "outward_code": 20.0, "day": 50.0, "kind": 40.0, "need": 20.0, "way": 20.0,
    "free": 20.0,
}  # fmt: skip
ALL_FIT = 500.0  # an entry that fits the whole question comes before all that fit a part


def schema() -> tantivy.Schema:
    """Return the index's fields: texts to be found by word, exact values to filter and count."""
    builder = SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name=TOKENISER, index_option="freq")
    for name in CONCEPTS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field(ROW, fast=True)
    return builder.build()


class Clauses:
    """Makes clauses for one schema."""

    def __init__(self, fields: tantivy.Schema, stem: Stems) -> None:
        self._fields = fields
        self._stem = stem

    def every(self, groups: Iterable[Group]) -> Clause:
        """Return what fits all groups; those that only weigh need not, unless there is no other."""
        parts = list(groups)
        needed = [group for group in parts if not group.weighs] or parts
        return Clause.boolean_query(
            [
                (Occur.Must if group in needed else Occur.Should, self._group(group))
                for group in parts
            ]
        )

    def some(self, needed: Iterable[Group], all_of_it: Iterable[Group], best: Clause) -> Clause:
        """Return what fits `needed` (any group, if none is), and what fits `best` before that."""
        parts = list(all_of_it)
        must = list(needed)
        fitting = Clause.boolean_query(
            [(Occur.Must if group in must else Occur.Should, self._group(group)) for group in parts]
        )
        return self._any([best, Clause.const_score_query(best, ALL_FIT), fitting])

    def filtered(self, clause: Clause, query: Query, place: Place | None) -> Clause:
        """Return the clause, shut to all that the question's filters leave out."""
        wanted: list[tuple[Field, str]] = [
            ("kind", query.kind),
            ("need", query.need),
            ("day", query.day),
            ("way", query.way),
            ("free", query.free),
        ]
        filters = [self._is(field, value) for field, value in wanted if value]
        if place is not None:
            filters.append(
                self._any(
                    [
                        *(self._is("place", area) for area in place.areas),
                        *(
                            [self._is("outward_code", place.outward_code)]
                            if place.outward_code
                            else []
                        ),
                    ]
                )
            )
        musts = [Clause.const_score_query(one, 0.0) for one in filters]
        return Clause.boolean_query([(Occur.Must, one) for one in (clause, *musts)])

    def everything(self) -> Clause:
        """Return what fits every entry, all alike."""
        return Clause.const_score_query(Clause.all_query(), 0.0)

    def _group(self, group: Group) -> Clause:
        words = [self._any(self._choice(choice) for choice in one) for one in group.choices]
        text = (
            words[0]
            if len(words) == 1
            else Clause.boolean_query([(Occur.Must, word) for word in words])
        )
        return self._any([text, *(self._concept(concept) for concept in group.concepts)])

    def _concept(self, concept: Concept) -> Clause:
        weight = CONCEPTS[concept.field] * concept.weight
        return Clause.const_score_query(self._is(concept.field, concept.value), weight)

    def _choice(self, choice: Choice) -> Clause:
        stem = self._stem(choice.word)
        return self._any(
            Clause.boost_query(
                Clause.term_query(self._fields, field, stem, "freq"), weight * choice.weight
            )
            for field, weight in TEXTS.items()
        )

    def _is(self, field: Field, value: str) -> Clause:
        return Clause.term_query(self._fields, field, value, "basic")

    def _any(self, clauses: Iterable[Clause]) -> Clause:
        return Clause.boolean_query([(Occur.Should, clause) for clause in clauses])
