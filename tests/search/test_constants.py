"""The engines read one file of constants."""

from catalogue.model.search_constants import RULES, SMALL_WORDS
from catalogue.outputs.search import compact_encoding, constants_script


def test_the_page_has_the_constants_of_the_file() -> None:
    assert constants_script.SCRIPT.read_text(encoding="utf-8") == constants_script.script()


def test_steps_of_ageing_stand_in_the_order_in_which_the_page_numbers_freshness() -> None:
    assert tuple(RULES.ageing) == compact_encoding.LEVELS


def test_small_words_leave_out_what_names_something() -> None:
    assert {"the", "something", "my"} <= SMALL_WORDS
    assert not {"no", "out"} & SMALL_WORDS
