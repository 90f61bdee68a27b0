"""A small directory of search documents, and an engine that has read it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from catalogue.model.taxonomy import Area, Kind, Need, Taxonomy
from catalogue.outputs.search.documents import SearchDocument

TAXONOMY = Taxonomy(
    kinds=(
        Kind(slug="coffee-morning", label="Coffee morning", plural="Coffee mornings",
             aliases=("tea and a chat", "coffee")),
        Kind(slug="lunch-club", label="Lunch club", plural="Lunch clubs", aliases=("lunch",)),
        Kind(slug="choir", label="Choir", plural="Choirs", aliases=("singing",)),
        Kind(slug="allotment", label="Allotment", plural="Allotments", aliases=("vegetables",)),
        Kind(slug="neighbours", label="Neighbours", plural="Neighbours", aliases=("street party",)),
        Kind(slug="bereavement-group", label="Bereavement group", plural="Bereavement groups",
             aliases=("grief",)),
        Kind(slug="quiz", label="Quiz", plural="Quizzes"),
        Kind(slug="cooking", label="Cooking", plural="Cooking", aliases=("bake", "cake")),
    ),
    needs=(
        Need(slug="widowed", label="My husband or wife died", aliases=("my husband died",),
             kinds=("bereavement-group", "lunch-club")),
        Need(slug="carer", label="I look after somebody", aliases=("carer",)),
    ),
    access=(),
    signer_kinds=(),
    areas=(
        Area(name="Harrow Vale", outward_codes=("ZZ1", "ZZ2", "ZZ3"), demonstration="yes"),
        Area(name="Temeford", within="Harrow Vale", outward_codes=("ZZ1",)),
        Area(name="Marrowby", within="Harrow Vale", outward_codes=("ZZ2",)),
        Area(name="Upper Thistlow", within="Harrow Vale", outward_codes=("ZZ3",)),
        Area(name="Nether Thistlow", within="Harrow Vale", outward_codes=("ZZ3",)),
        Area(name="Street", outward_codes=("BA16",)),
    ),
)  # fmt: skip


def make_document(slug: str, *kinds: str, **more: Any) -> SearchDocument:
    """Return a document with plain values where a test says none."""
    labels = [kind for kind in TAXONOMY.kinds if kind.slug in kinds]
    needs = [need for need in TAXONOMY.needs if set(need.kinds) & set(kinds)]
    fields: dict[str, Any] = {
        "slug": slug,
        "title": slug.replace("-", " ").capitalize(),
        "url": f"/activities/{slug}/",
        "summary": "",
        "kinds": kinds,
        "kind_labels": tuple(kind.label for kind in labels),
        "kind_aliases": tuple(alias for kind in labels for alias in kind.aliases),
        "needs": tuple(need.slug for need in needs),
        "need_words": tuple(text for need in needs for text in (need.label, *need.aliases)),
        "ways": ("in person",),
        "places": ("Temeford", "Harrow Vale"),
        "area_served": (),
        "outward_codes": (),
        "points": (),
        "days": (),
        "when": "Time not known, ask",
        "next_session": None,
        "next_ends": None,
        "cost": "Not known, ask.",
        "free": "unknown",
        "access_yes": (),
        "access_unknown": (),
        "welcomes_newcomers_alone": "unknown",
        "lift_offered": "unknown",
        "languages": (),
        "provider": "",
        "venue": "",
        "status": "active",
        "assured_on": None,
        "demonstration": True,
        "body": "",
    }
    values = {**fields, **more}
    values.setdefault("slots", tuple(f"{day}/" for day in values["days"]))
    return SearchDocument(**values)


@pytest.fixture(scope="session", autouse=True)
def connections() -> Iterator[None]:
    """Close every connection to a search server when the tests are over."""
    from tests.search.meilisearch_engines import CLIENTS

    yield
    for client in CLIENTS:
        client.close()


EngineOf = Callable[..., EmbeddedEngine]


@pytest.fixture
def engine_of(tmp_path: Path) -> EngineOf:
    """Return what builds and opens an index of the documents given."""

    def make(*documents: SearchDocument, folder: str = "search") -> EmbeddedEngine:
        build_index(documents, TAXONOMY, tmp_path / folder)
        return EmbeddedEngine.open(tmp_path / folder)

    return make
