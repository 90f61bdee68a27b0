"""The part of the page about privacy that lists, field by field, what is kept and how long."""

from catalogue.model.personal_data import BACKUPS, FIELDS, KEPT, PersonalField

BEGIN, END = "<!-- kept -->", "<!-- /kept -->"


def kept_list() -> str:
    """Return the list as Markdown, between its two marks."""
    items = [f"- **{_capital(field.what)}**: {_how_long(field)}" for field in FIELDS]
    backups = f"Backups are deleted after {BACKUPS.days} days."
    return "\n".join((BEGIN, "", *items, "", backups, "", END))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _how_long(field: PersonalField) -> str:
    sealed = "sealed; " if field.sealed else ""
    periods = dict.fromkeys((KEPT[name].days, KEPT[name].since) for name in field.kept)
    return sealed + "; ".join(f"{_days(days)} {since}" for days, since in periods) + "."


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
