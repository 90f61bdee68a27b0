"""The web app manifest (W3C), for devices on whose home screen the site is put."""

import msgspec

FILE = "manifest.webmanifest"


class Icon(msgspec.Struct, frozen=True):
    """One picture; "any" size, for it is drawn of lines."""

    src: str = "/assets/icon.svg"
    sizes: str = "any"
    type: str = "image/svg+xml"


class Manifest(msgspec.Struct, frozen=True):
    """Names, colours and where to start."""

    name: str
    short_name: str
    description: str
    lang: str
    start_url: str = "/"
    scope: str = "/"
    display: str = "minimal-ui"
    background_color: str = "#fffaf2"
    theme_color: str = "#fffaf2"
    icons: tuple[Icon, ...] = (Icon(),)


def manifest(name: str, description: str, language: str) -> bytes:
    """Return the file for a site of this name, in JSON."""
    return msgspec.json.encode(Manifest(name, name[:12], description, language))
