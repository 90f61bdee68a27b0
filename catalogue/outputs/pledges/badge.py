"""A small picture of a promise for a signatory's own website: coloured while it holds, then grey.

It says "has promised", never "accredited". Widths are guessed from the letters, for a picture in
another site's page has no typeface of ours.
"""

from datetime import date

from markupsafe import escape

from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import month

LETTER = 7.2  # px of a letter of 13 px, on the generous side
HOLDS, PAST = "#0b5a5c", "#5f6b69"

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="48" role="img" '
    'aria-label="{label}"><title>{label}</title>'
    '<rect width="{width}" height="48" rx="10" fill="{colour}"/>'
    '<g fill="none" stroke="#ffffff" stroke-width="3"><circle cx="20" cy="22" r="8"/>'
    '<circle cx="29" cy="27" r="8"/></g>'
    '<g fill="#ffffff" font-family="Verdana, sans-serif" font-size="13">'
    '<text x="48" y="20" font-weight="bold">{title}</text>'
    '<text x="48" y="37">{says}</text></g></svg>\n'
)


def badge(of: Signatory, pledge: Pledge, today: date) -> bytes:
    """Return the badge of a signatory as it is on a day, as SVG."""
    if of.lapsed(today):
        status_text = _("Promised until %(month)s", month=month(of.confirmed_until))
    else:
        status_text = _("Has promised, since %(month)s", month=month(of.since))
    colour = PAST if of.lapsed(today) else HOLDS
    return _svg(f"{of.name}: {pledge.title}. {status_text}", colour, pledge, status_text)


def badge_without_promise(pledge: Pledge) -> bytes:
    """Return the badge of a promise that was withdrawn or never made, as SVG."""
    status_text = _("No promise here")
    return _svg(f"{pledge.title}. {status_text}", PAST, pledge, status_text)


def _svg(label: str, colour: str, pledge: Pledge, status_text: str) -> bytes:
    longest = max(len(pledge.title) * 1.12, len(status_text))
    image = SVG.format(
        width=round(64 + longest * LETTER),
        label=escape(label),
        colour=colour,
        title=escape(pledge.title),
        says=escape(status_text),
    )
    return image.encode()
