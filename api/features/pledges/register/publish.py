"""Publish a confirmed sign-up: write its public half as a checked Markdown entry.

The order of steps survives a crash at any point. First the store notes the path, so that a second
try writes the same file and no other entry takes the name; then the file is put in place whole;
last the sign-up is marked as published, with the letter to its signer. A crash in between leaves at
worst an entry whose sign-up is still "confirmed": approving again finishes it, with one letter.
"""

import unicodedata
from datetime import date
from pathlib import Path

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone
from api.context import Context
from api.features.pledges import store
from api.features.pledges.next_steps import next_steps
from api.features.pledges.register.entry_file import put_in_place
from api.features.pledges.review import decisions_store
from api.features.pledges.review.decide import (
    DecisionNote,
    DecisionType,
    NotConfirmed,
    SignUpAlreadyDecided,
    SignUpHeld,
    decision_rows,
    find_sign_up,
)
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.moderation.decisions import Guard, no_condition
from api.security import normalise
from api.store import audit
from api.store.writer import insert_rows
from catalogue.faults import Fault
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import NO_SIGNATORY, Pledge, SignatoryFront
from catalogue.model.text import SLUG_CHARACTERS, slug_of
from catalogue.outputs.formatting import LOCAL, long_date
from catalogue.read import load

PUBLISH = DecisionType("publish", ("confirmed", "asked"), "sign_up.published", "pledges/published")
REPLACES = "replaces"
"""The code of a decision that replaced an earlier promise; it cannot be undone in one step."""


