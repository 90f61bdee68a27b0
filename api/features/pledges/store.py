"""SQL for sign-ups: the public half in clear, the private half encrypted."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, or_, select, update

from api.store import schema
from catalogue.model.personal_data import kept_for
from catalogue.model.pledge import Promise
from catalogue.outputs.formatting import LOCAL

ACTIVE_STATES = ("awaiting_confirmation", "confirmed", "published")
KEPT_AFTER = kept_for("promise")
"""How long the private half is kept after a promise has run out, in case it is renewed."""
KEPT_WITHDRAWN = kept_for("withdrawn")

_sign_up = schema.sign_up
_dispute = schema.dispute


class SignUpPersonalData(msgspec.Struct, frozen=True):
    """The private half, which only the team may read; encrypted as JSON by these field names.

    `name` is a person's, empty for an organisation. Who signed on paper may have no e-mail address,
    but a telephone number or a postal address.
    """

    contact_email: str
    signer_name: str
    signer_role: str
    name: str
    show_name: bool
    contact_phone: str = ""
    contact_post: str = ""

    @property
    def contact(self) -> str:
        """All ways to reach the signer in one line: e-mail, telephone, post."""
        post = ", ".join(self.contact_post.splitlines())
        return "; ".join(filter(None, (self.contact_email, self.contact_phone, post)))


class SignUp(msgspec.Struct, frozen=True):
    """A sign-up as stored. `public_name` is empty until a person's sign-up is published.

    `text_sha256` is the digest of the wording that was agreed to. `held_why` is a key of
    `hold_reasons.HELD_WHY`, `flags` are keys of `hold_reasons.FLAGS`.
    """

    id: str
    reference: str
    pledge: str
    version: int
    state: str
    signer: str
    kind: str
    place: str
    public_name: str
    promises: dict[str, Promise]
    sealed: bytes | None
    created_at: datetime
    confirmed_at: datetime | None = None
    decision_why: str = ""
    entry_path: str = ""
    text_sha256: str = ""
    held_why: str = ""
    flags: tuple[str, ...] = ()
    asked_at: datetime | None = None
    hidden_at: datetime | None = None

    @property
    def stage(self) -> str:
        """The state as staff see it: also `asked` while confirmed, and `hidden` while published."""
        if self.state == "confirmed" and self.asked_at:
            return "asked"
        return "hidden" if self.state == "published" and self.hidden_at else self.state


def find(connection: Connection, reference: str) -> SignUp | None:
    """Return the sign-up with this reference."""
    row = connection.execute(select(_sign_up).where(_sign_up.c.reference == reference)).first()
    return sign_up_from_row(row) if row else None


def list_in_states(connection: Connection, states: Sequence[str]) -> list[SignUp]:
    """Return the sign-ups in these states, the oldest first."""
    query = select(_sign_up).where(_sign_up.c.state.in_(states)).order_by(_sign_up.c.created_at)
    return [sign_up_from_row(row) for row in connection.execute(query)]


def published_to_other_wording(
    connection: Connection, of: SignUp, contact_lookups: Sequence[str]
) -> SignUp | None:
    """Return the sign-up that the same contact has published to another wording of the pledge."""
    query = select(_sign_up).where(
        _sign_up.c.pledge == of.pledge,
        _sign_up.c.version != str(of.version),
        _sign_up.c.state == "published",
        _sign_up.c.contact_lookup.in_(contact_lookups),
    )
    row = connection.execute(query).first()
    return sign_up_from_row(row) if row else None


def change_state(
    connection: Connection,
    sign_up_id: str,
    *,
    from_states: Sequence[str],
    to_state: str,
    **more: object,
) -> bool:
    """Move a sign-up into a state if it is in one of these; return whether it was."""
    moving = (
        update(_sign_up)
        .where(_sign_up.c.id == sign_up_id, _sign_up.c.state.in_(from_states))
        .values(state=to_state, **more)
    )
    return connection.execute(moving).rowcount == 1


def taken_paths(connection: Connection, pledge: str) -> set[str]:
    """Return the entry paths that the sign-ups of a pledge have, written or not yet."""
    query = select(_sign_up.c.entry_path).where(
        _sign_up.c.pledge == pledge, _sign_up.c.entry_path.is_not(None)
    )
    return {*connection.execute(query).scalars()}


def unpublished_paths(connection: Connection, since: datetime) -> list[str]:
    """Return the paths of entries that were taken off or hidden since a moment."""
    off = and_(_sign_up.c.state == "withdrawn", _sign_up.c.decided_at >= since)
    hidden = and_(_sign_up.c.state == "published", _sign_up.c.hidden_at >= since)
    query = select(_sign_up.c.entry_path).where(
        or_(off, hidden), _sign_up.c.entry_path.is_not(None)
    )
    return [*connection.execute(query).scalars()]


def claim_path(connection: Connection, sign_up_id: str, path: str) -> None:
    """Note the path a sign-up's entry will have."""
    claim = update(_sign_up).where(_sign_up.c.id == sign_up_id).values(entry_path=path)
    connection.execute(claim)


