"""What pages about a standing promise are made from, and what their forms say."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from api.context import Context
from api.errors import FieldFault
from api.features.renewals.check_in import keeps_something
from api.features.renewals.renewal_rules import opens_on
from api.features.renewals.store import Answered
from api.security import contact_text
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import long_date
from catalogue.outputs.forms import FieldError, Form

WORDS_CHARACTERS = 300
STATES = {"doing": "doing", "not_yet": "not yet", "stopped": "stopped"}
"""What the inputs say, and what is kept."""
AS_IT_STANDS = {"doing": "doing", "starting": "not_yet", "not for us": "stopped"}


class Asked(msgspec.Struct, frozen=True):
    """One commitment, as the yearly question asks about it. `by` is a day as inputs write it."""

    id: str
    title: str
    how: str
    state: str
    by: str


class Said(msgspec.Struct, frozen=True):
    """What a form said: of each commitment how it is, in words what they did, and the faults."""

    answers: Mapping[str, Answered]
    words: Mapping[str, str]
    faults: Sequence[FieldFault]


def promise(of: Signatory, pledge: Pledge, context: Context) -> dict[str, Any]:
    """Return what every page about one's own promise shows."""
    version = next((one for one in pledge.versions if one.version == of.version), pledge.current)
    opens = opens_on(of, pledge)
    return {
        "name": of.name,
        "pledge": {"title": pledge.title, "url": f"/pledges/{pledge.slug}/"},
        "url": f"/pledges/{of.pledge}/{of.slug}/",
        "until": long_date(of.confirmed_until),
        "past": of.lapsed(context.today),
        "ended": pledge.status == "ended",
        "can_renew": pledge.status == "open" and context.today >= opens,
        "opens": long_date(opens),
        "asked": [
            Asked(
                one.id,
                one.title,
                said.how,
                AS_IT_STANDS[said.state],
                said.by.isoformat() if said.by else "",
            )
            for one in version.commitments
            if (said := of.promises.get(one.id))
        ],
    }


def check_in_form(
    action: str, values: Mapping[str, list[str]], faults: Sequence[FieldFault]
) -> Form:
    """Return the form with what was answered and what is wrong with it."""
    errors = [FieldError(one.field, one.message) for one in faults]
    return Form(action, values=values, errors=errors)


def read_check_in(answers: Mapping[str, list[str]], of: Signatory, today: date) -> Said:
    """Return what a form says of each commitment: `state-<id>`, `by-<id>`, `words-<id>`."""
    said: dict[str, Answered] = {}
    words: dict[str, str] = {}
    faults: list[FieldFault] = []
    for name in of.promises:
        state = STATES.get(_first(answers, f"state-{name}"))
        by = _day(_first(answers, f"by-{name}"))
        line = " ".join(_first(answers, f"words-{name}").split())
        if state is None:
            faults.append(FieldFault(f"state-{name}", _("Say how it is with this one.")))
        elif state == "not yet" and (by is None or by < today):
            faults.append(
                FieldFault(f"by-{name}", _("Write the day, from today on, when it will hold."))
            )
        else:
            kept_by = by if state == "not yet" else None
            said[name] = msgspec.convert({"state": state, "by": kept_by}, Answered)
        if len(line) > WORDS_CHARACTERS or not contact_text.is_plain(line):
            faults.append(FieldFault(f"words-{name}", _("Write one sentence, in plain letters.")))
        words[name] = line
    if not faults and not keeps_something(said):
        faults.append(
            FieldFault("", _("Nothing of the promise is left. You can withdraw it instead."))
        )
    return Said(said, words, faults)


def how_answers(answers: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the sentences of a form by commitment: `how-<id>`."""
    return {
        name.removeprefix("how-"): values[0]
        for name, values in answers.items()
        if name.startswith("how-")
    }


def _first(answers: Mapping[str, list[str]], name: str) -> str:
    return next(iter(answers.get(name, ())), "")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if len(typed.strip()) == 10 else None
    except ValueError:
        return None
