"""Helpers for tests of renames and merges: files, stored rows, and what staff see."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.features.renewals import staff_pages
from api.features.renewals.feedback import doubts, store
from api.features.renewals.feedback.store import FeedbackCount
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.staff_pages import PostLetter
from api.store import schema
from tests.api.renewals.conftest import (
    PUB,
    context,
    read_entry,
    reload_catalogue,
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


def content_files(project: Path) -> dict[str, str]:
    """The text of each entry by its path below `content`."""
    content = project / "content"
    return {
        file.relative_to(content).as_posix(): file.read_text() for file in content.rglob("*.md")
    }


async def files_and_rows(service: ServiceUnderTest) -> list[Any]:
    """All files and all rows about promises, as one list that can be compared."""
    tables = (schema.check_in, schema.keeping_link, schema.reminder, schema.was_it_true)
    rows = [sorted(map(repr, await service.rows(table))) for table in (*tables, schema.doubt)]
    return [content_files(service.settings.project), *rows]


StaffView = tuple[list[FeedbackCount], list[PostLetter]]


def read_staff_view(service: ServiceUnderTest, slug: str) -> Callable[[Connection], StaffView]:
    """What staff see: the answers about an entry, and all letters to post."""

    def read(connection: Connection) -> StaffView:
        slugs = read_entry(service, slug).names
        first_month = doubts.first_counted_month(service.clock())
        counts = store.feedback_counts(connection, "connector", slugs, first_month)
        return counts, staff_pages.post_letters(connection, context(service))

    return read


async def add_activity(service: ServiceUnderTest) -> None:
    folder = service.settings.project / "content" / "activities"
    folder.mkdir()
    (folder / "coffee.md").write_text(ACTIVITY)
    reload_catalogue(service)


async def rename_pub(service: ServiceUnderTest, name: str, slug: str = "") -> str:
    new_slug = await asyncio.to_thread(
        rename_and_merge.rename, "connector", PUB, name, slug, context(service)
    )
    reload_catalogue(service)
    return new_slug
