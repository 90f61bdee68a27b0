"""The pages of a pledge's form as templates print them: one question, or all that was answered."""

import msgspec

from catalogue.outputs.pledges.register import CommitmentView


class Answer(msgspec.Struct, frozen=True):
    """One row of the page that shows all answers; `step` is where it can be changed."""

    step: str
    question: str
    lines: tuple[str, ...]


class SignStepView(msgspec.Struct, frozen=True):
    """One page of the form. `kept` are the answers that ride along, as name and value."""

    name: str
    heading: str
    number: int
    of: int
    person: bool
    both_may_sign: bool
    commitment: CommitmentView | None
    kept: tuple[tuple[str, str], ...]
    returning: bool
    answers: tuple[Answer, ...]
