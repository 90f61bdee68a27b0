"""`kith sign-ups`: what a moderator types, until there is a staff area.

A list shows the public half only. Reading the private half is written down first; publishing
builds the site, so that what was approved stands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api import desk, release
from api.access import audit
from api.desk import Desk
from api.pledges import decide, publish, store
from api.pledges.confirm import public_name
from api.pledges.entry_file import Unfit
from api.pledges.store import Private, SignUp
from api.references import ReferenceFault, parse
from api.refusals import Refusal
from catalogue import load
from catalogue.catalogue import Catalogue

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
    with desk.opened(project) as at:
        found = at.database.read_now(lambda look: store.listed(look, states))
        for one in found:
            click.echo(_line(one, at))
    ready = sum(one.state == "confirmed" for one in found)
    click.echo(f"{len(found)} shown, {ready} to read." if found else "Nothing waits.")


@sign_ups.command()
@click.argument("reference")
@click.pass_obj
def show(project: Path, reference: str) -> None:
    """Show one sign-up, its private half too. The reading is written down."""
    sound = _reference(reference)
    with _deciding(project) as (at, catalogue):
        found = at.database.read_now(lambda look: decide.sign_up(look, sound))
        line = audit.line("sign_up.read", sound, actor=at.operator, at=at.now)
        at.database.insert_now([line])  # before a word is shown
        for said in _said(found, at, catalogue):
            click.echo(said)


@sign_ups.command()
@click.argument("reference")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def approve(project: Path, reference: str, no_build: bool) -> None:
    """Publish a confirmed sign-up: write its entry, tell its signer, build the site."""
    sound = _reference(reference)
    with _deciding(project) as (at, catalogue):
        file = publish.approve(sound, at, catalogue)
    click.echo(f"{sound} stands in {file.relative_to(project)}")
    if not no_build:
        _build(project, at)


@sign_ups.command()
@click.argument("reference")
@click.option("--why", required=True, help="The reason. It is kept, and the signer is told it.")
@click.pass_obj
def reject(project: Path, reference: str, why: str) -> None:
    """Refuse a sign-up, and write politely to its signer if the address was confirmed."""
    sound = _reference(reference)
    with _deciding(project) as (at, catalogue):
        decide.reject(sound, why, at, catalogue)
    click.echo(f"{sound} is refused.")


@sign_ups.command("release")
@click.argument("reference")
@click.pass_obj
def release_(project: Path, reference: str) -> None:
    """Let a held sign-up go on: its signer gets the letter everybody gets."""
    sound = _reference(reference)
    with _deciding(project) as (at, catalogue):
        decide.release(sound, at, catalogue)
    click.echo(f"{sound} goes on: a letter asks its signer to confirm.")


def _reference(typed: str) -> str:
    try:
        return parse(typed, "P")
    except ReferenceFault as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _deciding(project: Path) -> Iterator[tuple[Desk, Catalogue]]:
    """Open the desk and the content; what is refused is told and ends the command with 1."""
    reading = load.read(project)
    if reading.catalogue is None:
        raise click.ClickException("The content has faults: run kith check, and mend them first.")
    try:
        with desk.opened(project) as at:
            yield at, reading.catalogue
    except Unfit as error:
        told = "\n".join(str(fault) for fault in error.faults)
        raise click.ClickException(f"{error}\n{told}") from error
    except Refusal as error:
        raise click.ClickException(str(error)) from error


def _build(project: Path, at: Desk) -> None:
    try:
        release.make(project, at.now, click.echo, postcodes=at.settings.postcodes)
    except release.Faulty as error:
        told = "\n".join(str(fault) for fault in error.faults)
        raise click.ClickException(
            f"The entry is written, the site was not built:\n{told}"
        ) from error
    except release.NotBuilt as error:
        raise click.ClickException(
            f"The entry is written, the site was not built: {error}"
        ) from error


def _line(one: SignUp, at: Desk) -> str:
    """Return a sign-up in one line; a person's sealed name is not in it."""
    parts = [
        one.reference,
        f"{desk.in_words(one.created_at, at.now):>10}",
        f"{one.state:<21}",
        one.pledge,
        one.kind,
        one.public_name or "a person",
        one.place,
    ]
    return "  ".join(parts)


def _said(one: SignUp, at: Desk, catalogue: Catalogue) -> Iterator[str]:
    """Yield what was said, the public half first."""
    yield _line(one, at)
    if one.sealed is None:
        yield "The private half has been deleted: its time was over."
        return
    private = at.vault.open_as(one.id, one.sealed, Private)
    yield f"Would stand as: {public_name(one, private, catalogue.taxonomy)}"
    yield f"Wording:        version {one.version}"
    for name, promise in one.promises.items():
        by = f" by {promise.by}" if promise.by else ""
        yield f"  {name}: {promise.state}{by}. {promise.how}".rstrip()
    yield f"Signed by:      {private.signer_name}, {private.signer_role or 'role not said'}"
    yield f"Write to:       {private.contact_email}"
    if one.decision_why:
        yield f"Refused:        {one.decision_why}"
