"""What a question is taken to mean, before any index is asked."""

import pytest

from api.search.text import synonyms
from api.search.text.query_plan import Plan, Planner, WordGroup
from api.search.text.synonyms import PhraseIndex
from api.search.text.tokenise import Stemmer
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer
from tests.search.conftest import TAXONOMY

STEM = Stemmer()
GAZETTEER = Gazetteer(TAXONOMY.areas)
HELD = dict.fromkeys(["garden", "parrot", "clubhouse", "year", "here"], 3)


@pytest.fixture(scope="module")
def planner() -> Planner:
    spoken = synonyms.phrases_of(TAXONOMY, GAZETTEER)
    named = {word for phrase in spoken for word in phrase.words}
    held = {**dict.fromkeys(named, 9), **HELD}
    return Planner(Vocabulary(held, named, STEM), PhraseIndex(spoken, STEM))


def meant(plan: Plan) -> list[set[tuple[str, str]]]:
    return [{(one.field, one.value) for one in group.concepts} for group in plan.groups]


def words(group: WordGroup) -> set[str]:
    return {choice.word for choices in group.candidates for choice in choices}


def test_words_of_one_phrase_stand_together(planner: Planner) -> None:
    plan = planner.plan("tea and a chat")
    assert meant(plan) == [{("kind", "coffee-morning")}]


def test_the_longest_phrase_wins(planner: Planner) -> None:
    assert meant(planner.plan("street party")) == [{("kind", "neighbours")}]
    assert meant(planner.plan("street")) == [{("place", "Street")}]


def test_two_words_written_as_one_and_misspelt_are_still_meant(planner: Planner) -> None:
    assert meant(planner.plan("bereavementgrup")) == [{("kind", "bereavement-group")}]


def test_small_words_may_be_missing_or_come_between(planner: Planner) -> None:
    for q in ("my husband died", "husband has died", "since my husband died"):
        assert ("need", "widowed") in meant(planner.plan(q))[0], q


def test_a_need_brings_the_kind_that_helps_most_forward(planner: Planner) -> None:
    weights = {one.value: one.weight for one in planner.plan("my husband died").groups[0].concepts}
    assert weights["widowed"] > weights["bereavement-group"] > weights["lunch-club"]


def test_misspelt_words_still_make_their_phrase(planner: Planner) -> None:
    plan = planner.plan("cofee mornign")
    assert meant(plan) == [{("kind", "coffee-morning")}]
    assert plan.also_looked_for == ("coffee morning",)


def test_an_unfinished_phrase_is_finished(planner: Planner) -> None:
    for q in ("coffee mo", "street pa", "allotm"):
        assert any("kind" in pair for pair in meant(planner.plan(q))[0]), q


def test_places_and_days_only_weigh(planner: Planner) -> None:
    plan = planner.plan("choir temeford monday")
    assert [group.is_optional for group in plan.groups] == [False, True, True]
    assert [group.typed for group in plan.needed] == [("choir",)]


def test_a_place_alone_is_what_is_looked_for(planner: Planner) -> None:
    plan = planner.plan("temeford")
    assert plan.needed == plan.groups != ()


def test_of_a_postcode_only_the_first_half_is_read(planner: Planner) -> None:
    plan = planner.plan("choir zz31aa")
    assert ("outward_code", "ZZ3") in meant(plan)[1]
    assert ("place", "Upper Thistlow") in meant(plan)[1]
    assert plan.unknown_words == ()


def test_words_nothing_is_near_are_said_to_be_unknown(planner: Planner) -> None:
    plan = planner.plan("choir xylophagous")
    assert plan.unknown_words == ("xylophagous",)


def test_a_guess_weighs_and_is_not_announced(planner: Planner) -> None:
    plan = planner.plan("take parrot")  # "take" is a small word; "rake" would be a guess at "cake"
    assert [group.typed for group in plan.groups] == [("parrot",)]
    plan = planner.plan("rake parrot")
    assert [group.typed for group in plan.needed] == [("parrot",)]
    assert plan.also_looked_for == ()


def test_a_word_of_the_taxonomy_is_not_doubted_because_no_entry_holds_it() -> None:
    """Who asks for a choir where there is none must not be shown chairs."""
    spoken = synonyms.phrases_of(TAXONOMY, GAZETTEER)
    named = {word for phrase in spoken for word in phrase.words}
    empty = Planner(Vocabulary({"chair": 4}, named, STEM), PhraseIndex(spoken, STEM))
    for wider in (False, True):
        assert words(empty.plan("choir", wider).groups[0]) == {"choir"}


def test_a_sentence_of_small_words_is_still_a_question(planner: Planner) -> None:
    assert [group.typed for group in planner.plan("what is here").groups][-1] == ("here",)


def test_a_postcode_is_never_corrected(planner: Planner) -> None:
    assert planner.plan("zz9").unknown_words == ("zz9",)


# The four pitfalls of research on search engines, a test each.


def test_a_beginning_is_completed_by_whole_words_not_by_stems(planner: Planner) -> None:
    """The stem of allotment is "allot": a search for stems that begin with "allotm" finds none."""
    assert "allotment" in words(planner.plan("allotm").groups[0])


def test_a_whole_word_is_not_outranked_by_a_rare_longer_one(planner: Planner) -> None:
    """ "club" must not become "clubhouse"."""
    for wider in (False, True):
        plan = planner.plan("lunch club", wider)
        assert all("clubhouse" not in words(group) for group in plan.groups)


def test_a_misspelt_word_is_not_the_rare_word_that_is_kept(planner: Planner) -> None:
    """A misspelt word stands in no entry; it must count like the word it was meant for."""
    plan = planner.plan("gardn parrot")
    assert ("gardn",) in [group.typed for group in plan.groups]
    assert "garden" in words(plan.groups[0])


def test_spelling_is_corrected_by_distance_not_by_shared_letters(planner: Planner) -> None:
    """Groups of three letters find hardly any misspelt word: "qiuz" shares none with "quiz"."""
    assert meant(planner.plan("qiuz")) == [{("kind", "quiz")}]
