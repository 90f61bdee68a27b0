"""The error for a schedule that cannot be read, and the examples of what can."""

EXAMPLE = "every Tuesday 10:30-12:00"
DATES_AND_TIMES = f"{EXAMPLE}, or 12 December 2026 18:00-20:00"


class ScheduleError(ValueError):
    """A schedule that cannot be read; the message says why, and ends with an example that can."""


def schedule_error(problem: str, example: str = EXAMPLE, hint: str = "") -> ScheduleError:
    """Return the error to raise: what is wrong, perhaps a guess, and an example that is right."""
    return ScheduleError(f"{problem}.{hint} For example: {example}")
