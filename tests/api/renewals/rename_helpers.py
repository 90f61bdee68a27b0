"""Entries whose names change, for tests: their files, what is kept of them, what staff see."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.features.renewals import staff_views
from api.features.renewals.feedback import doubts, store
from api.features.renewals.feedback.store import FeedbackCount
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.staff_views import PostLetter
from api.store import schema
from tests.api.renewals.conftest import (
    PUB,
    context,
    entry,
    renewed_catalogue,
)
from tests.api.service_under_test import ServiceUnderTest

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


async def state(service: ServiceUnderTest) -> list[Any]:
    """All files and all that is kept of promises, in one heap that can be compared."""
    tables = (schema.check_in, schema.keeping_link, schema.reminder, schema.was_it_true)
    kept = [sorted(map(repr, await service.rows(one))) for one in (*tables, schema.doubt)]
    return [tree(service.settings.project), *kept]


StaffView = tuple[list[FeedbackCount], list[PostLetter]]


def read_staff_view(service: ServiceUnderTest, slug: str) -> Callable[[Connection], StaffView]:
    """What staff see of an entry: what visitors have said, and which letters wait for the post."""

    def read(connection: Connection) -> StaffView:
        slugs, first_month = entry(service, slug).names, doubts.first_counted_month(service.clock())
        counts = store.feedback_counts(connection, "connector", slugs, first_month)
        return counts, staff_views.post_letters(connection, context(service))

    return read


async def with_activity(service: ServiceUnderTest) -> None:
    folder = service.settings.project / "content" / "activities"
    folder.mkdir()
    (folder / "coffee.md").write_text(ACTIVITY)
    renewed_catalogue(service)


async def rename(service: ServiceUnderTest, name: str, slug: str = "") -> str:
    new = await asyncio.to_thread(
        rename_and_merge.rename, "connector", PUB, name, slug, context(service)
    )
    renewed_catalogue(service)
    return new
