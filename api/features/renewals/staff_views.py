"""What the staff's pages about standing promises show: what waits, and what goes by post."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.features.renewals import store
from api.features.renewals.contact import contact_of
from api.features.renewals.feedback import doubts as visitor_feedback
from api.features.renewals.feedback import store as visitor_feedback_store
from api.features.renewals.text_changes import said_in
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, day, long_date
from catalogue.outputs.search.choices import Choice

KINDS = {
    "first": gettext_noop("first reminder"),
    "second": gettext_noop("second reminder"),
    "past": gettext_noop("the promise is past"),
}


class Standing(msgspec.Struct, frozen=True):
    """A promise that nobody has renewed."""

    pledge: str
    who: str
    name: str
    url: str
    pledge_title: str
    until: str


class DoubtShown(msgspec.Struct, frozen=True):
    """What visitors have said of an entry in three months."""

    id: str
    name: str
    url: str
    opened: str
    counts: tuple[str, ...]


class ChangeShown(msgspec.Struct, frozen=True):
    """New sentences: of each commitment its title, the words as they stand, the words sent."""

    id: str
    name: str
    url: str
    sent: str
    lines: tuple[tuple[str, str, str], ...]


class PostShown(msgspec.Struct, frozen=True):
    """A letter to print. `to` are the lines of its address as far as they are known."""

    pledge: str
    who: str
    name: str
    pledge_title: str
    to: tuple[str, ...]
    until: str
    kind: str
    past: bool
    failed: bool


class Waiting(msgspec.Struct, frozen=True):
    """All that waits for staff."""

    doubts: tuple[DoubtShown, ...]
    changes: tuple[ChangeShown, ...]
    overdue: tuple[Standing, ...]
    past: tuple[Standing, ...]
    post: int
    outcomes: tuple[Choice, ...]


def waiting(connection: Connection, context: Context) -> Waiting:
    """Return what waits, the oldest first."""
    overdue, past = [], []
    for of, pledge in _running(context):
        if of.lapsed(context.today):
            past.append(_standing(of, pledge))
        elif of.overdue(context.today):
            overdue.append(_standing(of, pledge))
    return Waiting(
        doubts=_doubts(connection, context),
        changes=tuple(_change(one, context) for one in store.waiting_changes(connection)),
        overdue=tuple(overdue),
        past=tuple(past),
        post=len(for_post(connection, context)),
        outcomes=tuple(
            Choice(value, _(words)) for value, words in visitor_feedback.OUTCOMES.items()
        ),
    )


def for_post(connection: Connection, context: Context) -> list[PostShown]:
    """Return the newest letter to print of each entry whose promise still runs out then."""
    newest: dict[str, PostShown] = {}
    for one in store.to_post(connection):
        found = _entry(one.pledge, one.who, context)
        pledge = context.catalogue.pledge(one.pledge)
        if found is None or pledge is None or pledge.status == "ended":
            continue
        if found.status == "withdrawn" or found.confirmed_until != one.until:
            continue
        if one.who != found.slug and store.was_reminded(
            connection, one.pledge, [found.slug], one.until, one.kind
        ):  # two became one, and it has a letter of its own
            continue
        contact = contact_of(connection, one.pledge, found.slug, context.encryption)
        person = (contact.name, contact.role) if contact else ()
        place = contact.post.splitlines() if contact and contact.post else [found.place]
        newest[found.path] = PostShown(
            pledge=one.pledge,
            who=found.slug,
            name=found.name,
            pledge_title=pledge.title,
            to=tuple(dict.fromkeys(line for line in (*person, found.name, *place) if line)),
            until=long_date(found.confirmed_until),
            kind=_(KINDS[one.kind]),
            past=found.lapsed(context.today),
            failed=one.failed,
        )
    return [*newest.values()]


def _running(context: Context) -> Iterator[tuple[Signatory, Pledge]]:
    """Yield the promises of pledges that run, as they stand on the disk where they ran out."""
    for pledge in context.catalogue.pledges:
        if pledge.status == "ended":
            continue
        register = context.catalogue.register(pledge.slug)
        for of in sorted(register, key=lambda one: one.confirmed_until):
            if of.confirmed_until < context.today:
                fresh = _entry(of.pledge, of.slug, context)
                if fresh and fresh.status == "published":
                    yield fresh, pledge


def _standing(of: Signatory, pledge: Pledge) -> Standing:
    until = long_date(of.confirmed_until)
    return Standing(of.pledge, of.slug, of.name, _url(of), pledge.title, until)


def _doubts(connection: Connection, context: Context) -> tuple[DoubtShown, ...]:
    """Return the open doubts, one an entry: of two that became one, there may be two."""
    shown = (_doubt(one, connection, context) for one in visitor_feedback_store.doubts(connection))
    return tuple({one.url: one for one in shown}.values())


def _doubt(
    one: visitor_feedback_store.Doubt, connection: Connection, context: Context
) -> DoubtShown:
    of = _entry(one.pledge, one.who, context)
    titles = _titles(of, context)
    names = of.names if of else (one.who,)
    said = visitor_feedback_store.visits(
        connection, one.pledge, names, visitor_feedback.since(context.now)
    )
    counts = (
        _(
            "%(commitment)s: %(yes)s yes, %(no)s no",
            commitment=titles.get(each.commitment, each.commitment),
            yes=each.yes,
            no=each.no,
        )
        for each in said
    )
    name = of.name if of else one.who
    opened = day(one.opened_at.astimezone(LOCAL).date())
    url = _url(of) if of else f"/pledges/{one.pledge}/{one.who}/"
    return DoubtShown(one.id, name, url, opened, tuple(counts))


def _change(one: store.Change, context: Context) -> ChangeShown:
    of = _entry(one.pledge, one.who, context)
    titles = _titles(of, context)
    lines = tuple(
        (titles.get(name, name), of.promises[name].how if of and name in of.promises else "", said)
        for name, said in said_in(one, context).items()
    )
    sent = day(one.created_at.astimezone(LOCAL).date())
    name = of.name if of else one.who
    url = _url(of) if of else f"/pledges/{one.pledge}/{one.who}/"
    return ChangeShown(one.id, name, url, sent, lines)


def _titles(of: Signatory | None, context: Context) -> dict[str, str]:
    pledge = context.catalogue.pledge(of.pledge) if of else None
    versions = pledge.versions if pledge else ()
    return {one.id: one.title for version in versions for one in version.commitments}


def _entry(pledge: str, who: str, context: Context) -> Signatory | None:
    try:
        return signatory_files.find(context.project, pledge, who).signatory
    except EntryGone:
        return None


def _url(of: Signatory) -> str:
    return f"/pledges/{of.pledge}/{of.slug}/"
