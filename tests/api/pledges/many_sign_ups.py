"""Many sign-ups at once, as if they had come: put into the store, a job let loose on them."""

from pathlib import Path

from api.context import Context
from api.features.pledges.bulk import batch
from api.features.pledges.bulk import store as jobs
from api.features.pledges.signing import store
from api.features.pledges.signing.sign import source_lookup
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.security.normalise import name_key
from api.security.references import make, new_id
from api.store.database import Row
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Promise


def make_sign_up(
    context: Context, number: int, state: str = "held", **changes: str
) -> tuple[SignUp, Row]:
    """Return a sign-up in a state, and its row. What else is said of it is words."""
    sign_up_id, name = new_id(), changes.get("name", f"Pub number {number}")
    email = f"somebody{number}@{changes.get('domain', 'spam.example.org')}"
    person = changes.get("signer") == "person"
    private = SignUpPersonalData(
        email, "Odalys Canary", "", name if person else "", show_name=False
    )
    is_confirmed = state in ("confirmed", "published")
    new = SignUp(
        id=sign_up_id,
        reference=make("P"),
        pledge=changes.get("pledge", "connector"),
        version=2,
        state=state,
        signer="person" if person else "organisation",
        kind="pub",
        place="Temeford",
        public_name="" if person else name,
        promises={"listen": Promise("doing"), "point-on": Promise("doing")},
        sealed=context.encryption.encrypt(sign_up_id, private),
        created_at=context.now,
        confirmed_at=context.now if is_confirmed else None,
        held_why="too_fast" if state == "held" else "",
    )
    row = store.sign_up_row(
        new,
        canonical_key=context.encryption.lookup(name_key(name, "Temeford")),
        contact_lookup=context.encryption.lookup(email),
        until=None,
        source_lookup=source_lookup(context.encryption, changes.get("source", "")),
    )
    return new, row


def run_batches(context: Context, catalogue: Catalogue, most: int = 1_000) -> int:
    """Do batches as the service does, each at `context.now`; return how many there were."""
    for number in range(most):
        at_work = context.database.read_now(jobs.find_active)
        if at_work is None:
            return number
        batch.run(at_work, context, catalogue)
    return most


def status_of(project: Path, path: str) -> str:
    """Return the status of an entry as its file says it."""
    withdrawn = "status: withdrawn" in (project / path).read_text(encoding="utf-8")
    return "withdrawn" if withdrawn else "published"
