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
    badge_path = f"/embed/{signatory.pledge}/{signatory.slug}.svg"
    badge = sharing.address(badge_path) if sharing else badge_path
    alternative = _("%(name)s: %(pledge)s", name=signatory.name, pledge=pledge.title)
    snippet = (
        f'<a href="{escape(address)}"><img src="{escape(badge)}" alt="{escape(alternative)}"></a>'
    )
    return PrintMaterials(
        certificate_url=f"{url}certificate/",
        poster_url=f"{url}poster/",
        badge_url=badge_path,
        address=address,
        shown=readable_address(address),
        code=sharing.code(address) if sharing else None,
        snippet=snippet,
    )
