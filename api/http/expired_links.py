"""The page of a letter's link that no longer works: status 410, with a way to ask for a new one."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from api.errors import LinkExpired
from api.http.page_frame import Pages
from api.http.problems import status_of
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.read.site_settings import Service


def expired_link_handlers(page: Callable[[Service], Page], section: str) -> ExceptionHandlersMap:
    """Return what `Router(exception_handlers=...)` wants, where links of letters lead.

    `page` makes the page from who answers here; `section` is the part of the site that its header
    marks. It is the same for an old link, a broken one and an invented one.
    """

    def show(request: Request[Any, Any, Any], error: LinkExpired) -> Response[str]:
        pages: Pages = request.app.state["context"].pages
        title = _("This link no longer works")
        return pages.page(page(pages.service), title, status=status_of(error), section=section)

    return {LinkExpired: show}
