"""Copies styles, scripts and the typeface into a site, from the project and its npm packages.

The packages are installed into `build/npm/node_modules` from the lock; without them the site uses
the system's typeface and has no search in the browser.
"""

import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from catalogue.i18n import gettext

NPM_PACKAGES = Path("build", "npm", "node_modules")
FONT = NPM_PACKAGES / "@fontsource-variable" / "atkinson-hyperlegible-next"
STATIC_FONT = NPM_PACKAGES / "@fontsource" / "atkinson-hyperlegible-next" / "files"
"""The same in single weights, for sheets that are made as PDFs."""
FONT_FILES = {
    "latin.woff2": "atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "latin-ext.woff2": "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
}
FONT_STYLES = "font.css"
OFFLINE = "offline.js"  # a service worker sees the pages below its own address: it goes to the root
PICTURE = re.compile(r"""url\((['"]?)data:image/svg\+xml;charset=utf-8,(.*?)\1\)""")
LEAFLET = NPM_PACKAGES / "leaflet"
LEAFLET_FILES = ("dist/leaflet.js", "dist/leaflet.css", "LICENSE")
LEAN_QR = NPM_PACKAGES / "lean-qr"
LEAN_QR_FILES = ("index.mjs", "LICENSE")
"""What the page of the API's documents needs, with its licences."""


def assets_version(root: Path) -> str:
    """Return eight hex digits that change whenever a style, a script or its words do."""
    digest = hashlib.blake2b(digest_size=4)
    for file in sorted((root / "site" / "assets").rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    for file in gettext.catalogue_files(gettext.active_language().language, root):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def has_font(root: Path) -> bool:
    """Say whether the typeface is installed."""
    return (root / FONT).is_dir()


def copy_assets(root: Path, site: Path, themes: Sequence[Path]) -> None:
    """Copy all assets into `site/assets`. `themes` are searched for Material's styles."""
    source, target = root / "site" / "assets", site / "assets"
    copied_below = shutil.ignore_patterns("styles", "embed", OFFLINE)
    shutil.copytree(source, target, ignore=copied_below, dirs_exist_ok=True)
    shutil.copytree(source / "embed", site / "embed", dirs_exist_ok=True)
    service_worker = (
        (source / OFFLINE).read_text(encoding="utf-8").replace("@VERSION@", assets_version(root))
    )
    (site / "sw.js").write_text(service_worker, encoding="utf-8")
    (target / "kith.css").write_text(_styles(source / "styles", has_font(root)), encoding="utf-8")
    (target / "material.css").write_text(_material(themes, target), encoding="utf-8")
    if has_font(root):
        _copy_font(root / FONT, target / "fonts")
    if (root / LEAFLET).is_dir():
        _copy_package(root / LEAFLET, LEAFLET_FILES, target / "vendor" / "leaflet")
    if (root / LEAN_QR).is_dir():
        _copy_package(root / LEAN_QR, LEAN_QR_FILES, target / "vendor" / "lean-qr")


def _styles(folder: Path, with_font: bool) -> str:
    """Return our style sheets as one, in the order of their names."""
    files = [file for file in sorted(folder.glob("*.css")) if with_font or file.name != FONT_STYLES]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _material(themes: Sequence[Path], target: Path) -> str:
    """Return Material's style sheet in a layer of its own, so that ours takes precedence.

    Its inline pictures become files in `target`: our policy allows no data: addresses.
    """
    sheets = [file for folder in themes for file in folder.glob("assets/stylesheets/main.*.css")]
    if not sheets:
        return ""
    text = sheets[0].read_text(encoding="utf-8")
    text = re.sub(r"@charset[^;]*;|/\*# sourceMappingURL=.*?\*/", "", text)
    text = PICTURE.sub(lambda match: f"url({_picture(match[2], target)})", text)
    return f"@layer material{{{text}}}\n"


def _picture(quoted_svg: str, target: Path) -> str:
    """Write a picture as a file and return its address, seen from the style sheet."""
    name = f"icons/{hashlib.blake2b(quoted_svg.encode(), digest_size=6).hexdigest()}.svg"
    (target / "icons").mkdir(exist_ok=True)
    (target / name).write_text(unquote(quoted_svg), encoding="utf-8")
    return name


def _copy_font(package: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for name, original in FONT_FILES.items():
        shutil.copyfile(package / "files" / original, target / name)
    shutil.copyfile(package / "LICENSE", target / "LICENSE.txt")


def _copy_package(package: Path, names: Sequence[str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(package / name, target / Path(name).name)
