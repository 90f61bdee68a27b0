"""Filters mean what they mean in GET /search, and are joined by "and"."""

from tests.search_browser.conftest import Search

EVERYTHING = {"befriending", "choir", "coffee-at-the-mill", "empty-chair", "hostile"}


def test_without_words_the_soonest_comes_first_and_the_undated_last(search: Search) -> None:
    slugs = search().slugs
    assert slugs[:2] == ["coffee-at-the-mill", "choir"]
    assert set(slugs) == EVERYTHING


def test_kind_day_free_and_way_each_narrow(search: Search) -> None:
    assert search(kind="choir").slugs == ["choir"]
    assert search(days=["monday"]).slugs[0] == "empty-chair"
    assert search(free="yes").slugs[:2] == ["coffee-at-the-mill", "befriending"]
    assert search(ways=["by phone"]).slugs == ["befriending"]


def test_two_ways_are_either(search: Search) -> None:
    assert set(search(ways=["by phone", "in person"]).slugs) == EVERYTHING


def test_a_need_leads_to_its_own_entries_and_those_of_its_kinds(search: Search) -> None:
    assert set(search(need="husband-or-wife-died").slugs) == {"empty-chair", "befriending"}


def test_filters_are_joined_by_and(search: Search) -> None:
    answer = search(free="yes", days=["tuesday"])
    assert (answer.slugs, answer.groups) == (
        ["coffee-at-the-mill", "befriending", "hostile"],
        [("all", 1, 2)],
    )
    assert search("choir", free="yes").full == 0


def test_an_unknown_kind_finds_nothing(search: Search) -> None:
    assert search(kind="sky-diving").slugs == []


def test_a_place_has_what_is_there_and_what_reaches_people_there(search: Search) -> None:
    assert set(search(place="Osmery Bridge").slugs) == {
        "befriending",
        "coffee-at-the-mill",
        "hostile",
    }
    assert search(place="Blackpool").slugs == ["empty-chair"]


def test_a_wider_place_has_all_inside_it(search: Search) -> None:
    assert set(search(place="Harrow Vale").slugs) == EVERYTHING - {"empty-chair"}


def test_an_outward_code_and_a_whole_postcode_mean_the_same(search: Search) -> None:
    for place in ("ZZ3", "zz3", "ZZ3 1AA", "zz31aa"):
        answer = search(place=place)
        assert set(answer.slugs) == {"befriending", "coffee-at-the-mill", "hostile"}, place
        assert answer.said == "3 things within reach of ZZ3."


def test_a_misspelt_place_is_offered_and_not_taken(search: Search) -> None:
    assert search(place="osmry brigde").said == "5 things."


def test_half_a_name_is_offered_and_not_taken(search: Search) -> None:
    assert search(place="osmery").said == "5 things."


def test_a_name_that_may_be_two_places_misspelt_is_not_guessed(search: Search) -> None:
    assert "do not know" in search(place="temeblack").said


def test_of_a_place_and_the_one_around_it_the_first_counts(search: Search) -> None:
    assert search(place="Temeford, Harrow Vale").said.endswith("within reach of Temeford.")


def test_an_unknown_place_filters_nothing_and_is_said(search: Search) -> None:
    answer = search("choir", place="Atlantis")
    assert answer.slugs[0] == "choir"
    assert "We do not know a place called “Atlantis”" in answer.said


def test_a_filter_that_leaves_nothing_offers_the_way_back(search: Search) -> None:
    assert search("choir", free="yes", place="Temeford").ways_on == [
        "1 thing that may cost money",
        "2 things of any kind at all",
        "1 thing online or by phone, of any kind",
    ]


def test_what_nobody_wrote_down_comes_after_and_says_what_to_ask(search: Search) -> None:
    answer = search(free="yes")
    assert answer.said == "2 things. 2 more may fit: ask."
    assert answer.asks == [""] * 4, "of a cost nobody knows the tag on the card speaks"
    assert search(lift="yes").asks[-1] == "Ask: Can somebody collect me?"


def test_a_place_parts_the_answer_under_headings(search: Search) -> None:
    answer = search(place="Temeford")
    assert answer.slugs == ["choir", "hostile", "befriending"]
    assert answer.headings == ["Near Temeford", "Online or by phone"]


def test_a_fact_about_the_way_in_is_asked_by_its_name(search: Search) -> None:
    assert set(search(access=["step-free"]).asks) == {"Ask: No steps?"}
