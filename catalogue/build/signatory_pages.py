"""The pages of those who promised: their own, what they hang up, and where they stood before."""

from collections.abc import Iterator
from datetime import datetime

from catalogue.build.page import Page
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.pledges.signatory import SignatoryView, signatory_view


def signatory_pages(catalogue: Catalogue, now: datetime, sharing: Sharing | None) -> Iterator[Page]:
    """Yield every page of every published signatory; `sharing` knows the site's own address."""
    for signatory in catalogue.signatories:
        if signatory.status == "published":
            one = signatory_view(signatory, catalogue, now, sharing)
            title, about = (f"{said}: {one.pledge.words}" for said in (one.name, one.about))
            told = {"signatory": one}
            yield Page(one.url, title, about, "pledges", "signatory.html", told)
            yield from _papers(one)
            yield from _moved(signatory, one, catalogue)


def _papers(of: SignatoryView) -> Iterator[Page]:
    """Yield what a signatory prints and hangs up, as long as its promise holds."""
    if of.papers is None:
        return
    sheets = (
        (of.papers.certificate_url, _("Certificate"), "certificate.html"),
        (of.papers.poster_url, _("Poster"), "poster.html"),
    )
    for url, kind, template in sheets:
        title = f"{kind}: {of.name}, {of.pledge.words}"
        yield Page(url, title, of.about, "pledges", template, {"signatory": of})


def _moved(of: Signatory, view: SignatoryView, catalogue: Catalogue) -> Iterator[Page]:
    """Yield pages where a signatory stood under other names, which lead on by themselves."""
    taken = {one.slug for one in catalogue.signatories if one.pledge == of.pledge}
    for slug in of.former_slugs:
        if slug not in taken:
            at, told = f"/pledges/{of.pledge}/{slug}/", {"signatory": view}
            for url, to in _addresses(at, view).items():
                yield Page(url, view.name, "", "pledges", "moved.html", told, moved_to=to)


def _addresses(at: str, view: SignatoryView) -> dict[str, str]:
    """Return where the pages of a signatory were, and where each is now, or what comes nearest."""
    papers = view.papers
    return {
        at: view.url,
        f"{at}certificate/": papers.certificate_url if papers else view.url,
        f"{at}poster/": papers.poster_url if papers else view.url,
    }
