"""Texts are folded one way, in Python and in the page."""

import json
import subprocess
from pathlib import Path

import pytest

from catalogue.model import text
from tests.support.node import find_node

ROOT = Path(__file__).parents[2]
VECTORS: list[tuple[str, list[str]]] = [
    (written, words)
    for written, words in json.loads(
        (ROOT / "tests/fixtures/folding_vectors.json").read_text(encoding="utf-8")
    )
]
IN_NODE = """
import { readFileSync } from "node:fs";
const { words } = await import(process.argv[1]);
const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => words(text))));
"""


@pytest.mark.parametrize(("phrase", "words"), VECTORS)
def test_words_are_folded_as_the_vectors_say(phrase: str, words: list[str]) -> None:
    assert text.words(phrase) == words


def test_the_page_folds_the_same_way() -> None:
    module = (ROOT / "site/assets/search_text.js").as_uri()
    result = subprocess.run(
        [str(find_node()), "--input-type=module", "-e", IN_NODE, module],
        input=json.dumps([phrase for phrase, _words in VECTORS]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == [words for _written, words in VECTORS]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("St Ives", "Saint Ives"),
        ("St. Mary’s Rd", "Saint Marys Road"),
        ("Bourton & Clapton", "Bourton and Clapton"),
        ("Mt Pleasant", "mount-pleasant"),
        ("Albert Sq", "ALBERT SQUARE"),
    ],
)
def test_short_forms_name_the_same_place(name: str, other: str) -> None:
    assert text.name_key(name) == text.name_key(other)
