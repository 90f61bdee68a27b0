"""JSON-LD before a judge: schema.org's own vocabulary, as the types of schema-dts, read by tsc.

Every block of the built pages is checked, and blocks with one mistake each are refused. Where Node
or the parts are not there it is unknown.
"""

import json
import subprocess
from pathlib import Path

import pytest

from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity import page
from tests.site.conftest import NOW, ROOT
from tests.site.reading import pages
from tests.support.node import find_node

PARTS = ROOT / "build" / "npm" / "node_modules"
TSC = PARTS / "typescript" / "lib" / "tsc.js"
IMPORT = 'import type { Event, Service, WithContext } from "schema-dts";\n'
STRICT = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--moduleResolution",
    "node",
    "--target",
    "es2020",
]
ASKED_OF_EVENTS = {"name", "startDate", "location"}  # by search engines that list events


def refused(blocks: list[str], folder: Path) -> list[str]:
    """Return what the judge says against blocks of JSON-LD, a line a fault; () is accepted."""
    node = find_node()
    if node is None or not TSC.is_file() or not (PARTS / "schema-dts").is_dir():
        pytest.skip("unknown: no Node, or no schema-dts and TypeScript in build/npm")
    (folder / "node_modules").symlink_to(PARTS)
    lines = (
        f"export const b{at}: WithContext<{json.loads(block)['@type']}> = {block};\n"
        for at, block in enumerate(blocks)
    )
    (folder / "blocks.ts").write_text(IMPORT + "".join(lines), encoding="utf-8")
    command = [str(node), str(TSC), *STRICT, "blocks.ts"]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    faults = [line for line in result.stdout.splitlines() if line.startswith("blocks.ts(")]
    assert bool(faults) == bool(result.returncode), result.stdout + result.stderr
    return faults


def blocks_of(site: Path) -> list[str]:
    return [
        block.text
        for _at, page_read in pages(site)
        for block in page_read.all("script", type="application/ld+json")
    ]


def test_schema_org_knows_all_that_every_page_tells(
    built: Path, own_site: Path, tmp_path: Path
) -> None:
    blocks = blocks_of(built) + blocks_of(own_site)
    assert len(blocks) > 75
    assert refused(blocks, tmp_path) == []


MISTAKES = (
    ('"startTime"', '"startsAt"'),  # no such property
    ("https://schema.org/EventCancelled", "https://schema.org/EventMaybe"),  # no such status
    ('"@type":"PostalAddress"', '"@type":"Adress"'),  # no such type
    ('"value":true', '"value":{"@type":"Tea"}'),  # not what the property takes
    ('"@type":"Offer"', '"@type":"Place"'),  # a thing that is no offer
)


def test_the_judge_refuses_each_mistake_and_nothing_else(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    activity = catalogue.activity("coffee-at-the-mill")
    assert activity
    block = page.activity_view(activity, catalogue, NOW).json_ld
    assert [right for right, wrong in MISTAKES if right not in block] == []
    wrong_blocks = [block.replace(right, wrong, 1) for right, wrong in MISTAKES]
    faults = refused([block, *wrong_blocks], tmp_path)
    lines = {int(line.removeprefix("blocks.ts(").partition(",")[0]) for line in faults}
    first = 3  # after the import and the block without a mistake
    assert lines == set(range(first, first + len(MISTAKES))), faults


def test_events_say_what_search_engines_ask_of_them(own_site: Path) -> None:
    """Its sessions too, for each is an event by itself; what has no date cannot."""
    dated = 0
    for block in blocks_of(own_site):
        node = json.loads(block)
        for event in [node, *node.get("subEvent", [])]:
            if "startDate" in event:
                assert set(event) >= ASKED_OF_EVENTS, node["url"]
                dated += 1
    assert dated > 200
