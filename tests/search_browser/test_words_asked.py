"""What people type is found: misspelt, cut short, in their own words, or only in part."""

from tests.search_browser.conftest import Ask


def test_misspelt_words_find_the_kind_they_mean(ask: Ask) -> None:
    found = ask("cofee mornng")
    assert found.slugs == ["coffee-at-the-mill"]
    assert found.said == "1 thing. We also looked for coffee morning."


def test_two_letters_swapped_in_a_short_word_are_forgiven(ask: Ask) -> None:
    assert ask("chior").slugs == ["choir"]


def test_a_word_cut_short_finds_what_it_begins(ask: Ask) -> None:
    assert ask("bereavem").slugs == ["empty-chair"]


def test_a_plural_finds_the_singular(ask: Ask) -> None:
    assert ask("coffee mornings").slugs == ["coffee-at-the-mill"]


def test_a_plural_in_ies_finds_its_singular_in_y(ask: Ask) -> None:
    assert ask("ponies").slugs == ["hostile"]


def test_an_alias_finds_its_kind(ask: Ask) -> None:
    found = ask("singing")
    assert found.slugs == ["choir"]
    assert found.said == "1 thing."


def test_what_happened_to_somebody_leads_to_what_helps_the_aptest_first(ask: Ask) -> None:
    found = ask("my husband has died")
    assert found.slugs[:2] == ["empty-chair", "befriending"]


def test_the_same_with_a_slip_of_the_finger(ask: Ask) -> None:
    assert set(ask("my husbnd died").slugs) == {"empty-chair", "befriending"}


def test_one_word_written_as_two_and_two_as_one(ask: Ask) -> None:
    assert ask("wood work").slugs == ["hostile"]
    assert ask("coffeemorning").slugs == ["coffee-at-the-mill"]


def test_the_provider_and_the_place_can_be_part_of_the_words(ask: Ask) -> None:
    assert ask("friends of the mill").slugs[0] == "coffee-at-the-mill"
    assert ask("choir temeford").slugs[0] == "choir"


def test_a_postcode_among_the_words_counts_by_its_first_half(ask: Ask) -> None:
    found = ask("coffee ZZ3 1AA")
    assert (found.slugs[0], found.full) == ("coffee-at-the-mill", 1)


def test_a_day_that_was_asked_for_is_never_given_up(ask: Ask) -> None:
    found = ask("choir tuesday")
    assert (found.slugs, found.said) == ([], "Nothing found.")


def test_a_word_that_stands_nowhere_is_left_out_and_said(ask: Ask) -> None:
    found = ask("xylophonist choir")
    assert found.slugs[0] == "choir"
    assert "We left out “xylophonist”." in found.said


def test_words_that_say_nothing_do_not_narrow(ask: Ask) -> None:
    asked, plainly = ask("I would like a choir near me please"), ask("choir")
    assert asked.slugs == plainly.slugs


def test_a_word_that_is_known_is_never_taken_for_another(ask: Ask) -> None:
    found = ask("choir")
    assert (found.slugs, found.full, found.said) == (["choir"], 1, "1 thing.")


def test_nothing_found_is_said_with_ways_on(ask: Ask) -> None:
    found = ask("zzzqqq", days=["tuesday"])
    assert (found.slugs, found.said) == ([], "Nothing found. We left out “zzzqqq”.")
    assert found.ways_on == [
        "3 things of any kind at all",
        "1 thing online or by phone, of any kind",
    ]


def test_words_that_mean_something_to_a_program_mean_nothing_here(ask: Ask) -> None:
    for word in ("constructor", "__proto__", "toString", "hasOwnProperty"):
        assert f"We left out “{word.strip('_').lower()}”" in ask(f"{word} choir").said


def test_numbers_are_never_guessed(ask: Ask) -> None:
    assert "choir" not in ask("ZZ4 choir", place="ZZ3").slugs
    assert ask("zz9").slugs == []
