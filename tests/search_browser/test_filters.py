"""Filters mean what they mean in GET /search, and are joined by "and"."""

from tests.search_browser.conftest import Ask

EVERYTHING = {"befriending", "choir", "coffee-at-the-mill", "empty-chair", "hostile"}


def test_without_words_the_soonest_comes_first_and_the_undated_last(ask: Ask) -> None:
    slugs = ask().slugs
    assert slugs[:2] == ["coffee-at-the-mill", "choir"]
    assert set(slugs) == EVERYTHING


def test_kind_day_free_and_way_each_narrow(ask: Ask) -> None:
    assert ask(kind="choir").slugs == ["choir"]
    assert ask(days=["monday"]).slugs[0] == "empty-chair"
    assert ask(free="yes").slugs[:2] == ["coffee-at-the-mill", "befriending"]
    assert ask(ways=["by phone"]).slugs == ["befriending"]


def test_two_ways_are_either(ask: Ask) -> None:
    assert set(ask(ways=["by phone", "in person"]).slugs) == EVERYTHING


def test_a_need_leads_to_its_own_entries_and_those_of_its_kinds(ask: Ask) -> None:
    assert set(ask(need="husband-or-wife-died").slugs) == {"empty-chair", "befriending"}


def test_filters_are_joined_by_and(ask: Ask) -> None:
    found = ask(free="yes", days=["tuesday"])
    assert (found.slugs, found.groups) == (
        ["coffee-at-the-mill", "befriending", "hostile"],
        [("all", 1, 2)],
    )
    assert ask("choir", free="yes").full == 0


def test_an_unknown_kind_finds_nothing(ask: Ask) -> None:
    assert ask(kind="sky-diving").slugs == []


def test_a_place_has_what_is_there_and_what_reaches_people_there(ask: Ask) -> None:
    assert set(ask(place="Osmery Bridge").slugs) == {"befriending", "coffee-at-the-mill", "hostile"}
    assert ask(place="Blackpool").slugs == ["empty-chair"]


def test_a_wider_place_has_all_inside_it(ask: Ask) -> None:
    assert set(ask(place="Harrow Vale").slugs) == EVERYTHING - {"empty-chair"}


def test_an_outward_code_and_a_whole_postcode_mean_the_same(ask: Ask) -> None:
    for place in ("ZZ3", "zz3", "ZZ3 1AA", "zz31aa"):
        found = ask(place=place)
        assert set(found.slugs) == {"befriending", "coffee-at-the-mill", "hostile"}, place
        assert found.said == "3 things within reach of ZZ3."


def test_a_misspelt_place_is_offered_and_not_taken(ask: Ask) -> None:
    assert ask(place="osmry brigde").said == "5 things."


def test_half_a_name_is_offered_and_not_taken(ask: Ask) -> None:
    assert ask(place="osmery").said == "5 things."


def test_a_name_that_may_be_two_places_misspelt_is_not_guessed(ask: Ask) -> None:
    assert "do not know" in ask(place="temeblack").said


def test_of_a_place_and_the_one_around_it_the_first_counts(ask: Ask) -> None:
    assert ask(place="Temeford, Harrow Vale").said.endswith("within reach of Temeford.")


def test_an_unknown_place_filters_nothing_and_is_said(ask: Ask) -> None:
    found = ask("choir", place="Atlantis")
    assert found.slugs[0] == "choir"
    assert "We do not know a place called “Atlantis”" in found.said


def test_a_filter_that_leaves_nothing_offers_the_way_back(ask: Ask) -> None:
    assert ask("choir", free="yes", place="Temeford").ways_on == [
        "1 thing that may cost money",
        "2 things of any kind at all",
        "1 thing online or by phone, of any kind",
    ]


def test_what_nobody_wrote_down_comes_after_and_says_what_to_ask(ask: Ask) -> None:
    found = ask(free="yes")
    assert found.said == "2 things. 2 more may fit: ask."
    assert found.asks == [""] * 4, "of a cost nobody knows the tag on the card speaks"
    assert ask(lift="yes").asks[-1] == "Ask: Can somebody collect me?"


def test_a_place_parts_the_answer_under_headings(ask: Ask) -> None:
    found = ask(place="Temeford")
    assert found.slugs == ["choir", "hostile", "befriending"]
    assert found.headings == ["Near Temeford", "Online or by phone"]


def test_a_fact_about_the_way_in_is_asked_by_its_name(ask: Ask) -> None:
    assert set(ask(access=["step-free"]).asks) == {"Ask: No steps?"}
