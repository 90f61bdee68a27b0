"""The entries of signatories as they stand on the disk: read, and changed a field at a time.

An entry may have been written by hand: its lines, comments and body are kept
(`catalogue.read.front_matter_edit`).
What is to be written is read back and checked as the loader would; `entries` puts it in place.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from api.content_files.atomic_write import Unfit
from api.errors import Missing
from catalogue.faults import Fault
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory, SignatoryFront
from catalogue.model.text import is_slug
from catalogue.read import convert, entry, load, pledge_checks
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class EntryGone(Missing):
    """There is no such entry in the content, or none that can be read."""

    code = "entry-gone"
    sentence = gettext_noop("This promise is not on the register.")


class SignatoryFile(msgspec.Struct, frozen=True):
    """An entry as it stands on the disk at one moment."""

    path: str
    raw: bytes
    signatory: Signatory


def path_of(pledge: str, slug: str) -> str:
    """Return where an entry stands below the project. Raises `EntryGone` for what is no slug."""
    if not (is_slug(pledge) and is_slug(slug)) or slug == "index":
        raise EntryGone
    return f"{load.CONTENT}/pledges/{pledge}/{slug}.md"


def read(project: Path, pledge: str, slug: str) -> SignatoryFile:
    """Return an entry as it stands on the disk, withdrawn ones too. Raises `EntryGone`."""
    path = path_of(pledge, slug)
    try:
        raw = entry.read_bytes(project / path, path)
        return SignatoryFile(path, raw, parsed(path, raw))
    except (OSError, entry.UnreadableEntry):
        raise EntryGone from None


def parsed(path: str, raw: bytes) -> Signatory:
    """Return a text of an entry as its values. Raises `EntryGone` for what cannot be read."""
    try:
        return _signatory(entry.parse_entry(raw, path))
    except entry.UnreadableEntry:
        raise EntryGone from None


def find(project: Path, pledge: str, slug: str) -> SignatoryFile:
    """Return an entry by its name, or by one it had before. Raises `EntryGone`."""
    if (project / path_of(pledge, slug)).is_file():
        return read(project, pledge, slug)
    return read(project, pledge, former(project, pledge).get(slug, slug))


def names(project: Path, pledge: str, slug: str) -> tuple[str, ...]:
    """Return all names that an entry has and had, also where the one given is an old one."""
    try:
        return find(project, pledge, slug).signatory.names
    except EntryGone:
        return (slug,)


def former(project: Path, pledge: str) -> dict[str, str]:
    """Return, by each name that entries of a pledge had before, the name they have now."""
    slug_by_former: dict[str, str] = {}
    for file in sorted((project / load.CONTENT / "pledges" / pledge).glob("[!.]*.md")):
        is_entry = file.name != "index.md" and file.is_file()
        if is_entry and b"former_slugs" in file.read_bytes():
            try:
                of = read(project, pledge, file.stem).signatory
            except EntryGone:
                continue
            slug_by_former |= dict.fromkeys(of.former_slugs, of.slug)
    return slug_by_former


def changed(of: SignatoryFile, changes: Mapping[str, str], catalogue: Catalogue) -> bytes:
    """Return the file with fields changed ("" takes one out). Raises `Unfit`."""
    raw = changed_unchecked(of, changes)
    check(of.path, raw, catalogue)
    return raw


def changed_unchecked(of: SignatoryFile, changes: Mapping[str, str]) -> bytes:
    """Return the file with fields changed, whatever is wrong with it. Raises `Unfit`."""
    try:
        return set_fields(of.raw.decode(), changes).encode()
    except (CannotEdit, UnicodeDecodeError) as error:
        raise Unfit([Fault(of.path, 1, "", str(error))]) from error


def check(path: str, raw: bytes, catalogue: Catalogue) -> None:
    """Hold a new text of an entry to the rules of the content. Raises `Unfit`."""
    try:
        parsed = entry.parse_entry(raw, path)
        new = _signatory(parsed)
    except entry.UnreadableEntry as error:
        raise Unfit([error.fault]) from error
    pledge = catalogue.pledge(new.pledge)
    faults = pledge_checks.signatory_faults(new, parsed, catalogue.taxonomy, pledge)
    if faults:
        raise Unfit(faults)


def _signatory(parsed: entry.Entry) -> Signatory:
    front = convert.to_struct(parsed, SignatoryFront, [])
    if front is None:
        raise entry.UnreadableEntry(Fault(parsed.path, 1, "", "cannot be read: run kith check"))
    fields: dict[str, Any] = {name: getattr(front, name) for name in front.__struct_fields__}
    file = Path(parsed.path)
    fields |= {"slug": file.stem, "pledge": file.parent.name, "path": parsed.path}
    return Signatory(**fields, body=parsed.body)
