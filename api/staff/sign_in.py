"""Signing in: a link by e-mail, then a code from an app on one's phone.

The link's page changes nothing when it is looked at; its button spends the link and makes a login
that opens nothing until the code is shown. With the code the login's token is drawn anew, so that
one planted in a browser beforehand is worth nothing. Codes are those of RFC 6238, of six digits and
thirty seconds; each is taken once.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import DomainError, LinkExpired
from api.mail import letters, outbox
from api.security import tokens
from api.security.normalise import canonical_email
from api.security.references import new_id
from api.staff import recovery_codes, second_factor, store
from api.staff.store import Login, Person, Staff
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop

LINK_WORKS = timedelta(minutes=15)
LINKS_AT_ONCE = 3
LOGIN_LASTS = timedelta(hours=12)
IDLE = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)
WRONG_CODES_AT_MOST = 5
DEVICE_CHARACTERS = 60


class WrongCode(DomainError):
    """Not the code of now, or one that was used before."""

    sentence = gettext_noop("That is not the code. Wait for the next one, and type all six digits.")


class SignedOut(DomainError):
    """Nobody is signed in here, or not any longer."""

    sentence = gettext_noop("Please sign in.")


class Proven(msgspec.Struct, frozen=True):
    """A login that is whole: its token, and recovery codes where a phone was just paired."""

    token: str
    codes: tuple[str, ...]


class SignedInStaff(msgspec.Struct, frozen=True):
    """Somebody who is signed in, on one device."""

    staff: Staff
    login: Login
    name: str

    @property
    def actor(self) -> str:
        """How the audit trail names them: by an id, for a name would stay there for ever."""
        return f"staff {self.staff.id}"


async def send_link(email: str, context: Context) -> None:
    """Write to whoever has this address. Nothing tells the caller whether anybody has.

    Links that were sent before go on working, whoever asks; while as many as `LINKS_AT_ONCE` do, no
    letter goes. So a stranger can neither shut somebody out nor fill their letter box.
    """
    lookups = context.encryption.lookups(canonical_email(email))
    found = await context.database.read(lambda look: store.addressed(look, lookups))
    if found is None or found.disabled_at is not None:
        # Written down as the other case is, and so as slow: the answer's time tells nothing.
        line = audit.line("sign_in.refused", None, actor="visitor", at=context.now)
        await context.database.insert([line])
        return
    person = context.encryption.decrypt_as(found.id, found.sealed, Person)
    token = tokens.new_token()
    written = letters.compose(
        "access/sign_in",
        to=person.email,
        values={
            "service": context.pages.service.name,
            "link": f"{context.settings.base_url}/staff/sign-in/{token}",
            "minutes": int(LINK_WORKS.total_seconds() // 60),
        },
    )

    def act(connection: Connection) -> None:
        if store.working_links(connection, found.id, context.now) >= LINKS_AT_ONCE:
            insert_rows(connection, [_line("sign_in.link_held_back", found.id, context)])
            return
        digest = tokens.token_hash(token)
        until = context.now + LINK_WORKS
        store.put_link(connection, found.id, digest, now=context.now, until=until)
        queued = outbox.queued(context.encryption, written, now=context.now)
        insert_rows(connection, [queued, _line("sign_in.link_sent", found.id, context)])

    await context.database.write(act)


async def look(token: str, context: Context) -> None:
    """Say whether a link works, and change nothing. Raises LinkExpired."""
    digest = tokens.token_hash(token)
    found = await context.database.read(lambda look: store.linked(look, digest, context.now))
    if found is None:
        raise LinkExpired


async def begin(token: str, device: str, context: Context) -> str:
    """Spend a link; return the token of a login that awaits its code. Raises LinkExpired.

    Whoever has no second factor yet gets a new secret to show on the next page.
    """
    digest, fresh = tokens.token_hash(token), tokens.new_token()

    def act(connection: Connection) -> None:
        found = store.linked(connection, digest, context.now)
        if found is None or not store.spend_link(connection, digest, context.now):
            raise LinkExpired
        if found.second_factor_since is None:
            secret = second_factor.new_secret(found.id, context.encryption)
            store.change(connection, found.id, second_factor=secret)
        store.put_login(connection, _login(found.id, device, context.now), tokens.token_hash(fresh))
        insert_rows(connection, [_line("sign_in.begun", found.id, context)])

    await context.database.write(act)
    return fresh


async def prove(token: str, code: str, context: Context) -> Proven:
    """Take the code of a login, or a recovery code. Raises SignedOut or WrongCode.

    After five wrong ones the login is over. The first code of a phone makes its recovery codes.
    """
    digest, fresh = tokens.token_hash(token), tokens.new_token()

    def act(connection: Connection) -> Proven | None:
        login, staff = _awaiting(connection, digest, context)
        if not _gives(connection, staff, code, context):
            _count_wrong(connection, login, context)
            return None
        codes: tuple[str, ...] = ()
        if staff.second_factor_since is None:
            store.change(connection, staff.id, second_factor_since=context.now)
            codes = recovery_codes.renew(connection, staff.id, context.now)
        proven = {"proven_at": context.now, "seen_at": context.now}
        store.change_login(connection, login.id, token_hash=tokens.token_hash(fresh), **proven)
        insert_rows(connection, [_line("sign_in.proven", staff.id, context)])
        return Proven(fresh, codes)

    done = await context.database.write(act)
    if done is None:
        raise WrongCode
    return done


async def new_recovery_codes(who: SignedInStaff, code: str, context: Context) -> tuple[str, ...]:
    """Make ten new ones for whoever shows a code of their phone once more. Raises WrongCode."""

    def act(connection: Connection) -> tuple[str, ...]:
        if not _gives(connection, who.staff, code, context):
            return ()
        return recovery_codes.renew(connection, who.staff.id, context.now)

    codes = await context.database.write(act)
    if not codes:
        raise WrongCode
    return codes


async def pairing(token: str, context: Context) -> str:
    """Return the address an app takes a new secret from; empty once a code of it was shown.

    Raises SignedOut where no login awaits its code.
    """
    digest = tokens.token_hash(token)
    found = await context.database.read(lambda look: _awaiting(look, digest, context))
    staff = found[1]
    if staff.second_factor_since is not None:
        return ""
    person = context.encryption.decrypt_as(staff.id, staff.sealed, Person)
    return second_factor.address(
        staff, context.encryption, name=person.email, service=context.pages.service.name
    )


async def owner(token: str, context: Context) -> str:
    """Return the id of whose login awaits its code. Raises SignedOut."""
    digest = tokens.token_hash(token)
    found = await context.database.read(lambda look: _awaiting(look, digest, context))
    return found[1].id


async def own_logins(who: SignedInStaff, context: Context) -> list[Login]:
    """Return where somebody is signed in, the newest first."""
    seen_after = context.now - IDLE
    return await context.database.read(
        lambda look: store.open_logins(look, who.staff.id, now=context.now, seen_after=seen_after)
    )


async def known(token: str, context: Context) -> SignedInStaff:
    """Return who is signed in by a token, and note that they were seen. Raises SignedOut."""
    digest = tokens.token_hash(token)
    seen_after = context.now - IDLE
    found = await context.database.read(
        lambda look: store.login_of(look, digest, now=context.now, seen_after=seen_after)
    )
    if found is None or found[0].proven_at is None:
        raise SignedOut
    login, staff = found
    if context.now - login.seen_at >= SEEN_EVERY:
        await context.database.write(
            lambda write: store.change_login(write, login.id, seen_at=context.now)
        )
    person = context.encryption.decrypt_as(staff.id, staff.sealed, Person)
    return SignedInStaff(staff, login, person.name)


async def end(who: SignedInStaff, login_id: str, context: Context) -> None:
    """End one login of somebody's own."""

    def act(connection: Connection) -> None:
        if store.end_logins(connection, who.staff.id, context.now, only=login_id):
            insert_rows(connection, [_line("sign_in.ended", who.staff.id, context)])

    await context.database.write(act)


