"""Pages beside the activities that a search finds: pledges, who keeps them, courses, guidance.

Few and short, so that they are looked through one after another; `site/assets/search_pages.js` does
the same in the page, held to the same tests.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from catalogue.model.catalogue import Catalogue
from catalogue.model.search_constants import SITE_PAGES, SMALL_WORDS
from catalogue.outputs.search.phrases import tokenise
from catalogue.outputs.search.word_index import stem

FILE = "pages.json"
PageKind = Literal["pledge", "signatory", "course", "page"]
Prose = tuple[str, str, str]  # address, title, text of a page that editors wrote


class SitePage(msgspec.Struct, frozen=True, array_like=True):
    """A page that is no activity; `words` are stems of what it says beside its title."""

    url: str
    title: str
    kind: PageKind
    words: str


def site_pages(catalogue: Catalogue, prose: Iterable[Prose], today: date) -> tuple[SitePage, ...]:
    """Return all pages that a search finds beside activities; `today` is in London."""
    return tuple(_site_pages(catalogue, prose, today))


def _site_pages(catalogue: Catalogue, prose: Iterable[Prose], today: date) -> Iterator[SitePage]:
    kinds = {one.slug: one.label for one in catalogue.taxonomy.signer_kinds}
    for pledge in catalogue.pledges:
        signers = " ".join(kinds.get(slug, slug) for slug in pledge.signer_kinds)
        commitments = " ".join(one.title for one in pledge.current.commitments)
        text = f"pledge sign up {pledge.summary} {signers} {commitments} {pledge.current.statement}"
        yield _page(f"/pledges/{pledge.slug}/", pledge.title, "pledge", text)
    for one in catalogue.signatories:
        if one.status == "published" and not one.lapsed(today):
            text = f"pledge {one.place} {kinds.get(one.kind, one.kind)}"
            yield _page(f"/pledges/{one.pledge}/{one.slug}/", one.name, "signatory", text)
    for course in catalogue.courses:
        steps = " ".join(step.title for step in course.steps)
        text = f"course training {course.summary} {steps}"
        yield _page(f"/training/{course.slug}/", course.title, "course", text)
    for url, title, text in prose:
        yield _page(url, title, "page", text)


def _page(url: str, title: str, kind: PageKind, text: str) -> SitePage:
    stems = {stem(word) for word in tokenise(text) if word not in SMALL_WORDS}
    return SitePage(url, title, kind, " ".join(sorted(stems - _stems(title))))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in tokenise(text) if word not in SMALL_WORDS}


def find_pages(pages: Sequence[SitePage], q: str) -> tuple[SitePage, ...]:
    """Return the few pages that hold most of the words of a question, best first.

    A page must hold half of them, one of them in its title, or all of them.
    """
    asked = _stems(q)
    scored = [(_score(page, asked), page) for page in pages] if asked else []
    found = sorted((one for one in scored if one[0]), key=lambda one: (-one[0], one[1].url))
    return tuple(page for _score_of_page, page in found[: SITE_PAGES.at_most])


def _score(page: SitePage, asked: set[str]) -> int:
    in_title = len(asked & _stems(page.title))
    held = in_title + len(asked.intersection(page.words.split()))
    fits = held * 2 >= len(asked) and (in_title or held == len(asked))
    return SITE_PAGES.in_title * in_title + held if fits else 0
