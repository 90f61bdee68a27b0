"""What a question is taken to mean, before any index is asked."""

from datetime import date

import pytest

from api.search.text.audience import audience_of
from api.search.text.phrase_index import PhraseIndex
from api.search.text.query_plan import Plan, Planner, WordGroup, also_looked_for
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer
from catalogue.outputs.search.phrases import Meaning, Phrase, phrases
from tests.search.conftest import TAXONOMY

PHRASES = phrases(TAXONOMY, Gazetteer(TAXONOMY.areas))
NAMED = {word for phrase in PHRASES for word in phrase.words}
HELD = dict.fromkeys(["garden", "parrot", "clubhouse", "year", "here", "basketball"], 3)
TUESDAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def planner() -> Planner:
    vocabulary = Vocabulary({**dict.fromkeys(NAMED, 9), **HELD}, NAMED)
    return Planner(vocabulary, PhraseIndex(PHRASES), lambda key: key == "sunday parrot")


def concepts_of(plan: Plan) -> list[set[tuple[str, str]]]:
    return [{(concept.field, concept.value) for concept in group.concepts} for group in plan.groups]


def words_of(group: WordGroup) -> set[str]:
    return {word for option in group.options for word in option.words}


def filters(plan: Plan) -> list[tuple[str, str]]:
    return [pair for understood in plan.understood for pair in understood.filters]


def test_words_of_one_phrase_stand_together(planner: Planner) -> None:
    plan = planner.plan("tea and a chat")
    assert concepts_of(plan) == [{("kind", "coffee-morning")}]


def test_the_longest_phrase_wins(planner: Planner) -> None:
    assert concepts_of(planner.plan("street party")) == [{("kind", "neighbours")}]
    assert concepts_of(planner.plan("street")) == [{("place", "Street")}]


def test_two_words_written_as_one_and_misspelt_are_still_meant(planner: Planner) -> None:
    assert concepts_of(planner.plan("bereavementgrup")) == [{("kind", "bereavement-group")}]


def test_small_words_may_be_missing_or_come_between(planner: Planner) -> None:
    for q in ("my husband died", "husband has died", "since my husband died"):
        assert ("need", "widowed") in concepts_of(planner.plan(q))[0], q


def test_a_need_brings_the_kind_that_helps_most_forward(planner: Planner) -> None:
    weights = {
        concept.value: concept.weight
        for concept in planner.plan("my husband died").groups[0].concepts
    }
    assert weights["widowed"] > weights["bereavement-group"] > weights["lunch-club"]


def test_misspelt_words_still_make_their_phrase(planner: Planner) -> None:
    plan = planner.plan("cofee mornign")
    assert concepts_of(plan) == [{("kind", "coffee-morning")}]
    assert also_looked_for(plan.groups) == ("coffee morning",)


def test_an_unfinished_phrase_is_finished(planner: Planner) -> None:
    for q in ("coffee mo", "street pa", "allotm"):
        assert any("kind" in pair for pair in concepts_of(planner.plan(q))[0]), q


def test_places_are_given_up_first(planner: Planner) -> None:
    plan = planner.plan("choir temeford")
    assert [group.is_place for group in plan.groups] == [False, True]


