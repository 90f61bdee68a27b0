"""Finds the sign-ups that conditions mean. What is sealed is opened one by one, and told to nobody.

The store narrows down by what it holds in the clear; names of people and domains of addresses are
compared after opening, so that no column has to hold them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from api.errors import FieldFault, Invalid
from api.features.pledges import store
from api.features.pledges.bulk.conditions import Conditions, plain
from api.features.pledges.store import Private, SignUp
from api.security import normalise
from api.security.encryption import Encryption
from api.store import schema
from catalogue.i18n.gettext import _

AT_MOST = 20_000
"""Sign-ups in one job: as many as the store takes in without holding others up for long."""
SAMPLE = 20
_AT_A_TIME = 1_000

_sign_up = schema.sign_up


class Match(msgspec.Struct, frozen=True):
    """One sign-up that is meant, and what it was when it was counted."""

    id: str
    stage: str
    pledge: str


class Found(msgspec.Struct, frozen=True):
    """All that is meant, as of `at`; the first of them in full, the oldest first."""

    at: datetime
    matches: tuple[Match, ...]
    sample: tuple[SignUp, ...]

    @property
    def seen(self) -> str:
        """What stands for these very sign-ups in these very stages, and for no others."""
        digest = sha256(msgspec.json.encode(sorted((one.id, one.stage) for one in self.matches)))
        return f"{len(self.matches)}-{digest.hexdigest()[:32]}"

    def by_stage(self) -> dict[str, int]:
        """Count them by how far they are for staff."""
        return dict(Counter(one.stage for one in self.matches))

    def by_pledge(self) -> dict[str, int]:
        """Count them by the slug of their pledge, the most first."""
        return dict(Counter(one.pledge for one in self.matches).most_common())


def find(connection: Connection, meant: Conditions, encryption: Encryption, at: datetime) -> Found:
    """Return the sign-ups that came until `at` and are meant.

    Raises `Invalid` for a connection nobody knows any more, and for more than `AT_MOST`.
    """
    wanted = select(_sign_up).where(*_in_the_clear(connection, meant, at))
    rows = connection.execute(
        wanted.order_by(_sign_up.c.created_at, _sign_up.c.id).execution_options(
            yield_per=_AT_A_TIME
        )
    )
    matches: list[Match] = []
    sample: list[SignUp] = []
    for one in _meant(rows, meant, encryption):
        if len(matches) == AT_MOST:
            raise Invalid(FieldFault("", _("These are too many for once: say more about them.")))
        if len(sample) < SAMPLE:
            sample.append(one)
        matches.append(Match(one.id, one.stage, one.pledge))
    return Found(at, tuple(matches), tuple(sample))


def _in_the_clear(
    connection: Connection, meant: Conditions, at: datetime
) -> Iterator[ColumnElement[bool]]:
    yield _sign_up.c.created_at <= at
    yield _sign_up.c.state.in_(meant.states)
    if meant.pledge:
        yield _sign_up.c.pledge == meant.pledge
    if meant.received_from:
        yield _sign_up.c.created_at >= meant.received_from
    if meant.received_before:
        yield _sign_up.c.created_at < meant.received_before
    if meant.held_why:
        yield _sign_up.c.held_why == meant.held_why
    if meant.like:
        source = select(_sign_up.c.source_lookup).where(_sign_up.c.reference == meant.like)
        known = connection.execute(source).scalar()
        if known is None:
            sentence = _("Nobody knows where this one came from. It is kept for thirty days only.")
            raise Invalid(FieldFault("like", sentence))
        yield _sign_up.c.source_lookup == known


def _meant(
    rows: Iterator[Row[Any]] | Any, meant: Conditions, encryption: Encryption
) -> Iterator[SignUp]:
    sealed = any((meant.domain, meant.name_starts, meant.name_contains))
    domain = _domain(f"somebody@{meant.domain}") if meant.domain else ""
    for row in rows:
        one = store.sign_up_from_row(row)
        if not sealed or _fits(one, meant, domain, encryption):
            yield one


def _fits(of: SignUp, meant: Conditions, domain: str, encryption: Encryption) -> bool:
    private = encryption.decrypt_as(of.id, of.sealed, Private) if of.sealed else None
    if domain and (private is None or _domain(private.contact_email) != domain):
        return False
    names = [plain(of.public_name), plain(private.name) if private else ""]
    starts, contains = plain(meant.name_starts), plain(meant.name_contains)
    return _any(names, starts, str.startswith) and _any(names, contains, str.__contains__)


def _any(names: Sequence[str], part: str, holds: Any) -> bool:
    return not part or any(holds(name, part) for name in names)


def _domain(address: str) -> str:
    """Return the one way to write the domain of an address, "" where there is none."""
    return normalise.mailbox(address).rpartition("@")[2] if address else ""
