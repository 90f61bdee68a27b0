"""Writes a whole site into a folder, where MkDocs has left the frame and the pages of prose."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape

import msgspec

from catalogue.build import content_security_policy, default_texts
from catalogue.build.extra_files import write_extra_files
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.page import PlannedPage, file_of
from catalogue.build.pages import SitePages
from catalogue.build.templates import Frame, Templates
from catalogue.outputs.feeds import sitemap
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.search import browser_index, site_pages
from catalogue.progress import Progress, silent


def write_site(
    pages: SitePages,
    templates: Templates,
    output: IncrementalOutput,
    prose: Iterable[str],
    progress: Progress = silent,
) -> None:
    """Write every page, and every other file but assets and the search index of the browser.

    `prose` are the addresses of the pages that MkDocs wrote itself.
    """
    folder = output.site
    frame = Frame.parse((folder / "frame.html").read_text(encoding="utf-8"))
    changed_on: dict[str, date | None] = dict.fromkeys(prose)
    for count_written, planned in enumerate(pages.planned(), 1):
        progress("Writing pages", count_written, pages.least_count)
        _write_page(planned, pages.site_url, templates, frame, output)
        if planned.listed:
            changed_on[planned.url] = planned.changed_on
    write_extra_files(pages, output)
    today = pages.now.astimezone(LOCAL).date()
    _write_for_crawlers(folder, pages.site_url, changed_on, today)
    scripts = _frame_scripts(folder, prose)
    content_security_policy.write_headers(
        folder, content_security_policy.policy_for_scripts(scripts)
    )
    browser_index.write_search(folder, pages.documents, pages.catalogue.taxonomy)
    prose_pages = default_texts.searched(pages.texts)
    search_pages = site_pages.site_pages(pages.catalogue, prose_pages, today)
    (folder / "search" / site_pages.FILE).write_bytes(msgspec.json.encode(search_pages))
    if pages.tiles:
        points = drawn_map.points(pages.documents)
        (folder / "map" / "points.json").write_bytes(msgspec.json.encode(points))


def _write_for_crawlers(
    folder: Path, site_url: str, changed_on: Mapping[str, date | None], today: date
) -> None:
    """Write robots.txt, and the sitemap if the public address is known, which it needs."""
    (folder / sitemap.ROBOTS).write_bytes(sitemap.robots(site_url))
    if site_url:
        (folder / sitemap.FILE).write_bytes(sitemap.sitemap(site_url, changed_on, today))


def _write_page(
    planned: PlannedPage,
    site_url: str,
    templates: Templates,
    frame: Frame,
    output: IncrementalOutput,
) -> None:
    """Write one page, made and rendered only if it has to be. Raises ScriptInBody."""
    path = file_of(planned.url)
    if output.reuse(path, source_digest=planned.source_digest):
        return
    page = planned.make()
    digest = page.digest()
    if output.reuse(path, source_digest=planned.source_digest, content_digest=digest):
        return
    body = templates.render(page.content)
    content_security_policy.expect_no_script(page.url, body)
    html = page.in_frame(frame, body, canonical_link(site_url, page.moved_to or page.url))
    output.write(
        path,
        html.encode(),
        source_digest=planned.source_digest,
        content_digest=digest,
    )


def _frame_scripts(folder: Path, prose: Iterable[str]) -> set[str]:
    """Return the inline scripts of the pages that MkDocs wrote: a project's theme may have some."""
    files = [*folder.glob("*.html"), *(folder / url.strip("/") / "index.html" for url in prose)]
    texts = (file.read_text(encoding="utf-8") for file in files)
    return set[str]().union(*map(content_security_policy.inline_scripts, texts))


def canonical_link(site_url: str, url: str) -> str:
    """Return the link to the public address of a page, or nothing if it is not known."""
    return f'<link rel="canonical" href="{escape(urljoin(site_url, url))}">' if site_url else ""
