"""From a confirmed sign-up to a Markdown entry: the public half, checked as every entry is.

The order survives a crash at any point. First the store notes the path, so that a second try
writes the same file and no other entry takes the name; then the file is put in place whole; only
then the sign-up is called published, and its signer told. A crash in between leaves at worst an
entry whose sign-up still says "confirmed": approving again finishes it, with one letter.
"""

import unicodedata
from pathlib import Path

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.access import audit
from api.desk import Desk
from api.entries import Unfit
from api.mail import letter, outbox
from api.pledges import contact, store
from api.pledges.confirm import public_name
from api.pledges.decide import DecidedBefore, Held, NotConfirmed, sign_up
from api.pledges.entry_file import put_in_place
from api.pledges.store import Private, SignUp
from api.store.writer import insert_rows
from catalogue import load
from catalogue.catalogue import Catalogue
from catalogue.faults import Fault
from catalogue.pledge import Pledge, SignatoryFront
from catalogue.text import SLUG_CHARACTERS, slug_of
from catalogue.words import LOCAL, long_date

RESERVED = frozenset({"index", "sign", "signed"})
"""Names of pages that stand beside the signatories."""


def approve(reference: str, desk: Desk, catalogue: Catalogue) -> Path:
    """Publish a confirmed sign-up and return its entry's file; the site is built by the caller.

    Harmless when repeated. `catalogue` is the content as it stands on disk. Raises `NotThere`,
    `NotConfirmed`, `Held`, `DecidedBefore`, or `Unfit` with the faults of the entry.
    """
    found = desk.database.read_now(lambda look: sign_up(look, reference))
    if found.state == "published":
        return desk.project / found.entry_path
    _expect_confirmed(found)
    front = _front(found, desk, catalogue)
    path = _claimed(found, front, desk)
    put_in_place(desk.project, path, front, catalogue)
    _mark(found, front, path, desk, _pledge(found, catalogue))
    return desk.project / path


def _expect_confirmed(found: SignUp) -> None:
    if found.state == "awaiting_confirmation":
        raise NotConfirmed
    if found.state == "held":
        raise Held
    if found.state != "confirmed" or found.sealed is None:
        raise DecidedBefore


def _pledge(of: SignUp, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(of.pledge)
    if pledge is None:
        raise Unfit([Fault(f"{load.CONTENT}/pledges/{of.pledge}", 1, "", "this pledge is gone")])
    return pledge


def _front(of: SignUp, desk: Desk, catalogue: Catalogue) -> SignatoryFront:
    """Return the public half; the same at every try, for it dates from the confirmation."""
    private = desk.vault.open_as(of.id, of.sealed or b"", Private)
    since = (of.confirmed_at or desk.now).astimezone(LOCAL).date()
    months = _pledge(of, catalogue).confirm_months
    return SignatoryFront(
        name=public_name(of, private, catalogue.taxonomy),
        signer="person" if of.signer == "person" else "organisation",
        kind=of.kind,
        place=of.place,
        version=of.version,
        text_sha256=of.text_sha256,
        promises=of.promises,
        since=since,
        confirmed_until=since + relativedelta(months=months),
    )


def _claimed(of: SignUp, front: SignatoryFront, desk: Desk) -> str:
    """Return the path of the entry below the project, noted in the store as this sign-up's own."""

    def act(connection: Connection) -> str:
        now = sign_up(connection, of.reference)
        if now.entry_path:
            return now.entry_path
        before = _earlier(connection, of, desk)
        taken = store.paths_taken(connection, of.pledge)
        path = before.entry_path if before else _free_path(desk.project, of, front, taken)
        store.claim_path(connection, of.id, path)
        return path

    return str(desk.database.write_now(act))


def _earlier(connection: Connection, of: SignUp, desk: Desk) -> SignUp | None:
    """Return the promise to an earlier wording that this one takes the place of."""
    private = desk.vault.open_as(of.id, of.sealed or b"", Private)
    return store.earlier(connection, of, contact.lookups(desk.vault, private.contact_email))


def _free_path(project: Path, of: SignUp, front: SignatoryFront, taken: set[str]) -> str:
    """Return the first path that neither a file nor another sign-up has: `-2`, `-3` and so on."""
    plain = unicodedata.normalize("NFKD", front.name).encode("ascii", "ignore").decode()
    name = slug_of(plain) or slug_of(f"{front.kind} in {front.place}")
    name = name[: SLUG_CHARACTERS - 4].strip("-")
    number = 1
    while True:
        slug = name if number == 1 else f"{name}-{number}"
        path = f"{load.CONTENT}/pledges/{of.pledge}/{slug}.md"
        if slug not in RESERVED and path not in taken and not (project / path).exists():
            return path
        number += 1


def _mark(of: SignUp, front: SignatoryFront, path: str, desk: Desk, pledge: Pledge) -> None:
    """Call it published, once, and write to its signer."""
    private = desk.vault.open_as(of.id, of.sealed or b"", Private)
    written = letter.compose(
        "pledges/published",
        to=private.contact_email,
        context={
            "pledge": pledge.title,
            "name": front.name,
            "until": long_date(front.confirmed_until),
            "link": f"{desk.settings.base_url}/pledges/{of.pledge}/{Path(path).stem}/",
        },
    )

    def act(connection: Connection) -> None:
        before = _earlier(connection, of, desk)
        changed = store.move(
            connection,
            of.id,
            of=("confirmed",),
            to="published",
            decided_at=desk.now,
            public_name=front.name,
            delete_after=store.kept_until(front.confirmed_until),
        )
        if changed:
            line = audit.line("sign_up.published", of.reference, actor=desk.operator, at=desk.now)
            told = outbox.queued(desk.vault, written, now=desk.now, about=of.reference)
            insert_rows(connection, [line, told])
        if changed and before:
            _step_aside(connection, before, of, desk)

    desk.database.write_now(act)


def _step_aside(connection: Connection, before: SignUp, after: SignUp, desk: Desk) -> None:
    """End a promise whose signatory has signed newer words: its entry is the new one's now."""
    why = f"{after.reference} takes its place, to wording {after.version}."
    ended = {"decided_at": desk.now, "decision_why": why, "entry_path": None}
    store.move(connection, before.id, of=("published",), to="withdrawn", **ended)
    line = audit.line(
        "sign_up.replaced", before.reference, actor=desk.operator, at=desk.now, by=after.reference
    )
    insert_rows(connection, [line])