def _awaiting(connection: Connection, digest: str, context: Context) -> tuple[Login, Staff]:
    """Return the login that awaits its code, in the time a link works."""
    seen_after = context.now - LINK_WORKS
    found = store.login_of(connection, digest, now=context.now, seen_after=seen_after)
    if found is None or found[0].proven_at is not None or found[1].second_factor is None:
        raise SignedOut
    return found


def _count_wrong(connection: Connection, login: Login, context: Context) -> None:
    wrong = login.wrong_codes + 1
    store.change_login(connection, login.id, wrong_codes=wrong)
    if wrong >= WRONG_CODES_AT_MOST:
        store.end_logins(connection, login.staff_id, context.now, only=login.id)
    insert_rows(connection, [_line("sign_in.code_refused", login.staff_id, context)])


def _gives(connection: Connection, staff: Staff, code: str, context: Context) -> bool:
    """Take a code of the phone, or a recovery code in its place; say whether it was one."""
    if recovery_codes.is_like(code):
        return recovery_codes.take(connection, staff.id, code, context.now)
    step = second_factor.step_of(staff, code, context.encryption, context.now)
    return step is not None and store.take_step(connection, staff.id, step)


def _login(staff_id: str, device: str, now: datetime) -> Login:
    return Login(
        id=new_id(),
        staff_id=staff_id,
        device=device[:DEVICE_CHARACTERS],
        created_at=now,
        seen_at=now,
        ends_at=now + LOGIN_LASTS,
        proven_at=None,
        wrong_codes=0,
    )


def _line(action: str, staff_id: str, context: Context) -> audit.Row:
    return audit.line(action, staff_id, actor=f"staff {staff_id}", at=context.now)
