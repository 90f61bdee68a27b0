"""Pages beside the activities that a search finds: pledges, who keeps them, courses, guidance.

Few and short, so that they are looked through one after another; `site/assets/search_pages.js` does
the same in the page, held to the same tests.
"""

import heapq
from collections import Counter
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
    kinds = {kind.slug: f"{kind.label} {kind.a}" for kind in catalogue.taxonomy.signer_kinds}
    for pledge in catalogue.pledges:
        signers = " ".join(kinds.get(slug, slug) for slug in pledge.signer_kinds)
        commitments = " ".join(commitment.title for commitment in pledge.current.commitments)
        text = f"pledge sign up {pledge.summary} {signers} {commitments} {pledge.current.statement}"
        yield _page(f"/pledges/{pledge.slug}/", pledge.title, "pledge", text)
    for signatory in catalogue.signatories:
        if signatory.status == "published" and not signatory.lapsed(today):
            text = f"pledge {signatory.place} {kinds.get(signatory.kind, signatory.kind)}"
            yield _page(
                f"/pledges/{signatory.pledge}/{signatory.slug}/", signatory.name, "signatory", text
            )
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


class SitePageIndex:
    """Finds pages by the stems of their titles and of what they say beside."""

    def __init__(self, pages: Sequence[SitePage] = ()) -> None:
        self._pages = pages
        self._titled: dict[str, set[int]] = {}
        self._held: dict[str, set[int]] = {}
        for number, page in enumerate(pages):
            titled = _stems(page.title)
            for word in titled:
                self._titled.setdefault(word, set()).add(number)
            for word in titled.union(page.words.split()):
                self._held.setdefault(word, set()).add(number)

    @property
    def title_stems(self) -> frozenset[str]:
        """Return the stems of all titles: words that are known, be they in no activity."""
        return frozenset(self._titled)

    def find(self, q: str) -> tuple[SitePage, ...]:
        """Return the few pages that hold most of the words of a question, best first.

        A page must hold half of them, one of them in its title, or two thirds. Words that say what
        it is ("pledged", "course") ask for all of its kind.
        """
        stems = _stems(q)
        hit_counts = Counter(number for word in stems for number in self._held.get(word, ()))
        titled = Counter(number for word in stems for number in self._titled.get(word, ()))
        scored = [
            (-SITE_PAGES.in_title * titled[number] - count, self._pages[number].url, number)
            for number, count in hit_counts.items()
            if self._fits(number, stems, count, titled[number])
        ]
        best_scored = heapq.nsmallest(SITE_PAGES.at_most, scored)
        return tuple(self._pages[number] for _score, _url, number in best_scored)

    def _fits(self, number: int, stems: set[str], count: int, in_title: int) -> bool:
        if stem(self._pages[number].kind) in stems:
            return True
        return count * 3 >= len(stems) * 2 or (in_title > 0 and count * 2 >= len(stems))

    def is_meant(self, q: str) -> bool:
        """Say whether a page holds all the words of a question, one of them in its title.

        Then it is what is looked for.
        """
        stems = _stems(q)
        rows = [self._held.get(word, set()) for word in stems]
        titled = set().union(*(self._titled.get(word, set()) for word in stems))
        return bool(rows) and bool(titled.intersection(*rows))
