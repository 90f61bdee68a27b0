"""No entry gets the address of another page: its names are kept from pledges and signatories."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide

from api.app import FEATURES
from catalogue.build.pages import SitePages
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import NO_PLEDGE, NO_SIGNATORY
from catalogue.outputs.search import documents as search
from tests.site.conftest import NOW, SERVICE


@pytest.fixture(scope="module")
def addresses() -> set[str]:
    """Every route of the service below `/pledges/`, such as `/pledges/*/sign`."""
    context: dict[str, Any] = {"context": Provide(lambda: None, sync_to_thread=False)}
    service = Litestar(route_handlers=FEATURES, dependencies=context, logging_config=None)
    paths = (re.sub(r"\{[^}]*\}", "*", route.path) for route in service.routes)
    return {path for path in paths if path.startswith("/pledges/")}


def pages(catalogue: Catalogue) -> set[str]:
    """Every page of a built site below `/pledges/`, the names of entries told as `*`."""
    documents = search.documents(catalogue, NOW)
    site_pages = SitePages(catalogue, documents, NOW, SERVICE, {})
    pledges = "|".join(pledge.slug for pledge in catalogue.pledges)
    entries = "|".join(signatory.slug for signatory in catalogue.signatories)
    urls = {planned.url for planned in site_pages.planned() if planned.url.startswith("/pledges/")}
    pledge_urls = {re.sub(rf"^/pledges/({pledges})/", "/pledges/*/", url) for url in urls}
    return {re.sub(rf"^/pledges/\*/({entries})/", "/pledges/*/*/", url) for url in pledge_urls}


def test_the_names_of_other_pages_are_kept_from_entries(
    addresses: set[str], catalogue: Catalogue
) -> None:
    all_addresses = addresses | pages(catalogue)
    assert {"/pledges/*/sign", "/pledges/manage/", "/pledges/*/*/"} <= all_addresses
    beside_pledges = {
        match[1] for address in all_addresses if (match := re.match(r"/pledges/([^/*]+)", address))
    }
    below_a_pledge = {
        match[1]
        for address in all_addresses
        if (match := re.match(r"/pledges/\*/([^/*]+)", address))
    }
    assert beside_pledges == NO_PLEDGE
    assert below_a_pledge | {"index"} == NO_SIGNATORY
