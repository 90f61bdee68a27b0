"""The entry of a signatory as a file: written, read back, checked, and put in place whole.

Nothing goes into `content/` that the loader would not read back as the very same values, or that
`catalogue.checks` finds a fault in: an entry written here must never break a build.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
import yaml

from api.refusals import Conflict
from catalogue import checks, entry, typed
from catalogue.catalogue import Catalogue
from catalogue.faults import Fault
from catalogue.pledge import Signatory, SignatoryFront


class Unfit(Conflict):
    """The entry would not pass the checks of the content; `faults` say why."""

    sentence = "The entry would have faults, and was not written."

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__()


def put_in_place(project: Path, path: str, front: SignatoryFront, catalogue: Catalogue) -> None:
    """Write aside, read back, check, flush to the disk, then rename: no half entry is ever seen.

    `path` is the entry's below `project`. Raises `Unfit`, having left nothing behind.
    """
    file = project / path
    aside = file.with_name(f".{file.stem}.{secrets.token_hex(4)}")
    try:
        with aside.open("w", encoding="utf-8") as writing:
            writing.write(entry_text(front))
            writing.flush()
            os.fsync(writing.fileno())
        faults = _faults(aside, project, path, front, catalogue)
        if faults:
            raise Unfit(faults)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    _flush_folder(file.parent)


def entry_text(front: SignatoryFront) -> str:
    """Return the file of a signatory, in the order its fields are declared."""
    fields = {
        name: value for name, value in msgspec.to_builtins(front).items() if value not in ("", None)
    }
    fields["promises"] = {
        name: {part: said for part, said in promise.items() if said not in ("", None)}
        for name, promise in fields["promises"].items()
    }
    written = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{written}---\n"


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _faults(
    aside: Path, project: Path, path: str, front: SignatoryFront, catalogue: Catalogue
) -> list[Fault]:
    """Read the file as the loader would, and return what is wrong with it."""
    faults: list[Fault] = []
    try:
        written = msgspec.structs.replace(entry.read(aside, project), path=path)
    except entry.Unreadable as error:
        return [error.fault]

    def tell(field: str, message: str) -> None:
        faults.append(written.fault(field, message))

    read_back = typed.convert(written.front, SignatoryFront, tell)
    if read_back is None:
        return faults
    if read_back != front:
        return [Fault(path, 1, "", "reads otherwise than it was written")]
    pledge = catalogue.pledge(Path(path).parent.name)
    return checks.of_signatory(_signatory(read_back, path), written, catalogue.taxonomy, pledge)


def _signatory(front: SignatoryFront, path: str) -> Signatory:
    fields: dict[str, Any] = {name: getattr(front, name) for name in front.__struct_fields__}
    file = Path(path)
    return Signatory(**fields, slug=file.stem, pledge=file.parent.name, path=path)
