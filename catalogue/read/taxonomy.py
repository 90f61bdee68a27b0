"""`content/taxonomy.yml` into a `Taxonomy`, with its faults."""

from pathlib import Path

from catalogue.faults import Fault
from catalogue.model.taxonomy import Taxonomy
from catalogue.read import convert, entry

MAX_BYTES = 262_144


def read_taxonomy(file: Path, root: Path, faults: list[Fault]) -> Taxonomy | None:
    """Read the taxonomy of the project in `root`.

    Adds to `faults` what is wrong with it; returns None where it cannot be used at all.
    """
    path = file.relative_to(root).as_posix()
    if not file.is_file():
        faults.append(Fault(path, 1, "", "is missing: a directory needs its closed lists"))
        return None
    try:
        parsed = entry.read_front_matter(file, root, MAX_BYTES)
    except entry.UnreadableEntry as error:
        faults.append(error.fault)
        return None
    if "middles" in parsed.front:
        faults.append(parsed.fault("middles", "comes from `kith gazetteer import` alone"))
        return None
    return convert.to_struct(parsed, Taxonomy, faults)
