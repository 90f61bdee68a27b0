"""A pledge's register as data: for programs, for spreadsheets, for other sites.

The public half of each signatory and nothing else. Its length is the register's count: there is no
counter that could drift from it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import CommitmentState, Pledge, Signatory, SignerKind
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.open_data import spreadsheet
from catalogue.outputs.pledges.register import signatory_card

COLUMNS = (
    "name", "kind", "place", "signed for", "wording", "since", "confirmed until", "past", "page",
)  # fmt: skip


class RegisterPromise(msgspec.Struct, frozen=True):
    """What one signatory says to one commitment."""

    state: CommitmentState
    how: str
    by: date | None


class RegisterEntry(msgspec.Struct, frozen=True):
    """The public half of a signatory. `past` once its promise has run out."""

    slug: str
    url: str
    name: str
    about: str
    signer: SignerKind
    kind: str
    place: str
    version: int
    promises: dict[str, RegisterPromise]
    since: date
    confirmed_until: date
    past: bool
    demonstration: bool


class Register(msgspec.Struct, frozen=True):
    """A pledge's register as it stands today. `total` is `confirmed` and `past` together."""

    pledge: str
    title: str
    url: str
    version: int
    total: Annotated[int, Meta(ge=0)]
    confirmed: Annotated[int, Meta(ge=0)]
    past: Annotated[int, Meta(ge=0)]
    signatories: tuple[RegisterEntry, ...]


class RegisterFilter(msgspec.Struct, frozen=True):
    """A filter of a register; "" matches anything. `promise` is a commitment that is kept now."""

    kind: str = ""
    place: str = ""
    promise: str = ""


NO_FILTER = RegisterFilter()


def register(
    pledge: Pledge, catalogue: Catalogue, now: datetime, filter_by: RegisterFilter = NO_FILTER
) -> Register:
    """Return a pledge's register at `now` (aware), whole or filtered."""
    matching = matching_signatories(pledge, catalogue, now, filter_by)
    entries = tuple(register_entry(signatory, pledge, catalogue, now) for signatory in matching)
    past = sum(entry.past for entry in entries)
    return Register(
        pledge=pledge.slug,
        title=pledge.title,
        url=f"/pledges/{pledge.slug}/",
        version=pledge.current.version,
        total=len(entries),
        confirmed=len(entries) - past,
        past=past,
        signatories=entries,
    )


def matching_signatories(
    pledge: Pledge, catalogue: Catalogue, now: datetime, filter_by: RegisterFilter
) -> tuple[Signatory, ...]:
    """Return the signatories that match, by name."""
    today = now.astimezone(LOCAL).date()
    register = catalogue.register(pledge.slug)
    return tuple(
        signatory for signatory in register if _matches(signatory, filter_by, catalogue, today)
    )


def as_csv(of: Register, pledge: Pledge) -> bytes:
    """Return a register as a table: a line a signatory, two columns a commitment."""
    commitment_ids = _commitments(pledge)
    commitments = (column for name in commitment_ids for column in (name, f"{name}: how"))
    head = (*COLUMNS, *commitments, "demonstration")
    return spreadsheet.table(
        head, (_row(signatory, commitment_ids) for signatory in of.signatories)
    )


def _commitments(pledge: Pledge) -> tuple[str, ...]:
    """Return the ids of all wordings, the newest first, each once."""
    newest_first = sorted(pledge.versions, key=lambda version: -version.version)
    return tuple(
        dict.fromkeys(
            commitment.id for version in newest_first for commitment in version.commitments
        )
    )


def _row(entry: RegisterEntry, commitment_ids: Iterable[str]) -> list[object]:
    facts = [entry.name, entry.kind, entry.place, entry.signer, entry.version, entry.since]
    row: list[object] = [*facts, entry.confirmed_until, "yes" if entry.past else "no", entry.url]
    for name in commitment_ids:
        promise = entry.promises.get(name)
        row += [_state(promise), promise.how] if promise else ["", ""]
    return [*row, "yes" if entry.demonstration else "no"]


def _state(promise: RegisterPromise) -> str:
    return f"{promise.state} {promise.by}" if promise.by else promise.state


def _matches(
    signatory: Signatory, filter_by: RegisterFilter, catalogue: Catalogue, today: date
) -> bool:
    if filter_by.kind and signatory.kind != filter_by.kind:
        return False
    around = {area.name for area in catalogue.taxonomy.around(signatory.place)}
    if filter_by.place and filter_by.place not in around:
        return False
    promise = signatory.promises.get(filter_by.promise)
    return not filter_by.promise or (
        promise is not None and promise.state == "doing" and not signatory.lapsed(today)
    )


def register_entry(
    signatory: Signatory, pledge: Pledge, catalogue: Catalogue, now: datetime
) -> RegisterEntry:
    """Return one signatory as an entry of its register."""
    return RegisterEntry(
        slug=signatory.slug,
        url=signatory.url,
        name=signatory.name,
        about=signatory_card(signatory, pledge, catalogue.taxonomy, now).about,
        signer=signatory.signer,
        kind=signatory.kind,
        place=signatory.place,
        version=signatory.version,
        promises={
            name: RegisterPromise(promise.state, promise.how, promise.by)
            for name, promise in signatory.promises.items()
        },
        since=signatory.since,
        confirmed_until=signatory.confirmed_until,
        past=signatory.lapsed(now.astimezone(LOCAL).date()),
        demonstration=signatory.demonstration,
    )
