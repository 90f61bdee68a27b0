"""The rules that a pledge and its signatories must keep; nothing private may stand in a file."""

from catalogue.faults import Fault, did_you_mean
from catalogue.model.pledge import NO_PLEDGE, NO_SIGNATORY, Pledge, Signatory
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import POSTCODE, is_slug
from catalogue.read.checks import Faults, body_faults, terms_known
from catalogue.read.entry import Entry


def pledge_faults(pledge: Pledge, entry: Entry, taxonomy: Taxonomy) -> list[Fault]:
    """Return all faults of one pledge."""
    faults = [entry.fault(field, message) for field, message in _pledge_rules(pledge, taxonomy)]
    return faults + body_faults(entry)


def _pledge_rules(pledge: Pledge, taxonomy: Taxonomy) -> Faults:
    yield from terms_known(
        "signer_kinds", pledge.signer_kinds, taxonomy.signer_kind, "signer kinds"
    )
    if pledge.slug in NO_PLEDGE:
        yield "", f"/pledges/{pledge.slug}/ is another page: give the folder another name"
    if not is_slug(pledge.slug):
        yield "", "name the folder in a-z, 0-9 and single dashes"
    numbers = [version.version for version in pledge.versions]
    if not numbers or len(set(numbers)) < len(numbers):
        yield "versions", "each version has a number of its own, and there is one"
    for number, version in enumerate(pledge.versions):
        ids = [commitment.id for commitment in version.commitments]
        if not ids or len(set(ids)) < len(ids):
            message = "each commitment has an id of its own, and there is one"
            yield f"versions[{number}].commitments", message


def signatory_faults(
    signatory: Signatory, entry: Entry, taxonomy: Taxonomy, pledge: Pledge | None
) -> list[Fault]:
    """Return all faults of one signatory, private details among them."""
    rules = (*_signatory_rules(signatory, taxonomy, pledge), *_private_details(entry))
    faults = [entry.fault(field, message) for field, message in rules]
    return faults + body_faults(entry)


def _signatory_rules(signatory: Signatory, taxonomy: Taxonomy, pledge: Pledge | None) -> Faults:
    if pledge is None:
        yield "", "the folder has no index.md with the pledge"
    else:
        yield from _promises(signatory, pledge)
    if signatory.kind not in taxonomy.signer_kind:
        hint = did_you_mean(signatory.kind, taxonomy.signer_kind)
        yield "kind", f'"{signatory.kind}" is not one of the signer kinds.{hint}'
    if signatory.place not in taxonomy.area:
        hint = did_you_mean(signatory.place, taxonomy.area)
        yield "place", f'"{signatory.place}" is not one of the areas.{hint}'
    if signatory.confirmed_until < signatory.since:
        yield "confirmed_until", "is before since"
    if signatory.slug in NO_SIGNATORY:
        yield "", f"{signatory.url} is another page: give the file another name"
    for number, name in enumerate(signatory.former_slugs):
        if not is_slug(name) or name == signatory.slug or name in NO_SIGNATORY:
            yield f"former_slugs[{number}]", "is a name its file had before"


def _promises(signatory: Signatory, pledge: Pledge) -> Faults:
    version = next((v for v in pledge.versions if v.version == signatory.version), None)
    if version is None:
        yield "version", "the pledge has no such version"
        return
    if signatory.text_sha256 not in ("", version.text_sha256):
        yield (
            "text_sha256",
            f"wording {version.version} in {pledge.path} is not the one that was signed: "
            "put its words back, and write what is new as a new version",
        )
    commitment_ids = [commitment.id for commitment in version.commitments]
    for name, promise in signatory.promises.items():
        if name not in commitment_ids:
            yield f"promises.{name}", f"no such commitment.{did_you_mean(name, commitment_ids)}"
        if promise.state == "starting" and promise.by is None:
            yield f"promises.{name}.by", "is missing: by when does it start?"


def _private_details(entry: Entry) -> Faults:
    """A signatory has no e-mail address, phone number or full postcode: git keeps them for ever."""
    for field in entry.lines:
        if field == "text_sha256":
            continue  # its digits are nobody's number
        value = _text_of(entry, field)
        if "@" in value or POSTCODE.search(value.upper()) or _looks_like_phone(value):
            yield field, "looks like an e-mail address, a phone number or a full postcode"


def _text_of(entry: Entry, field: str) -> str:
    value: object = entry.front
    for part in field.replace("[", ".[").split("."):
        if isinstance(value, list) and part.startswith("["):
            value = value[int(part[1:-1])]
        elif isinstance(value, dict):
            value = value.get(part, "")
    return value if isinstance(value, str) else ""


def _looks_like_phone(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= 10
