"""A letter of every kind, in each of its forms, with values such as the service gives."""

from collections.abc import Mapping

from api.mail.letter_content import LetterSender
from api.mail.letters import Letter, compose
from catalogue.read.site_settings import Service

BASE = "https://kith.example.org"
TOKEN = "dGhpcyBpcyBub3QgYSB0b2tlbiwgYnV0IGFzIGxvbmc"
SENDER = LetterSender(
    Service(
        "Harrow Vale Company Service",
        phone="01632 960100",
        hours="weekdays 9:00 to 17:00",
        email="hello@example.org",
    ),
    BASE,
)
PLEDGE, NAME, REFERENCE = "Community connector", "The Copper Kettle & Sons", "P-7KQ4-XM2P"
MANAGE = f"{BASE}/pledges/manage/"
PROMISE = {"pledge": PLEDGE, "name": NAME, "reference": REFERENCE}
DECISION = {
    **PROMISE,
    "why_text": "We only list who is in our area.",
    "words": "Try your own council.\nThey keep a register as well.",
    "phone": "01632 960100",
    "sign_again": f"{BASE}/pledges/community-connector/sign/",
}
SIGNED = {
    **PROMISE,
    "day": "Sunday 22 November",
    "until": "Sunday 29 November",
    "confirm": f"{BASE}/confirm/{TOKEN}",
    "manage": MANAGE,
}
PAGE = f"{BASE}/pledges/community-connector/the-copper-kettle/"
PUBLISHED = {
    **DECISION,
    "until": "22 November 2027",
    "manage": MANAGE,
    "page": PAGE,
    "poster": f"{PAGE}poster/",
    "certificate": f"{PAGE}certificate/",
    "badge": f'<a href="{PAGE}"><img src="{BASE}/embed/community-connector/the-copper-kettle.svg" '
    'alt="The Copper Kettle &amp; Sons: Community connector"></a>',
    "widget": f'<script type="module" src="{BASE}/embed/register.js"></script>\n'
    '<kith-register pledge="community-connector"></kith-register>',
    "course": f"{BASE}/training/connector/",
    "cards": f"{BASE}/card",
}
REMIND = {
    **PROMISE,
    "past": False,
    "again": False,
    "until": "22 November 2027",
    "past_from": "23 December 2027",
    "works_until": "22 January 2028",
    "check_in": f"{BASE}/check-in/{TOKEN}",
    "manage": MANAGE,
}
CONNECTOR = {
    "name": "A taxi driver in Temeford",
    "own_page": f"{BASE}/connectors/me/{TOKEN}",
    "ask": f"{BASE}/connectors/me",
    "until": "30 January 2029",
}
STAFF = f"{BASE}/staff/sign-ups"
TO_READ = {"entry": "community-connector/x", "link_to_staff": f"{BASE}/staff/keeping"}
MANAGE_PAGE = {"pledge": PLEDGE, "name": NAME, "link": f"{BASE}/manage/{TOKEN}"}

SAMPLES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "sign in": (
        "access/sign_in",
        {"service": SENDER.service.name, "sign_in": f"{BASE}/staff/sign-in/{TOKEN}", "minutes": 15},
    ),
    "staff changed": (
        "access/changed",
        {
            "who": "Ann Example",
            "name": "Jo Example",
            "email": "jo@example.org",
            "what": "may sign in from now on",
            "audit": f"{BASE}/staff/audit",
        },
    ),
    "done with a code": (
        "access/act",
        {
            "who": "Ann Example",
            "what": "began to invalidate 120 sign-ups at once",
            "audit": f"{BASE}/staff/audit",
        },
    ),
    "request arrived": (
        "signposting/arrived",
        {"reference": "R-7KQ4-XM2P", "answer_by": "Tuesday 24 November"},
    ),
    "correction arrived": (
        "corrections/arrived",
        {
            "reference": "C-7KQ4-XM2P",
            "activity": "Coffee & cards",
            "about": "The day or the time",
            "link_to_staff": f"{BASE}/staff/corrections/C-7KQ4-XM2P",
        },
    ),
    "confirm": ("pledges/confirm", SIGNED),
    "already, confirmed": ("pledges/already", {**SIGNED, "confirm": ""}),
    "already, not confirmed": ("pledges/already", SIGNED),
    "to review": ("pledges/to_review", {**PROMISE, "link_to_staff": f"{STAFF}/{REFERENCE}"}),
    "question": ("pledges/question", {**DECISION, "words": "Who sits at the <door>?"}),
    "question, no phone": ("pledges/question", {**DECISION, "phone": ""}),
    "rejected": ("pledges/rejected", DECISION),
    "rejected in words": ("pledges/rejected", {**DECISION, "why_text": ""}),
    "removed": ("pledges/removed", DECISION),
    "hidden": ("pledges/hidden", {**DECISION, "words": ""}),
    "hidden, no phone": ("pledges/hidden", {**DECISION, "phone": ""}),
    "shown": ("pledges/shown", DECISION),
    "published": ("pledges/published", PUBLISHED),
    "published, no course": ("pledges/published", {**PUBLISHED, "course": "", "cards": ""}),
    "disputed": ("pledges/disputed", {"about": REFERENCE, "link_to_staff": STAFF}),
    "first reminder": ("keeping/remind", REMIND),
    "second reminder": ("keeping/remind", {**REMIND, "again": True}),
    "past": ("keeping/remind", {**REMIND, "past": True}),
    "way to one promise": (
        "keeping/manage",
        {"promises": [MANAGE_PAGE], "again": MANAGE},
    ),
    "way to two promises": (
        "keeping/manage",
        {
            "promises": [MANAGE_PAGE, {**MANAGE_PAGE, "link": f"{BASE}/manage/2{TOKEN}"}],
            "again": MANAGE,
        },
    ),
    "renewed": (
        "keeping/renewed",
        {**PROMISE, "until": "22 November 2028", "page": PAGE, "manage": MANAGE},
    ),
    "withdrawn": ("keeping/withdrawn", {**PROMISE, "days": 30}),
    "new words shown": (
        "keeping/sentences",
        {"why_not": "", "link_to_page": PAGE, "manage": MANAGE},
    ),
    "new words refused": (
        "keeping/sentences",
        {"why_not": "Say which day.", "link_to_page": PAGE, "manage": MANAGE},
    ),
    "new words to read": (
        "keeping/to_read",
        {
            "doubt": False,
            "entry": "community-connector/x",
            "link_to_staff": f"{BASE}/staff/keeping",
        },
    ),
    "doubted": (
        "keeping/to_read",
        {**TO_READ, "doubt": True},
    ),
    "connector, welcome": ("connectors/welcome", CONNECTOR),
    "connector, link": ("connectors/link", CONNECTOR),
    "connector, refresh": ("connectors/refresh", {**CONNECTOR, "months": 24}),
    "connector left": (
        "connectors/left",
        {"reference": REFERENCE, "link_to_staff": f"{STAFF}/{REFERENCE}"},
    ),
}


def sample(name: str) -> Letter:
    """Return a letter by the name of its sample."""
    kind, values = SAMPLES[name]
    return compose(kind, to="ann@copperkettle.example.org", values=values, sender=SENDER)
