"""Ways to hand an activity on: e-mail, text message, its address, a QR code.

They are plain links; nothing is requested before one is pressed, and the messages say nothing about
who sends them or to whom.
"""

import unicodedata
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from catalogue.i18n.gettext import _
from catalogue.outputs.print.qr import LONGEST, Code, Codes

ONE_TEXT = 160  # letters of the alphabet of telephones
TWO_PARTS = 134  # of any other letters
LEAST_TITLE = 20
OF_TELEPHONES = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic alphabet of 3GPP TS 23.038, which takes seven bits a letter."""
PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "ł": "l", "Ł": "L"}
    | {"\u00a0": " ", "\u2011": "-", "·": "-"}
)


class Facts(msgspec.Struct, frozen=True):
    """The facts that a message about an activity holds.

    `when` is its next session from start to end, `begins` its start; or its rule.
    """

    title: str
    summary: str
    when: str
    begins: str
    where: str
    place: str
    phone: str


class Share(msgspec.Struct, frozen=True):
    """Ready links. `shown` is the address as one reads it out; `code` is None for a long one."""

    address: str
    shown: str
    mail: str
    text: str
    sms: str
    code: Code | None


class Sharing:
    """Makes what is shared of the pages of one site; `site_url` is its public address."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._codes = Codes()

    def of(self, url: str, facts: Facts) -> Share:
        """Return all ways to hand on the page at `url`, which starts with a slash."""
        address = self.address(url)
        text = short_text(facts, readable_address(address))
        return Share(
            address=address,
            shown=readable_address(address),
            mail=_mail(facts, address),
            text=text,
            sms=f"sms:?&body={quote(text, safe='')}",  # the & is for older iPhones
            code=self.code(address),
        )

    def address(self, url: str) -> str:
        """Return the public address of a page or a file of the site."""
        return urljoin(self._site_url, url)

    def code(self, address: str) -> Code | None:
        """Return the code of an address; None for one too long to be scanned."""
        return self._codes.code(address) if len(address.encode()) <= LONGEST else None


def readable_address(address: str) -> str:
    """Return an address without "https://", as people write it; phones still make it a link."""
    has_domain = "." in (urlsplit(address).hostname or "")
    return address.removeprefix("https://") if has_domain else address


def short_text(facts: Facts, address: str) -> str:
    """Return a text message: what, when, where, whom to ring, and the address, never cut.

    It fits into one message where the words can be written in the alphabet of telephones, and into
    two parts where not. What is too long gives way in turn: place, title, day.
    """
    title, when, place, ring = map(in_plain_letters, _parts(facts))
    most = ONE_TEXT if OF_TELEPHONES.issuperset(title + when + place + address) else TWO_PARTS
    for parts in ([title, when, place], [title, when], [title]):
        tail = [*parts[1:], ring, address]
        room = most - len(_joined(["", *tail]))
        if len(title) <= room:
            return _joined([title, *tail])
        if room >= LEAST_TITLE:
            return _joined([shorten(title, room), *tail])
    return address


def in_plain_letters(text: str) -> str:
    """Return the text without the signs telephones lack, where it can still be read."""
    if OF_TELEPHONES.issuperset(text):
        return text
    return "".join([_plain(sign) for sign in text.translate(PLAIN)])


def _plain(sign: str) -> str:
    if sign in OF_TELEPHONES:
        return sign
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if base in OF_TELEPHONES else sign


def shorten(text: str, most: int) -> str:
    """Return the text, cut after a whole word where it has more than `most` letters."""
    if len(text) <= most:
        return text
    start = text[: most - 2]
    return (start[: start.rfind(" ")] if " " in start else start).rstrip(" ,;:-&") + ".."


def _parts(facts: Facts) -> tuple[str, str, str, str]:
    return facts.title, facts.begins, facts.place, _ring(facts)


def _ring(facts: Facts) -> str:
    return _("Ring %(number)s", number=facts.phone) if facts.phone else ""


def _joined(parts: list[str]) -> str:
    *sentences, address = parts
    return " ".join([*(f"{sentence.rstrip('.')}." for sentence in sentences if sentence), address])


def _mail(facts: Facts, address: str) -> str:
    details = filter(None, (facts.when, facts.where, _ring(facts)))
    lines = (facts.title, facts.summary, "", *details, "", address)
    body = quote("\r\n".join(lines), safe="")
    return f"mailto:?subject={quote(facts.title, safe='')}&body={body}"
