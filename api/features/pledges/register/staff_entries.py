"""Hide, and show again, entries that editors wrote: those that no sign-up was published as.

The audit trail says who hid one. Hiding changes the file before the audit line is written, showing
after it: a crash in between leaves too little published, never too much.
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import alone
from api.context import Context
from api.errors import Conflict
from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.register.entry_file import PUBLISHED, WITHDRAWN, set_status
from api.moderation import history as moderation_history
from api.moderation.history import HistoryEntry, HistoryRules
from api.staff import people
from api.store import audit
from api.store.audit import AuditEvent
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Signatory

HIDDEN, SHOWN, SETTLED = "entry.hidden", "entry.shown_again", "entry.dispute_settled"
ACTION_LABELS: Mapping[str, str] = {
    HIDDEN: gettext_noop("Hid it."),
    SHOWN: gettext_noop("Showed it again."),
    SETTLED: gettext_noop("Looked into what was said against it, and left it as it is."),
    "sign_up.disputed": gettext_noop("Said that this promise is not right."),
}


class HasSignUp(Conflict):
    """The entry was published from a sign-up, where staff decide about it."""

    code = "signed-for"
    sentence = gettext_noop("Somebody signed for this one: decide on the page of the sign-up.")


class NothingToDo(Conflict):
    """The entry is in that state already, or an editor withdrew it."""

    code = "not-so"
    sentence = gettext_noop("That was done already, or an editor took it off. Nothing was changed.")


class StaffEntry(msgspec.Struct, frozen=True):
    """An entry with its disputes and history.

    `sign_up_reference` is that of the sign-up it was published from, or empty.
    """

    entry: Signatory
    sign_up_reference: str
    hidden_by_staff: bool
    """Whether staff hid it, so that staff may show it again."""
    disputes: tuple[Dispute, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def is_published(self) -> bool:
        """Whether visitors see it."""
        return self.entry.status == PUBLISHED


def subject(pledge: str, slug: str) -> str:
    """Return what the audit trail calls an entry that has no reference."""
    return f"{pledge}/{slug}"


def read_entry(pledge: str, slug: str, context: Context) -> StaffEntry:
    """Return an entry, also a withdrawn one. Raises `EntryGone`."""
    file = signatory_files.read(context.project, pledge, slug)

    def query(connection: Connection) -> StaffEntry:
        lines = moderation_history.lines(connection, subject(pledge, slug))
        names = people.names_by_id(connection, context.encryption)
        sign_up = store.published_sign_up_at(connection, file.path)
        return StaffEntry(
            entry=file.signatory,
            sign_up_reference=sign_up.reference if sign_up else "",
            hidden_by_staff=_hidden_by_staff(lines),
            disputes=tuple(dispute_store.of_entry(connection, pledge, slug)),
            history=moderation_history.history(lines, names, HistoryRules(_label)),
        )

    return context.database.read_now(query)


def hide(pledge: str, slug: str, context: Context) -> None:
    """Withdraw an entry for now. Raises `EntryGone`, `HasSignUp`, `NothingToDo`, `Unfit`."""
    with alone(context.project):
        path = _path_without_sign_up(pledge, slug, context)
        if not set_status(context.project, path, WITHDRAWN):
            raise NothingToDo
        context.database.insert_now([_line(HIDDEN, pledge, slug, context)])


def show(pledge: str, slug: str, context: Context) -> None:
    """Publish it again as it was, and settle its disputes. Raises as `hide`."""

    def act(connection: Connection) -> None:
        if not _hidden_by_staff(moderation_history.lines(connection, subject(pledge, slug))):
            raise NothingToDo
        dispute_store.settle_of_entry(connection, pledge, slug, context.now)
        insert_rows(connection, [_line(SHOWN, pledge, slug, context)])

    with alone(context.project):
        path = _path_without_sign_up(pledge, slug, context)
        context.database.write_now(act)
        set_status(context.project, path, PUBLISHED)


def settle(pledge: str, slug: str, context: Context) -> None:
    """Settle the disputes of an entry and leave it as it is.

    Raises `EntryGone`, `HasSignUp`, `NothingToDo`.
    """

    def act(connection: Connection) -> None:
        if not dispute_store.settle_of_entry(connection, pledge, slug, context.now):
            raise NothingToDo
        insert_rows(connection, [_line(SETTLED, pledge, slug, context)])

    _path_without_sign_up(pledge, slug, context)
    context.database.write_now(act)


def _path_without_sign_up(pledge: str, slug: str, context: Context) -> str:
    path = signatory_files.read(context.project, pledge, slug).path
    if context.database.read_now(lambda connection: store.published_sign_up_at(connection, path)):
        raise HasSignUp
    return path


def _hidden_by_staff(lines: list[AuditEvent]) -> bool:
    last = next((line.action for line in lines if line.action in (HIDDEN, SHOWN)), "")
    return last == HIDDEN


def _line(action: str, pledge: str, slug: str, context: Context) -> audit.Row:
    return audit.new_event(action, subject(pledge, slug), actor=context.actor, at=context.now)


def _label(line: AuditEvent) -> str:
    return _(ACTION_LABELS[line.action]) if line.action in ACTION_LABELS else line.action
