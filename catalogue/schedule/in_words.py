"""Days, dates and times of a schedule in the active language.

The English ones can be read back by `plain_english`, whose own messages are always English.
"""

from collections.abc import Sequence
from datetime import date

from catalogue.i18n.gettext import _, format_list, gettext_noop, month, weekday

ORDINALS = (
    *(
        gettext_noop("1st"),
        gettext_noop("2nd"),
        gettext_noop("3rd"),
        gettext_noop("4th"),
        gettext_noop("5th"),
        gettext_noop("6th"),
    ),
    *(
        gettext_noop("7th"),
        gettext_noop("8th"),
        gettext_noop("9th"),
        gettext_noop("10th"),
        gettext_noop("11th"),
        gettext_noop("12th"),
    ),
    *(
        gettext_noop("13th"),
        gettext_noop("14th"),
        gettext_noop("15th"),
        gettext_noop("16th"),
        gettext_noop("17th"),
        gettext_noop("18th"),
    ),
    *(
        gettext_noop("19th"),
        gettext_noop("20th"),
        gettext_noop("21st"),
        gettext_noop("22nd"),
        gettext_noop("23rd"),
        gettext_noop("24th"),
    ),
    *(
        gettext_noop("25th"),
        gettext_noop("26th"),
        gettext_noop("27th"),
        gettext_noop("28th"),
        gettext_noop("29th"),
        gettext_noop("30th"),
    ),
    gettext_noop("31st"),
)
LAST_ONE = gettext_noop("last")
OF_WEEK = {
    1: gettext_noop("1st %(weekday)s"),
    2: gettext_noop("2nd %(weekday)s"),
    3: gettext_noop("3rd %(weekday)s"),
    4: gettext_noop("4th %(weekday)s"),
    5: gettext_noop("5th %(weekday)s"),
    -1: gettext_noop("last %(weekday)s"),
}


def date_in_words(on: date) -> str:
    """Return `22 December 2026`."""
    return _("%(day)s %(month)s %(year)s", day=on.day, month=month(on), year=on.year)


def day_of_year(day: int, of_month: int) -> str:
    """Return `22 December`."""
    return _("%(day)s %(month)s", day=day, month=month(of_month))


def range_in_words(first: str, last: str) -> str:
    """Return `22 December 2026 to 2 January 2027` of two dates in words; one if the same."""
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def bounds_in_words(starts_on: date | None, ends_on: date | None) -> str:
    """Return `from 5 January 2026 until 20 July 2026`, or as much of it as is known."""
    first, last = (date_in_words(day) if day else "" for day in (starts_on, ends_on))
    if first and last:
        return _("from %(first)s until %(last)s", first=first, last=last)
    if first:
        return _("from %(first)s", first=first)
    return _("until %(last)s", last=last) if last else ""


def dates_in_words(days: Sequence[date]) -> str:
    """Return `Saturday 12 December 2026`, or `12 and 19 December 2026 and 9 January 2027`."""
    if len(days) == 1:
        return _("%(weekday)s %(date)s", weekday=weekday(days[0]), date=date_in_words(days[0]))
    months: dict[date, list[str]] = {}
    for day in days:
        months.setdefault(day.replace(day=1), []).append(str(day.day))
    return format_list(
        _("%(days)s %(month)s %(year)s", days=format_list(numbers), month=month(of), year=of.year)
        for of, numbers in months.items()
    )


def times_in_words(opens_at: str | None, closes_at: str | None) -> str:
    """Return `10:30 to 12:00`, `22:00 to 02:00 the next day`, `24 hours`, or nothing."""
    if opens_at is None or closes_at is None:
        return opens_at or ""
    if closes_at == "00:00":
        return _("24 hours") if opens_at == "00:00" else _("%(opens)s to midnight", opens=opens_at)
    if closes_at < opens_at:
        return _("%(opens)s to %(closes)s the next day", opens=opens_at, closes=closes_at)
    return _("%(opens)s to %(closes)s", opens=opens_at, closes=closes_at)


def months_in_words(months: Sequence[int]) -> str:
    """Return `June`, `June and July`, or `April to September` of three or more in a row."""
    if are_in_a_row(months):
        return range_in_words(month(months[0]), month(months[-1]))
    return format_list(month(of) for of in months)


def are_in_a_row(months: Sequence[int]) -> bool:
    """Say whether these are three months or more, one after another."""
    return len(months) > 2 and months[-1] - months[0] == len(months) - 1


def days_of_month(days: Sequence[int]) -> str:
    """Return `15th`, `1st and 15th`, `last day`, `1st and last day`; nothing of none."""
    ordinals = format_list(ordinal(day) for day in days)
    return _("%(nths)s day", nths=ordinals) if -1 in days else ordinals


def working_days_of_month(nths: Sequence[int]) -> str:
    """Return `1st working day`, `1st and last working day`; nothing of none."""
    ordinals = format_list(ordinal(nth) for nth in nths)
    return _("%(nths)s working day", nths=ordinals) if nths else ""


def stay_in_words(first: date, opens_at: str, last: date, closes_at: str) -> str:
    """Return `Saturday 5 June 2027, 18:00 to Monday 7 June 2027, 14:00`."""
    starts, ends = dates_in_words([first]), dates_in_words([last])
    return range_in_words(f"{starts}, {opens_at}", f"{ends}, {closes_at}")


def ordinal(number: int) -> str:
    """Return `2nd` of 2 and `last` of -1."""
    return _(LAST_ONE) if number < 0 else _(ORDINALS[number - 1])


def nth_weekdays(nths: Sequence[int], day: int) -> str:
    """Return `2nd Thursday`, `last Friday` or `2nd and 4th Thursday`; day 0 is Monday."""
    if len(nths) == 1:
        return _(OF_WEEK[nths[0]], weekday=weekday(day))
    ordinals = format_list(ordinal(nth) for nth in nths)
    return _("%(nths)s %(weekday)s", nths=ordinals, weekday=weekday(day))
