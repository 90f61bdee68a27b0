"""What a signatory can do next: a course and cards, what to hang up, what to show on a website.

The letter that tells of publishing and the page after confirming name the same things.
"""

import msgspec

from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge
from catalogue.outputs import training
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.pledges import register_filters
from catalogue.outputs.print.print_materials import badge_snippet


class NextSteps(msgspec.Struct, frozen=True):
    """Whole addresses, and HTML for another website.

    `course` and `cards` are empty where the pledge has no course. The page of the entry, and what
    leads there, are empty before the entry has an address.
    """

    widget: str
    course: str = ""
    cards: str = ""
    page: str = ""
    poster: str = ""
    certificate: str = ""
    badge: str = ""


def next_steps(
    pledge: Pledge, slug: str, name: str, catalogue: Catalogue, base_url: str
) -> NextSteps:
    """Return what the signatory of an entry can do next; `slug` is empty before it has one."""
    sharing = Sharing(base_url)
    steps = NextSteps(register_filters.snippet(pledge, sharing))
    course = next(
        (candidate for candidate in catalogue.courses if candidate.pledge == pledge.slug), None
    )
    if course:
        addresses = {"course": f"{base_url}{training.url_of(course)}", "cards": f"{base_url}/card"}
        steps = msgspec.structs.replace(steps, **addresses)
    if not slug:
        return steps
    page = f"{base_url}/pledges/{pledge.slug}/{slug}/"
    return msgspec.structs.replace(
        steps,
        page=page,
        poster=f"{page}poster/",
        certificate=f"{page}certificate/",
        badge=badge_snippet(pledge, slug, name, sharing),
    )