def published_sign_up_at(connection: Connection, path: str) -> SignUp | None:
    """Return the sign-up that the entry at a path was published from, the newest if several."""
    query = (
        select(_sign_up)
        .where(_sign_up.c.entry_path == path, _sign_up.c.state == "published")
        .order_by(_sign_up.c.created_at.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return sign_up_from_row(row) if row else None


def published_sign_ups_of(connection: Connection, contact_lookups: Sequence[str]) -> list[SignUp]:
    """Return the published sign-ups of one contact, past ones too."""
    query = select(_sign_up).where(
        _sign_up.c.contact_lookup.in_(contact_lookups), _sign_up.c.state == "published"
    )
    return [
        sign_up_from_row(row) for row in connection.execute(query.order_by(_sign_up.c.created_at))
    ]


def retained_until(confirmed_until: date) -> datetime:
    """Return when the private half of a promise is deleted."""
    return datetime.combine(confirmed_until, time(), LOCAL) + KEPT_AFTER


def extend_retention(connection: Connection, sign_up_id: str, confirmed_until: date) -> None:
    """Keep the private half of a renewed promise until its new end, and some time after."""
    still_sealed = and_(_sign_up.c.id == sign_up_id, _sign_up.c.sealed.is_not(None))
    retain_until = retained_until(confirmed_until)
    connection.execute(update(_sign_up).where(still_sealed).values(delete_after=retain_until))


def withdraw(connection: Connection, sign_up_id: str, now: datetime) -> bool:
    """Mark a published sign-up as withdrawn by its signer; return whether it was published."""
    retain_until = now + KEPT_WITHDRAWN
    changes = {"decided_at": now, "delete_after": retain_until}
    return change_state(
        connection, sign_up_id, from_states=("published",), to_state="withdrawn", **changes
    )


def move_entry(connection: Connection, old: str, new: str) -> None:
    """Give the sign-ups and disputes of an entry its new path."""
    connection.execute(update(_sign_up).where(_sign_up.c.entry_path == old).values(entry_path=new))
    before, after = (path.removesuffix(".md").split("/")[-2:] for path in (old, new))
    about_entry = (_dispute.c.pledge == before[0], _dispute.c.who == before[1])
    connection.execute(update(_dispute).where(*about_entry).values(who=after[1]))


def is_name_taken(
    connection: Connection, pledge: str, canonical_keys: Sequence[str], but_at: Sequence[str]
) -> bool:
    """Return whether an active sign-up has a name, other than those of the entry at these paths."""
    other_entries = or_(_sign_up.c.entry_path.is_(None), _sign_up.c.entry_path.not_in(but_at))
    query = select(_sign_up.c.id).where(
        _sign_up.c.pledge == pledge,
        _sign_up.c.state.in_(ACTIVE_STATES),
        _sign_up.c.canonical_key.in_(canonical_keys),
        other_entries,
    )
    return connection.execute(query.limit(1)).first() is not None


def rename_signatory(connection: Connection, path: str, name: str, canonical_key: str) -> None:
    """Give the sign-up of an entry its new name, so that a repeated one is recognised by it.

    A person's public name is not the one they signed with: their key stays.
    """
    of = published_sign_up_at(connection, path)
    if of is None:
        return
    changes = {"public_name": name}
    if of.signer == "organisation" and not is_name_taken(
        connection, of.pledge, [canonical_key], [path]
    ):
        changes["canonical_key"] = canonical_key
    connection.execute(update(_sign_up).where(_sign_up.c.id == of.id).values(changes))


def sign_up_from_row(row: Row[Any]) -> SignUp:
    """Return the sign-up of a row."""
    return SignUp(
        id=row.id,
        reference=row.reference,
        pledge=row.pledge,
        version=int(row.version),
        state=row.state,
        signer=row.signer_kind,
        kind=row.kind,
        place=row.place or "",
        public_name=row.public_name or "",
        promises=msgspec.json.decode(row.commitments, type=dict[str, Promise]),
        sealed=row.sealed,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        decision_why=row.decision_why or "",
        entry_path=row.entry_path or "",
        text_sha256=row.text_sha256 or "",
        held_why=row.held_why or "",
        flags=row.flags or (),
        asked_at=row.asked_at,
        hidden_at=row.hidden_at,
    )
