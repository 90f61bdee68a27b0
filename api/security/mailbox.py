"""Which addresses are one mailbox: the rules of the large mail providers, as a table.

Whoever writes a dot or a `+tag` more is no second contact. Elsewhere dots and tags may well tell
people apart, so there only capitals and the ways to write a domain fall together.
"""

import msgspec

from api.features.pledges.store import Private
from api.security.contact_text import canonical_email, canonical_phone
from api.security.encryption import Encryption


class Provider(msgspec.Struct, frozen=True):
    """How a provider reads the part before the `@`: whether dots count, where a tag begins."""

    dots: bool = True
    tag: str = ""


_PLUS = Provider(tag="+")
PROVIDERS: dict[str, Provider] = {
    "gmail.com": Provider(dots=False, tag="+"),
    "yahoo.com": Provider(tag="-"),
    "yahoo.co.uk": Provider(tag="-"),
    **dict.fromkeys(("outlook.com", "hotmail.com", "hotmail.co.uk", "live.com"), _PLUS),
    **dict.fromkeys(("live.co.uk", "msn.com", "outlook.co.uk"), _PLUS),
    **dict.fromkeys(("icloud.com", "proton.me", "fastmail.com", "zoho.com"), _PLUS),
    **dict.fromkeys(("aol.com", "gmx.com", "gmx.co.uk", "mail.com", "btinternet.com"), Provider()),
    **dict.fromkeys(("sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com"), Provider()),
}
"""Providers where anybody gets an address, with what their help pages say of their addresses."""

ALIASES = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "ymail.com": "yahoo.com",
    "rocketmail.com": "yahoo.com",
}
"""Domains that lead into the same mailbox, or are as free to anybody."""
_SAME_BOX = frozenset({"googlemail.com", "me.com", "mac.com", "protonmail.com", "pm.me"})


def mailbox(address: str) -> str:
    """Return the one way to write the mailbox an address leads to."""
    name, _, domain = canonical_email(address).rpartition("@")
    if domain in _SAME_BOX:
        domain = ALIASES[domain]
    provider = PROVIDERS.get(domain, Provider())
    if provider.tag:
        name = name.partition(provider.tag)[0] or name
    if not provider.dots:
        name = name.replace(".", "") or name
    return f"{name}@{domain}"


def is_free_mail(address: str) -> bool:
    """Say whether anybody may have an address of this domain."""
    domain = canonical_email(address).rpartition("@")[2]
    return domain in PROVIDERS or domain in ALIASES


def lookup(encryption: Encryption, address: str) -> str:
    """Return the digest a contact is stored under."""
    return encryption.lookup(mailbox(address))


def lookups(encryption: Encryption, address: str) -> list[str]:
    """Return every digest a contact may be stored under, older ways of writing it too."""
    written = dict.fromkeys((mailbox(address), canonical_email(address)))
    return [digest for one in written for digest in encryption.lookups(one)]


def lookup_of(encryption: Encryption, private: Private) -> str:
    """Return the digest of how somebody is reached: e-mail, else telephone, else post."""
    return lookups_of(encryption, private)[0]


def lookups_of(encryption: Encryption, private: Private) -> list[str]:
    """Return every digest that whoever is reached so may be stored under."""
    if private.contact_email:
        return lookups(encryption, private.contact_email)
    if private.contact_phone:
        return encryption.lookups(canonical_phone(private.contact_phone))
    return encryption.lookups(" ".join(private.contact_post.casefold().split()))
