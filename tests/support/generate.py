"""Invented directories of 1,000, 10,000 or 100,000 entries: content to build, documents to search.

`python -m tests.support.generate --count 10000 --seed 7 --into DIR` writes DIR/content in the
format an editor writes. The same count and seed give the same bytes.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from catalogue.faults import Fault
from catalogue.model.activity import Activity, ActivityFront
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search import documents as search
from catalogue.outputs.search import site_pages as pages
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.site_pages import SitePage
from catalogue.read import load
from catalogue.read.taxonomy import read_taxonomy
from tests.support.invented import Inventor

ROOT = Path(__file__).parents[2]
TAXONOMY = ROOT / "content" / "taxonomy.yml"
SEED = 7
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # documents are made as of this moment
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
STEP = 1_000


def terms() -> Taxonomy:
    """Return the project's own taxonomy. Raises ValueError where it has a fault."""
    faults: list[Fault] = []
    taxonomy = read_taxonomy(TAXONOMY, ROOT, faults)
    if taxonomy is None:
        raise ValueError(str(faults[0]))
    return taxonomy


def activities(count: int, seed: int = SEED) -> Iterator[Activity]:
    """Yield invented activities."""
    return Inventor(terms(), seed).activities(count)


def documents(count: int, seed: int = SEED, now: datetime = NOW) -> list[SearchDocument]:
    """Return the search documents of invented activities, without the way over files."""
    closed_lists = terms()
    invented = Inventor(closed_lists, seed).activities(count)
    return [search.document(activity, closed_lists, now) for activity in invented]


def site_pages() -> tuple[SitePage, ...]:
    """Return the pages beside the activities, of the project's own content."""
    catalogue = load.read_project(ROOT).catalogue
    if catalogue is None:
        raise ValueError("the project's content has a fault")
    return pages.site_pages(catalogue, _prose(), NOW.date())


def _prose() -> Iterator[pages.Prose]:
    """Yield the pages that editors wrote, as their files say."""
    for file in sorted((ROOT / "content").glob("*.md")):
        if file.stem in ("index", "find"):  # lead to activities
            continue
        _empty, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        fields = yaml.safe_load(front)
        yield f"/{file.stem}/", fields["title"], f"{fields.get('description', '')} {body}"


def write(count: int, seed: int, into: Path) -> None:
    """Write `content/taxonomy.yml` and `content/activities/*.md` below a folder."""
    folder = into / "content" / "activities"
    folder.mkdir(parents=True)
    shutil.copyfile(TAXONOMY, into / "content" / "taxonomy.yml")
    for number, activity in enumerate(activities(count, seed), 1):
        (folder / f"{activity.slug}.md").write_text(entry(activity), encoding="utf-8")
        if number % STEP == 0:
            print(f"\r{number:,} of {count:,}", end="", file=sys.stderr)
    print(file=sys.stderr)


def entry(activity: Activity) -> str:
    """Return the activity as its editor would have written it."""
    front = {
        name: value
        for name, value in _without_defaults(msgspec.to_builtins(activity)).items()
        if name in ActivityFront.__struct_encode_fields__
    }
    text = yaml.dump(front, Dumper=DUMPER, sort_keys=False, allow_unicode=True, width=1_000)
    return f"---\n{text}---\n{activity.body}\n"


def _without_defaults(value: Any) -> Any:
    """Return the value without what an editor leaves out: blanks, and what is so anyway."""
    if isinstance(value, dict):
        fields = {name: _without_defaults(part) for name, part in value.items()}
        return {name: part for name, part in fields.items() if not _goes_without_saying(name, part)}
    return [_without_defaults(part) for part in value] if isinstance(value, list | tuple) else value


def _goes_without_saying(name: str, part: Any) -> bool:
    return part in ("", "unknown", [], {}, None) or (name, part) == ("hidden", "no")


def main() -> None:
    """Write a directory as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--into", type=Path, required=True, help="a folder without content/")
    args = parser.parse_args()
    write(args.count, args.seed, args.into)


if __name__ == "__main__":
    main()
