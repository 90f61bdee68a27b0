"""The entry file of a signatory: write it, change its status, take it out of the content.

Nothing goes into `content/` that the loader would not read back as the same values, or that
`catalogue.read.pledge_checks` finds a fault in: an entry written here must never break a build.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import yaml

from api.content_files import atomic_write
from catalogue.faults import Fault
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory, SignatoryFront
from catalogue.read import load, pledge_checks
from catalogue.read.entry import FENCE
from catalogue.read.front_matter_edit import CannotEdit, set_fields

PUBLISHED = "published"
WITHDRAWN = "withdrawn"


def put_in_place(project: Path, path: str, front: SignatoryFront, catalogue: Catalogue) -> None:
    """Write the entry, `path` being relative to `project`. Raises `atomic_write.Unfit`."""
    atomic_write.put_in_place(
        project / path,
        entry_text(front).encode(),
        lambda hidden: _faults(hidden, project, path, front, catalogue),
    )


def set_status(project: Path, path: str, status: str) -> bool:
    """Set the status of an entry in place, and change nothing else in it.

    Return whether that changed anything; a missing file is left missing.
    Raises `atomic_write.Unfit` where the front matter cannot be changed.
    """
    file = project / path
    if not file.is_file():
        return False
    before = file.read_bytes().decode()
    if status == PUBLISHED and not _has_status(before):
        return False
    try:
        after = set_fields(before, {"status": status})
    except CannotEdit as error:
        raise atomic_write.Unfit([Fault(path, 1, "status", str(error))]) from error
    if after == before:
        return False
    atomic_write.put_in_place(file, after.encode())
    return True


def take_away(project: Path, path: str) -> bool:
    """Delete an entry's file; return whether there was one."""
    file = project / path
    if not file.is_file():
        return False
    file.unlink()
    atomic_write.flush(file.parent)
    return True


def take_away_withdrawn(project: Path, paths: Sequence[str]) -> int:
    """Delete entries that were withdrawn, and return how many: their names are to be gone."""
    with atomic_write.alone(project):
        withdrawn = [path for path in paths if _is_withdrawn(project / path)]
        for path in withdrawn:
            _take_out_of_activities(project, path)
            take_away(project, path)
        return len(withdrawn)


def put_aside(project: Path, path: str) -> bool:
    """Rename an entry's file to a hidden one, for an editor to mend; return whether there was one.

    For a file whose front matter cannot be changed, and which must not be published any longer.
    """
    file = project / path
    if not file.is_file():
        return False
    file.rename(file.with_name(f".{file.name}.taken-off"))
    atomic_write.flush(file.parent)
    return True


def _take_out_of_activities(project: Path, path: str) -> None:
    """Let no activity name an entry that goes: the build would miss it."""
    name = f"{Path(path).parent.name}/{Path(path).stem}"
    for file in load.entry_files(project / load.CONTENT / "activities"):
        text = file.read_text(encoding="utf-8")
        if name not in text:
            continue
        with suppress(CannotEdit):
            changed = set_fields(text, {"provider.signatory": ""})
            if f"signatory: {name}" in text and changed != text:
                atomic_write.put_in_place(file, changed.encode())


def _is_withdrawn(file: Path) -> bool:
    try:
        front = FENCE.match(file.read_bytes().decode().removeprefix("\ufeff"))
        return front is not None and yaml.safe_load(front[1])["status"] == WITHDRAWN
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        return False


def _has_status(text: str) -> bool:
    fence = FENCE.match(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return fence is not None and "status" in (yaml.safe_load(fence[1]) or {})


def entry_text(front: SignatoryFront) -> str:
    """Return the file of a signatory, in the order its fields are declared."""
    fields = {
        name: value
        for name, value in msgspec.to_builtins(front).items()
        if value not in ("", None, (), [])
    }
    fields["promises"] = {
        name: {field: value for field, value in promise.items() if value not in ("", None)}
        for name, promise in fields["promises"].items()
    }
    front_matter = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front_matter}---\n"


def _faults(
    hidden: Path, project: Path, path: str, front: SignatoryFront, catalogue: Catalogue
) -> list[Fault]:
    """Read the file as the loader would, and return what is wrong with it."""
    faults: list[Fault] = []
    result = atomic_write.read_back(hidden, project, path, SignatoryFront, faults)
    if result is None:
        return faults
    parsed, read_back = result
    if read_back != front:
        return [Fault(path, 1, "", "reads otherwise than it was written")]
    pledge = catalogue.pledge(Path(path).parent.name)
    return pledge_checks.signatory_faults(
        _signatory(read_back, path), parsed, catalogue.taxonomy, pledge
    )


def _signatory(front: SignatoryFront, path: str) -> Signatory:
    fields: dict[str, Any] = {name: getattr(front, name) for name in front.__struct_fields__}
    file = Path(path)
    return Signatory(**fields, slug=file.stem, pledge=file.parent.name, path=path)
