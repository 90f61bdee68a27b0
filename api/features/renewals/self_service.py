"""The way to one's own promise: a letter with a link for half an hour, to whoever signed it.

The answer is the same whether anybody has. The page behind the link can renew the promise, send new
sentences for it, or withdraw it, also when it has run out.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.content_files.signatory_files import EntryGone, Standing
from api.context import Context
from api.errors import FieldFault, Invalid, LinkExpired
from api.features import pledges
from api.features.renewals import store
from api.features.renewals.contact import contact_of, running_pledge
from api.features.renewals.reminders import link_rows
from api.features.renewals.store import Change, Link, Words
from api.mail import letters, outbox
from api.security import normalise as contact
from api.security import tokens
from api.security.references import new_id
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Signatory

LINK_WORKS = timedelta(minutes=30)
CHANGE_KEPT = timedelta(days=90)
CHANGE_FORGOTTEN = timedelta(days=365)
"""A change nobody reads is erased after that."""
HOW_CHARACTERS = 300


class Opened(msgspec.Struct, frozen=True):
    """What a link opens: the promise as it stands on the disk."""

    link: Link
    at: Standing

    @property
    def signatory(self) -> Signatory:
        """Whose promise it is."""
        return self.at.signatory


def opened(token: str, context: Context, *purposes: str) -> Opened:
    """Return what a link opens, and change nothing. Raises `LinkExpired`."""
    digest = tokens.token_hash(token)
    found = context.database.read_now(lambda look: store.link(look, digest))
    if found is None or found.purpose not in purposes or context.now >= found.expires_at:
        raise LinkExpired
    try:
        return Opened(found, signatory_files.find(context.project, found.pledge, found.who))
    except EntryGone:
        raise LinkExpired from None


def reread(of: Opened, context: Context) -> Opened:
    """Return the same with the promise as it stands now. Raises `EntryGone`."""
    return Opened(of.link, signatory_files.find(context.project, of.link.pledge, of.link.who))


def send_link(email: str, context: Context) -> None:
    """Write to whoever has made promises with this address. Nothing tells whether anybody has."""
    lookups = contact.lookups(context.encryption, email)

    def act(connection: Connection) -> None:
        rows, lines = list[Row](), list[dict[str, str]]()
        for of in _promises_of(connection, lookups, context):
            link, row = link_rows(of, "manage", context.now + LINK_WORKS, context)
            pledge = context.catalogue.pledge(of.pledge)
            title = pledge.title if pledge else of.pledge
            rows.append(row)
            lines.append({"pledge": title, "name": of.name, "link": link})
        if rows:
            insert_rows(connection, [*rows, _letter(connection, lookups, lines, context)])

    context.database.write_now(act)


def propose(opened_: Opened, how: Mapping[str, str], context: Context) -> bool:
    """Keep new sentences until somebody has read them; say whether any was new.

    Raises `Invalid` with the faults of each sentence, and `PledgeEnded`.
    """
    running_pledge(context, opened_.link.pledge)
    of = opened_.signatory
    new = {
        name: said
        for name, said in ((name, " ".join(one.split())) for name, one in how.items())
        if name in of.promises and said != of.promises[name].how
    }
    faults = [
        FieldFault(f"how-{name}", _("Leave out addresses, telephone numbers, postcodes, < and >."))
        for name, said in new.items()
        if not _fits(opened_.at, name, said, context)
    ]
    if faults:
        raise Invalid(*faults)
    if new:
        context.database.write_now(lambda write: _keep(write, of, new, context))
    return bool(new)


def withdraw(pledge: str, who: str, context: Context) -> None:
    """Take a promise off the register. Harmless when repeated. Raises `EntryGone`.

    Works on a past promise too, and where the pledge has ended: whoever promised may leave. After
    a crash between store and entry, `pledges/register/content_sync` takes the entry off.
    """
    with alone(context.project):
        at = signatory_files.read(context.project, pledge, who)
        context.database.write_now(lambda write: _note_withdrawn(write, at, context))
        _take_off(at, context)


def _take_off(at: Standing, context: Context) -> None:
    """Have the entry say it, whatever else is wrong there: nobody stays for a fault in it."""
    if at.signatory.status != "withdrawn":
        raw = signatory_files.changed_unchecked(at, {"status": "withdrawn"})
        put_in_place(context.project / at.path, raw)


def _note_withdrawn(connection: Connection, at: Standing, context: Context) -> None:
    """Have the store know it first, once, and tell its signer: the entry follows, come what may."""
    of = at.signatory
    _settle_changes(connection, of, context)
    for who in of.names:
        _note_of(connection, of, who, context)


def _settle_changes(connection: Connection, of: Signatory, context: Context) -> None:
    """Have no sentences wait for an entry, sent under whichever of its names."""
    for who in of.names:
        which = {"pledge": of.pledge, "who": who}
        store.settle_change(connection, which, "replaced", context.now, CHANGE_KEPT)


def _note_of(connection: Connection, of: Signatory, who: str, context: Context) -> None:
    """Call one sign-up of an entry withdrawn: of two that became one, each may have its own."""
    contact = contact_of(connection, of.pledge, who, context.encryption)
    found = pledges.published_sign_up_at(connection, signatory_files.path_of(of.pledge, who))
    if found is None or not pledges.withdraw(connection, found.id, context.now):
        return
    rows = [audit.line("promise.withdrawn", found.reference, actor=context.actor, at=context.now)]
    if contact and contact.email:
        pledge = context.catalogue.pledge(of.pledge)
        told = letters.compose(
            "keeping/withdrawn",
            to=contact.email,
            values={
                "pledge": pledge.title if pledge else of.pledge,
                "name": of.name,
                "days": pledges.KEPT_WITHDRAWN.days,
            },
        )
        rows.append(
            outbox.letter_row(context.encryption, told, now=context.now, about=found.reference)
        )
    insert_rows(connection, rows)


def _promises_of(
    connection: Connection, lookups: list[str], context: Context
) -> Iterator[Signatory]:
    """Yield the entries that one contact's sign-ups were published as, and that still stand."""
    for sign_up in pledges.published_sign_ups_of(connection, lookups):
        who = sign_up.entry_path.rpartition("/")[2].removesuffix(".md")
        try:
            of = signatory_files.find(context.project, sign_up.pledge, who).signatory
        except EntryGone:
            continue
        if of.status == "published":
            yield of


