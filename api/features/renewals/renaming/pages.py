"""The staff's pages about names on the register: all entries, and one entry with its changes."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import FieldFault
from api.features.renewals import store as renewals_store
from api.features.renewals.renaming import store
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Signatory
from catalogue.outputs.formatting import LOCAL, day, long_date
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.search.choices import Choice

REGISTER = "/staff/register"
CHANGE_LABELS = {
    "rename": gettext_noop("%(old)s became %(new)s"),
    "merge": gettext_noop("%(old)s was joined to %(new)s"),
}


class UndoableChange(msgspec.Struct, frozen=True):
    """A rename or merge that can be undone; `changed_on` is a day in words."""

    id: str
    label: str
    changed_on: str


class RegisterPage(Page, frozen=True, kw_only=True):
    """The entries of all pledges: for each pledge its title, and the name and URL of each entry."""

    template = "staff/register.html"
    pledges: Sequence[tuple[str, Sequence[tuple[str, str]]]]


class RegisterEntryPage(Page, frozen=True, kw_only=True):
    """One entry. `url` is its public page, `staff_url` this one; `renewals` are lines of text."""

    template = "staff/register_entry.html"
    name: str
    url: str
    staff_url: str
    former_slugs: Sequence[str]
    form: Form
    duplicates: Sequence[Choice]
    renewals: Sequence[str]
    changes: Sequence[UndoableChange]


def register_page(context: Context) -> RegisterPage:
    """Return the page of all entries."""
    catalogue = context.catalogue
    return RegisterPage(
        pledges=[
            (
                pledge.title,
                [(entry.name, _staff_url(entry)) for entry in catalogue.register(pledge.slug)],
            )
            for pledge in catalogue.pledges
        ]
    )


def register_entry_page(
    connection: Connection,
    signatory: Signatory,
    context: Context,
    answers: Mapping[str, str] | None,
    faults: Sequence[FieldFault],
) -> RegisterEntryPage:
    """Return the page of one entry, with the answers and faults of a form that was refused."""
    values = answers
    if values is None:
        values = {"name": signatory.name, "slug": signatory.slug}
    staff_url = _staff_url(signatory)
    errors = [FieldError(fault.field, fault.message) for fault in faults]
    return RegisterEntryPage(
        name=signatory.name,
        url=f"/pledges/{signatory.pledge}/{signatory.slug}/",
        staff_url=staff_url,
        former_slugs=signatory.former_slugs,
        form=Form(f"{staff_url}/rename", values=values, errors=errors),
        duplicates=[
            Choice(other.slug, other.name)
            for other in context.catalogue.register(signatory.pledge)
            if other.slug != signatory.slug
        ],
        renewals=_renewals(connection, signatory),
        changes=_undoable_changes(connection, signatory),
    )


def _undoable_changes(connection: Connection, signatory: Signatory) -> list[UndoableChange]:
    return [
        UndoableChange(
            change.id,
            _(CHANGE_LABELS[change.kind], old=change.old_slug, new=change.new_slug),
            day(change.created_at.astimezone(LOCAL).date()),
        )
        for change in store.changes_of_entry(connection, signatory.pledge, signatory.slug)
        if change.new_slug == signatory.slug and change.written_at
    ]


def _renewals(connection: Connection, signatory: Signatory) -> list[str]:
    """Return when the promise was renewed, under any of its slugs, the newest first."""
    check_ins = renewals_store.check_ins(connection, signatory.pledge, signatory.names)
    return [
        _(
            "%(day)s, until %(until)s",
            day=long_date(check_in.created_at.astimezone(LOCAL).date()),
            until=long_date(check_in.until_after),
        )
        for check_in in check_ins
    ]


def _staff_url(signatory: Signatory) -> str:
    return f"{REGISTER}/{signatory.pledge}/{signatory.slug}"
