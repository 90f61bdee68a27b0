"""What fits a pledge: who may sign it, and which promises it asks for."""

from collections.abc import Collection, Iterator

from api.errors import FieldFault
from api.http.request_bodies import ValidFields
from catalogue.i18n.gettext import _
from catalogue.model.pledge import Pledge
from catalogue.model.taxonomy import Taxonomy


def pledge_faults(sound: ValidFields, pledge: Pledge, terms: Taxonomy) -> Iterator[FieldFault]:
    """Yield what this pledge and the closed lists refuse in the sound fields of a sign-up."""
    if sound.get("signer") not in (None, *pledge.who_may_sign):
        yield FieldFault("signer", _signers(pledge))
    if sound.get("kind") not in (None, *(pledge.signer_kinds or terms.signer_kind)):
        yield FieldFault("kind", _("Choose one of the kinds of this pledge."))
    if "place" in sound and canonical_place(sound["place"], terms) is None:
        yield FieldFault("place", _("Choose a place from the list; the nearest one will do."))
    if sound.get("version") not in (None, pledge.current.version):
        yield FieldFault("version", _("The wording has changed. Please read it again, then sign."))
    if sound.get("promises"):
        yield from _unfit_promises(sound["promises"], pledge)


def _signers(pledge: Pledge) -> str:
    if "organisation" in pledge.who_may_sign:
        return _("Only organisations can sign this pledge.")
    return _("Only people can sign this pledge.")


def _unfit_promises(said: Collection[str], pledge: Pledge) -> Iterator[FieldFault]:
    commitments = pledge.current.commitments
    if not {one.id for one in commitments}.issuperset(said):
        yield FieldFault(
            "promises", _("There is a promise here that this pledge does not ask for.")
        )
    for one in commitments:
        if one.required == "yes" and one.id not in said:
            yield FieldFault(f"promises.{one.id}", _("Say whether you do this, start it, or not."))


def canonical_place(typed: str, terms: Taxonomy) -> str | None:
    """Return the area as the closed list writes it, whatever its capitals."""
    folded = typed.strip().casefold()
    return next((name for name in terms.area if name.casefold() == folded), None)
