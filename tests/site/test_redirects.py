"""A signatory's old address: the page there leads on, for people, for programs and for search."""

from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from api.http.static_files import Site
from catalogue.build import content_security_policy
from catalogue.build.extra_files import write_embeds
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.page import PlannedPage, SitePage
from catalogue.build.pages import SitePages
from catalogue.build.site_writer import canonical_link
from catalogue.build.templates import Frame, Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search import documents as search
from tests.site.conftest import NOW, SERVICE

OLD, NEW = "/pledges/stay-connected/the-old-mill/", "/pledges/stay-connected/the-mill/"


def renamed(catalogue: Catalogue, *former: str) -> Catalogue:
    signatories = tuple(
        replace(signatory, former_slugs=former) if signatory.slug == "the-mill" else signatory
        for signatory in catalogue.signatories
    )
    return replace(catalogue, signatories=signatories)


def planned(catalogue: Catalogue) -> dict[str, PlannedPage]:
    documents = search.documents(catalogue, NOW)
    pages = SitePages(catalogue, documents, NOW, SERVICE, {})
    return {page.url: page for page in pages.planned()}


def poured(catalogue: Catalogue, templates: Templates, frame: Frame) -> tuple[SitePage, str]:
    page = planned(renamed(catalogue, "the-old-mill"))[OLD].make()
    canonical = canonical_link("https://kith.example.org/", page.moved_to)
    return page, page.in_frame(frame, templates.render(page.content), canonical)


def test_an_old_address_leads_on_and_names_the_new_one(
    catalogue: Catalogue, templates: Templates, frame: Frame
) -> None:
    page, html = poured(catalogue, templates, frame)
    assert page.moved_to == NEW
    assert f'<meta http-equiv="refresh" content="0; url={NEW}">' in html
    assert f'<link rel="canonical" href="https://kith.example.org{NEW}">' in html
    assert f'<a href="{NEW}">The Mill</a>' in html


def test_the_sitemap_names_the_new_address_alone(
    catalogue: Catalogue, templates: Templates
) -> None:
    pages_by_url = planned(renamed(catalogue, "the-old-mill"))
    assert (pages_by_url[OLD].listed, pages_by_url[NEW].listed) == (False, True)


def test_an_entry_that_stands_is_never_covered_by_a_former_name(
    catalogue: Catalogue, templates: Templates
) -> None:
    other = next(
        signatory.slug for signatory in catalogue.signatories if signatory.slug != "the-mill"
    )
    page = planned(renamed(catalogue, other))[f"/pledges/stay-connected/{other}/"].make()
    assert page.moved_to == ""


def test_the_service_answers_the_old_address_with_301(
    catalogue: Catalogue, templates: Templates, frame: Frame, tmp_path: Path
) -> None:
    content_security_policy.write_headers(tmp_path, content_security_policy.STRICTEST)
    _, html = poured(catalogue, templates, frame)
    for url, text in ((OLD, html), (NEW, html.replace("http-equiv", "name"))):
        file = tmp_path / url.strip("/") / "index.html"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    site = Site(Litestar(logging_config=None), lambda: tmp_path)
    with TestClient(site) as client:
        answer = client.get(OLD, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, NEW)
        assert client.head(OLD, follow_redirects=False).status_code == 301
        assert client.get(NEW).status_code == 200


def test_what_hangs_on_walls_and_stands_on_other_sites_leads_on_too(
    catalogue: Catalogue, templates: Templates, tmp_path: Path
) -> None:
    with_renamed = renamed(catalogue, "the-old-mill", "the-first-mill")
    pages_by_url = planned(with_renamed)
    for old in (OLD, OLD.replace("the-old", "the-first")):
        for paper in ("certificate/", "poster/"):
            assert pages_by_url[f"{old}{paper}"].make().moved_to == f"{NEW}{paper}"
    site = SitePages(with_renamed, search.documents(with_renamed, NOW), NOW, SERVICE, {})
    write_embeds(site, IncrementalOutput(tmp_path, b""))
    badges = tmp_path / "embed" / "stay-connected"
    for old in ("the-old-mill", "the-first-mill"):
        assert (badges / f"{old}.svg").read_bytes() == (badges / "the-mill.svg").read_bytes()
