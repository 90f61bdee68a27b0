"""The one way to write an address, a telephone number or a name, and the digests made of it.

Digests are stored: where a function's result changes, `lookups` asks for its earlier one too.
Of addresses, the rules of the large mail providers are a table: whoever writes a dot or a `+tag`
more is no second contact there. Elsewhere dots and tags may well tell people apart, so there only
capitals and the ways to write a domain fall together.
"""

import re
import unicodedata
from typing import Protocol

import idna
import msgspec

from api.security.encryption import Encryption
from catalogue.model.phone import find_phone


class Contact(Protocol):
    """How somebody is reached; one of the three is given."""

    @property
    def contact_email(self) -> str | None: ...  # noqa: D102
    @property
    def contact_phone(self) -> str | None: ...  # noqa: D102
    @property
    def contact_post(self) -> str: ...  # noqa: D102


def ascii_email(address: str) -> str:
    """Return an address as mail servers write it, an international domain in its ASCII form.

    Nothing where the domain can be none (IDNA 2008).
    """
    name, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return ""


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
_SAME_MAILBOX = frozenset({"googlemail.com", "me.com", "mac.com", "protonmail.com", "pm.me"})


def canonical_email(text: str) -> str:
    """The one way to write an address for a lookup: without space around, in small letters.

    Two people whose addresses differ in capitals only are not known; dots and +tags are kept,
    for elsewhere they do tell people apart.
    """
    return unicodedata.normalize("NFC", text.strip()).casefold()


def canonical_phone(text: str) -> str:
    """Return the number that a text holds as E.164 with its extension; for `Encryption.lookup`.

    A text without a number that can be rung is written as Kith 0.1 wrote it.
    """
    return find_phone(text) or _canonical_phone_0_1(text)


def phone_lookups(encryption: Encryption, text: str) -> list[str]:
    """Return every digest a number may be stored under, those of Kith 0.1 last.

    Kith 0.1 took +44 and a 0 behind it together, read a number without 0 as a foreign one, and put
    the extension's digits behind the others.
    """
    canonical = canonical_phone(text)
    forms = [canonical, _canonical_phone_0_1(text)]
    if canonical.startswith("+44"):
        national = canonical.removeprefix("+44").replace(";ext=", "")
        forms += (prefix + national for prefix in ("+44", "+440", "+"))
    return [digest for form in dict.fromkeys(forms) for digest in encryption.lookups(form)]


def _canonical_phone_0_1(text: str) -> str:
    """Return + and all digits of a text, as Kith 0.1 did: its digests are still in databases."""
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+44" + digits[1:]
    return digits if digits.startswith("+") else "+" + digits


def name_key(name: str, place: str) -> str:
    """Return the one way to write a name in a place, so that `The Mill ` meets `the mill`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    if words[:1] == ["the"]:
        del words[0]
    return f"{' '.join(words)}\n{place}"


def mailbox(address: str) -> str:
    """Return the one way to write the mailbox an address leads to."""
    name, _, domain = canonical_email(ascii_email(address) or address).rpartition("@")
    if domain in _SAME_MAILBOX:
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
    spellings = dict.fromkeys((mailbox(address), canonical_email(address)))
    return [digest for spelling in spellings for digest in encryption.lookups(spelling)]


def lookup_of(encryption: Encryption, contact: Contact) -> str:
    """Return the digest of how somebody is reached: e-mail, else telephone, else post."""
    return lookups_of(encryption, contact)[0]


def lookups_of(encryption: Encryption, contact: Contact) -> list[str]:
    """Return every digest that whoever is reached so may be stored under."""
    if contact.contact_email:
        return lookups(encryption, contact.contact_email)
    if contact.contact_phone:
        return phone_lookups(encryption, contact.contact_phone)
    return encryption.lookups(" ".join(contact.contact_post.casefold().split()))
