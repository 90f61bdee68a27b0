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


MISTAKES = (
    ('"startTime"', '"startsAt"'),  # no such property
    ("https://schema.org/EventCancelled", "https://schema.org/EventMaybe"),  # no such status
    ('"@type":"PostalAddress"', '"@type":"Adress"'),  # no such type
    ('"value":true', '"value":{"@type":"Tea"}'),  # not what the property takes
    ('"@type":"Offer"', '"@type":"Place"'),  # a thing that is no offer
)


def faults_by_file(files: dict[str, list[str]], folder: Path) -> dict[str, list[str]]:
    """Return what the judge says against files of JSON-LD, a line a fault; () is accepted.

    All are read in one run, most of which is spent on the vocabulary.
    """
    node = find_node()
    if node is None or not TSC.is_file() or not (PARTS / "schema-dts").is_dir():
        pytest.skip("unknown: no Node, or no schema-dts and TypeScript in build/npm")
    (folder / "node_modules").symlink_to(PARTS)
    for name, blocks in files.items():
        lines = (
            f"export const b{at}: WithContext<{json.loads(block)['@type']}> = {block};\n"
            for at, block in enumerate(blocks)
        )
        (folder / name).write_text(IMPORT + "".join(lines), encoding="utf-8")
    command = [str(node), str(TSC), *STRICT, *files]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    lines_of = result.stdout.splitlines()
    faults = {name: [line for line in lines_of if line.startswith(f"{name}(")] for name in files}
    assert any(faults.values()) == bool(result.returncode), result.stdout + result.stderr
    return faults


def blocks_of(site: Path) -> list[str]:
    return [
        block.text
        for _at, page_read in pages(site)
        for block in page_read.all("script", type="application/ld+json")
    ]


def test_schema_org_knows_all_that_every_page_tells_and_refuses_each_mistake(
    built: Path, own_site: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    blocks = blocks_of(built) + blocks_of(own_site)
    assert len(blocks) > 75
    activity = catalogue.activity("coffee-at-the-mill")
    assert activity
    block = page.activity_view(activity, catalogue, NOW).json_ld
    assert [right for right, wrong in MISTAKES if right not in block] == []
    wrong_blocks = [block.replace(right, wrong, 1) for right, wrong in MISTAKES]
    files = {"pages.ts": blocks, "mistakes.ts": [block, *wrong_blocks]}
    faults = faults_by_file(files, tmp_path)
    assert faults["pages.ts"] == []
    mistakes = faults["mistakes.ts"]
    lines = {int(line.removeprefix("mistakes.ts(").partition(",")[0]) for line in mistakes}
    first = 3  # after the import and the block without a mistake
    assert lines == set(range(first, first + len(MISTAKES))), mistakes


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