def _letter(
    connection: Connection, lookups: list[str], lines: list[dict[str, str]], context: Context
) -> Row:
    """Return the letter with all links, to the address we have, never to the one that was typed."""
    sign_up = pledges.published_sign_ups_of(connection, lookups)[0]
    private = context.encryption.decrypt_as(sign_up.id, sign_up.sealed or b"", pledges.Private)
    again = f"{context.settings.base_url}/pledges/manage/"
    values = {"promises": lines, "again": again}
    written = letters.compose("keeping/manage", to=private.contact_email, values=values)
    return outbox.letter_row(context.encryption, written, now=context.now, about=sign_up.reference)


def _fits(at: Standing, name: str, said: str, context: Context) -> bool:
    if len(said) > HOW_CHARACTERS:
        return False
    try:
        signatory_files.changed(at, {f"promises.{name}.how": said}, context.catalogue)
    except Unfit:
        return False
    return True


def _keep(connection: Connection, of: Signatory, new: Mapping[str, str], context: Context) -> None:
    _settle_changes(connection, of, context)
    change_id = new_id()
    kept = Change(
        id=change_id,
        pledge=of.pledge,
        who=of.slug,
        state="waiting",
        sealed=context.encryption.encrypt(change_id, Words(dict(new))),
        created_at=context.now,
    )
    about = f"{of.pledge}/{of.slug}"
    notice = letters.compose(
        "keeping/to_read",
        to=context.settings.staff_mail,
        values={
            "doubt": False,
            "entry": about,
            "link": f"{context.settings.base_url}/staff/keeping",
        },
    )
    rows = [
        store.change_row(kept, delete_after=context.now + CHANGE_FORGOTTEN),
        audit.line("promise.change_proposed", about, actor=context.actor, at=context.now),
        outbox.letter_row(context.encryption, notice, now=context.now, about=about),
    ]
    insert_rows(connection, rows)
