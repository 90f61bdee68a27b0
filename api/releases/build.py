"""Builds a release: the site, its catalogue and its search index, published atomically.

`build/releases/<stamp>/` holds one; `build/current` is a link to the one that is served. If a build
fails, the release before it stays, but its registers are brought up to date, so that nobody who
withdrew waits until an editor corrects a mistake. The stamp is a digest of everything that a build
reads and of the day: an unchanged project is not built twice, and is built again every day.
"""

import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock
from markupsafe import Markup

from api.releases import release_folders
from api.search.embedded import index
from api.search.postcodes import store
from api.search.postcodes.store import Postcodes
from api.settings import BASE_URL
from catalogue.build import leaks
from catalogue.build.build_input import BuildInput
from catalogue.build.default_texts import PageText
from catalogue.faults import Fault
from catalogue.i18n import gettext
from catalogue.model.catalogue import Catalogue
from catalogue.model.text import postcode_parts
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.search import documents as search
from catalogue.outputs.search import site_pages
from catalogue.progress import Progress, silent
from catalogue.read import build_cache, load

RELEASES = Path("build", "releases")
CURRENT = Path("build", "current")
INPUTS = (
    *("content", "site", "tongues", "mkdocs.yml", "package-lock.json"),
    leaks.SECRET_WORDS_FILE.as_posix(),
)  # of the project
PROGRAM = (Path(load.__file__).parents[1], Path(index.__file__).parents[1])

Say = Callable[[str], None]


class ContentFaulty(Exception):
    """The content has faults; nothing was built, or the registers alone."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
        self.registers = False


class BuildFailed(Exception):
    """The site could not be built, though the entries are sound; the reason is in words."""

    registers = False


class Release(msgspec.Struct, frozen=True):
    """A finished release on disk."""

    folder: Path

    @property
    def site(self) -> Path:
        """The static site's folder."""
        return self.folder / "site"

    @property
    def search(self) -> Path:
        """The folder of the in-process search index."""
        return self.folder / "search"

    @property
    def prose(self) -> Path:
        """The folder of the pages that editors wrote, as they went into this release."""
        return self.folder / "prose"

    def words(self) -> dict[str, PageText]:
        """Read what editors wrote for generated pages, by address; older releases have none."""
        file = self.folder / "words.msgpack"
        if not file.is_file():
            return {}
        return msgspec.msgpack.decode(
            file.read_bytes(),
            type=dict[str, PageText],
            dec_hook=lambda kind, raw: Markup(raw),  # noqa: S704 - cleaned by the build
        )

    def catalogue(self) -> Catalogue:
        """Read the catalogue this release was built from."""
        raw = (self.folder / "catalogue.msgpack").read_bytes()
        return msgspec.msgpack.decode(raw, type=Catalogue)


def find_current(root: Path) -> Release | None:
    """Return the release that is served now, or None before the first build."""
    link = root / CURRENT
    try:
        return Release(link.parent / link.readlink()) if link.exists() else None
    except OSError:
        return None


