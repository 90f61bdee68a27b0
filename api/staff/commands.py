"""`kith staff` and `kith audit`: who may come in, and whether the trail is whole."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection

from api.context import Context, open_context
from api.errors import DomainError, Invalid
from api.security.normalise import canonical_email
from api.staff import people, store
from api.staff.people import Acting, NoSuchPerson
from api.staff.roles import ROLES
from api.staff.store import Staff
from api.store import audit

ROLE = click.Choice(ROLES)


@click.group("staff")
def staff() -> None:
    """Let people into the staff area, and out."""


@staff.command("list")
@click.pass_obj
def list_(project: Path) -> None:
    """List who works here, and in which roles."""
    with open_context(project) as at:
        found = at.database.read_now(lambda look: people.entries(look, at.encryption))
    for one in found:
        left = "  disabled" if one.disabled else ""
        click.echo(f"{one.name}  {one.email}  {', '.join(one.roles)}{left}")
    if not found:
        click.echo("Nobody yet: kith staff add NAME EMAIL --role admin")


@staff.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="One or more.")
@click.pass_obj
def add(project: Path, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Let somebody in. They sign in at /staff with this address, and pair a phone."""
    with open_context(project) as at:
        _do(at, lambda write: people.add(write, name, email, roles, _acting(at)))
        click.echo(f"{email} may sign in at {at.settings.base_url}/staff")


@staff.command("roles")
@click.argument("email")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="All of them.")
@click.pass_obj
def roles_(project: Path, email: str, roles: tuple[str, ...]) -> None:
    """Give somebody these roles and no others."""
    with open_context(project) as at:
        _do(
            at,
            lambda write: people.set_roles(write, _found(write, at, email).id, roles, _acting(at)),
        )
    click.echo("Done.")


@staff.command()
@click.argument("email")
@click.pass_obj
def disable(project: Path, email: str) -> None:
    """Let somebody in no more. Their logins end now."""
    with open_context(project) as at:
        _do(at, lambda write: people.disable(write, _found(write, at, email).id, _acting(at)))
    click.echo("Done.")


@staff.command()
@click.argument("email")
@click.pass_obj
def enable(project: Path, email: str) -> None:
    """Let somebody in again. They pair a phone anew."""
    with open_context(project) as at:
        _do(at, lambda write: people.enable(write, _found(write, at, email).id, _acting(at)))
    click.echo("Done.")


@staff.command("forget-phone")
@click.argument("email")
@click.pass_obj
def forget_phone(project: Path, email: str) -> None:
    """Let somebody who lost their phone pair a new one."""
    with open_context(project) as at:
        _do(
            at,
            lambda write: people.forget_second_factor(
                write, _found(write, at, email).id, _acting(at)
            ),
        )
    click.echo("Done.")


@click.group("audit")
def audit_trail() -> None:
    """Read who did what, and see whether the trail is whole."""


@audit_trail.command()
@click.pass_obj
def verify(project: Path) -> None:
    """Walk the chain. Ends with 1 and the number of the first line that does not fit.

    Note what it prints somewhere else: whoever can rewrite all of the trail cannot rewrite that.
    """
    with open_context(project) as at:
        broken = at.database.read_now(audit.verify)
        seq, digest = at.database.read_now(audit.head)
    if broken is not None:
        click.echo(f"Line {broken} does not fit the line before it.", err=True)
        sys.exit(1)
    click.echo(f"{seq} lines, and each fits. The last one: {digest}")


@audit_trail.command()
@click.option("--about", default="", help="Only what was done to one reference.")
@click.option("--most", default=50, show_default=True, help="How many lines.")
@click.pass_obj
def show(project: Path, about: str, most: int) -> None:
    """Show the newest lines."""
    with open_context(project) as at:
        found = at.database.read_now(
            lambda look: audit.newest(look, most, before=audit.EVER, about=about)
        )
    for one in found:
        told = " ".join(f"{name}={value}" for name, value in one.detail.items())
        when = f"{one.at:%Y-%m-%d %H:%M}"
        click.echo(f"{one.seq}  {when}  {one.actor}  {one.action}  {one.subject or ''}  {told}")


def _acting(at: Context) -> Acting:
    return Acting(at.encryption, at.actor, at.now)


def _found(connection: Connection, at: Context, email: str) -> Staff:
    found = store.addressed(connection, at.encryption.lookups(canonical_email(email)))
    if found is None:
        raise NoSuchPerson
    return found


def _do(at: Context, act: Callable[[Connection], object]) -> None:
    """Run a change; what is refused is told, and the command ends with 1."""
    try:
        at.database.write_now(act)
    except Invalid as error:
        told = " ".join(fault.message for fault in error.errors)
        raise click.ClickException(told) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error
