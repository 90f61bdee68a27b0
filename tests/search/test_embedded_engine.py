"""The engine in the process, on small directories made for one question each."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.search.embedded.engine import EmbeddedEngine
from api.search.port import Answer, EngineDown, Query
from tests.search.conftest import EngineOf, make_document


def slugs(answer: Answer) -> list[str]:
    return [hit.document.slug for hit in answer.hits]


def search_slugs(engine: EmbeddedEngine, q: str = "", **more: object) -> list[str]:
    return slugs(engine.search(msgspec.convert({"q": q, **more}, Query)))


def test_without_words_the_next_session_comes_first_and_the_slug_decides(
    engine_of: EngineOf,
) -> None:
    engine = engine_of(
        make_document("never"),
        make_document("b", next_session="2026-12-01T10:00:00+00:00"),
        make_document("a", next_session="2026-12-01T10:00:00+00:00"),
        make_document("summer", next_session="2026-12-01T10:30:00+01:00"),
        make_document("ever"),
    )
    assert search_slugs(engine) == ["summer", "a", "b", "ever", "never"]


def test_with_words_equal_hits_come_by_next_session(engine_of: EngineOf) -> None:
    engine = engine_of(
        make_document("a", "choir", title="One", next_session="2026-12-02T10:00:00+00:00"),
        make_document("b", "choir", title="One", next_session="2026-12-01T10:00:00+00:00"),
    )
    assert search_slugs(engine, "choir") == ["b", "a"]


def test_the_kind_comes_before_a_mention_and_the_place_before_elsewhere(
    engine_of: EngineOf,
) -> None:
    far = {"places": ("Marrowby", "Harrow Vale")}
    engine = engine_of(
        make_document("mentions", title="Choir choir choir"),
        make_document("there", "choir", **far),
        make_document("here", "choir"),
    )
    assert search_slugs(engine, "choir temeford") == ["here", "mentions", "there"]
    assert search_slugs(engine, "choir marrowby")[0] == "there"


def test_a_place_in_the_words_shuts_nothing_out(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("far", "choir", places=("Marrowby", "Harrow Vale")))
    assert search_slugs(engine, "choir temeford") == ["far"]


@pytest.mark.parametrize("q", ["coffee morning", "cofee mornign", "coffee mo", "coffeemorning"])
def test_a_kind_is_found_however_it_is_typed(engine_of: EngineOf, q: str) -> None:
    engine = engine_of(
        make_document("x", "coffee-morning", title="The Mill"), make_document("y", "choir")
    )
    assert search_slugs(engine, q) == ["x"]


def test_a_need_in_plain_words_finds_what_helps_best_first(engine_of: EngineOf) -> None:
    engine = engine_of(
        make_document("lunch", "lunch-club"),
        make_document("talk", "bereavement-group"),
        make_document("sing", "choir"),
    )
    assert search_slugs(engine, "my husband has died") == ["talk", "lunch"]


def test_what_was_tried_instead_is_said(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("x", "coffee-morning"))
    assert engine.search(Query(q="cofee mornig")).also_looked_for == ("coffee morning",)
    assert engine.search(Query(q="coffee morning")).also_looked_for == ()


def test_words_that_reach_nothing_together_are_given_up_and_said(engine_of: EngineOf) -> None:
    engine = engine_of(
        make_document("sing", "choir"), make_document("bird", title="Parrot evening")
    )
    answer = engine.search(Query(q="choir parrot xylophagous"))
    assert slugs(answer) == ["sing"]
    assert answer.left_out == ("xylophagous", "parrot")


def test_a_kind_without_an_entry_is_given_up_before_one_that_has_some(
    engine_of: EngineOf,
) -> None:
    engine = engine_of(*(make_document(f"sing-{n}", "choir") for n in range(3)))
    answer = engine.search(Query(q="quiz choir"))
    assert (answer.total, answer.left_out) == (3, ("quiz",))
    assert engine.search(Query(q="quiz")).total == 0


def test_an_entry_that_fits_all_words_comes_first(engine_of: EngineOf) -> None:
    engine = engine_of(
        *(make_document(f"sing-{n}", "choir", title="Choir") for n in range(12)),
        make_document("both", "choir", title="Singing", body="with a parrot"),
        make_document("parrots", title="Parrot parrot parrot"),
    )
    answer = engine.search(Query(q="choir parrot"))
    assert slugs(answer)[0] == "both"
    assert answer.total == 13  # ten others are enough: no need for what only mentions a parrot


def test_nothing_is_found_where_nothing_is_near(engine_of: EngineOf) -> None:
    answer = engine_of(make_document("x", "choir")).search(Query(q="xylophagous"))
    assert (answer.total, answer.hits, answer.left_out) == (0, (), ("xylophagous",))


def test_filters_join_and_each_shuts_out(engine_of: EngineOf) -> None:
    engine = engine_of(
        make_document("yes", "choir", days=("monday",), free="yes", ways=("online",)),
        make_document("paid", "choir", days=("monday",), free="no", ways=("online",)),
        make_document("unsaid", "choir", days=("monday",), free="unknown", ways=("online",)),
        make_document("tuesday", "choir", days=("tuesday",), free="yes", ways=("online",)),
        make_document("quiz", "quiz", days=("monday",), free="yes", ways=("online",)),
        make_document("there", "choir", days=("monday",), free="yes", ways=("in person",)),
    )
    filters: dict[str, Any] = {
        "kind": "choir",
        "days": ("monday",),
        "free": "yes",
        "ways": ("online",),
    }
    assert search_slugs(engine, **filters) == ["yes", "unsaid"]
    assert search_slugs(engine, "choir", **filters) == ["yes", "unsaid"]
    assert search_slugs(engine, need="widowed") == []
    assert search_slugs(engine, "quiz", ways=("online", "by phone"), free="yes") == ["quiz"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Temeford", {"temeford", "line"}),
        ("zz3 1aa", {"thistlow", "line"}),
        ("ZZ3", {"thistlow", "line"}),
        ("Harrow Vale", {"temeford", "thistlow", "line"}),
        ("Street", set()),
    ],
)
def test_a_place_filter_takes_names_and_codes_and_knows_what_reaches_there(
    engine_of: EngineOf, place: str, expected: set[str]
) -> None:
    engine = engine_of(
        make_document("temeford", places=("Temeford", "Harrow Vale")),
        make_document("thistlow", places=("Upper Thistlow", "Harrow Vale")),
        make_document("line", places=(), area_served=("Harrow Vale",), ways=("by phone",)),
    )
    assert set(search_slugs(engine, place=place)) == expected


def test_an_unknown_place_is_said_and_filters_nothing(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("x"))
    answer = engine.search(Query(place="Atlantis"))
    assert (answer.place_known, answer.place, answer.total) == (False, "", 1)
    place_answer = engine.search(Query(place="zz1 1aa"))
    assert (place_answer.place_known, place_answer.place) == (True, "ZZ1")
    assert engine.search(Query()).place_known


def test_a_code_that_only_a_venue_has_is_known(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("x", outward_codes=("QQ7",)), make_document("y"))
    assert search_slugs(engine, place="qq7 1aa") == ["x"]


def test_every_facet_counts_what_its_filter_would_leave(engine_of: EngineOf) -> None:
    engine = engine_of(
        make_document("a", "choir", "quiz", days=("monday", "friday"), free="yes"),
        make_document("b", "choir", days=("friday",), places=("Marrowby", "Harrow Vale")),
        make_document("c", "quiz", free="no", area_served=("Harrow Vale",), places=()),
    )
    for q in ("", "choir"):
        facets = engine.search(Query(q=q)).facets
        fields = {"kinds": "kind", "needs": "need"}
        for name, field in fields.items():
            for facet in facets[name]:
                narrowed = msgspec.convert({"q": q, field: facet.value}, Query)
                assert engine.search(narrowed).total == facet.count, facet
    facets = engine.search(Query()).facets
    assert [facet.value for facet in facets["days"]] == ["monday", "friday"]
    assert {facet.value: facet.count for facet in facets["free"]} == {
        "yes": 1,
        "no": 1,
        "unknown": 1,
    }
    assert (facets["kinds"][0].label, facets["kinds"][0].count) == ("Choirs", 2)


def test_a_page_past_the_end_is_empty_and_keeps_its_count(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("a"), make_document("b"))
    answer = engine.search(Query(page=10**12))
    assert (answer.hits, answer.total, answer.pages) == ((), 2, 1)


def test_an_empty_directory_has_an_answer(engine_of: EngineOf) -> None:
    engine = engine_of()
    for q in ("", "choir"):
        answer = engine.search(Query(q=q))
        assert (answer.total, answer.pages, answer.hits) == (0, 1, ())


def test_signs_no_word_is_made_of_are_no_error(engine_of: EngineOf) -> None:
    engine = engine_of(make_document("x", "choir"))
    for q in ('"', "(((", "kind:choir AND *", "\x00", "😀", "a" * 200, "choir " * 30, "١٢٣"):
        engine.search(Query(q=q))


def test_an_engine_goes_on_when_its_folder_is_replaced(engine_of: EngineOf, tmp_path: Path) -> None:
    old = engine_of(*(make_document(f"old-{n}", "choir", body="parrot") for n in range(50)))
    shutil.rmtree(tmp_path / "search")
    new = engine_of(make_document("new", "choir"))
    assert old.search(Query(q="parrot")).total == 50
    assert old.search(Query(place="ZZ1")).total == 50
    assert search_slugs(new, "choir") == ["new"]


def test_many_threads_get_the_same_answers(engine_of: EngineOf) -> None:
    engine = engine_of(*(make_document(f"c-{n}", "choir", body=f"word{n}") for n in range(200)))
    questions = ["choir", "chior", "my husband died", "temeford", "word7", "singing parrot"] * 20
    alone = [slugs(engine.search(Query(q=q))) for q in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: slugs(engine.search(Query(q=q))), questions))
    assert together == alone


def test_a_folder_without_an_index_is_an_engine_down(tmp_path: Path) -> None:
    with pytest.raises(EngineDown):
        EmbeddedEngine.open(tmp_path)
    (tmp_path / "about.msgpack").write_bytes(b"\xc1")
    with pytest.raises(EngineDown):
        EmbeddedEngine.open(tmp_path)


def test_an_index_is_never_written_over_another(engine_of: EngineOf) -> None:
    engine_of(make_document("x"))
    with pytest.raises(FileExistsError):
        engine_of(make_document("y"))


def test_an_entry_that_names_no_language_is_found_and_counted_under_english(
    engine_of: EngineOf,
) -> None:
    engine = engine_of(
        make_document("silent"),
        make_document("both", languages=("Welsh", "English")),
        make_document("welsh", languages=("Welsh",)),
    )
    assert search_slugs(engine, language="English") == ["both", "silent"]
    languages = engine.search(Query()).facets["languages"]
    assert {language.value: language.count for language in languages} == {"English": 2, "Welsh": 2}
