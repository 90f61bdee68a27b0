"""`kith sign-ups`: what an operator types at the machine, by the same rules as the staff area.

A list shows the public half only. Reading the private half is written down first; publishing
builds the site, so that what was approved stands.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from api.context import Context, open_context
from api.features.pledges import store
from api.features.pledges.register import publish
from api.features.pledges.register.content_sync import unpublish_entries
from api.features.pledges.review import decide, decisions_store, reasons
from api.features.pledges.review.decisions_store import DecisionText
from api.features.pledges.review.undo import undo
from api.features.pledges.signing import hold_reasons
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.moderation import commands
from api.store import audit
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue

OPEN = ("held", "awaiting_confirmation", "confirmed")


@click.group("sign-ups")
def sign_ups() -> None:
    """Read, publish and refuse the sign-ups to pledges."""


@sign_ups.command("list")
@click.option("--all", "decided_too", is_flag=True, help="The decided ones too.")
@click.pass_obj
def list_(project: Path, decided_too: bool) -> None:
    """List what waits for a decision, the oldest first. "confirmed" ones can be published."""
    states = (*OPEN, "published", "rejected", "withdrawn", "lapsed") if decided_too else OPEN
    with open_context(project) as at:
        sign_ups = at.database.read_now(lambda connection: store.list_in_states(connection, states))
        for sign_up in sign_ups:
            click.echo(_line(sign_up, at))
    ready = sum(sign_up.state == "confirmed" for sign_up in sign_ups)
    click.echo(f"{len(sign_ups)} shown, {ready} to read." if sign_ups else "Nothing waits.")


@sign_ups.command()
@click.argument("reference")
@click.pass_obj
def show(project: Path, reference: str) -> None:
    """Show one sign-up, its private half too. The reading is written down."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, catalogue):
        sign_up = at.database.read_now(
            lambda connection: decide.find_sign_up(connection, reference_text)
        )
        line = audit.new_event("sign_up.read", reference_text, actor=at.actor, at=at.now)
        at.database.insert_now([line])  # before a word is shown
        for text in _lines_of(sign_up, at, catalogue):
            click.echo(text)


@sign_ups.command()
@click.argument("reference")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def approve(project: Path, reference: str, no_build: bool) -> None:
    """Publish a confirmed sign-up: write its entry, tell its signer, build the site."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, catalogue):
        file = publish.approve(reference_text, at, catalogue)
    click.echo(f"{reference_text} stands in {file.relative_to(project)}")
    if not no_build:
        commands.build(at)


@sign_ups.command()
@click.argument("reference")
@click.option("--why", required=True, help="The reason. It is kept, and the signer is told it.")
@click.pass_obj
def reject(project: Path, reference: str, why: str) -> None:
    """Refuse a sign-up, and write politely to its signer if the address was confirmed."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, catalogue):
        decide.reject(reference_text, why, at, catalogue)
    click.echo(f"{reference_text} is refused.")


@sign_ups.command("release")
@click.argument("reference")
@click.pass_obj
def release_(project: Path, reference: str) -> None:
    """Let a held sign-up go on: its signer gets the letter everybody gets."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, catalogue):
        decide.release(reference_text, at, catalogue)
        sign_up = at.database.read_now(
            lambda connection: decide.find_sign_up(connection, reference_text)
        )
    waits = "it waits to be read" if sign_up.confirmed_at else "a letter asks its signer to confirm"
    click.echo(f"{reference_text} goes on: {waits}.")


@sign_ups.command()
@click.argument("reference")
@click.option(
    "--reason", type=click.Choice([reason.code for reason in reasons.TAKEN_OFF]), required=True
)
@click.option("--why", default="", help="More for its signer, who gets a letter.")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def remove(project: Path, reference: str, reason: str, why: str, no_build: bool) -> None:
    """Take a published promise off the register and the site."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, catalogue):
        decide.decide(reference_text, "remove", decide.DecisionNote(reason, why), at, catalogue)
        if unpublish_entries(project, at.database, at.now).failed:
            raise click.ClickException(
                f"{reference_text} is off the register, but its entry in content/ could not be "
                "changed. A running service tries again twice a minute."
            )
    click.echo(f"{reference_text} is off the register.")
    if not no_build:
        commands.build(at)


@sign_ups.command("undo")
@click.argument("reference")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def undo_(project: Path, reference: str, no_build: bool) -> None:
    """Take the last decision back, as long as the letter about it has not left."""
    reference_text = commands.reference(reference, "P")
    with commands.open_store(project) as (at, _catalogue):
        act = undo(reference_text, at)
    click.echo(f"{reference_text}: undone ({act}).")
    if not no_build and act in ("publish", "remove", "hide", "show"):
        commands.build(at)


def _line(sign_up: SignUp, at: Context) -> str:
    """Return a sign-up in one line; a person's sealed name is not in it."""
    parts = [
        sign_up.reference,
        f"{commands.age_in_words(sign_up.created_at, at.now):>10}",
        f"{sign_up.stage:<21}",
        sign_up.pledge,
        sign_up.kind,
        sign_up.public_name or "a person",
        sign_up.place,
    ]
    return "  ".join(parts)


def _lines_of(sign_up: SignUp, at: Context, catalogue: Catalogue) -> Iterator[str]:
    """Yield what was said, the public half first."""
    yield _line(sign_up, at)
    if sign_up.sealed is None:
        yield "The private half has been deleted: its time was over."
        return
    private = at.encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
    yield f"Would stand as: {public_name(sign_up, private, catalogue.taxonomy)}"
    yield f"Wording:        version {sign_up.version}"
    if sign_up.held_why:
        yield f"Held:           {_(hold_reasons.HELD_WHY[sign_up.held_why])}"
    for flag in sign_up.flags:
        yield f"Look at:        {_(hold_reasons.FLAGS[flag])}"
    for name, promise in sign_up.promises.items():
        by = f" by {promise.by}" if promise.by else ""
        yield f"  {name}: {promise.state}{by}. {promise.how}".rstrip()
    yield f"Signed by:      {private.signer_name}, {private.signer_role or 'role not said'}"
    yield f"Write to:       {private.contact}"
    decisions = at.database.read_now(
        lambda connection: decisions_store.of_sign_up(connection, sign_up.id)
    )
    for decision in reversed(decisions):
        words = (
            at.encryption.decrypt_as(decision.id, decision.sealed, DecisionText).words
            if decision.sealed
            else ""
        )
        explanation = filter(None, (reasons.title(decision.code), words))
        undone = " (undone)" if decision.undone_at else ""
        yield f"Decided:        {decision.act}{undone}. {' '.join(explanation)}".rstrip()
