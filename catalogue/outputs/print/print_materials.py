"""What a signatory hangs up or shows on a website of its own, as long as its promise holds."""

import msgspec
from markupsafe import escape

from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.activity.sharing import Sharing, readable_address
from catalogue.outputs.print.qr import Code


class PrintMaterials(msgspec.Struct, frozen=True):
    """What a signatory hangs up or shows elsewhere, as long as its promise holds.

    `address` is its page in public; `code` leads there, None where the site's address is not known.
    `snippet` is HTML for another site.
    """

    certificate_url: str
    poster_url: str
    badge_url: str
    address: str
    shown: str
    code: Code | None
    snippet: str


def print_materials(
    signatory: Signatory, pledge: Pledge, sharing: Sharing | None
) -> PrintMaterials:
    """Return what there is to print and to show; `sharing` is None without a public address."""
    url = signatory.url
    address = sharing.address(url) if sharing else url
    return PrintMaterials(
        certificate_url=f"{url}certificate/",
        poster_url=f"{url}poster/",
        badge_url=_badge_url(pledge, signatory.slug),
        address=address,
        shown=readable_address(address),
        code=sharing.code(address) if sharing else None,
        snippet=badge_snippet(pledge, signatory.slug, signatory.name, sharing),
    )


def badge_snippet(pledge: Pledge, slug: str, name: str, sharing: Sharing | None) -> str:
    """Return HTML that shows the badge of an entry on another site, and leads to the entry."""
    page, badge = f"/pledges/{pledge.slug}/{slug}/", _badge_url(pledge, slug)
    if sharing:
        page, badge = sharing.address(page), sharing.address(badge)
    alternative = _("%(name)s: %(pledge)s", name=name, pledge=pledge.title)
    return f'<a href="{escape(page)}"><img src="{escape(badge)}" alt="{escape(alternative)}"></a>'


def _badge_url(pledge: Pledge, slug: str) -> str:
    return f"/embed/{pledge.slug}/{slug}.svg"