@pytest.mark.parametrize(
    ("q", "expected", "remaining"),
    [
        ("choir on sundays", [("days", "sunday")], [("choir",)]),
        ("free lunch", [("free", "yes")], [("lunch",)]),
        ("weekday afternoon", [*(("days", f"{day}day") for day in
            ("mon", "tues", "wednes", "thurs", "fri")), ("times", "afternoon")], []),
        ("tonight", [("dates", "2026-11-24"), ("times", "evening")], []),
        ("quiz tomorrow", [("dates", "2026-11-25")], [("quiz",)]),
        ("quiz this weekend", [("dates", "2026-11-28"), ("dates", "2026-11-29")], [("quiz",)]),
        ("choir this tuesday", [("dates", "2026-11-24")], [("choir",)]),
        ("choir this coming monday", [("dates", "2026-11-30")], [("choir",)]),
        ("choir on the phone", [("ways", "by phone")], [("choir",)]),
        ("my dad sings", [("someone_else", "yes")], [("sings",)]),
        ("wensday choir", [("days", "wednesday")], [("choir",)]),
        ("gluten free cake", [], [("gluten",), ("free",), ("cake",)]),
        ("lunch weekend", [("days", "saturday"), ("days", "sunday")], [("lunch",)]),
    ],
)  # fmt: skip
def test_what_a_sentence_asks_beside_its_words_becomes_a_filter(
    planner: Planner, q: str, expected: list[tuple[str, str]], remaining: list[tuple[str, ...]]
) -> None:
    plan = planner.plan(q, TUESDAY)
    assert filters(plan) == expected
    typed = [group.typed for group in plan.groups]
    assert [*typed, *((word,) for word in plan.unknown_words)][-len(remaining) :] == remaining[
        -len(typed) :
    ]


def test_a_filter_is_taken_back_by_its_words(planner: Planner) -> None:
    plan = planner.plan("choir on sundays", TUESDAY, ("sundays",))
    assert filters(plan) == []


def test_the_title_of_an_entry_is_no_filter(planner: Planner) -> None:
    assert filters(planner.plan("Sunday parrot")) == []
    assert filters(planner.plan("parrot sunday")) == [("days", "sunday")]


def test_words_written_apart_or_together_are_one(planner: Planner) -> None:
    plan = planner.plan("basket ball")
    assert [group.typed for group in plan.groups] == [("basket", "ball")]
    assert words_of(plan.groups[0]) == {"basketball", "basket", "ball"}


def test_a_short_form_stands_for_what_it_shortens(planner: Planner) -> None:
    assert "street" in words_of(planner.plan("parrot st").groups[1])


def test_of_a_postcode_only_the_first_half_is_read(planner: Planner) -> None:
    plan = planner.plan("choir zz31aa")
    assert ("outward_code", "ZZ3") in concepts_of(plan)[1]
    assert ("place", "Upper Thistlow") in concepts_of(plan)[1]
    assert plan.unknown_words == ()


def test_words_nothing_is_near_are_said_to_be_unknown(planner: Planner) -> None:
    plan = planner.plan("choir xylophagous")
    assert plan.unknown_words == ("xylophagous",)


def test_a_mere_guess_is_left_out_beside_a_word_that_is_known(planner: Planner) -> None:
    plan = planner.plan("take parrot")  # "take" is a small word; "rake" would be a guess at "cake"
    assert [group.typed for group in plan.groups] == [("parrot",)]
    plan = planner.plan("rake parrot")
    assert [group.typed for group in plan.groups] == [("parrot",)]
    assert plan.unknown_words == ("rake",)
    assert also_looked_for(plan.groups) == ()


def test_a_mere_guess_alone_is_tried_and_said(planner: Planner) -> None:
    plan = planner.plan("rake")
    assert words_of(plan.groups[0]) == {"bake"}
    assert (plan.unknown_words, also_looked_for(plan.groups)) == ((), ("bake",))


def test_a_word_of_the_taxonomy_is_not_doubted_because_no_entry_holds_it() -> None:
    """Who asks for a choir where there is none must not be shown chairs."""
    empty_planner = Planner(
        Vocabulary({"chair": 4}, NAMED), PhraseIndex(PHRASES), lambda _key: False
    )
    assert words_of(empty_planner.plan("choir").groups[0]) == {"choir"}


def test_a_sentence_of_small_words_is_still_a_question(planner: Planner) -> None:
    assert [group.typed for group in planner.plan("what is here").groups][-1] == ("here",)


def test_a_postcode_is_never_corrected(planner: Planner) -> None:
    assert planner.plan("zz9").unknown_words == ("zz9",)


# The four pitfalls of research on search engines, a test each.


