"""Which sign-ups are meant: what the form asks, read into conditions that all must hold."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from api.errors import FieldFault, Invalid
from api.features.pledges.signing.hold_reasons import HELD_WHY
from api.security.contact_text import is_plain
from api.security.references import ReferenceFault, parse
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL

Answers = Mapping[str, Sequence[str]]

WAITING = ("held", "awaiting_confirmation", "confirmed")
"""Sign-ups that nobody sees but the team: the states that are meant where none was chosen."""
STATES = (*WAITING, "published")
NAME_CHARACTERS = 100
DOMAIN_CHARACTERS = 250
DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z0-9-]{2,60}")
YEARS = range(2000, 2101)


class Conditions(msgspec.Struct, frozen=True):
    """What all must hold. Empty ones hold of anything; `states` names at least one.

    `received_from` and `received_before` are aware, the second not included. `domain` is as it
    stands in an address. `like` is the reference of a sign-up from the same connection.
    """

    states: tuple[str, ...]
    pledge: str = ""
    domain: str = ""
    name_starts: str = ""
    name_contains: str = ""
    received_from: datetime | None = None
    received_before: datetime | None = None
    held_why: str = ""
    like: str = ""


def read_conditions(answers: Answers, catalogue: Catalogue) -> Conditions:
    """Return the conditions of a form. Raises `Invalid` with all faults."""
    fields = {name: next(iter(values), "").strip() for name, values in answers.items()}
    faults = [*_faults(fields, answers, catalogue)]
    start = _moment(fields, "received_from", faults)
    ends = _moment(fields, "received_until", faults, end=True)
    if start and ends and start >= ends:
        faults.append(FieldFault("received_until", _("This is earlier than “Received from”.")))
    if faults:
        raise Invalid(*faults)
    states = tuple(state for state in STATES if state in answers.get("states", ()))
    conditions = Conditions(
        states=states or WAITING,
        pledge=fields.get("pledge", ""),
        domain=fields.get("domain", "").lower().rpartition("@")[2],
        name_starts=fields.get("name_starts", ""),
        name_contains=fields.get("name_contains", ""),
        received_from=start,
        received_before=ends,
        held_why=fields.get("held_why", ""),
        like=parse(fields["like"], "P") if fields.get("like") else "",
    )
    if conditions == Conditions(states=WAITING) and not states:
        raise Invalid(FieldFault("", _("Say at least one thing about the sign-ups you mean.")))
    return conditions


def comparable_name(text: str) -> str:
    """Return a name as names are compared: no capitals, no odd spaces, one way to write a sign."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _faults(
    fields: Mapping[str, str], answers: Answers, catalogue: Catalogue
) -> Iterator[FieldFault]:
    if fields.get("pledge") and catalogue.pledge(fields["pledge"]) is None:
        yield FieldFault("pledge", _("Choose a pledge off the list."))
    if set(answers.get("states", ())) - set(STATES):
        yield FieldFault("states", _("Choose from the list."))
    if fields.get("held_why") and fields["held_why"] not in HELD_WHY:
        yield FieldFault("held_why", _("Choose from the list."))
    for field in ("name_starts", "name_contains"):
        name = fields.get(field, "")
        if len(name) > NAME_CHARACTERS or not is_plain(name):
            yield FieldFault(field, _("Write it shorter, in plain letters."))
    domain = fields.get("domain", "").lower().rpartition("@")[2]
    if fields.get("domain") and (
        len(domain) > DOMAIN_CHARACTERS or DOMAIN.fullmatch(domain) is None
    ):
        yield FieldFault("domain", _("Write what stands after the @, such as example.org."))
    if fields.get("like"):
        try:
            parse(fields["like"], "P")
        except ReferenceFault as fault:
            yield FieldFault("like", str(fault))


def _moment(
    fields: Mapping[str, str], field: str, faults: list[FieldFault], *, end: bool = False
) -> datetime | None:
    """Return a moment typed in local time; the `end` of a day or a minute is what follows it."""
    typed = fields.get(field, "")
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed) if len(typed) <= len("2026-11-25T10:30:00") else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or at.year not in YEARS:
        faults.append(FieldFault(field, _("Write a day, or a day and a time.")))
        return None
    if end:
        at += timedelta(days=1) if len(typed) <= len("2026-11-25") else timedelta(minutes=1)
    return at.replace(tzinfo=LOCAL).astimezone(UTC)
