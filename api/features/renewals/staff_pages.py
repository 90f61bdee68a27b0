"""The staff's pages about promises: what waits for a decision, and the letters to post."""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.features.renewals import store
from api.features.renewals.contact import find_contact
from api.features.renewals.feedback import doubts
from api.features.renewals.feedback import store as feedback_store
from api.features.renewals.store import Reminder, TextChange
from api.features.renewals.text_changes import decrypt_texts
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, day, long_date
from catalogue.outputs.search.choices import Choice
from catalogue.read.site_settings import Service

REMINDER_LABELS = {
    "first": gettext_noop("first reminder"),
    "second": gettext_noop("second reminder"),
    "past": gettext_noop("the promise has run out"),
}


class UnrenewedPromise(msgspec.Struct, frozen=True):
    """A promise that is overdue or past. `until` is a day in words."""

    pledge: str
    slug: str
    name: str
    url: str
    pledge_title: str
    until: str


class DoubtView(msgspec.Struct, frozen=True):
    """An open doubt; `counts` are lines of text about the answers of three months."""

    id: str
    name: str
    url: str
    opened_on: str
    counts: Sequence[str]


class TextChangeView(msgspec.Struct, frozen=True):
    """New sentences: of each commitment its title, the present text and the new one."""

    id: str
    name: str
    url: str
    sent_on: str
    texts: Sequence[tuple[str, str, str]]


class PostLetter(msgspec.Struct, frozen=True):
    """A letter to print. `address_lines` are as much of the address as is known."""

    pledge: str
    slug: str
    name: str
    pledge_title: str
    address_lines: tuple[str, ...]
    until: str
    kind: str
    past: bool
    letter_failed: bool


class PromisesPage(Page, frozen=True, kw_only=True):
    """What waits for staff; `letters_to_post` is a number."""

    template = "staff/keeping.html"
    doubts: Sequence[DoubtView]
    text_changes: Sequence[TextChangeView]
    overdue: Sequence[UnrenewedPromise]
    past: Sequence[UnrenewedPromise]
    letters_to_post: int
    outcomes: Sequence[Choice]


class PostLettersPage(Page, frozen=True, kw_only=True):
    """The letters to print and post."""

    template = "staff/keeping_post.html"
    letters: Sequence[PostLetter]
    service: Service


def promises_page(connection: Connection, context: Context) -> PromisesPage:
    """Return what waits for staff, the oldest first."""
    overdue, past = [], []
    for signatory, pledge in _unrenewed_signatories(context):
        if signatory.lapsed(context.today):
            past.append(_unrenewed_promise(signatory, pledge))
        elif signatory.overdue(context.today):
            overdue.append(_unrenewed_promise(signatory, pledge))
    changes = store.waiting_text_changes(connection)
    return PromisesPage(
        doubts=_doubt_views(connection, context),
        text_changes=[_text_change_view(change, context) for change in changes],
        overdue=overdue,
        past=past,
        letters_to_post=len(post_letters(connection, context)),
        outcomes=[Choice(value, _(label)) for value, label in doubts.OUTCOMES.items()],
    )


def post_letters(connection: Connection, context: Context) -> list[PostLetter]:
    """Return the newest letter to print of each entry that was not renewed since."""
    newest: dict[str, PostLetter] = {}
    for reminder in store.reminders_to_post(connection):
        signatory = _find_signatory(reminder.pledge, reminder.slug, context)
        pledge = context.catalogue.pledge(reminder.pledge)
        if signatory is None or pledge is None or pledge.status == "ended":
            continue
        if _is_still_needed(connection, reminder, signatory):
            letter = _post_letter(connection, reminder, signatory, pledge, context)
            newest[signatory.path] = letter
    return [*newest.values()]


def _is_still_needed(connection: Connection, reminder: Reminder, signatory: Signatory) -> bool:
    if signatory.status == "withdrawn":
        return False
    if signatory.confirmed_until != reminder.confirmed_until:
        return False
    # After a merge the entry that was kept may have been reminded itself.
    return reminder.slug == signatory.slug or not store.was_reminded(
        connection, reminder.pledge, [signatory.slug], reminder.confirmed_until, reminder.kind
    )


