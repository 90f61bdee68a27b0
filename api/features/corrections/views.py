"""What the pages of putting right show: what our page says now, the form, and the thanks after."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from api.context import Context
from api.errors import FieldFault
from api.features.corrections.bodies import ABOUT, KNOWS
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.outputs.activity.page import ActivityView, activity_view
from catalogue.outputs.forms import FieldError, Form


class ActivityFact(msgspec.Struct, frozen=True):
    """One fact as our page has it now."""

    name: str
    lines: tuple[str, ...]


def form(
    activity: Activity,
    context: Context,
    answers: Mapping[str, Sequence[str]],
    faults: Sequence[FieldFault] = (),
    key: str = "",
) -> dict[str, object]:
    """Return what `put_right.html` shows."""
    page = activity_view(activity, context.catalogue, context.now)
    about = {slug: said for slug, said in ABOUT.items() if not (page.ended and slug == "ended")}
    return {
        "page": page,
        "facts": tuple(_facts(page)),
        "about": [(slug, _(said)) for slug, said in about.items()],
        "knows": [(slug, _(said)) for slug, said in KNOWS.items()],
        "form": Form(
            "/put-right",
            values={**answers, "activity": activity.slug},
            errors=[FieldError(one.field, one.message) for one in faults],
            idempotency_key=key,
        ),
    }


def _facts(page: ActivityView) -> Iterator[ActivityFact]:
    """Yield the facts that go out of date, in the words of the activity's own page."""
    unknown = (_("Not known."),)
    if not page.ended:
        yield ActivityFact(_("When"), tuple(one.words for one in page.when) or unknown)
    where = tuple(", ".join(filter(None, (one.name, one.address))) for one in page.where)
    yield ActivityFact(_("Where"), where or (page.ways,))
    if not page.ended:
        yield ActivityFact(_("Cost"), (page.cost,))
    ask = page.ask
    told = tuple(filter(None, (ask.name, ask.phone, ask.email, ask.website)))
    yield ActivityFact(_("Ask"), told or unknown)
    yield ActivityFact(_("Checked"), (page.freshness.words,))
