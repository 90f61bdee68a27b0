"""How far a long piece of work is, told to whoever wants to know; nobody by default."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, in all), often; the caller decides what to show."""


def silent(step: str, done: int, total: int) -> None:
    """Say nothing."""
