"""The page of the API's documentation, in the frame of the site and without scripts."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from api.context import Context
from api.features.api_docs.describe import Section, describe
from api.http.openapi import DOCUMENT
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _


class ApiDocsPage(Page, frozen=True):
    """Every operation of the API, by its tag."""

    template = "api_docs.html"

    title: str
    about: str
    sections: tuple[Section, ...]
    document_path: str


@get("/api/docs", include_in_schema=False)
async def api_docs(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[str]:
    """Return the page."""
    document = request.app.openapi_schema.to_schema()
    catalogue = context.release.catalogue
    values = {
        "slug": next((activity.slug for activity in catalogue.activities), "slug"),
        "pledge": next((signatory.pledge for signatory in catalogue.signatories), "pledge"),
        "who": next((signatory.slug for signatory in catalogue.signatories), "who"),
    }
    title = _("The API, for programs")
    page = ApiDocsPage(
        title=title,
        about=document["info"]["description"],
        sections=describe(document, context.settings.base_url, values),
        document_path=DOCUMENT,
    )
    return context.pages.page(page, title)


router = Router("/", route_handlers=[api_docs])
