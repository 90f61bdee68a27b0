"""How thorough this run is: `make test` draws a few examples, `make test-deep` draws them all."""

import os

from hypothesis import settings

SETTING = "KITH_TEST_DEEP"
DEEP = os.environ.get(SETTING) == "1"
QUICK_EXAMPLES = 10


def examples(deep: int) -> int:
    """Return how many examples to draw: `deep` in a deep run, otherwise a tenth, at least three."""
    return deep if DEEP else max(3, deep // 10)


def load_hypothesis_profile() -> None:
    """Set how many examples a Hypothesis test draws that names no number of its own."""
    settings.register_profile("quick", max_examples=QUICK_EXAMPLES, deadline=None)
    settings.register_profile("deep", deadline=None)
    settings.load_profile("deep" if DEEP else "quick")
