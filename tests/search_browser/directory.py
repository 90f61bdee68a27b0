"""A small directory whose search is tested: five activities, one of them hostile."""

import msgspec

from catalogue.model.taxonomy import AccessFact, Area, Kind, Need, Taxonomy
from catalogue.outputs.search.documents import SearchDocument

TAXONOMY = Taxonomy(
    kinds=(
        Kind("coffee-morning", "Coffee morning", "Coffee mornings", ("cuppa", "tea and cake")),
        Kind("choir", "Choir", "Choirs", ("singing", "singing group")),
        Kind("bereavement-group", "Bereavement group", "Bereavement groups", ("mourning",)),
        Kind("phone-befriending", "Phone befriending", "Phone befriending", ("ring me",)),
        Kind("shed", "Shed", "Sheds", ("woodwork", "men's shed", "pony")),
        Kind("lgbt-social", "LGBT+ social", "LGBT+ socials", ("rainbow",)),
    ),
    needs=(
        Need(
            "husband-or-wife-died",
            "My husband or wife died",
            ("my husband died",),
            ("bereavement-group", "phone-befriending"),
        ),
        Need("know-nobody", "I don't know anyone here", ("lonely",), ("coffee-morning",)),
    ),
    access=(AccessFact("step-free", "No steps", "Step-free"),),
    signer_kinds=(),
    areas=(
        Area("Harrow Vale"),
        Area("Osmery Bridge", within="Harrow Vale", outward_codes=("ZZ3",)),
        Area("Temeford", within="Harrow Vale", outward_codes=("ZZ1",)),
        Area("Blackpool", outward_codes=("FY1",)),
    ),
)

PLAIN = SearchDocument(
    slug="",
    title="",
    url="",
    summary="",
    kinds=(),
    kind_labels=(),
    kind_aliases=(),
    needs=(),
    need_words=(),
    ways=("in person",),
    places=(),
    area_served=(),
    outward_codes=(),
    points=(),
    days=(),
    when="every Tuesday, 10:30 to 12:00",
    next_session=None,
    next_ends=None,
    cost="Not known, ask.",
    free="unknown",
    access_yes=(),
    access_unknown=("step-free",),
    welcomes_newcomers_alone="unknown",
    lift_offered="unknown",
    languages=(),
    provider="",
    venue="",
    status="active",
    assured_on=None,
    demonstration=False,
    body="",
)


def document(slug: str, title: str, **fields: object) -> SearchDocument:
    document_made = msgspec.structs.replace(PLAIN, slug=slug, title=title, **fields)
    document_made = msgspec.structs.replace(
        document_made, slots=document_made.slots or tuple(f"{day}/" for day in document_made.days)
    )
    starts, ends = document_made.coming[0] if document_made.coming else (None, None)
    return msgspec.structs.replace(document_made, next_session=starts, next_ends=ends)


DOCUMENTS = [
    document(
        "befriending",
        "A friendly ring",
        summary="A volunteer rings you each week.",
        kinds=("phone-befriending",),
        needs=("husband-or-wife-died",),
        ways=("by phone",),
        area_served=("Harrow Vale",),
        venue="By phone",
        free="yes",
        cost="Free.",
        when="weekdays, ring first",
    ),
    document(
        "choir",
        "Sing anyway",
        summary="No auditions, plenty of biscuits.",
        kinds=("choir",),
        places=("Temeford", "Harrow Vale"),
        outward_codes=("ZZ1",),
        venue="Corn Hall, Temeford",
        days=("wednesday",),
        free="no",
        cost="£4.",
        coming=(("2026-11-25T19:00:00+00:00", "2026-11-25T20:30:00+00:00"),),
        when="every Wednesday, 19:00 to 20:30",
        lang="cy",
    ),
    document(
        "coffee-at-the-mill",
        "Tuesday coffee morning at the Mill",
        summary="Tea, toast and a table by the door.",
        kinds=("coffee-morning",),
        needs=("know-nobody",),
        places=("Osmery Bridge", "Harrow Vale"),
        outward_codes=("ZZ3",),
        venue="The Mill, Osmery Bridge",
        provider="Friends of the Mill",
        days=("tuesday",),
        free="yes",
        cost="Free.",
        coming=(
            ("2026-11-24T10:30:00+00:00", "2026-11-24T12:00:00+00:00"),
            ("2026-12-01T10:30:00+00:00", None),
        ),
    ),
    document(
        "empty-chair",
        "The empty chair tea",
        summary="For people whose husband, wife or friend has died.",
        kinds=("bereavement-group",),
        needs=("husband-or-wife-died",),
        places=("Blackpool",),
        outward_codes=("FY1",),
        venue="Chapel, Blackpool",
        days=("monday",),
        coming=(("2026-11-23T07:00:00+00:00", "2026-11-23T08:00:00+00:00"),),
        when="every Monday, 07:00 to 08:00",
    ),
    document(
        "hostile",
        "<img src=x onerror=alert(1)> & friends",
        summary="<script>alert(2)</script>",
        kinds=("shed",),
        places=("Temeford", "Harrow Vale"),
        area_served=("Harrow Vale",),
        venue='"><b>Shed</b>',
        status="temporarily closed",
    ),
]
