"""Finds the sign-ups that conditions mean. What is sealed is decrypted one by one, for no page.

The store narrows down by what it holds in the clear; names of people and domains of addresses are
compared after decrypting, so that no column has to hold them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import Connection

from api.errors import FieldFault, Invalid
from api.features.pledges.bulk import store
from api.features.pledges.bulk.conditions import Conditions, comparable_name
from api.features.pledges.bulk.store import Match
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.security import normalise
from api.security.encryption import Encryption
from catalogue.i18n.gettext import _

AT_MOST = 20_000
"""Sign-ups in one job: as many as the store takes in without holding others up for long."""
SAMPLE = 20


class MatchedSignUps(msgspec.Struct, frozen=True):
    """All that is meant, as of `at`; the first of them in full, the oldest first."""

    at: datetime
    matches: tuple[Match, ...]
    sample: tuple[SignUp, ...]

    @property
    def fingerprint(self) -> str:
        """What stands for these very sign-ups in these very stages, and for no others."""
        pairs = sorted((match.id, match.stage) for match in self.matches)
        return f"{len(self.matches)}-{sha256(msgspec.json.encode(pairs)).hexdigest()[:32]}"

    def by_stage(self) -> dict[str, int]:
        """Count them by how far they are for staff."""
        return dict(Counter(match.stage for match in self.matches))

    def by_pledge(self) -> dict[str, int]:
        """Count them by the slug of their pledge, the most first."""
        return dict(Counter(match.pledge for match in self.matches).most_common())


def find_matches(
    connection: Connection, conditions: Conditions, encryption: Encryption, at: datetime
) -> MatchedSignUps:
    """Return the sign-ups that came until `at` and are meant.

    Raises `Invalid` for a connection nobody knows any more, and for more than `AT_MOST`.
    """
    source = _source_lookup(connection, conditions.like) if conditions.like else None
    candidates = store.candidates(connection, conditions, at, source)
    matches: list[Match] = []
    sample: list[SignUp] = []
    for sign_up in _filter_private(candidates, conditions, encryption):
        if len(matches) == AT_MOST:
            raise Invalid(
                FieldFault("", _("These are too many at once: say more about the ones you mean."))
            )
        if len(sample) < SAMPLE:
            sample.append(sign_up)
        matches.append(Match(sign_up.id, sign_up.stage, sign_up.pledge))
    return MatchedSignUps(at, tuple(matches), tuple(sample))


def _source_lookup(connection: Connection, reference: str) -> str:
    """Return the lookup of the connection that a sign-up came by. Raises `Invalid`."""
    lookup = store.source_lookup(connection, reference)
    if lookup is None:
        sentence = _(
            "We do not know which connection this one came from. We know it for thirty days only."
        )
        raise Invalid(FieldFault("like", sentence))
    return lookup


def _filter_private(
    candidates: Iterable[SignUp], conditions: Conditions, encryption: Encryption
) -> Iterator[SignUp]:
    """Yield those whose private half is meant too, where the conditions ask about it."""
    has_name_condition = any((conditions.domain, conditions.name_starts, conditions.name_contains))
    domain = _domain(f"somebody@{conditions.domain}") if conditions.domain else ""
    for sign_up in candidates:
        if not has_name_condition or _is_meant(sign_up, conditions, domain, encryption):
            yield sign_up


def _is_meant(sign_up: SignUp, conditions: Conditions, domain: str, encryption: Encryption) -> bool:
    sealed = sign_up.sealed
    private = encryption.decrypt_as(sign_up.id, sealed, SignUpPersonalData) if sealed else None
    if domain and (private is None or _domain(private.contact_email) != domain):
        return False
    names = [
        comparable_name(sign_up.public_name),
        comparable_name(private.name) if private else "",
    ]
    starts = comparable_name(conditions.name_starts)
    contains = comparable_name(conditions.name_contains)
    return _any_name(names, starts, str.startswith) and _any_name(names, contains, _contains)


def _any_name(names: Sequence[str], part: str, matches: Callable[[str, str], bool]) -> bool:
    return not part or any(matches(name, part) for name in names)


def _contains(name: str, part: str) -> bool:
    return part in name


def _domain(address: str) -> str:
    """Return the one way to write the domain of an address, "" where there is none."""
    return normalise.mailbox(address).rpartition("@")[2] if address else ""
