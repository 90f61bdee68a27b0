"""The pages of putting right: what our page says now with the form, and the thanks after."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from api.context import Context
from api.errors import FieldFault
from api.features.corrections.bodies import ABOUT, KNOWS
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.outputs.activity.page import ActivityView, activity_view
from catalogue.outputs.activity.timetable_preview import TimetablePreview, preview_words
from catalogue.outputs.forms import FieldError, Form
from catalogue.read.site_settings import Service


class ActivityFact(msgspec.Struct, frozen=True):
    """One fact as our page has it now."""

    name: str
    lines: tuple[str, ...]


class PutRightPage(Page, frozen=True, kw_only=True):
    """What our page of an activity says now, and the form to put it right.

    `about` and `knows` are pairs of a value and its words.
    """

    template = "put_right.html"

    page: ActivityView
    facts: tuple[ActivityFact, ...]
    about: tuple[tuple[str, str], ...]
    knows: tuple[tuple[str, str], ...]
    form: Form
    is_preview: bool
    """Somebody asked to see the dates first."""
    timetable: TimetablePreview | None
    """What was written about the time as it would be understood; None where it cannot be."""
    service: Service


class PutRightReceivedPage(Page, frozen=True, kw_only=True):
    """After putting something right, the same for every reference."""

    template = "put_right_received.html"

    reference: str
    service: Service


def put_right_page(
    activity: Activity,
    context: Context,
    answers: Mapping[str, Sequence[str]],
    faults: Sequence[FieldFault] = (),
    key: str = "",
    *,
    is_preview: bool = False,
) -> PutRightPage:
    """Return the form, with answers that had faults; `key` is the idempotency key of a new try."""
    page = activity_view(activity, context.catalogue, context.now)
    words = next(iter(answers.get("words", ())), "")
    slugs = [slug for slug in ABOUT if not (page.ended and slug == "ended")]
    return PutRightPage(
        page=page,
        facts=tuple(_facts(page)),
        about=tuple((slug, _(ABOUT[slug])) for slug in slugs),
        knows=tuple((slug, _(label)) for slug, label in KNOWS.items()),
        form=Form(
            "/put-right",
            values={**answers, "activity": activity.slug},
            errors=[FieldError(fault.field, fault.message) for fault in faults],
            idempotency_key=key,
        ),
        is_preview=is_preview,
        timetable=preview_words(words, activity, context.catalogue.taxonomy, context.now)
        if is_preview
        else None,
        service=context.pages.service.for_activity(activity, context.catalogue.taxonomy),
    )


def _facts(page: ActivityView) -> Iterator[ActivityFact]:
    """Yield the facts that go out of date, in the words of the activity's own page."""
    unknown = (_("Not known."),)
    if not page.ended:
        yield ActivityFact(_("When"), tuple(line.words for line in page.when) or unknown)
    where = tuple(", ".join(filter(None, (venue.name, venue.address))) for venue in page.where)
    yield ActivityFact(_("Where"), where or (page.ways,))
    if not page.ended:
        yield ActivityFact(_("Cost"), (page.cost,))
    contact_view = page.ask
    contact = tuple(
        filter(
            None, (contact_view.name, contact_view.phone, contact_view.email, contact_view.website)
        )
    )
    yield ActivityFact(_("Ask"), contact or unknown)
    yield ActivityFact(_("Checked"), (page.freshness.words,))
