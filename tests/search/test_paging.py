"""Pages divide the hits: no gap, no double, the same order whatever the size of a page."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import Invalid
from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import PER_PAGE_AT_MOST, Query
from catalogue.outputs.search.filters import Day
from tests.search.conftest import TAXONOMY, make_document
from tests.support.depth import examples

KINDS = [kind.slug for kind in TAXONOMY.kinds]
WORDS = ["choir", "coffee", "parrot", "temeford", "cofee", "my husband died", "lunch monday", "ch"]


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    documents = [
        make_document(
            f"entry-{n * 37 % 101}",
            KINDS[n % len(KINDS)],
            KINDS[n * n % len(KINDS)],
            title=("Choir", "Coffee and song", "Parrot club")[n % 3],
            body="parrot " * (n % 4),
            days=("monday",) if n % 2 else ("friday",),
            next_session=f"2026-12-{1 + n % 9:02}T10:00:00+00:00" if n % 5 else None,
        )
        for n in range(101)
    ]
    with TemporaryDirectory() as folder:
        build_index(documents, TAXONOMY, Path(folder) / "search")
        yield EmbeddedEngine.open(Path(folder) / "search")


@settings(max_examples=examples(60), deadline=None)
@given(
    q=st.one_of(st.just(""), st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)),
    per_page=st.integers(1, PER_PAGE_AT_MOST),
    day=st.sampled_from([(), ("monday",)]),
)
def test_pages_divide_the_hits(
    engine: EmbeddedEngine, q: str, per_page: int, day: tuple[Day, ...]
) -> None:
    def hits(page: int, per_page: int) -> list[str]:
        answer = engine.search(Query(q=q, days=day, page=page, per_page=per_page))
        return [hit.document.slug for hit in answer.hits]

    first = engine.search(Query(q=q, days=day, per_page=per_page))
    paged = [slug for page in range(1, first.pages + 1) for slug in hits(page, per_page)]
    assert len(paged) == len(set(paged)) == first.total
    assert paged == hits(1, 100) + hits(2, 100)


@settings(max_examples=examples(40), deadline=None)
@given(q=st.text(max_size=60), place=st.text(max_size=30))
def test_no_text_at_all_is_an_error(engine: EmbeddedEngine, q: str, place: str) -> None:
    answer = engine.search(Query(q=q, place=place, per_page=5))
    assert len(answer.hits) == min(5, answer.total)


def test_an_invalid_query_names_every_field_at_fault() -> None:
    with pytest.raises(Invalid) as refused:
        Query(q="x" * 201, days=("someday",), page=0, per_page=101)  # type: ignore[arg-type]
    assert [error.field for error in refused.value.errors] == ["q", "days", "page", "per_page"]
    assert "someday" not in str([error.message for error in refused.value.errors])
