"""Words are cut the same way from entries and from questions."""

import json
import subprocess
from pathlib import Path

import pytest

from api.search.text.vocabulary import Vocabulary, slips_allowed
from catalogue.outputs.search.phrases import tokenise
from catalogue.outputs.search.word_index import stem
from tests.support.node import find_node

ROOT = Path(__file__).parents[2]
MODULE = (ROOT / "site/assets/search_text.js").as_uri()
STEMS_IN_NODE = """
import { readFileSync } from "node:fs";
const { stem } = await import(process.argv[1]);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(stem)));
"""


def vocabulary(*labels: str, **frequency: int) -> Vocabulary:
    return Vocabulary({**dict.fromkeys(labels, 5), **frequency}, labels)


def corrected(vocabulary_made: Vocabulary, word: str) -> list[str]:
    return [choice.word for choice in vocabulary_made.corrections(word)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Men’s Café", ["mens", "cafe"]),
        ("don't, won't!", ["dont", "wont"]),
        ("ZZ3 1AA", ["zz3", "1aa"]),
        ("Llŷn tŷ", ["llyn", "ty"]),
        ("one-to-one_support", ["one", "to", "one", "support"]),
        ("", []),
        ("\x00 ,.!", []),
    ],
)
def test_case_accents_and_apostrophes_go(text: str, words: list[str]) -> None:
    assert tokenise(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        ("garden", "gardens", "gardening", "gardened"),
        ("knit", "knits", "knitting", "knitted"),
        ("dance", "dances", "dancing", "danced"),
        ("party", "parties", "partying"),
        ("sing", "sings", "singing"),
        ("spell", "spelling"),
    ],
)
def test_forms_of_one_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_the_page_finds_the_same_stems() -> None:
    prose = " ".join(file.read_text("utf-8") for file in (ROOT / "content").rglob("*.md"))
    words = sorted({*tokenise(prose), "parties", "ties", "knitted", "spelling", "buses", "zz3s"})
    result = subprocess.run(
        [str(find_node()), "--input-type=module", "-e", STEMS_IN_NODE, MODULE],
        input=json.dumps(words),
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(zip(words, json.loads(result.stdout), strict=True)) == {
        word: stem(word) for word in words
    }


@pytest.mark.parametrize("word", ["bus", "class", "string", "king", "zz3", "red", "tennis"])
def test_a_word_that_only_looks_like_a_form_is_left_as_it_is(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("word", "mistakes"), [("tai", 0), ("yoga", 1), ("choir", 1), ("coffee", 2), ("zz31aa", 0)]
)
def test_longer_words_may_hold_more_mistakes(word: str, mistakes: int) -> None:
    assert slips_allowed(word) == mistakes


@pytest.mark.parametrize("typed", ["alotment", "allottment", "allotmnet", "qllotment", "alotmnt"])
def test_a_slip_is_taken_for_the_right_word(typed: str) -> None:
    assert corrected(vocabulary("allotment", "apartment"), typed)[0] == "allotment"


def test_a_word_of_the_taxonomy_is_likelier_than_a_common_one() -> None:
    vocabulary_made = vocabulary("choir", chair=4_000, chord=4_000)
    assert corrected(vocabulary_made, "chour")[0] == "choir"


def test_a_wrong_first_letter_is_a_mere_guess() -> None:
    sure = vocabulary("cake").corrections("cakr")[0]
    guess = vocabulary("cake").corrections("take")[0]
    assert guess.weight < sure.weight


def test_a_first_letter_left_out_or_swapped_is_no_guess() -> None:
    vocabulary_made = vocabulary("choir")
    assert vocabulary_made.corrections("hoir")[0].weight == 100
    assert vocabulary_made.corrections("hcoir")[0].weight == 100


def test_a_form_of_a_word_some_entry_holds_is_known() -> None:
    assert "years" in vocabulary("year")
    assert "yeast" not in vocabulary("year")


def test_completions_name_the_taxonomy_first_then_common_words() -> None:
    vocabulary_made = vocabulary("gardening", garden=900, garlic=20)
    assert [completion.word for completion in vocabulary_made.completions("gar")] == [
        "gardening",
        "garden",
        "garlic",
    ]


def test_one_letter_is_not_completed() -> None:
    assert vocabulary("garden").completions("g") == []


def test_two_words_written_as_one_come_apart() -> None:
    assert vocabulary("coffee", "morning").halves("coffeemorning") == ("coffee", "morning")
    assert vocabulary("coffee").halves("coffeemorning") is None