def build_stamp(root: Path, now: datetime, postcodes: str = "") -> str:
    """Return what names a build of this project on this day: 16 hex digits.

    `postcodes` is the stamp of those that were imported. The public address counts too, for pages
    name it.
    """
    digest = hashlib.blake2b(postcodes.encode(), digest_size=8)
    digest.update(os.environ.get(BASE_URL, "").encode())
    digest.update(f"{now.astimezone(LOCAL).date()} {sys.version_info[:2]}".encode())
    for place, file in _inputs(root):
        digest.update(f"\0{file.relative_to(place)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[tuple[Path, Path]]:
    """Yield every file a build reads, with the folder its name is counted from.

    The program's own files count too: a newer program on an older project builds anew.
    """
    for start, place in [*((root, root / name) for name in INPUTS), *((at, at) for at in PROGRAM)]:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from ((start, file) for file in files if file.is_file() and file.suffix != ".pyc")


def build_release(
    root: Path,
    now: datetime,
    say: Say,
    force: bool = False,
    progress: Progress = silent,
    postcodes: Path | None = None,
) -> Release:
    """Return a release of the project as it stands, building only what changed.

    `postcodes` is the file of an import (`search/postcodes/store.py`), if there is one.

    Raises Faulty with all faults of the content, NotBuilt where the site builder refuses; the
    registers of the release that stands were brought up to date then, if they were others. One
    build at a time: a second one waits and then finds its work done.
    """
    with _build_lock(root):
        directory = _open_postcodes(postcodes)
        name = build_stamp(root, now, directory.stamp if directory else "")
        current = find_current(root)
        if current and release_folders.stamp_of(current.folder) == name and not force:
            say("Nothing changed since the last build.")
            return current
        if not force and (existing := release_folders.find_release(root / RELEASES, name)):
            say("All is as it was in an earlier build, which is shown again.")
            release_folders.switch_to(existing, root / CURRENT)
            return Release(existing)
        _activate_language(root)
        try:
            inputs = _read(root, progress, directory)
            return _build(root, name, inputs, now, progress, current)
        except (ContentFaulty, BuildFailed) as error:
            if current:
                error.registers = _rebuild_registers(root, name, now, progress, current)
            raise


def _read(root: Path, progress: Progress, directory: Postcodes | None) -> Catalogue:
    project_read = load.read_project(root, progress, root / build_cache.FOLDER)
    if project_read.catalogue is None:
        raise ContentFaulty(project_read.faults)
    return (
        _with_postcode_centres(project_read.catalogue, directory)
        if directory
        else project_read.catalogue
    )


def _rebuild_registers(
    root: Path, name: str, now: datetime, progress: Progress, current: Release
) -> bool:
    """Rebuild the current release with the present registers; return whether that was done."""
    before = current.catalogue()
    after = load.with_registers(before, root)
    if after == before or not current.prose.is_dir():  # an older release kept none
        return False
    own_stamp = hashlib.blake2b(f"registers {name}".encode(), digest_size=8).hexdigest()
    try:
        _build(root, own_stamp, after, now, progress, current, current.prose)
    except BuildFailed:  # for the same reason as the whole, which is told
        return False
    return True


def _open_postcodes(file: Path | None) -> Postcodes | None:
    try:
        return store.open_postcodes(file)
    except store.UnreadablePostcodes as error:
        raise BuildFailed(f"{error} Import one again, or take it away.") from error


def _with_postcode_centres(catalogue: Catalogue, directory: Postcodes) -> Catalogue:
    """Return the catalogue with what was imported: middles of outward codes, points of venues."""
    codes = {
        code + inward
        for activity in catalogue.activities
        for venue in activity.venues
        for code, inward in [postcode_parts(venue.postcode)]
        if inward and venue.hidden == "no"
    }
    points = {code: point for code in sorted(codes) if (point := directory.point(code))}
    taxonomy = msgspec.structs.replace(
        catalogue.taxonomy, middles=directory.middles(), postcodes=points
    )
    return msgspec.structs.replace(catalogue, taxonomy=taxonomy)


def _activate_language(root: Path) -> None:
    try:
        gettext.activate_for_project(root)
    except gettext.UnknownLanguage as error:
        raise BuildFailed(str(error)) from error


def _build(
    root: Path,
    name: str,
    catalogue: Catalogue,
    now: datetime,
    progress: Progress,
    earlier: Release | None,
    prose: Path | None = None,
) -> Release:
    now = build_cache.start_of_day(now)
    build_folder = root / RELEASES / ".making"
    shutil.rmtree(build_folder, ignore_errors=True)  # of a build that was killed
    build_folder.mkdir(parents=True)
    try:
        documents = search.documents(catalogue, now, search.cached_documents(catalogue, now, root))
        build_input = BuildInput(
            catalogue, documents, now, progress, earlier.site if earlier else None
        )
        _site(root, build_folder, build_input, prose)
        words = build_input.texts
        (build_folder / "words.msgpack").write_bytes(msgspec.msgpack.encode(words, enc_hook=str))
        index.build_index(documents, catalogue.taxonomy, build_folder / "search", progress)
        shutil.copyfile(
            build_folder / "site" / "search" / site_pages.FILE,
            build_folder / "search" / site_pages.FILE,
        )
        (build_folder / "catalogue.msgpack").write_bytes(msgspec.msgpack.encode(catalogue))
        return Release(release_folders.publish(build_folder, name, root / CURRENT))
    finally:
        shutil.rmtree(build_folder, ignore_errors=True)


def load_builder() -> None:
    """Import what builds pages: half a second that other commands and the service save."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # read by Material when it is imported
    import mkdocs.commands.build  # noqa: F401

    import catalogue.build.site_writer  # noqa: F401 - all that makes pages, for site/hooks.py

    build_cache.program_digest()  # of the code that is loaded, not of what may stand there later


def _site(root: Path, build_folder: Path, build_input: BuildInput, prose: Path | None) -> None:
    """Build the site, and note in `build_input.texts` what editors wrote for pages, by address.

    `prose` is where their pages lie, where that is not in the content.
    """
    load_builder()
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    with _capture_warnings("mkdocs") as warned:
        try:
            elsewhere = {"docs_dir": str(prose)} if prose else {}
            site = str(build_folder / "site")
            config = load_config(str(root / "mkdocs.yml"), site_dir=site, strict=True, **elsewhere)
            config.extra["kith"] = build_input
            build(config)
        except MkDocsException as error:
            raise BuildFailed("\n".join(warned) or str(error)) from error
    _copy_pages(Path(config.docs_dir), build_folder / "prose", config.exclude_docs)


def _copy_pages(docs: Path, target: Path, excluded: Any) -> None:
    """Keep a copy of what MkDocs read; `excluded` knows what it leaves out."""
    target.mkdir()
    for file in docs.rglob("*"):
        path = file.relative_to(docs)
        if file.is_file() and not (excluded and excluded.match_file(path.as_posix())):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target / path)


@contextmanager
def _build_lock(root: Path) -> Iterator[None]:
    (root / "build").mkdir(exist_ok=True)
    with FileLock(root / "build" / ".lock", fallback_to_soft=False):
        yield


class _WarningCollector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())


@contextmanager
def _capture_warnings(logger: str) -> Iterator[list[str]]:
    """Yield the list that fills with what a logger warns of, to be reported with its failure."""
    collector, source = _WarningCollector(), logging.getLogger(logger)
    source.addHandler(collector)
    try:
        yield collector.messages
    finally:
        source.removeHandler(collector)
