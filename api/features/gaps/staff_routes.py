"""The staff's page of gaps: where people found nothing, and the same as a file."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.context import Context
from api.features.gaps import report, store
from api.features.gaps.report import GapRow
from api.staff import guard, people
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form

URL = "/staff/gaps"
MAY = {"may": "gaps"}
SORT_TITLES = {
    "month": gettext_noop("Month"),
    "area": gettext_noop("Area"),
    "kind": gettext_noop("Kind or need"),
    "times": gettext_noop("How often"),
}
Since = Annotated[str, QueryParameter(max_length=20)]
Sort = Annotated[str, QueryParameter(max_length=20)]


class SortLink(msgspec.Struct, frozen=True):
    """One way to sort the list."""

    url: str
    words: str
    is_selected: bool


class GapListPage(Page, frozen=True, kw_only=True):
    """Where nothing was found; `csv_url` is the same as a file."""

    template = "staff/gaps.html"

    rows: tuple[GapRow, ...]
    sorts: tuple[SortLink, ...]
    csv_url: str
    smallest: int
    form: Form


@get(URL, opt=MAY)
async def list_page(
    context: NamedDependency[Context], since: Since = "", sort: Sort = "month"
) -> Response[str]:
    """Show where nothing was found, from a month on."""
    wrong = bool(since) and not report.MONTH.fullmatch(since)
    sort = sort if sort in report.SORTS else "month"
    message = _("Write a month as 2026-01.")
    page = GapListPage(
        rows=tuple(await _rows(context, "" if wrong else since, sort)),
        sorts=tuple(
            SortLink(_url(URL, since, name), _(words), name == sort)
            for name, words in SORT_TITLES.items()
        ),
        csv_url=_url(f"{URL}/list.csv", "" if wrong else since, sort),
        smallest=report.SMALLEST_PRINTED,
        form=Form(
            URL, {"since": since, "sort": sort}, (FieldError("since", message),) if wrong else ()
        ),
    )
    return context.pages.page(page, _("Where nothing was found"), status=422 if wrong else 200)


@get(f"{URL}/list.csv", opt={**MAY, "step_up": URL})
async def list_table(
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
    since: Since = "",
    sort: Sort = "month",
) -> Response[bytes]:
    """Give the same as a file for a spreadsheet, and tell the staff's admins of it."""
    await people.tell_of_table(_("downloaded the table of gaps"), context.as_actor(staff.actor))
    table = report.as_csv(await _rows(context, since, sort)).encode("utf-8-sig")
    headers = {
        "content-disposition": 'attachment; filename="gaps.csv"',
        "cache-control": "no-store",
    }
    return Response(table, media_type="text/csv", headers=headers)


async def _rows(context: Context, since: str, sort: str) -> list[GapRow]:
    counts = await context.database.read(lambda connection: store.list_gaps(connection, since))
    return report.in_order(report.gap_rows(counts, context.catalogue.taxonomy), sort)


def _url(path: str, since: str, sort: str) -> str:
    return f"{path}?{urlencode({'sort': sort, **({'since': since} if since else {})})}"


staff_pages = guard.staff_router(list_page, list_table)
