"""One sign-up whole, as its reviewer reads it: what was said, by whom, and what was decided."""

from collections.abc import Mapping, Sequence

import msgspec

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.register.publish import public_entry
from api.features.pledges.review import reasons
from api.features.pledges.review.decisions_store import Decision, Words
from api.features.pledges.review.queue import (
    STAGES,
    URL,
    about,
    look_at,
    moment,
    pledge_title,
    title,
)
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.store import Private, SignUp
from api.moderation.history import HistoryEntry
from api.releases.rebuild_queue import RebuildQueue
from api.staff.people import actor_name
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, Promise
from catalogue.outputs.formatting import long_date

DID: Mapping[str, str] = {
    "publish": gettext_noop("Published"),
    "ask": gettext_noop("Asked"),
    "hold": gettext_noop("Put on hold"),
    "reject": gettext_noop("Refused"),
    "remove": gettext_noop("Taken off"),
    "hide": gettext_noop("Hidden"),
    "show": gettext_noop("Shown again"),
}


SAYS: Mapping[str, str] = {
    "doing": gettext_noop("Doing it"),
    "starting": gettext_noop("Starting"),
    "not for us": gettext_noop("Not for us"),
}


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
    who: str
    what: str
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
    would_stand: str
    signer: str
    contact: str
    own_name: str
    erased: bool
    look_at: tuple[str, ...]
    stands: EntryState | None
    wrote: tuple[DecisionLine, ...]
    history: tuple[HistoryEntry, ...]


def against(found: Sequence[Dispute], context: Context) -> tuple[DisputeLine, ...]:
    """Return what was said against one promise."""
    opened = (
        (one, context.encryption.decrypt_as(one.id, one.sealed, dispute_store.DisputeText))
        for one in found
        if one.sealed
    )
    return tuple(
        DisputeLine(moment(one.created_at), said.words, said.reach_at) for one, said in opened
    )


def sign_up_review(
    of: SignUp,
    decisions: Sequence[Decision],
    history: tuple[HistoryEntry, ...],
    names: Mapping[str, str],
    stands: EntryState | None,
    context: Context,
    catalogue: Catalogue,
) -> SignUpReview:
    """Return one sign-up whole. Whoever calls has written down that it is read."""
    private = context.encryption.decrypt_as(of.id, of.sealed, Private) if of.sealed else None
    pledge = catalogue.pledge(of.pledge)
    by = (private.signer_name, private.signer_role) if private else ()
    return SignUpReview(
        reference=of.reference,
        url=f"{URL}/{of.reference}",
        title=title(of, catalogue.taxonomy),
        about=about(of, catalogue.taxonomy),
        stage=of.stage,
        stage_words=_(STAGES[of.stage]),
        pledge=pledge_title(of, catalogue),
        version=of.version,
        statement=_statement(of, pledge),
        promises=_promises(of.promises, pledge, of.version),
        would_stand=_as_it_would_stand(of, private, context, catalogue),
        signer=", ".join(filter(None, by)),
        contact=private.contact if private else "",
        own_name=private.name if private else "",
        erased=private is None,
        look_at=look_at(of),
        stands=stands,
        wrote=tuple(_wrote(one, names, context) for one in decisions),
        history=history,
    )


def stands(of: SignUp, catalogue: Catalogue, builds: RebuildQueue) -> EntryState | None:
    """Return where the entry of a sign-up is; None for one that has no business on the site."""
    served = any(
        one.path == of.entry_path and one.status == "published" for one in catalogue.signatories
    )
    on = of.stage == "published"
    if not of.entry_path or (not on and not served):
        return None
    url = "/".join(("", *of.entry_path.removesuffix(".md").split("/")[1:], ""))
    if on and served:
        return EntryState(_("It stands on the site."), url)
    last = builds.last
    if last is not None and not last.succeeded and not builds.is_pending:
        words = _("It is written, but the site could not be built. It is tried again each minute.")
        return EntryState(words, url, tuple(last.output.splitlines()))
    return EntryState(
        _("It is being put on the site.") if on else _("It is being taken off the site."), url
    )


def _statement(of: SignUp, pledge: Pledge | None) -> str:
    versions = pledge.versions if pledge else ()
    return next((one.statement for one in versions if one.version == of.version), "")


def _promises(
    said: Mapping[str, Promise], pledge: Pledge | None, version: int
) -> tuple[PromiseLine, ...]:
    versions = pledge.versions if pledge else ()
    titles = {
        one.id: one.title
        for wording in versions
        if wording.version == version
        for one in wording.commitments
    }
    return tuple(
        PromiseLine(titles.get(name, name), _state(one), one.how) for name, one in said.items()
    )


def _state(said: Promise) -> str:
    if said.state == "starting" and said.by:
        return _("Starting by %(day)s", day=long_date(said.by))
    return _(SAYS[said.state])


def _as_it_would_stand(
    of: SignUp, private: Private | None, context: Context, catalogue: Catalogue
) -> str:
    """Return the line the register would have: who, and from when until when."""
    if private is None:
        return ""
    name = public_name(of, private, catalogue.taxonomy)
    if of.confirmed_at is None:
        return name
    try:
        front = public_entry(of, context, catalogue)
    except Unfit:
        return _("%(name)s. The pledge is gone.", name=name)
    return _(
        "%(name)s, since %(since)s, good until %(until)s.",
        name=name,
        since=long_date(front.since),
        until=long_date(front.confirmed_until),
    )


def _wrote(one: Decision, names: Mapping[str, str], context: Context) -> DecisionLine:
    words = context.encryption.decrypt_as(one.id, one.sealed, Words).words if one.sealed else ""
    return DecisionLine(
        at=moment(one.decided_at),
        who=actor_name(one.actor, names),
        what=_(DID.get(one.act, one.act)),
        why=_(reasons.title(one.code)) if one.code and one.code != reasons.OTHER else "",
        words=words,
        undone=one.undone_at is not None,
    )