def _post_letter(
    connection: Connection,
    reminder: Reminder,
    signatory: Signatory,
    pledge: Pledge,
    context: Context,
) -> PostLetter:
    contact = find_contact(connection, reminder.pledge, signatory.slug, context.encryption)
    person = (contact.name, contact.role) if contact else ()
    place = [signatory.place]
    if contact and contact.postal_address:
        place = contact.postal_address.splitlines()
    lines = (line for line in (*person, signatory.name, *place) if line)
    return PostLetter(
        pledge=reminder.pledge,
        slug=signatory.slug,
        name=signatory.name,
        pledge_title=pledge.title,
        address_lines=tuple(dict.fromkeys(lines)),
        until=long_date(signatory.confirmed_until),
        kind=_(REMINDER_LABELS[reminder.kind]),
        past=signatory.lapsed(context.today),
        letter_failed=reminder.letter_failed,
    )


def _unrenewed_signatories(context: Context) -> Iterator[tuple[Signatory, Pledge]]:
    """Yield the signatories of running pledges whose day is over, as they are on the disk."""
    for pledge in context.catalogue.pledges:
        if pledge.status == "ended":
            continue
        register = context.catalogue.register(pledge.slug)
        for listed in sorted(register, key=lambda signatory: signatory.confirmed_until):
            if listed.confirmed_until < context.today:
                signatory = _find_signatory(listed.pledge, listed.slug, context)
                if signatory and signatory.status == "published":
                    yield signatory, pledge


def _unrenewed_promise(signatory: Signatory, pledge: Pledge) -> UnrenewedPromise:
    return UnrenewedPromise(
        pledge=signatory.pledge,
        slug=signatory.slug,
        name=signatory.name,
        url=_url(signatory.pledge, signatory.slug),
        pledge_title=pledge.title,
        until=long_date(signatory.confirmed_until),
    )


def _doubt_views(connection: Connection, context: Context) -> list[DoubtView]:
    """Return the open doubts, one an entry: after a merge there may be two."""
    views = (
        _doubt_view(doubt, connection, context) for doubt in feedback_store.open_doubts(connection)
    )
    return [*{view.url: view for view in views}.values()]


def _doubt_view(doubt: feedback_store.Doubt, connection: Connection, context: Context) -> DoubtView:
    signatory = _find_signatory(doubt.pledge, doubt.slug, context)
    titles = _commitment_titles(signatory, context)
    slugs = signatory.names if signatory else (doubt.slug,)
    first_month = doubts.first_counted_month(context.now)
    counts = feedback_store.feedback_counts(connection, doubt.pledge, slugs, first_month)
    return DoubtView(
        id=doubt.id,
        name=signatory.name if signatory else doubt.slug,
        url=_url(doubt.pledge, signatory.slug if signatory else doubt.slug),
        opened_on=day(doubt.opened_at.astimezone(LOCAL).date()),
        counts=[
            _(
                "%(commitment)s: %(yes)s yes, %(no)s no",
                commitment=titles.get(count.commitment, count.commitment),
                yes=count.yes,
                no=count.no,
            )
            for count in counts
        ],
    )


def _text_change_view(change: TextChange, context: Context) -> TextChangeView:
    signatory = _find_signatory(change.pledge, change.slug, context)
    titles = _commitment_titles(signatory, context)
    promises = signatory.promises if signatory else {}
    return TextChangeView(
        id=change.id,
        name=signatory.name if signatory else change.slug,
        url=_url(change.pledge, signatory.slug if signatory else change.slug),
        sent_on=day(change.created_at.astimezone(LOCAL).date()),
        texts=[
            (titles.get(name, name), promises[name].how if name in promises else "", text)
            for name, text in decrypt_texts(change, context).items()
        ],
    )


def _commitment_titles(signatory: Signatory | None, context: Context) -> dict[str, str]:
    pledge = context.catalogue.pledge(signatory.pledge) if signatory else None
    return {
        commitment.id: commitment.title
        for version in (pledge.versions if pledge else ())
        for commitment in version.commitments
    }


def _find_signatory(pledge: str, slug: str, context: Context) -> Signatory | None:
    try:
        return signatory_files.find(context.project, pledge, slug).signatory
    except EntryGone:
        return None


def _url(pledge: str, slug: str) -> str:
    return f"/pledges/{pledge}/{slug}/"
