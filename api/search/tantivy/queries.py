"""Match: plans as tantivy queries, and the fields of the index.

Concepts outweigh words by design: a document of the right kind in the right place comes before any
that only mentions both.
"""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, SchemaBuilder
from tantivy import Query as Clause

from api.search.text.query_plan import Plan, WordGroup
from api.search.text.synonyms import Concept, Field
from api.search.text.tokenise import Stemmer
from api.search.text.vocabulary import Candidate
from catalogue.model.search_constants import IN_PROCESS

TOKENISER = "kith"
# Where a word must stand if the taxonomy knows it: a document that is not of the kind has to say so
# outright, not merely mention it somewhere.
OUTRIGHT = ("title", "labels", "summary")


def schema() -> tantivy.Schema:
    """Return the index's fields: texts to be found by word, exact values to filter and count."""
    builder = SchemaBuilder()
    for name in IN_PROCESS.fields:
        builder.add_text_field(name, tokenizer_name=TOKENISER, index_option="freq")
    for name in IN_PROCESS.concepts:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


class ClauseBuilder:
    """Builds clauses for one schema."""

    def __init__(self, fields: tantivy.Schema, stem: Stemmer) -> None:
        self._fields = fields
        self._stem = stem

    def match_plan(self, plan: Plan, needed: Sequence[WordGroup]) -> Clause:
        """Return what fits all `needed` groups of a plan, or any of its groups if none is."""
        return Clause.boolean_query(
            [
                (Occur.Must if group in needed else Occur.Should, self.match_group(group))
                for group in plan.groups
            ]
        )

    def match_either(self, best: Clause, clause: Clause) -> Clause:
        """Return what fits either clause, with all that fits `best` first."""
        return self._any([best, Clause.const_score_query(best, IN_PROCESS.all_words), clause])

    def match_group(self, group: WordGroup) -> Clause:
        """Return what fits one group."""
        is_concept = group.concepts and not group.is_optional
        fields = OUTRIGHT if is_concept else tuple(IN_PROCESS.fields)
        words = [
            self._any(self._candidate(one, fields) for one in candidates)
            for candidates in group.candidates
        ]
        text = (
            words[0]
            if len(words) == 1
            else Clause.boolean_query([(Occur.Must, word) for word in words])
        )
        concepts = [self._concept(concept) for concept in group.concepts]
        return (
            Clause.disjunction_max_query([text, *concepts], IN_PROCESS.other_matches)
            if concepts
            else text
        )

    def _concept(self, concept: Concept) -> Clause:
        weight = IN_PROCESS.concepts[concept.field] * concept.weight
        return Clause.const_score_query(self._has(concept.field, concept.value), weight)

    def _candidate(self, candidate: Candidate, fields: Sequence[str]) -> Clause:
        stem = self._stem(candidate.word)
        return self._any(
            Clause.boost_query(
                Clause.term_query(self._fields, field, stem, "freq"),
                IN_PROCESS.fields[field] * candidate.weight,
            )
            for field in fields
        )

    def _has(self, field: Field, value: str) -> Clause:
        return Clause.term_query(self._fields, field, value, "basic")

    def _any(self, clauses: Iterable[Clause]) -> Clause:
        return Clause.boolean_query([(Occur.Should, clause) for clause in clauses])