def test_a_beginning_is_completed_by_whole_words_not_by_stems(planner: Planner) -> None:
    """The stem of allotment is "allot": a search for stems that begin with "allotm" finds none."""
    assert "allotment" in words_of(planner.plan("allotm").groups[0])


def test_a_whole_word_is_not_outranked_by_a_rare_longer_one(planner: Planner) -> None:
    """ "club" must not become "clubhouse"."""
    plan = planner.plan("lunch club")
    assert all("clubhouse" not in words_of(group) for group in plan.groups)


def test_a_misspelt_word_is_not_the_rare_word_that_is_kept(planner: Planner) -> None:
    """A misspelt word stands in no entry; it must count like the word it was meant for."""
    plan = planner.plan("gardn parrot")
    assert ("gardn",) in [group.typed for group in plan.groups]
    assert "garden" in words_of(plan.groups[0])


def test_spelling_is_corrected_by_distance_not_by_shared_letters(planner: Planner) -> None:
    """Groups of three letters find hardly any misspelt word: "qiuz" shares none with "quiz"."""
    assert concepts_of(planner.plan("qiuz")) == [{("kind", "quiz")}]


@pytest.mark.parametrize(
    ("q", "unfit", "fit"),
    [
        ("my dad is lonely", {"womens-group", "parent-and-baby", "young-adults"}, {"mens-group"}),
        ("nan wants company", {"mens-group", "parent-and-baby"}, {"womens-group"}),
        ("for my neighbour, she never goes out", {"mens-group"}, {"parent-and-baby"}),
        ("women who sew", {"mens-group"}, {"parent-and-baby"}),
        ("men and women", set(), {"mens-group", "womens-group"}),
        ("my 84 year old neighbour", {"parent-and-baby"}, {"mens-group", "womens-group"}),
        ("my husband is in a home and I am on my own", set(), {"womens-group", "mens-group"}),
        ("I am looking for something for my dad", {"womens-group"}, {"mens-group"}),
        ("company", set(), {"womens-group", "mens-group", "parent-and-baby"}),
    ],
)
def test_kinds_that_are_plainly_for_others_are_shut_out(
    planner: Planner, q: str, unfit: set[str], fit: set[str]
) -> None:
    shut_out = set(planner.plan(q).audience.unfit_kinds)
    assert unfit <= shut_out
    assert not fit & shut_out


def test_a_kind_that_is_named_is_never_shut_out() -> None:
    named = audience_of(["my", "dad", "toddlers"], ["my", "dad"], None, {"parent-and-baby"})
    assert named.unfit_kinds == ("womens-group", "young-adults")


@pytest.mark.parametrize(
    ("q", "age"),
    [
        ("my dad is 84", 84),
        ("my brother, he's 58, parrot", 58),
        ("84 year old parrot", 84),
        ("in my forties", 45),
        ("in her 80s", 85),
        ("parrot for pensioners", 70),
        ("he's 10 miles away", None),
        ("my 3 year old", None),
        ("80s parrot", None),
        ("route 58", None),
    ],
)
def test_an_age_is_read_where_it_is_said_of_somebody(
    planner: Planner, q: str, age: int | None
) -> None:
    assert planner.plan(q).audience.age == age


def test_an_age_is_not_among_the_unknown_words(planner: Planner) -> None:
    assert planner.plan("garden, my dad is 84").unknown_words == ()


def test_a_small_word_is_no_place() -> None:
    """Frome and "from" have one stem."""
    frome = Phrase(("frome",), (Meaning("place", "Frome"),))
    vocabulary = Vocabulary(dict.fromkeys(["frome", "garden", "from"], 3), {"frome"})
    planner = Planner(vocabulary, PhraseIndex([frome]), lambda _key: False)
    assert concepts_of(planner.plan("from garden")) == [set()]
    assert concepts_of(planner.plan("frome garden")) == [{("place", "Frome")}, set()]
