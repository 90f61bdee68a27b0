"""Entries whose names change, for tests: their files, what is kept of them, what staff see."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.features.renewals import staff_views
from api.features.renewals.feedback import doubts, store
from api.features.renewals.feedback.store import Visits
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.staff_views import PostShown
from api.store import schema
from tests.api.bench import Bench
from tests.api.renewals.conftest import (
    PUB,
    context,
    entry,
    renewed_catalogue,
)

ACTIVITY = f"""\
---
title: Coffee at the Arms
summary: Sit down.
kinds: [coffee-morning]
provider:
  name: The Wennimere Arms
  signatory: connector/{PUB}
ways: [by phone]
area_served: [Temeford]
contact: {{phone: 01632 960001}}
assured_on: 2026-11-01
---
"""


def tree(project: Path) -> dict[str, str]:
    content = project / "content"
    return {
        file.relative_to(content).as_posix(): file.read_text() for file in content.rglob("*.md")
    }


async def state(bench: Bench) -> list[Any]:
    """All files and all that is kept of promises, in one heap that can be compared."""
    tables = (schema.check_in, schema.keeping_link, schema.reminder, schema.was_it_true)
    kept = [sorted(map(repr, await bench.rows(one))) for one in (*tables, schema.doubt)]
    return [tree(bench.settings.project), *kept]


def look_at(bench: Bench, who: str) -> Callable[[Connection], tuple[list[Visits], list[PostShown]]]:
    """What staff see of an entry: what visitors have said, and which letters wait for the post."""

    def look(connection: Connection) -> tuple[list[Visits], list[PostShown]]:
        names, since = entry(bench, who).names, doubts.since(bench.clock())
        said = store.visits(connection, "connector", names, since)
        return said, staff_views.for_post(connection, context(bench))

    return look


async def with_activity(bench: Bench) -> None:
    folder = bench.settings.project / "content" / "activities"
    folder.mkdir()
    (folder / "coffee.md").write_text(ACTIVITY)
    renewed_catalogue(bench)


async def rename(bench: Bench, name: str, slug: str = "") -> str:
    new = await asyncio.to_thread(
        rename_and_merge.rename, "connector", PUB, name, slug, context(bench)
    )
    renewed_catalogue(bench)
    return new
