"""Entries that editors wrote, with no sign-up behind them: staff hide them, and show them again.

The entry is all there is, and the trail says who hid it. Hiding changes the entry first, showing
writes the line first: a crash in between errs on the side of showing too little.
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
from api.store.audit import Line
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Signatory

HIDDEN, SHOWN, SETTLED = "entry.hidden", "entry.shown_again", "entry.dispute_settled"
ACTION_LABELS: Mapping[str, str] = {
    HIDDEN: gettext_noop("Hid it."),
    SHOWN: gettext_noop("Showed it again."),
    SETTLED: gettext_noop("Looked at what was said against it, and left it."),
    "sign_up.disputed": gettext_noop("Said that it is not right."),
}


class HasSignUp(Conflict):
    """A sign-up stands behind the entry, and decides about it."""

    sentence = gettext_noop("Somebody signed for this one: decide on the page of the sign-up.")


class NothingToDo(Conflict):
    """It is not in the state that the act is for."""

    sentence = gettext_noop("It is so already, or an editor took it off. Nothing was done.")


class StaffEntry(msgspec.Struct, frozen=True):
    """All there is about an entry at one moment. `signed_for` is the reference of its sign-up."""

    entry: Signatory
    signed_for: str
    by_us: bool
    """Whether it was staff who hid it, so that staff may show it again."""
    disputes: tuple[Dispute, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def stands(self) -> bool:
        """Say whether visitors see it."""
        return self.entry.status == PUBLISHED


def subject(pledge: str, who: str) -> str:
    """Return what the trail calls an entry that has no reference."""
    return f"{pledge}/{who}"


def read_entry(pledge: str, who: str, context: Context) -> StaffEntry:
    """Return what there is about an entry, withdrawn ones too. Raises `EntryGone`."""
    of = signatory_files.read(context.project, pledge, who)

    def ask(connection: Connection) -> StaffEntry:
        lines = moderation_history.lines(connection, subject(pledge, who))
        names = people.names_by_id(connection, context.encryption)
        behind = store.published_sign_up_at(connection, of.path)
        return StaffEntry(
            entry=of.signatory,
            signed_for=behind.reference if behind else "",
            by_us=_by_us(lines),
            disputes=tuple(dispute_store.of_entry(connection, pledge, who)),
            history=moderation_history.history(lines, names, HistoryRules(_what)),
        )

    return context.database.read_now(ask)


def hide(pledge: str, who: str, context: Context) -> None:
    """Take an entry off the site for now. Raises `EntryGone`, `SignedFor`, `NotSo`, `Unfit`."""
    with alone(context.project):
        path = _unsigned(pledge, who, context)
        if not set_status(context.project, path, WITHDRAWN):
            raise NothingToDo
        context.database.insert_now([_line(HIDDEN, pledge, who, context)])


def show(pledge: str, who: str, context: Context) -> None:
    """Let it stand again as it was; what was said against it is settled. Raises as `hide`."""

    def act(connection: Connection) -> None:
        if not _by_us(moderation_history.lines(connection, subject(pledge, who))):
            raise NothingToDo
        dispute_store.settle_of_entry(connection, pledge, who, context.now)
        insert_rows(connection, [_line(SHOWN, pledge, who, context)])

    with alone(context.project):
        path = _unsigned(pledge, who, context)
        context.database.write_now(act)
        set_status(context.project, path, PUBLISHED)


def settle(pledge: str, who: str, context: Context) -> None:
    """Leave a disputed entry as it is. Raises `EntryGone`, `SignedFor`, `NotSo`."""

    def act(connection: Connection) -> None:
        if not dispute_store.settle_of_entry(connection, pledge, who, context.now):
            raise NothingToDo
        insert_rows(connection, [_line(SETTLED, pledge, who, context)])

    _unsigned(pledge, who, context)
    context.database.write_now(act)


def _unsigned(pledge: str, who: str, context: Context) -> str:
    path = signatory_files.read(context.project, pledge, who).path
    if context.database.read_now(lambda ask: store.published_sign_up_at(ask, path)):
        raise HasSignUp
    return path


def _by_us(lines: list[Line]) -> bool:
    last = next((one.action for one in lines if one.action in (HIDDEN, SHOWN)), "")
    return last == HIDDEN


def _line(action: str, pledge: str, who: str, context: Context) -> audit.Row:
    return audit.line(action, subject(pledge, who), actor=context.actor, at=context.now)


def _what(line: Line) -> str:
    return _(ACTION_LABELS[line.action]) if line.action in ACTION_LABELS else line.action
