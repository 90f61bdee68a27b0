"""One sign-up whole, as its reviewer reads it: what was said, by whom, and what was decided."""

from collections.abc import Mapping, Sequence

import msgspec

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.errors import FieldFault
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.register.publish import PUBLISH, public_entry
from api.features.pledges.review import queue, reasons
from api.features.pledges.review.decide import DECISION_TYPES
from api.features.pledges.review.decisions_store import Decision, DecisionText
from api.features.pledges.review.open_for_review import OpenedSignUp
from api.features.pledges.review.queue import STAGES, URL, moment
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.moderation.history import HistoryEntry
from api.moderation.reasons import choices
from api.releases.rebuild_queue import RebuildQueue
from api.staff.people import actor_name
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, Promise
from catalogue.outputs.formatting import clock, long_date
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.search.choices import Choice

DECISION_LABELS: Mapping[str, str] = {
    "publish": gettext_noop("Published"),
    "ask": gettext_noop("Asked"),
    "hold": gettext_noop("Put on hold"),
    "reject": gettext_noop("Refused"),
    "remove": gettext_noop("Taken off"),
    "hide": gettext_noop("Hidden"),
    "show": gettext_noop("Shown again"),
}
PROMISE_STATES: Mapping[str, str] = {
    "doing": gettext_noop("Doing it"),
    "starting": gettext_noop("Starting"),
    "not for us": gettext_noop("Not for us"),
}
STAGES_OF_DECISIONS: Mapping[str, tuple[str, ...]] = {
    PUBLISH.name: PUBLISH.from_stages,
    "release": ("held",),
    **{name: decision_type.from_stages for name, decision_type in DECISION_TYPES.items()},
}
"""In which stages of a sign-up each decision is offered."""


class PromiseLine(msgspec.Struct, frozen=True):
    """What is said to one commitment."""

    title: str
    state: str
    how: str


class DisputeLine(msgspec.Struct, frozen=True):
    """What somebody said against a promise that stands."""

    at: str
    words: str
    reach_at: str


class DecisionLine(msgspec.Struct, frozen=True):
    """A decision with the words that went with it."""

    at: str
    actor: str
    sentence: str
    why: str
    words: str
    undone: bool


class EntryState(msgspec.Struct, frozen=True):
    """Where the entry is: on the site, on its way there or off it, or kept from it by `faults`."""

    words: str
    url: str = ""
    faults: tuple[str, ...] = ()


class SignUpReview(msgspec.Struct, frozen=True):
    """One sign-up, the private half too."""

    reference: str
    url: str
    title: str
    about: str
    stage: str
    stage_words: str
    pledge: str
    version: int
    statement: str
    promises: tuple[PromiseLine, ...]
    register_line: str
    signer: str
    contact: str
    own_name: str
    erased: bool
    warnings: tuple[str, ...]
    entry: EntryState | None
    decisions: tuple[DecisionLine, ...]
    history: tuple[HistoryEntry, ...]


class Attempt(msgspec.Struct, frozen=True):
    """A decision that was refused for what was typed: which one, its form, what is wrong."""

    act: str
    answers: Mapping[str, Sequence[str]]
    faults: Sequence[FieldFault]


class SignUpPage(Page, frozen=True, kw_only=True):
    """One sign-up with what its reader may decide.

    `is_own_lock` says whether the reader holds it; else `reader` does, until `reader_until`.
    `decision_types` are those of its stage, `open_form` is the one whose form has faults.
    """

    template = "staff/sign_up.html"

    sign_up: SignUpReview
    version: int
    is_own_lock: bool
    reader: str
    reader_until: str
    decision_types: tuple[str, ...]
    undo_what: str
    """The decision that can be undone; "" where none can."""
    undo_until: str
    undo_calls_back: bool
    letter_left: bool
    disputes: tuple[DisputeLine, ...]
    refusals: tuple[Choice, ...]
    removals: tuple[Choice, ...]
    form: Form
    open_form: str


def sign_up_page(
    review_input: OpenedSignUp, staff_id: str, context: Context, attempt: Attempt | None
) -> SignUpPage:
    """Return the page of a sign-up for one of the staff, with the form that had faults."""
    sign_up, last = review_input.sign_up, review_input.undoable
    return SignUpPage(
        sign_up=sign_up_review(review_input, context, context.catalogue),
        version=review_input.version,
        is_own_lock=review_input.lock.staff_id == staff_id,
        reader=review_input.names.get(review_input.lock.staff_id, ""),
        reader_until=clock(review_input.lock.ends_at),
        decision_types=tuple(
            name for name, stages in STAGES_OF_DECISIONS.items() if sign_up.stage in stages
        ),
        undo_what=_(DECISION_LABELS[last.decision.act]) if last else "",
        undo_until=moment(last.until) if last else "",
        undo_calls_back=bool(last and last.decision.letter_id),
        letter_left=review_input.letter_left,
        disputes=dispute_lines(review_input.disputes, context),
        refusals=choices(reasons.REFUSED),
        removals=choices(reasons.TAKEN_OFF),
        form=_form(attempt),
        open_form=attempt.act if attempt else "",
    )