def approve(
    reference: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> Path:
    """Publish a confirmed sign-up and return its entry's file; the site is built by the caller.

    Harmless when repeated. `catalogue` holds the pledges and closed lists as they stand. Raises
    `SignUpNotFound`, `NotConfirmed`, `SignUpHeld`, `SignUpAlreadyDecided`, `Unfit` with the faults
    of the entry, and what `guard` raises.
    """
    sign_up = context.database.read_now(lambda connection: find_sign_up(connection, reference))
    if sign_up.state == "published":
        write_missing_entry(sign_up, context, catalogue)
        return context.project / sign_up.entry_path
    _expect_confirmed(sign_up)
    front = public_entry(sign_up, context, catalogue)
    with alone(context.project):
        path = _claim_path(sign_up, front, context, guard)
        if not is_entry_of(context.project, path, front):  # it may be there since before a restore
            put_in_place(context.project, path, front, catalogue)
        _mark_published(sign_up, front, path, context, catalogue, guard)
    return context.project / path


def _expect_confirmed(sign_up: SignUp) -> None:
    if sign_up.state == "awaiting_confirmation":
        raise NotConfirmed
    if sign_up.state == "held":
        raise SignUpHeld
    if sign_up.state != "confirmed" or sign_up.sealed is None:
        raise SignUpAlreadyDecided


def _pledge(of: SignUp, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(of.pledge)
    if pledge is None:
        raise Unfit([Fault(f"{load.CONTENT}/pledges/{of.pledge}", 1, "", "this pledge is gone")])
    return pledge


def public_entry(of: SignUp, context: Context, catalogue: Catalogue) -> SignatoryFront:
    """Return the entry to publish; the same at every try, as it is dated by the confirmation."""
    private = context.encryption.decrypt_as(of.id, of.sealed or b"", SignUpPersonalData)
    since = (of.confirmed_at or context.now).astimezone(LOCAL).date()
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


def _claim_path(of: SignUp, front: SignatoryFront, context: Context, guard: Guard) -> str:
    """Note the path of the entry in the store, and return it; the same at every try."""

    # A former address redirects, and stands on posters and badges: no other entry gets it.
    former = signatory_files.former(context.project, of.pledge)
    former_paths = {signatory_files.path_of(of.pledge, name) for name in former}

    def act(connection: Connection) -> str:
        now = find_sign_up(connection, of.reference)
        guard(connection, now)
        if now.entry_path:
            return now.entry_path
        before = _earlier(connection, of, context)
        taken_paths = store.taken_paths(connection, of.pledge) | former_paths
        path = before.entry_path if before else find_path(context.project, of, front, taken_paths)
        store.claim_path(connection, of.id, path)
        return path

    return str(context.database.write_now(act))


def _earlier(connection: Connection, of: SignUp, context: Context) -> SignUp | None:
    """Return the promise to an earlier wording that this one replaces."""
    private = context.encryption.decrypt_as(of.id, of.sealed or b"", SignUpPersonalData)
    return store.published_to_other_wording(
        connection, of, normalise.lookups_of(context.encryption, private)
    )


def write_missing_entry(
    of: SignUp, context: Context, catalogue: Catalogue, confirmed_until: date | None = None
) -> bool:
    """Write the entry of a published sign-up again if its file is gone; return whether it was.

    `confirmed_until` is known where the promise was renewed. Raises `Unfit`.
    """
    if of.hidden_at or (context.project / of.entry_path).exists():
        return False
    since = (of.confirmed_at or context.now).astimezone(LOCAL).date()
    months = _pledge(of, catalogue).confirm_months
    front = SignatoryFront(
        name=of.public_name,
        signer="person" if of.signer == "person" else "organisation",
        kind=of.kind,
        place=of.place,
        version=of.version,
        text_sha256=of.text_sha256,
        promises=of.promises,
        since=since,
        confirmed_until=confirmed_until or since + relativedelta(months=months),
    )
    with alone(context.project):
        put_in_place(context.project, of.entry_path, front, catalogue)
    return True


def is_entry_of(project: Path, path: str, front: SignatoryFront) -> bool:
    """Say whether a file shows this very promise, whatever was renewed in it since.

    Name, place and day of the promise tell: a sign-up gives the same ones at every try.
    """
    try:
        there = signatory_files.read(project, Path(path).parent.name, Path(path).stem).signatory
    except signatory_files.EntryGone:
        return False
    names = [normalise.name_key(signer.name, signer.place) for signer in (there, front)]
    same = ("signer", "kind", "version", "since")
    is_same = all(getattr(there, field) == getattr(front, field) for field in same)
    return is_same and names[0] == names[1] and there.status == "published"


def find_path(project: Path, of: SignUp, front: SignatoryFront, taken_paths: set[str]) -> str:
    """Return the path of the promise's own file, else the first that nobody has: `-2`, `-3`, ...

    A file without a sign-up that shows this very promise was published before the database was
    restored.
    """
    plain = unicodedata.normalize("NFKD", front.name).encode("ascii", "ignore").decode()
    name = slug_of(plain) or slug_of(f"{front.kind} in {front.place}")
    name = name[: SLUG_CHARACTERS - 4].strip("-")
    number = 1
    while True:
        slug = name if number == 1 else f"{name}-{number}"
        path = f"{load.CONTENT}/pledges/{of.pledge}/{slug}.md"
        is_free = slug not in NO_SIGNATORY and path not in taken_paths
        if is_free and (not (project / path).exists() or is_entry_of(project, path, front)):
            return path
        number += 1


def _mark_published(
    of: SignUp,
    front: SignatoryFront,
    path: str,
    context: Context,
    catalogue: Catalogue,
    guard: Guard,
) -> None:
    """Mark it as published, once, and write to its signer."""
    base_url = context.settings.base_url
    steps = next_steps(_pledge(of, catalogue), Path(path).stem, front.name, catalogue, base_url)
    values = {
        "name": front.name,
        "until": long_date(front.confirmed_until),
        "manage": f"{base_url}/pledges/manage/",
        **msgspec.structs.asdict(steps),
    }

    def act(connection: Connection) -> None:
        sign_up = find_sign_up(connection, of.reference)
        if sign_up.state == "published":
            return
        guard(connection, sign_up)
        _expect_confirmed(sign_up)
        before = _earlier(connection, of, context)
        note = DecisionNote(REPLACES if before else "")
        rows = decision_rows(connection, sign_up, PUBLISH, note, context, catalogue, values)
        insert_rows(connection, rows)
        decisions_store.change(
            connection,
            of.id,
            state="published",
            asked_at=None,
            decided_at=context.now,
            public_name=front.name,
            delete_after=store.retained_until(front.confirmed_until),
        )
        if before:
            _end_replaced(connection, before, of, context)

    context.database.write_now(act)


def _end_replaced(connection: Connection, before: SignUp, after: SignUp, context: Context) -> None:
    """Withdraw the promise to an earlier wording; its entry belongs to the new one."""
    why = f"{after.reference} takes its place, to wording {after.version}."
    changes = {"decided_at": context.now, "decision_why": why, "entry_path": None}
    store.change_state(
        connection, before.id, from_states=("published",), to_state="withdrawn", **changes
    )
    line = audit.new_event(
        "sign_up.replaced",
        before.reference,
        actor=context.actor,
        at=context.now,
        by=after.reference,
    )
    insert_rows(connection, [line])
