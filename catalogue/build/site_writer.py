"""The whole site onto disk: pages poured into the frame, what lies beside them, the sitemap, the
search's words, the headers to send them with.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape

import msgspec

from catalogue.build import content_security_policy, extra_files
from catalogue.build.incremental_output import Laying
from catalogue.build.page import PlannedPage, file_of
from catalogue.build.pages import SitePages
from catalogue.build.templates import Frame, Templates
from catalogue.outputs.feeds import sitemap
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.search import browser_index
from catalogue.progress import Progress, silent


def site(
    pages: SitePages,
    templates: Templates,
    folder: Path,
    site_url: str,
    prose: Iterable[str],
    laying: Laying,
    progress: Progress = silent,
) -> None:
    """Write every page into `folder`, where MkDocs left the frame and the pages of prose.

    `site_url` is the public address, `prose` the addresses MkDocs wrote itself; `laying` knows what
    of an earlier site is as good.
    """
    frame = Frame.parse((folder / "frame.html").read_text(encoding="utf-8"))
    changed_on: dict[str, date | None] = dict.fromkeys(prose)
    scripts: set[str] = set()
    for done, planned in enumerate(pages.planned(), 1):
        progress("Pouring pages", done, pages.least_count)
        scripts.update(_page(planned, templates, frame, site_url, laying))
        if planned.listed:
            changed_on[planned.url] = planned.changed_on
    extra_files.lay(pages, site_url, laying)
    _for_search_engines(folder, site_url, changed_on, pages.now.astimezone(LOCAL).date())
    content_security_policy.write(
        folder, content_security_policy.of_scripts(scripts | _of_mkdocs(folder, prose))
    )
    browser_index.write_search(folder, pages.documents, pages.catalogue.taxonomy)
    if pages.tiles:
        points = drawn_map.points(pages.documents)
        (folder / "map" / "points.json").write_bytes(msgspec.json.encode(points))


def _for_search_engines(
    folder: Path, site_url: str, changed_on: Mapping[str, date | None], today: date
) -> None:
    """Write robots.txt and, where the public address is known, the sitemap: it needs whole ones."""
    (folder / sitemap.ROBOTS).write_bytes(sitemap.robots(site_url))
    if site_url:
        (folder / sitemap.FILE).write_bytes(sitemap.sitemap(site_url, changed_on, today))


def _page(
    planned: PlannedPage, templates: Templates, frame: Frame, site_url: str, laying: Laying
) -> tuple[str, ...]:
    """Lay one page, worked out and rendered only as far as it must be; return its scripts."""
    path = file_of(planned.url)
    if known := laying.again(path, made_of=planned.source_digest):
        return known.scripts
    page = planned.make()
    says = page.digest()
    if known := laying.again(path, made_of=planned.source_digest, says=says):
        return known.scripts
    body = templates.render(page.content)
    scripts = tuple(sorted(content_security_policy.inline_scripts(body)))
    poured = page.in_frame(frame, body, _canonical(site_url, page.moved_to or page.url)).encode()
    laying.write(path, poured, made_of=planned.source_digest, says=says, scripts=scripts)
    return scripts


def _of_mkdocs(folder: Path, prose: Iterable[str]) -> set[str]:
    """Return the scripts that stand in the pages MkDocs wrote: a theme of the project's own may."""
    files = [*folder.glob("*.html"), *(folder / url.strip("/") / "index.html" for url in prose)]
    texts = (file.read_text(encoding="utf-8") for file in files)
    return set[str]().union(*map(content_security_policy.inline_scripts, texts))


def _canonical(site_url: str, url: str) -> str:
    return f'<link rel="canonical" href="{escape(urljoin(site_url, url))}">' if site_url else ""
