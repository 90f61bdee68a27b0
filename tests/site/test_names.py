"""No entry gets the address of another page: its names are kept from pledges and signatories."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide

from api.app import FEATURES
from catalogue.build.pages import WholeSite
from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import NO_PLEDGE, NO_SIGNATORY
from catalogue.outputs.search import documents as search
from tests.site.conftest import NOW, SERVICE


@pytest.fixture(scope="module")
def addresses() -> set[str]:
    """Every route of the service below `/pledges/`, such as `/pledges/*/sign`."""
    house: dict[str, Any] = {"house": Provide(lambda: None, sync_to_thread=False)}
    service = Litestar(route_handlers=FEATURES, dependencies=house, logging_config=None)
    paths = (re.sub(r"\{[^}]*\}", "*", one.path) for one in service.routes)
    return {path for path in paths if path.startswith("/pledges/")}


def pages(catalogue: Catalogue, templates: Templates) -> set[str]:
    """Every page of a built site below `/pledges/`, the names of entries told as `*`."""
    documents = search.documents(catalogue, NOW)
    whole = WholeSite(catalogue, documents, NOW, templates, SERVICE, {})
    pledges = "|".join(one.slug for one in catalogue.pledges)
    entries = "|".join(one.slug for one in catalogue.signatories)
    found = {sheet.url for sheet in whole.sheets() if sheet.url.startswith("/pledges/")}
    named = {re.sub(rf"^/pledges/({pledges})/", "/pledges/*/", url) for url in found}
    return {re.sub(rf"^/pledges/\*/({entries})/", "/pledges/*/*/", url) for url in named}


def test_the_names_of_other_pages_are_kept_from_entries(
    addresses: set[str], catalogue: Catalogue, templates: Templates
) -> None:
    known = addresses | pages(catalogue, templates)
    assert {"/pledges/*/sign", "/pledges/manage/", "/pledges/*/*/"} <= known
    beside_pledges = {found[1] for one in known if (found := re.match(r"/pledges/([^/*]+)", one))}
    beside = {found[1] for one in known if (found := re.match(r"/pledges/\*/([^/*]+)", one))}
    assert beside_pledges == NO_PLEDGE
    assert beside | {"index"} == NO_SIGNATORY
