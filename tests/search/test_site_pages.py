"""Pledges, who keeps them, courses and guidance are found beside activities, alike in the page."""

import json
import subprocess
from datetime import date
from pathlib import Path

import msgspec
import pytest

from catalogue.outputs.search.site_pages import SitePage, SitePageIndex, site_pages
from catalogue.read import load
from tests.support import generate
from tests.support.node import find_node

ROOT = Path(__file__).parents[2]
IN_NODE = """
import { readFileSync } from "node:fs";
const { SitePageIndex } = await import(process.argv[1]);
const { pages, questions } = JSON.parse(readFileSync(0, "utf8"));
const index = new SitePageIndex(pages);
console.log(JSON.stringify(questions.map((q) => index.find(q).map(([url]) => url))));
"""
PROSE = [("/get-help-now/", "Get help now", "Somebody to call at night when you cannot sleep.")]
FOUND = {
    "stay connected pledge": "/pledges/stay-connected/",
    "Community Connector": "/pledges/community-connector/",
    "marrowby bowls club": "/pledges/stay-connected/marrowby-bowls-club/",
    "call night sleep": "/get-help-now/",
}
NOTHING = ["", "the", "xylophagous", "night shift breakfast at the mill on saturday"]


@pytest.fixture(scope="module")
def pages() -> tuple[SitePage, ...]:
    catalogue = load.read_project(generate.ROOT).catalogue
    assert catalogue
    return site_pages(catalogue, PROSE, date(2026, 11, 24))


@pytest.mark.parametrize(("q", "url"), FOUND.items())
def test_pages_are_found_by_their_names(pages: tuple[SitePage, ...], q: str, url: str) -> None:
    assert SitePageIndex(pages).find(q)[0].url == url


@pytest.mark.parametrize("q", NOTHING)
def test_words_that_no_page_speaks_of_find_none(pages: tuple[SitePage, ...], q: str) -> None:
    assert SitePageIndex(pages).find(q) == ()


def test_a_promise_that_has_run_out_is_not_found(pages: tuple[SitePage, ...]) -> None:
    catalogue = load.read_project(generate.ROOT).catalogue
    assert catalogue
    later = site_pages(catalogue, PROSE, date(2099, 1, 1))
    assert not [page for page in later if page.kind == "signatory"]
    assert [page for page in pages if page.kind == "signatory"]


def test_the_page_finds_the_same_pages(pages: tuple[SitePage, ...]) -> None:
    questions = [*FOUND, *NOTHING, "taxi driver pledge", "pub", "course", "sign up"]
    module = (ROOT / "site/assets/search_pages.js").as_uri()
    result = subprocess.run(
        [str(find_node()), "--input-type=module", "-e", IN_NODE, module],
        input=json.dumps({"pages": msgspec.to_builtins(pages), "questions": questions}),
        capture_output=True,
        text=True,
        check=True,
    )
    urls = [[page.url for page in SitePageIndex(pages).find(q)] for q in questions]
    assert json.loads(result.stdout) == urls
