"""What people type is found: misspelt, cut short, in their own words, or only in part."""

from tests.search_browser.conftest import Search


def test_misspelt_words_find_the_kind_they_mean(search: Search) -> None:
    answer = search("cofee mornng")
    assert answer.slugs == ["coffee-at-the-mill"]
    assert answer.said == "1 thing. We also looked for coffee morning."


def test_two_letters_swapped_in_a_short_word_are_forgiven(search: Search) -> None:
    assert search("chior").slugs == ["choir"]


def test_a_word_cut_short_finds_what_it_begins(search: Search) -> None:
    assert search("bereavem").slugs == ["empty-chair"]


def test_a_plural_finds_the_singular(search: Search) -> None:
    assert search("coffee mornings").slugs == ["coffee-at-the-mill"]


def test_a_plural_in_ies_finds_its_singular_in_y(search: Search) -> None:
    assert search("ponies").slugs == ["hostile"]


def test_an_alias_finds_its_kind(search: Search) -> None:
    answer = search("singing")
    assert answer.slugs == ["choir"]
    assert answer.said == "1 thing."


def test_what_happened_to_somebody_leads_to_what_helps_the_aptest_first(search: Search) -> None:
    answer = search("my husband has died")
    assert answer.slugs[:2] == ["empty-chair", "befriending"]


def test_the_same_with_a_slip_of_the_finger(search: Search) -> None:
    assert set(search("my husbnd died").slugs) == {"empty-chair", "befriending"}


def test_one_word_written_as_two_and_two_as_one(search: Search) -> None:
    assert search("wood work").slugs == ["hostile"]
    assert search("coffeemorning").slugs == ["coffee-at-the-mill"]


def test_the_provider_and_the_place_can_be_part_of_the_words(search: Search) -> None:
    assert search("friends of the mill").slugs[0] == "coffee-at-the-mill"
    assert search("choir temeford").slugs[0] == "choir"


def test_a_postcode_among_the_words_counts_by_its_first_half(search: Search) -> None:
    answer = search("coffee ZZ3 1AA")
    assert (answer.slugs[0], answer.full) == ("coffee-at-the-mill", 1)


def test_a_day_that_was_asked_for_is_never_given_up(search: Search) -> None:
    answer = search("choir tuesday")
    assert (answer.slugs, answer.said) == ([], "Nothing found.")


def test_a_word_that_stands_nowhere_is_left_out_and_said(search: Search) -> None:
    answer = search("xylophonist choir")
    assert answer.slugs[0] == "choir"
    assert "We left out “xylophonist”." in answer.said


def test_words_that_say_nothing_do_not_narrow(search: Search) -> None:
    with_small_words, plainly = search("I would like a choir near me please"), search("choir")
    assert with_small_words.slugs == plainly.slugs


def test_a_word_that_is_known_is_never_taken_for_another(search: Search) -> None:
    answer = search("choir")
    assert (answer.slugs, answer.full, answer.said) == (["choir"], 1, "1 thing.")


def test_nothing_found_is_said_with_ways_on(search: Search) -> None:
    answer = search("zzzqqq", days=["tuesday"])
    assert (answer.slugs, answer.said) == ([], "Nothing found. We left out “zzzqqq”.")
    assert answer.ways_on == [
        "3 things of any kind at all",
        "1 thing online or by phone, of any kind",
    ]


def test_words_that_mean_something_to_a_program_mean_nothing_here(search: Search) -> None:
    for word in ("constructor", "__proto__", "toString", "hasOwnProperty"):
        assert f"We left out “{word.strip('_').lower()}”" in search(f"{word} choir").said


def test_numbers_are_never_guessed(search: Search) -> None:
    assert "choir" not in search("ZZ4 choir", place="ZZ3").slugs
    assert search("zz9").slugs == []