def _form(attempt: Attempt | None) -> Form:
    if attempt is None:
        return Form("")
    errors = [FieldError(f"{attempt.act}_{fault.field}", fault.message) for fault in attempt.faults]
    return Form("", attempt.answers, errors)


def dispute_lines(disputes: Sequence[Dispute], context: Context) -> tuple[DisputeLine, ...]:
    """Return what was said against one promise."""
    statements = (
        (
            dispute,
            context.encryption.decrypt_as(dispute.id, dispute.sealed, dispute_store.DisputeText),
        )
        for dispute in disputes
        if dispute.sealed
    )
    return tuple(
        DisputeLine(moment(dispute.created_at), statement.words, statement.reach_at)
        for dispute, statement in statements
    )


def sign_up_review(
    review_input: OpenedSignUp, context: Context, catalogue: Catalogue
) -> SignUpReview:
    """Return one sign-up with its private half."""
    sign_up, names = review_input.sign_up, review_input.names
    private = (
        context.encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
        if sign_up.sealed
        else None
    )
    pledge = catalogue.pledge(sign_up.pledge)
    signer = (private.signer_name, private.signer_role) if private else ()
    return SignUpReview(
        reference=sign_up.reference,
        url=f"{URL}/{sign_up.reference}",
        title=queue.sign_up_title(sign_up, catalogue.taxonomy),
        about=queue.kind_and_place(sign_up, catalogue.taxonomy),
        stage=sign_up.stage,
        stage_words=_(STAGES[sign_up.stage]),
        pledge=queue.pledge_title(sign_up, catalogue),
        version=sign_up.version,
        statement=_statement(sign_up, pledge),
        promises=_promises(sign_up.promises, pledge, sign_up.version),
        register_line=_register_line(sign_up, private, context, catalogue),
        signer=", ".join(filter(None, signer)),
        contact=private.contact if private else "",
        own_name=private.name if private else "",
        erased=private is None,
        warnings=queue.warnings(sign_up),
        entry=entry_state(sign_up, catalogue, context.rebuild_queue),
        decisions=tuple(
            _decision_line(decision, names, context) for decision in review_input.decisions
        ),
        history=review_input.history,
    )


def entry_state(
    sign_up: SignUp, catalogue: Catalogue, rebuild_queue: RebuildQueue
) -> EntryState | None:
    """Return where the entry of a sign-up is; None for one that has no business on the site."""
    on_site = any(
        entry.path == sign_up.entry_path and entry.status == "published"
        for entry in catalogue.signatories
    )
    published = sign_up.stage == "published"
    if not sign_up.entry_path or (not published and not on_site):
        return None
    url = "/".join(("", *sign_up.entry_path.removesuffix(".md").split("/")[1:], ""))
    if published and on_site:
        return EntryState(_("It is on the site."), url)
    last = rebuild_queue.last
    if last is not None and not last.succeeded and not rebuild_queue.is_pending:
        words = _("It is written, but the site could not be built. It is tried again each minute.")
        return EntryState(words, url, tuple(last.output.splitlines()))
    return EntryState(
        _("It is being put on the site.") if published else _("It is being taken off the site."),
        url,
    )


def _statement(sign_up: SignUp, pledge: Pledge | None) -> str:
    versions = pledge.versions if pledge else ()
    return next(
        (wording.statement for wording in versions if wording.version == sign_up.version), ""
    )


def _promises(
    promises: Mapping[str, Promise], pledge: Pledge | None, version: int
) -> tuple[PromiseLine, ...]:
    versions = pledge.versions if pledge else ()
    titles = {
        commitment.id: commitment.title
        for wording in versions
        if wording.version == version
        for commitment in wording.commitments
    }
    return tuple(
        PromiseLine(titles.get(name, name), _promise_state(promise), promise.how)
        for name, promise in promises.items()
    )


def _promise_state(promise: Promise) -> str:
    if promise.state == "starting" and promise.by:
        return _("Starting by %(day)s", day=long_date(promise.by))
    return _(PROMISE_STATES[promise.state])


def _register_line(
    sign_up: SignUp, private: SignUpPersonalData | None, context: Context, catalogue: Catalogue
) -> str:
    """Return the line the register would have: who, and from when until when."""
    if private is None:
        return ""
    name = public_name(sign_up, private, catalogue.taxonomy)
    if sign_up.confirmed_at is None:
        return name
    try:
        front = public_entry(sign_up, context, catalogue)
    except Unfit:
        return _("%(name)s. The pledge is gone.", name=name)
    return _(
        "%(name)s, since %(since)s, good until %(until)s.",
        name=name,
        since=long_date(front.since),
        until=long_date(front.confirmed_until),
    )


def _decision_line(decision: Decision, names: Mapping[str, str], context: Context) -> DecisionLine:
    words = (
        context.encryption.decrypt_as(decision.id, decision.sealed, DecisionText).words
        if decision.sealed
        else ""
    )
    return DecisionLine(
        at=moment(decision.decided_at),
        actor=actor_name(decision.actor, names),
        sentence=_(DECISION_LABELS.get(decision.act, decision.act)),
        why=_(reasons.title(decision.code))
        if decision.code and decision.code != reasons.OTHER
        else "",
        words=words,
        undone=decision.undone_at is not None,
    )
