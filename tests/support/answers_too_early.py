"""`kith`, but it acknowledges before it commits: the fault that `kill_storm.py` must see.

Everything else is as it is: `insert` says "done" at once, and the rows go to the writer a moment
later.
"""

import asyncio
from collections.abc import Sequence

from api import cli
from api.store.database import Database, Row
from api.store.writer import Job

LATE_SECONDS = 0.05


async def insert_later(self: Database, rows: Sequence[Row]) -> None:
    """Return at once, and write when the answer is out."""
    asyncio.get_running_loop().call_later(LATE_SECONDS, self._writer.submit, Job(rows=rows))


if __name__ == "__main__":
    Database.insert = insert_later  # type: ignore[method-assign]
    cli.main()
