"""Words that cannot wait are known at once, by the page and by the service alike."""

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from api.features.activities.crisis_help import find_crisis_help
from catalogue.faults import Fault
from catalogue.model.taxonomy import Taxonomy
from catalogue.read.taxonomy import read_taxonomy
from tests.support.node import find_node

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "site" / "assets" / "search_help_now.js"
ASK = f"""
import {{ readFileSync }} from "node:fs";
import {{ neededAt }} from {json.dumps(SCRIPT.as_uri())};
const [all, texts] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => neededAt(all, text))));
"""
TYPED = {
    "suicide": "hard-to-go-on",
    "SUICIDE HELP!!": "hard-to-go-on",
    "suiside": "hard-to-go-on",
    "sucide": "hard-to-go-on",
    "i feel sucidal tonight": "hard-to-go-on",
    "i want to kill myslef": "hard-to-go-on",
    "dont want to live any more": "hard-to-go-on",
    "I don’t want to be here anymore": "hard-to-go-on",
    "I can't go on": "hard-to-go-on",
    "self-harm": "hard-to-go-on",
    "samaratans": "hard-to-go-on",
    "chcę umrzeć": "hard-to-go-on",
    "chce umrzec": "hard-to-go-on",
    "dwi eisiau marw": "hard-to-go-on",
    "my husband hits me": "somebody-hurts-me",
    "domestic abuse": "somebody-hurts-me",
    "scared of my son": "somebody-hurts-me",
    "he won't let me out": "somebody-hurts-me",
    "help": "it-cannot-wait",
    "Help!": "it-cannot-wait",
    "help me please": "it-cannot-wait",
    "999": "it-cannot-wait",
    "ambulence": "it-cannot-wait",
    "my wife can't breathe": "it-cannot-wait",
    "pomocy": "it-cannot-wait",
    "🆘 help": "it-cannot-wait",
    "": "",
    "😀": "",
    "coffee morning": "",
    "help with my computer": "",
    "i want to help": "",
    "help out": "",
    "my husband died": "",
    "my dog died": "",
    "dying for a pint": "",
    "cost of living crisis": "",
    "fire station open day": "",
    "outside": "",
    "seaside": "",
    "decide": "",
    "killing time": "",
    "01632 999 123": "",
}


@pytest.fixture(scope="module")
def terms() -> Taxonomy:
    faults: list[Fault] = []
    taxonomy = read_taxonomy(ROOT / "content" / "taxonomy.yml", ROOT, faults)
    assert taxonomy is not None, faults
    return taxonomy


def by_the_service(terms: Taxonomy, texts: list[str]) -> list[str]:
    """Return the slug of the help each text asks for."""
    matches = [find_crisis_help(terms.help_now, text) for text in texts]
    return [match.slug if match else "" for match in matches]


def by_the_page(terms: Taxonomy, texts: list[str]) -> list[str]:
    all_help = [
        {"words": help_entry.words, "alone": help_entry.alone} for help_entry in terms.help_now
    ]
    result = subprocess.run(
        [str(find_node()), "--input-type=module", "-e", ASK],
        input=json.dumps([all_help, texts]),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    at = msgspec.json.decode(result.stdout, type=list[int])
    return [terms.help_now[index].slug if index >= 0 else "" for index in at]


def test_what_cannot_wait_is_known_and_what_can_is_left_in_peace(terms: Taxonomy) -> None:
    assert dict(zip(TYPED, by_the_service(terms, list(TYPED)), strict=True)) == TYPED


def test_the_page_knows_the_same_words(terms: Taxonomy) -> None:
    assert dict(zip(TYPED, by_the_page(terms, list(TYPED)), strict=True)) == TYPED


def test_nobody_who_looks_for_company_is_told_to_ring_a_crisis_line(terms: Taxonomy) -> None:
    sentences = [
        text
        for kind in terms.kinds
        for text in (kind.label, kind.plural, *kind.aliases)
    ]  # fmt: skip
    other_needs = (need for need in terms.needs if need.slug != "low-mood")
    sentences += [text for need in other_needs for text in (need.label, *need.aliases)]
    sentences += [area.name for area in terms.areas]
    sentences.append(terms.need["low-mood"].label)
    slug_by_text = dict(zip(sentences, by_the_service(terms, sentences), strict=True))
    assert {text: slug for text, slug in slug_by_text.items() if slug} == {}
