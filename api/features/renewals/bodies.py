"""What the forms about one's own promise send: answers to the yearly question, new sentences."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from api.errors import FieldFault
from api.features.renewals.check_in import keeps_any_commitment
from api.features.renewals.store import AnswerState, CommitmentAnswer
from api.features.renewals.text_changes import MAX_TEXT_CHARACTERS
from api.security import contact_text
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Signatory

STATE_INPUTS: Mapping[str, AnswerState] = {
    "doing": "doing",
    "not_yet": "not yet",
    "stopped": "stopped",
}
"""The state by the value of its input."""

FormAnswers = Mapping[str, Sequence[str]]


class CheckInForm(msgspec.Struct, frozen=True):
    """The answers and texts by commitment, and the faults; empty if all is as it was."""

    answers: Mapping[str, CommitmentAnswer] = msgspec.field(default_factory=dict)
    texts: Mapping[str, str] = msgspec.field(default_factory=dict)
    faults: Sequence[FieldFault] = ()


def read_check_in(form: FormAnswers, signatory: Signatory, today: date) -> CheckInForm:
    """Read the inputs `state-<id>`, `by-<id>` and `words-<id>` of each commitment."""
    answers: dict[str, CommitmentAnswer] = {}
    texts: dict[str, str] = {}
    faults: list[FieldFault] = []
    for name in signatory.promises:
        state = STATE_INPUTS.get(_first_value(form, f"state-{name}"))
        by = _parse_day(_first_value(form, f"by-{name}"))
        text = " ".join(_first_value(form, f"words-{name}").split())
        if state is None:
            faults.append(FieldFault(f"state-{name}", _("Choose an answer for this one.")))
        elif state == "not yet" and (by is None or by < today):
            faults.append(
                FieldFault(f"by-{name}", _("Write the day, from today on, when it will hold."))
            )
        else:
            answers[name] = CommitmentAnswer(state, by if state == "not yet" else None)
        if len(text) > MAX_TEXT_CHARACTERS or not contact_text.is_plain(text):
            faults.append(FieldFault(f"words-{name}", _("Write one sentence, in plain letters.")))
        texts[name] = text
    if not faults and not keeps_any_commitment(answers):
        faults.append(
            FieldFault("", _("Nothing of the promise is left. You can withdraw it instead."))
        )
    return CheckInForm(answers, texts, faults)


def read_texts(form: FormAnswers) -> dict[str, str]:
    """Return the sentences of the inputs `how-<id>` by commitment."""
    return {
        name.removeprefix("how-"): values[0]
        for name, values in form.items()
        if name.startswith("how-")
    }


def _first_value(form: FormAnswers, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None
