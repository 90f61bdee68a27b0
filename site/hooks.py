"""MkDocs' hooks: MkDocs renders prose and one empty frame, and all other pages go into that frame.

The only code that knows MkDocs. `kith build` hands in a BuildInput as `config.extra["kith"]`; a
plain `mkdocs build` makes one here, and stops with every fault of every entry.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from catalogue.build import (
    assets,
    content_security_policy,
    editor_pages,
    leaks,
    script_messages,
    site_writer,
)
from catalogue.build import templates as render
from catalogue.build.build_input import BuildInput
from catalogue.build.default_texts import PageText
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.pages import SitePages, invented_areas
from catalogue.i18n import gettext, languages
from catalogue.model.phone import dialled
from catalogue.outputs.feeds import manifest
from catalogue.outputs.search import documents as search
from catalogue.read import build_cache, load
from catalogue.read.site_settings import choose_prose, read_site_settings, service

log = get_plugin_logger("kith")
SWITCHES = re.compile(
    r'<input class="md-toggle"[^>]*>|<label class="md-overlay"[^>]*></label>'
    r'|<div data-md-component="(?:skip|announce)">\s*</div>'
    r'|<div class="md-dialog"[^>]*>\s*<div[^>]*></div>\s*</div>'
)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Choose the language and read the content, or stop the build with all its faults."""
    root = _root(config)
    try:
        gettext.activate(config.theme["language"], root)
    except gettext.UnknownLanguage as error:
        raise PluginError(str(error)) from error
    if "kith" not in config.extra:
        project = load.read_project(root, cache=root / build_cache.FOLDER)
        if project.catalogue is None:
            raise PluginError("\n".join(["the content has faults:", *map(str, project.faults)]))
        now = build_cache.start_of_day(datetime.now(UTC))
        documents = search.documents(project.catalogue, now)
        config.extra["kith"] = BuildInput(project.catalogue, documents, now)
    config.theme.static_templates.discard("sitemap.xml")  # ours lists the entries too
    get_env = partial(_without_files, config.theme.get_env)
    config.theme.get_env = get_env  # type: ignore[method-assign]
    return config


def _root(config: MkDocsConfig) -> Path:
    """Return the folder of the project."""
    return Path(config.config_file_path).parent


def _build_input(config: MkDocsConfig) -> BuildInput:
    """Return what is built; `on_config` has made sure that there is one."""
    build_input: BuildInput = config.extra["kith"]
    return build_input


def _without_files(get_env: Callable[[], Environment]) -> Environment:
    """Return the theme's environment without a list of its files: 14,000 icons we do not use."""
    env = get_env()
    env.list_templates = _no_templates  # type: ignore[method-assign]
    return env


def _no_templates(*args: object, **kwargs: object) -> list[str]:
    return []


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Leave out the entries: their pages are written when the build ends."""
    for file in list(files):
        if file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            files.remove(file)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave out what prose says of the demonstration where that is switched off."""
    return choose_prose(markdown, read_site_settings(_root(config)))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Clean the prose, and keep it for a page of ours at the same address, if there is one."""
    clean = editor_pages.clean(html)
    with _refusal():
        content_security_policy.expect_no_script(f"/{page.url}", clean)
    page.toc = TableOfContents([])  # Material makes its skip link of it; every page has ours
    page.meta.pop("template", None)  # names one of our templates, which MkDocs does not know
    _build_input(config).texts[f"/{page.url}"] = PageText(
        str(page.title), str(page.meta.get("description", "")), *editor_pages.sections(clean)
    )
    return clean


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Escape whatever a template prints, Material's own included."""
    root, catalogue = _root(config), _build_input(config).catalogue
    env.autoescape = True
    render.translate(env)
    env.globals["assets_version"] = assets.assets_version(root)
    env.filters["dialled"] = dialled
    env.globals["has_font"] = assets.has_font(root)
    env.globals["service"] = service(root)
    env.globals["demonstration"] = invented_areas(catalogue)
    env.globals["same_page"] = _same_page
    env.globals["own_name"] = languages.own_name
    return env


def _same_page(page: Page | None) -> str:
    """Return where this page stands on the site in another language; the frame has a gap there."""
    return render.SAME_PAGE if page is None else render.address_elsewhere(f"/{page.url}")


def on_template_context(
    context: TemplateContext, template_name: str, config: MkDocsConfig
) -> TemplateContext:
    """Start the frame's links at the root, as MkDocs does for its error page."""
    context["base_url"] = "/"
    return context


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Take Material's switches out of the frame: no page of ours has what they open."""
    html = render.finish(output_content)
    if template_name == "frame.html":
        return SWITCHES.sub("", html)
    return html.replace(render.SAME_PAGE, "/")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Mark what is not in the language of the page, and names that run from right to left."""
    return render.finish(output)


def on_post_build(config: MkDocsConfig) -> None:
    """Write every page of the catalogue, and the assets, the sitemap and the search index."""
    root, build_input, site = _root(config), _build_input(config), Path(config.site_dir)
    site_url = str(config.site_url or "")
    pages = SitePages(
        build_input.catalogue,
        build_input.documents,
        build_input.now,
        service(root),
        build_input.texts,
        tiles=_tiles(config),
        site_url=site_url,
        licence=str(config.extra.get("content_licence") or ""),
    )
    templates = render.Templates(root / "site" / "theme" / "pages")
    shared_digest = _shared_digest(root, site, site_url)
    output = IncrementalOutput(site, shared_digest, build_input.earlier_site)
    with _refusal():
        site_writer.write_site(pages, templates, output, build_input.texts, build_input.progress)
    assets.copy_assets(root, site, [Path(folder) for folder in config.theme.dirs])
    script_messages.write(root, site)
    app_manifest = manifest.manifest(
        str(config.site_name),
        str(config.site_description or ""),
        gettext.active_language().language,
    )
    (site / manifest.FILE).write_bytes(app_manifest)
    if found_leaks := leaks.find_leaks(site, build_input.catalogue, leaks.read_secret_words(root)):
        raise PluginError("\n".join(map(str, found_leaks)))
    output.save()


@contextmanager
def _refusal() -> Iterator[None]:
    """End the build where a text holds a script."""
    try:
        yield
    except content_security_policy.ScriptInBody as error:
        raise PluginError(str(error)) from error


def _tiles(config: MkDocsConfig) -> str:
    """Return `extra.map.tiles`, or nothing. They come from our own origin: nobody else is asked."""
    tiles = str((config.extra.get("map") or {}).get("tiles") or "")
    if tiles and not re.fullmatch(r"/[^/\s\"<>][^\s\"<>]*\{z\}[^\s\"<>]*", tiles):
        raise PluginError(
            f"mkdocs.yml: extra.map.tiles is an address on this site such as "
            f'"/tiles/{{z}}/{{x}}/{{y}}.png", not "{tiles}"'
        )
    return tiles


def _shared_digest(root: Path, site: Path, site_url: str) -> bytes:
    """Return the digest of what every page depends on: templates, frame, settings, the code."""
    theme = build_cache.digest_files(
        root / "site", root / "tongues", root / "mkdocs.yml", site / "frame.html"
    )
    return build_cache.digest(
        build_cache.program_digest(),
        theme,
        site_url.encode(),
        gettext.active_language().language.encode(),
    )
