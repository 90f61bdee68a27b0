"""How a decision about a record is made: on the state that was shown, in one transaction.

A page carries the record's version, which is the last line of the audit trail that changed it. On
any other version a decision is refused, and whoever decided is shown what has changed since.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import Conflict, Missing
from api.moderation.history import HistoryEntry, HistoryRules, changes_since
from api.security.references import ReferenceFault, parse
from api.staff import people
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.build.templates import Page
from catalogue.i18n.gettext import gettext_noop


class Record(Protocol):
    """What is decided about."""

    @property
    def id(self) -> str:
        """Its key in the store."""
        ...

    @property
    def reference(self) -> str:
        """What the audit trail calls it."""
        ...


AnyRecord = TypeVar("AnyRecord", bound=Record)
Guard: TypeAlias = Callable[[Connection, Record], None]
"""What else must hold for whoever decides, asked in its transaction; raises a DomainError."""


class ChangedSinceShown(Conflict):
    """Something was done about it since it was shown; `seen` is the line that was known."""

    code = "changed-since"
    sentence = gettext_noop("Somebody changed this in the meantime. Nothing was done.")

    def __init__(self, shown_version: int) -> None:
        self.seen = shown_version
        super().__init__()


class NotDecidedPage(Page, frozen=True, kw_only=True):
    """A decision that was refused: why, and what has changed since.

    `queue_name` is the title of its queue.
    """

    template = "staff/not_decided.html"

    queue_name: str
    sentence: str
    changes: tuple[HistoryEntry, ...]
    faults: tuple[str, ...]
    url: str
    queue: str


def no_condition(connection: Connection, record: Record) -> None:
    """Ask for nothing: a guard for an operator at the machine."""


def unchanged_since(shown_version: int, rules: HistoryRules) -> Guard:
    """Return a guard that raises ChangedSinceShown where a record has another version."""

    def guard(connection: Connection, record: Record) -> None:
        if version(connection, record.reference, rules) != shown_version:
            raise ChangedSinceShown(shown_version)

    return guard


def version(connection: Connection, reference: str, rules: HistoryRules) -> int:
    """Return the number of the last line in the audit trail that changed a record."""
    return audit.last_change(connection, reference, rules.quiet)


def decide(
    context: Context,
    reference: str,
    find: Callable[[Connection, str], AnyRecord],
    guard: Guard,
    change: Callable[[Connection, AnyRecord], Sequence[Row]],
) -> None:
    """Change one record in one transaction. Raises what the three functions raise.

    Args:
        find: returns the record of a reference.
        guard: raises where it may not be decided.
        change: changes it, and returns the rows that tell of it: audit line, letters.
    """

    def act(connection: Connection) -> None:
        record = find(connection, reference)
        guard(connection, record)
        insert_rows(connection, change(connection, record))

    context.database.write_now(act)


async def not_decided_page(
    reference: str,
    error: Conflict,
    context: Context,
    rules: HistoryRules,
    *,
    queue: str,
    queue_name: str,
) -> NotDecidedPage:
    """Return the page that says why nothing was done, and what changed since the form was made.

    `queue` is the address of the queue, and `queue_name` its title.
    """
    shown_version = error.seen if isinstance(error, ChangedSinceShown) else audit.EVER

    def read_changes(connection: Connection) -> tuple[HistoryEntry, ...]:
        names = people.names_by_id(connection, context.encryption)
        return changes_since(connection, reference, shown_version, names, rules)

    return NotDecidedPage(
        queue_name=queue_name,
        sentence=error.sentence,
        changes=await context.database.read(read_changes),
        faults=tuple(map(str, error.faults)) if isinstance(error, Unfit) else (),
        url=f"{queue}/{reference}",
        queue=queue,
    )


def first_answer(answers: Mapping[str, Sequence[str]], field: str) -> str:
    """Return the first answer to a field without outer spaces; "" where there is none."""
    return next(iter(answers.get(field, ())), "").strip()


def version_shown(answers: Mapping[str, Sequence[str]]) -> int:
    """Return the version that the page with the pressed button was made of; -1 for nonsense."""
    typed = first_answer(answers, "version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else -1


def parse_reference(typed: str, letter: str) -> str:
    """Return a reference of the kind that starts with this letter. Raises Missing."""
    try:
        return parse(typed, letter)
    except ReferenceFault:
        raise Missing from None
