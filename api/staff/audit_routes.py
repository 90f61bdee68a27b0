"""The page of the audit trail."""

import re
from collections.abc import Mapping
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from sqlalchemy import Connection

from api.context import Context
from api.staff import people
from api.staff.audit_actions import sentence_of
from api.store import audit
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day

LINES_PER_PAGE = 50
DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b")
SHORTENED_DIGEST = r"\1…"
"""The trail itself and `kith audit show` have all of a digest."""


class AuditLine(msgspec.Struct, frozen=True):
    """One line of the trail as the page shows it. `staff_id` tells two of one name apart.

    `action` is a sentence; `kith audit show` prints the names that the trail holds.
    """

    seq: int
    at: str
    actor: str
    staff_id: str
    action: str
    subject: str
    subject_name: str
    """The subject, or the name of the colleague whose id it is."""
    detail: str


class AuditPage(Page, frozen=True, kw_only=True):
    """Who did what, the newest first; `about` is the reference it is limited to, or empty."""

    template = "staff/audit.html"

    lines: tuple[AuditLine, ...]
    about: str
    next_before: int | None
    """The next page shows lines below this number; None on the last page."""


@get("/staff/audit", opt={"may": "audit"})
async def audit_page(
    context: NamedDependency[Context],
    before: Annotated[int, QueryParameter(ge=1, le=audit.EVER)] = audit.EVER,
    about: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[str]:
    """Show the trail, all of it or about one reference."""

    def read(connection: Connection) -> tuple[list[audit.AuditEvent], dict[str, str]]:
        lines = audit.newest(connection, LINES_PER_PAGE + 1, before=before, about=about.strip())
        return lines, people.names_by_id(connection, context.encryption)

    lines, names = await context.database.read(read)
    page_lines, has_more = lines[:LINES_PER_PAGE], len(lines) > LINES_PER_PAGE
    page = AuditPage(
        lines=tuple(_audit_line(line, names) for line in page_lines),
        about=about,
        next_before=page_lines[-1].seq if has_more else None,
    )
    return context.pages.page(page, _("Who did what"))


def _audit_line(line: audit.AuditEvent, names: Mapping[str, str]) -> AuditLine:
    details = (
        f"{name}: {DIGEST.sub(SHORTENED_DIGEST, str(value))}"
        for name, value in line.detail.items()
        if value not in (None, "")
    )
    kind, _sep, staff_id = line.actor.partition(" ")
    return AuditLine(
        seq=line.seq,
        at=f"{day(line.at.astimezone(LOCAL).date())}, {clock(line.at)}",
        actor=people.actor_name(line.actor, names),
        staff_id=staff_id if kind == "staff" else "",
        action=sentence_of(line.action),
        subject=line.subject or "",
        subject_name=names.get(line.subject or "", line.subject or ""),
        detail=", ".join(details),
    )
