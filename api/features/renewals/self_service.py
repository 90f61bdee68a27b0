"""The links by which signatories reach their own promise, and withdrawing it.

A link is written to the address that signed and works for half an hour. Whether anybody signed with
an address is never told. The page behind the link also works for a promise that is past.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import alone, put_in_place
from api.content_files.signatory_files import EntryGone, SignatoryFile
from api.context import Context
from api.errors import LinkExpired
from api.features import pledges
from api.features.renewals import store, text_changes
from api.features.renewals.contact import find_contact
from api.features.renewals.reminders import new_link
from api.features.renewals.store import EntryLink, LinkPurpose
from api.mail import store as mail_store
from api.security import normalise, tokens
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.model.pledge import Signatory

LINK_VALID = timedelta(minutes=30)


class OpenedLink(msgspec.Struct, frozen=True):
    """A link that works, and its entry as it is on the disk."""

    link: EntryLink
    entry: SignatoryFile

    @property
    def signatory(self) -> Signatory:
        """Return whose promise it is."""
        return self.entry.signatory


def open_link(token: str, context: Context, *purposes: LinkPurpose) -> OpenedLink:
    """Return what the link with a token leads to; change nothing. Raises `LinkExpired`."""
    token_hash = tokens.token_hash(token)
    link = context.database.read_now(lambda connection: store.find_link(connection, token_hash))
    if link is None or link.purpose not in purposes or context.now >= link.expires_at:
        raise LinkExpired
    try:
        return OpenedLink(link, signatory_files.find(context.project, link.pledge, link.slug))
    except EntryGone:
        raise LinkExpired from None


def reload_entry(opened_link: OpenedLink, context: Context) -> OpenedLink:
    """Return the same link with its entry read again. Raises `EntryGone`."""
    link = opened_link.link
    return OpenedLink(link, signatory_files.find(context.project, link.pledge, link.slug))


def send_link(email: str, context: Context) -> None:
    """Write links to all promises made with an address; do nothing if there are none."""
    lookups = normalise.lookups(context.encryption, email)

    def insert_links(connection: Connection) -> None:
        rows, promises = list[Row](), list[dict[str, str]]()
        for signatory in _published_signatories(connection, lookups, context):
            url, link_row = new_link(signatory, "manage", context.now + LINK_VALID, context)
            pledge = context.catalogue.pledge(signatory.pledge)
            title = pledge.title if pledge else signatory.pledge
            rows.append(link_row)
            promises.append({"pledge": title, "name": signatory.name, "link": url})
        if rows:
            rows.append(_link_letter_row(connection, lookups, promises, context))
            insert_rows(connection, rows)

    context.database.write_now(insert_links)


def withdraw(pledge: str, slug: str, context: Context) -> None:
    """Take a promise off the register; harmless when repeated. Raises `EntryGone`.

    Works for a past promise too, and where the pledge has ended. The store is written first, then
    the entry; after a crash between them `pledges/register/content_sync` takes the entry off.
    """
    with alone(context.project):
        entry = signatory_files.read(context.project, pledge, slug)
        context.database.write_now(
            lambda connection: _withdraw_records(connection, entry.signatory, context)
        )
        if entry.signatory.status != "withdrawn":
            # Unchecked: another fault in the entry must not keep anybody on the register.
            raw = signatory_files.changed_unchecked(entry, {"status": "withdrawn"})
            put_in_place(context.project / entry.path, raw)


def _withdraw_records(connection: Connection, signatory: Signatory, context: Context) -> None:
    """Withdraw every sign-up of an entry: after a merge each former slug may have its own."""
    text_changes.replace_waiting(connection, signatory, context)
    for slug in signatory.names:
        _withdraw_sign_up(connection, signatory, slug, context)


def _withdraw_sign_up(
    connection: Connection, signatory: Signatory, slug: str, context: Context
) -> None:
    """Withdraw the sign-up published under one slug, and write to its contact, once."""
    contact = find_contact(connection, signatory.pledge, slug, context.encryption)
    path = signatory_files.path_of(signatory.pledge, slug)
    sign_up = pledges.published_sign_up_at(connection, path)
    if sign_up is None or not pledges.withdraw(connection, sign_up.id, context.now):
        return
    reference = sign_up.reference
    rows = [audit.new_event("promise.withdrawn", reference, actor=context.actor, at=context.now)]
    if contact and contact.email:
        pledge = context.catalogue.pledge(signatory.pledge)
        letter = context.letter_row(
            "keeping/withdrawn",
            to=contact.email,
            values={
                "pledge": pledge.title if pledge else signatory.pledge,
                "name": signatory.name,
                "days": pledges.KEPT_WITHDRAWN.days,
            },
            about=reference,
        )
        mail_store.release(connection, reference, context.now)
        rows.append(letter)
    insert_rows(connection, rows)


def _published_signatories(
    connection: Connection, lookups: list[str], context: Context
) -> Iterator[Signatory]:
    """Yield the entries of a contact's sign-ups that are still on the register."""
    for sign_up in pledges.published_sign_ups_of(connection, lookups):
        slug = sign_up.entry_path.rpartition("/")[2].removesuffix(".md")
        try:
            signatory = signatory_files.find(context.project, sign_up.pledge, slug).signatory
        except EntryGone:
            continue
        if signatory.status == "published":
            yield signatory


def _link_letter_row(
    connection: Connection,
    lookups: list[str],
    promises: Sequence[dict[str, str]],
    context: Context,
) -> Row:
    """Return the letter with all links. It goes to the stored address, not to the one typed."""
    sign_up = pledges.published_sign_ups_of(connection, lookups)[0]
    private = context.encryption.decrypt_as(
        sign_up.id, sign_up.sealed or b"", pledges.SignUpPersonalData
    )
    values = {
        "promises": promises,
        "again": f"{context.settings.base_url}/pledges/manage/",
    }
    return context.letter_row(
        "keeping/manage", to=private.contact_email, values=values, about=sign_up.reference
    )
